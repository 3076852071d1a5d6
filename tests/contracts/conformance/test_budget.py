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
    budget.settle(Decimal(1), Decimal("0.75"))
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


def test_an_answer_that_does_not_tell_its_charge_counts_as_the_most() -> None:
    """What a request can cost is spent until an answer says otherwise, and then the sum is exact no more."""
    budget = Budget(max_credits=Decimal(3))
    for charged in (Decimal("0.5"), None):
        budget.take(Decimal(1))
        budget.settle(Decimal(1), charged)
        assert budget.is_exact == (charged is not None)
    assert budget.credits == Decimal("1.5")
    budget.take(Decimal(1))
    assert budget.credits == Decimal("2.5")
    with pytest.raises(BudgetSpentError, match="--max-credits"):
        budget.take(Decimal(1))


def test_free_requests_leave_the_sum_exact() -> None:
    """Nobody needs to tell what cannot cost anything; and a charge that comes all the same counts."""
    budget = Budget()
    budget.take(Decimal(0))
    budget.settle(Decimal(0), None)
    assert budget.is_exact
    budget.take(Decimal(0))
    budget.settle(Decimal(0), Decimal(2))
    assert budget.credits == 2
    assert budget.is_exact
