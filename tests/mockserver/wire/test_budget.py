"""The memory for request bodies: granted in order, never so that two uploads wait for each other."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from mockserver.wire.body import BodyCollector, Budget, Claim


def test_claims_are_granted_while_they_fit() -> None:
    """The third claim waits until enough has been given back, and is told."""
    budget = Budget(100)
    told: list[str] = []
    first, second, third = (budget.claim(40, lambda name=name: told.append(name)) for name in "abc")  # type: ignore[misc]
    assert [first.granted, second.granted, third.granted] == [True, True, False]
    assert told == []
    first.release()
    assert third.granted
    assert told == ["c"]
    assert budget.used == 80


def test_claims_are_granted_in_the_order_of_asking() -> None:
    """A small claim does not overtake a large one, which might wait for ever otherwise."""
    budget = Budget(100)
    first, large, small = (budget.claim(size, lambda: None) for size in (60, 90, 10))
    assert [large.granted, small.granted] == [False, False]
    first.release()
    assert [large.granted, small.granted] == [True, True]


def test_a_claim_beyond_the_budget_is_granted_alone() -> None:
    """It would never fit; when nobody else has anything, it is let in."""
    budget = Budget(100)
    small = budget.claim(1, lambda: None)
    large = budget.claim(1000, lambda: None)
    assert not large.granted
    small.release()
    assert large.granted


def test_giving_back_twice_does_nothing() -> None:
    """Neither does giving back what was never granted."""
    budget = Budget(100)
    first, waiting = budget.claim(100, lambda: None), budget.claim(50, lambda: None)
    waiting.release()
    waiting.release()
    first.shrink(30)
    assert budget.used == 30
    first.release()
    first.release()
    assert budget.used == 0


@given(st.lists(st.tuples(st.integers(1, 150), st.integers(0, 5)), max_size=30))
def test_everybody_has_a_turn(steps: list[tuple[int, int]]) -> None:
    """Whatever is claimed and finished in between: no more is in use than allowed, and in the end all were granted."""
    budget = Budget(100)
    claims: list[Claim] = []
    for size, finished in steps:
        claims.append(budget.claim(size, lambda: None))
        for claim in [claim for claim in claims if claim.granted][:finished]:
            claim.release()
        in_use = [claim.size for claim in claims if claim.granted and claim.size]
        assert sum(in_use) == budget.used
        assert budget.used <= 100 or len(in_use) == 1
    for _ in claims:
        for claim in claims:
            if claim.granted:
                claim.release()
    assert all(claim.granted for claim in claims)
    assert budget.used == 0


def test_a_body_of_unknown_length_claims_all_it_may_come_to() -> None:
    """From 64 kB on it is counted with the limit, until its true size is known."""
    budget = Budget(1_000_000)
    body = BodyCollector(300_000, budget, lambda: None)
    assert body.announce(None)
    assert body.add(bytes(65_536))
    assert budget.used == 0
    assert body.add(b"x")
    assert budget.used == 300_000
    data, claim = body.finish()
    assert len(data) == 65_537
    assert budget.used == 65_537
    assert claim is not None
    claim.release()
    assert budget.used == 0


def test_a_body_that_becomes_too_large_is_forgotten() -> None:
    """Nothing of it stays in memory or in the books."""
    budget = Budget(1_000_000)
    body = BodyCollector(100_000, budget, lambda: None)
    assert body.add(bytes(100_000))
    assert not body.add(b"x")
    assert (body.size, budget.used) == (0, 0)
