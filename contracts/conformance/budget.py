"""Limits on what is sent, kept by the transport itself: a request beyond them never leaves."""

from __future__ import annotations

from decimal import Decimal


class BudgetSpentError(Exception):
    """The next request would go beyond what is allowed; the text says which limit, and how to raise it."""


class Budget:
    """Counts requests and credits; ``None`` is no limit.

    What a request can cost counts as spent from before it is sent until its answer tells what it did cost.
    """

    def __init__(
        self, max_requests: int | None = None, max_credits: Decimal | None = None, *, prefix: str = "--"
    ) -> None:
        """Allow *max_requests* requests in all, and *max_credits* credits; options' names begin with *prefix*."""
        self._prefix = prefix
        self._max_requests = max_requests
        self._max_credits = max_credits
        self.requests = 0
        self.credits = Decimal(0)
        self._unnamed = Decimal(0)

    def take(self, credits_at_most: Decimal) -> None:
        """Count one request that can cost *credits_at_most*.

        Raises:
            BudgetSpentError: it would be one too many, or could cost too much; it is not counted then.
        """
        if self._max_requests is not None and self.requests >= self._max_requests:
            option = f"{self._prefix}max-requests"
            raise BudgetSpentError(f"All {self._max_requests} requests are sent; {option} allows more.")
        if self._max_credits is not None and self.credits + credits_at_most > self._max_credits:
            raise BudgetSpentError(
                f"{self.credits} credits are spent and the next request may cost {credits_at_most}; "
                f"{self._prefix}max-credits allows {self._max_credits}."
            )
        self.requests += 1
        self.credits += credits_at_most
        self._unnamed += credits_at_most

    def settle(self, credits_at_most: Decimal, charged: Decimal | None) -> None:
        """Note that the request for which *credits_at_most* were taken has cost *charged* credits.

        ``None`` is for an answer that does not tell: then all that was taken counts as spent.
        """
        if charged is not None:
            self.credits += charged - credits_at_most
            self._unnamed -= credits_at_most

    @property
    def is_exact(self) -> bool:
        """Whether ``credits`` is what was spent, and not only the most that it can be."""
        return not self._unnamed
