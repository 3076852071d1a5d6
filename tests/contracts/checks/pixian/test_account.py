"""The account: what a server is free to do, and what it is not."""

from __future__ import annotations

import pytest

from tests.contracts.checks.pixian.exchanges import LOOK, answer, described, judged, refusal


@pytest.mark.parametrize(
    "changes",
    [
        {"credits": 0},
        {"credits": 999.25},
        {"credits": 10**400},
        {"useBefore": "2030-01-01t23:59:60.123z"},
        {"useBefore": "2030-01-01 00:00:00-11:30"},
        {"creditPack": "🎁 a gift"},
        {"state": "dormant", "more": {"keys": []}},
    ],
)
def test_values_may_be_written_in_any_right_way(changes: dict[str, object]) -> None:
    """Decimals or none, offsets of any kind, any name of a pack, and further keys."""
    seen = judged((LOOK, described(**changes)))
    assert not seen.broken
    assert seen.kept >= {"account.credits", "account.credit-pack", "account.state", "account.use-before"}


@pytest.mark.parametrize("status", [401, 402, 403, 429, 500, 503])
def test_an_account_may_be_out_of_reach(status: int) -> None:
    """Whoever is not let in, or comes too often, learns nothing of the operation."""
    assert "account.endpoint" not in judged((LOOK, refusal(status, 1))).broken


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"<html>"])
def test_what_is_no_object_is_no_account(body: bytes) -> None:
    """One rule is broken then, and not every rule about its keys."""
    assert judged((LOOK, answer(200, body))).broken == {"account.endpoint"}
