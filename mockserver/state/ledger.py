"""An account's credits, to the last digit and under any number of threads."""

from __future__ import annotations

from decimal import Decimal
from threading import Lock

from contracts.behaviour import Account

INITIAL_CREDITS = Decimal(1000)
_NEVER = 4_102_444_800.0
"""2100-01-01 UTC, in seconds since 1970."""


class Ledger:
    """A balance in credits that can be charged and never goes below zero."""

    def __init__(self, credits_: Decimal = INITIAL_CREDITS) -> None:
        """Start an active account with *credits_*."""
        self._lock = Lock()
        self._account = Account(credits=credits_, active=True, pack="matteproof", use_before=_NEVER)

    @property
    def account(self) -> Account:
        """The account as it stands."""
        return self._account

    def charge(self, amount: Decimal) -> bool:
        """Take *amount* credits and return ``True``, or change nothing and return ``False`` if that is too much."""
        if not amount:
            return True
        with self._lock:
            now = self._account
            if amount > now.credits:
                return False
            self._account = Account(now.credits - amount, now.active, now.pack, now.use_before)
            return True
