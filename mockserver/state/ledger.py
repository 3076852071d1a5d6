"""An account's credits, to the last digit and under any number of threads."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from threading import Lock

from contracts.behaviour import Account

INITIAL_CREDITS = Decimal(1000)
_NEVER = 4_102_444_800.0
"""2100-01-01 UTC, in seconds since 1970."""
_MOST = Decimal(10**12)
_NEW = Account(credits=INITIAL_CREDITS, active=True, pack="matteproof", use_before=_NEVER)


class Ledger:
    """A balance in credits that can be charged and never goes below zero."""

    def __init__(self) -> None:
        """Start an active account with :data:`INITIAL_CREDITS`."""
        self._lock = Lock()
        self._account = _NEW
        self._charged = Decimal(0)

    @property
    def charged(self) -> Decimal:
        """The credits that were charged since the beginning."""
        return self._charged

    @property
    def account(self) -> Account:
        """The account as it was set and charged, whatever the time."""
        return self._account

    def at(self, now: float) -> Account:
        """Return the account as it stands at *now*: a pack that can no longer be used makes it dormant."""
        account = self._account
        return replace(account, active=False) if account.active and now >= account.use_before else account

    def charge(self, amount: Decimal) -> bool:
        """Take *amount* credits and return ``True``, or change nothing and return ``False`` if that is too much."""
        if not amount:
            return True
        with self._lock:
            account = self._account
            if amount > account.credits:
                return False
            self._account = replace(account, credits=account.credits - amount)
            self._charged += amount
            return True

    def set(
        self,
        *,
        credits_: Decimal | None = None,
        credits_by: Decimal = Decimal(0),
        active: bool | None = None,
        pack: str | None = None,
        use_before: float | None = None,
    ) -> None:
        """Change what is given and leave the rest; *credits_by* is added, from 0 to a million millions in all."""
        with self._lock:
            now = self._account
            balance = (now.credits if credits_ is None else credits_) + credits_by
            self._account = Account(
                min(max(balance, Decimal(0)), _MOST) if credits_by else balance,
                now.active if active is None else active,
                now.pack if pack is None else pack,
                now.use_before if use_before is None else use_before,
            )

    def reset(self) -> None:
        """Be as at the beginning."""
        with self._lock:
            self._account = _NEW
            self._charged = Decimal(0)
