"""Who we are to a server under test, and what it may cost."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from contracts.cases import Credentials

ID, SECRET, KEY = "MATTEPROOF_API_ID", "MATTEPROOF_API_SECRET", "MATTEPROOF_API_KEY"
"""Variables of the environment that credentials come from."""
_LIVE_REQUESTS = 300
"""Requests that a live server gets at most, unless somebody says otherwise."""


class AccessError(Exception):
    """A server must not be asked like this; the text says what is missing."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a run may do: ``max_requests`` and ``max_credits`` are no limits when ``None``."""

    max_requests: int | None
    max_credits: Decimal | None
    charges: bool


@dataclass(frozen=True, slots=True)
class Wishes:
    """What somebody asks for: see :class:`Limits`. ``prefix`` is what the names of their options begin with."""

    allow_charges: bool
    max_requests: int | None
    max_credits: Decimal | None
    prefix: str = "--"

    def limits(self, *, live: bool, free: bool) -> Limits:
        """Return what a run may do. *free* tells whether the provider has tests that cost nothing.

        Raises:
            AccessError: a *live* server would be asked for what can cost money, without the permission for it.
        """
        option = self.prefix
        if not live:
            return Limits(self.max_requests, self.max_credits, charges=True)
        if not free and not self.allow_charges:
            raise AccessError(
                "This provider has no test mode, so that every request to a live server may cost money. "
                f"Allow that by {option}allow-charges, with {option}max-requests N; what would be sent is shown by "
                "matteproof check server with --dry-run --allow-charges."
            )
        if self.allow_charges and self.max_requests is None:
            raise AccessError(f"{option}allow-charges needs {option}max-requests N, so that the bill has an end.")
        return Limits(
            _LIVE_REQUESTS if self.max_requests is None else self.max_requests,
            self.max_credits if self.allow_charges else Decimal(0),
            charges=self.allow_charges,
        )


def credits_in(text: str) -> Decimal:
    """Return the number of credits in *text*.

    Raises:
        AccessError: it is none.
    """
    try:
        amount = Decimal(text)
    except InvalidOperation:
        amount = Decimal(-1)
    if not amount.is_finite() or amount < 0:
        raise AccessError(f"{text!r} is no number of credits, 0 or more.")
    return amount


def credentials(
    api_id: str | None, secret: str | None, key: str | None, *, by_key: bool, options: bool = True
) -> Credentials:
    """Return the credentials that were given, in the environment or, where there are *options*, by these.

    Raises:
        AccessError: there are none, or those of another kind.
    """
    wanted = [("--key", KEY, key)] if by_key else [("--id", ID, api_id), ("--secret", SECRET, secret)]
    missing = [f"{option} or {name}" if options else name for option, name, value in wanted if not value]
    if missing:
        what = "a key" if by_key else "an API id and its secret"
        raise AccessError(f"This provider wants {what}; missing: {' and '.join(missing)}.")
    return Credentials("" if by_key else api_id or "", (key if by_key else secret) or "")
