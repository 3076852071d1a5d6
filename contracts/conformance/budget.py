"""Limits on what is sent, kept by the transport itself: a request beyond them never leaves."""

from __future__ import annotations

from decimal import Decimal


class BudgetSpentError(Exception):
    """The next request would go beyond what is allowed; the text says which limit, and how to raise it."""


class Budget:
    """Counts requests and credits. ``None`` is no limit."""

    def __init__(self, max_requests: int | None = None, max_credits: Decimal | None = None) -> None:
        """Allow *max_requests* requests in all, and *max_credits* credits."""
        self._max_requests = max_requests
        self._max_credits = max_credits
        self.requests = 0
        self.credits = Decimal(0)

    def take(self, credits_at_most: Decimal) -> None:
        """Count one request that can cost *credits_at_most*.

        Raises:
            BudgetSpentError: it would be one too many, or could cost too much; it is not counted then.
        """
        if self._max_requests is not None and self.requests >= self._max_requests:
            raise BudgetSpentError(f"All {self._max_requests} requests are sent; --max-requests allows more.")
        if self._max_credits is not None and self.credits + credits_at_most > self._max_credits:
            raise BudgetSpentError(
                f"{self.credits} credits are spent and the next request may cost {credits_at_most}; "
                f"--max-credits allows {self._max_credits}."
            )
        self.requests += 1

    def charge(self, charged: Decimal) -> None:
        """Note that a request has cost *charged* credits."""
        self.credits += charged
