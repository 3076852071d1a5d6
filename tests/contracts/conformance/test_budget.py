"""The budget is kept before anything is sent."""

from __future__ import annotations

from decimal import Decimal

import pytest

from contracts.conformance.budget import Budget, BudgetSpentError


def test_requests_are_counted() -> None:
    """The request after the last that is allowed is refused, and not counted."""
    budget = Budget(max_requests=2)
    budget.take(Decimal(0))
    budget.take(Decimal(0))
    with pytest.raises(BudgetSpentError, match="--max-requests"):
        budget.take(Decimal(0))
    assert budget.requests == 2


def test_what_could_cost_too_much_is_refused_before_it_does() -> None:
    """What is spent and what the next request can cost at most stay within the limit."""
    budget = Budget(max_credits=Decimal("1.5"))
    budget.take(Decimal(1))
    budget.charge(Decimal("0.75"))
    with pytest.raises(BudgetSpentError, match="--max-credits"):
        budget.take(Decimal(1))
    budget.take(Decimal("0.75"))
    assert budget.requests == 2


def test_without_limits_everything_may_be_sent() -> None:
    """``None`` is no limit."""
    budget = Budget()
    for _ in range(1000):
        budget.take(Decimal(1000))
    assert budget.requests == 1000
