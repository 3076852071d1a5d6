"""Who we are to a server under test, and what it may cost."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from decimal import Decimal

import click

from contracts.cases import Credentials

ID, SECRET, KEY = "MATTEPROOF_API_ID", "MATTEPROOF_API_SECRET", "MATTEPROOF_API_KEY"
_LIVE_REQUESTS = 300
"""Requests that a live server gets at most, unless somebody says otherwise."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a run may do: ``max_requests`` and ``max_credits`` are no limits when ``None``."""

    max_requests: int | None
    max_credits: Decimal | None
    charges: bool


def credentials(api_id: str | None, secret: str | None, key: str | None, *, by_key: bool) -> Credentials:
    """Return the credentials that were given, by option or in the environment.

    Raises:
        click.UsageError: there are none, or those of another kind.
    """
    if by_key:
        if not key:
            raise click.UsageError(f"This provider wants a key: give --key, or set {KEY}.")
        return Credentials("", key)
    if not api_id or not secret:
        missing = " and ".join(
            name for name, value in ((f"--id or {ID}", api_id), (f"--secret or {SECRET}", secret)) if not value
        )
        raise click.UsageError(f"This provider wants an API id and its secret; missing: {missing}.")
    return Credentials(api_id, secret)


def limits(
    *, live: bool, allow_charges: bool, max_requests: int | None, max_credits: Decimal | None, free: bool
) -> Limits:
    """Return what a run may do. *free* tells whether the provider has tests that cost nothing.

    Raises:
        click.UsageError: a live server would be asked for what can cost money, without the permission for it.
    """
    if not live:
        return Limits(max_requests, max_credits, charges=True)
    if not free and not allow_charges:
        raise click.UsageError(
            "This provider has no test mode, so that every request to a live server may cost money. "
            "Look at --dry-run --allow-charges; then leave --dry-run out, and add --max-requests N."
        )
    if allow_charges and max_requests is None:
        raise click.UsageError("--allow-charges needs --max-requests N, so that the bill has an end.")
    return Limits(
        max_requests or _LIVE_REQUESTS,
        max_credits if allow_charges else Decimal(0),
        charges=allow_charges,
    )


def confirm(text: str, *, yes: bool) -> None:
    """Ask whether to go on, unless *yes* has said so.

    Raises:
        click.UsageError: nobody is there to answer.
        click.Abort: the answer is no.
    """
    if yes:
        return
    if not sys.stdin.isatty():
        raise click.UsageError(f"{text} Nobody can answer here; add --yes if that is meant.")
    click.confirm(f"{text} Go on?", abort=True, err=True)
