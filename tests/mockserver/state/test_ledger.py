"""The ledger: exact, never below zero, right under threads."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest

from mockserver.state.ledger import Ledger


def ledger_of(credits_: int) -> Ledger:
    """Return a ledger with that many credits."""
    ledger = Ledger()
    ledger.set(credits_=Decimal(credits_))
    return ledger


def test_charges_are_exact_to_the_last_digit() -> None:
    """Sums that floats would blur come out exactly."""
    ledger = ledger_of(1)
    for _ in range(3):
        assert ledger.charge(Decimal("0.100001"))
    assert ledger.account.credits == Decimal("0.699997")
    assert ledger.charged == Decimal("0.300003")


def test_a_charge_over_the_balance_changes_nothing() -> None:
    """The balance never goes below zero."""
    ledger = ledger_of(1)
    assert not ledger.charge(Decimal("1.000001"))
    assert ledger.account.credits == 1
    assert ledger.charged == 0


@pytest.mark.parametrize(
    ("balance", "by", "after"),
    [
        ("5", "-2.5", "2.5"),
        ("5", "0.000000000001", "5.000000000001"),
        ("5", "-6", "0"),
        ("5", "999999999999", "1000000000000"),
    ],
)
def test_a_balance_is_changed_by_an_amount(balance: str, by: str, after: str) -> None:
    """To the last digit, and within what the control API takes."""
    ledger = ledger_of(0)
    ledger.set(credits_=Decimal(balance))
    ledger.set(credits_by=Decimal(by))
    assert ledger.account.credits == Decimal(after)


def test_nothing_costs_nothing_even_on_an_empty_account() -> None:
    """A charge of zero always succeeds."""
    assert ledger_of(0).charge(Decimal(0))


def test_64_threads_lose_and_invent_nothing() -> None:
    """Of 64,000 charges at once just as many succeed as the balance allows."""
    ledger = ledger_of(1000)

    def charge(_: int) -> int:
        return sum(ledger.charge(Decimal("0.025")) for _ in range(1000))

    with ThreadPoolExecutor(64) as pool:
        succeeded = sum(pool.map(charge, range(64)))
    assert succeeded == 40_000
    assert ledger.account.credits == 0
