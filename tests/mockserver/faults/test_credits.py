"""Every kind of fault, and what is paid for the answer."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from mockserver.faults import Fault
from tests.mockserver.faults.conftest import COST
from tests.mockserver.faults.reading import MOMENT, PROVIDERS, document, gone

if TYPE_CHECKING:
    from tests.mockserver.faults.conftest import Stage

ALL = Decimal(1000)
"""The credits of a fresh tenant."""
INSTEAD: list[object] = [
    "429",
    "internal",
    {"fault": "error", "name": "slow-down", "retry_after": 5},
    {"fault": "error", "name": "quota-exhausted", "retry_after": 5},
    *({"fault": "status", "status": 500, "body": body} for body in ("json", "html", "empty", "malformed")),
    {"fault": "status", "status": 200, "body": "empty"},
    {"fault": "redirect", "location": "/elsewhere"},
    {"fault": "close"},
    {"fault": "reset"},
]
"""Faults that come instead of the work, each for at least one of the providers."""

BESIDES: list[object] = [
    "ok",
    {"fault": "headers", "set": {"X-Credits-Charged": "0.000000"}},
    {"fault": "content-type", "value": "text/html"},
    {"fault": "replace", "text": "I", "by": "J"},
    {"fault": "stall", "seconds": 170},
    {"fault": "stall", "seconds": 190, "after": 100},
    {"fault": "dribble", "bytes": 100, "every": 1},
    {"fault": "truncate", "after": 100},
    {"fault": "reset", "after": 100},
    {"fault": "expire"},
    {"fault": "no-image"},
]
"""Faults of the answer to work that is done."""


@pytest.fixture(autouse=True)
def _answers_keep_the_contract() -> None:
    """Let answers break the contract, which faults are there to do."""


def test_every_kind_of_fault_is_tried_here() -> None:
    """A new kind is not forgotten."""
    words = [word for word in [*INSTEAD, *BESIDES] if isinstance(word, dict)]
    assert {word["fault"] for word in words} == {kind.kind for kind in Fault.__subclasses__()}


class TestCredits:
    """What is paid."""

    @pytest.mark.parametrize("provider", PROVIDERS)
    @pytest.mark.parametrize("word", INSTEAD)
    def test_what_comes_instead_of_the_work_is_free(self, stage: Stage, provider: str, word: object) -> None:
        """The account has what it had; an error that the provider does not know is left out."""
        if isinstance(word, dict) and word.get("name", "internal") not in stage.mock.engine.services[provider].errors:
            return
        caller = stage.caller(provider=provider)
        caller.tenant.settings["price"] = 1.5
        caller.play(word)
        caller.ask()
        if isinstance(word, dict) and word["fault"] in {"close", "reset"}:
            gone(caller.peer)
        else:
            caller.peer.reply()
        assert caller.credits == ALL

    @pytest.mark.parametrize(("provider", "price"), [("pixian", COST), ("xty", Decimal("1.5"))])
    @pytest.mark.parametrize("word", BESIDES)
    def test_work_that_is_done_is_paid(self, stage: Stage, provider: str, price: Decimal, word: object) -> None:
        """However badly the answer arrives."""
        caller, other = stage.caller(provider=provider), stage.caller(provider=provider)
        caller.tenant.settings["price"] = 1.5
        caller.play(word)
        caller.ask()
        if isinstance(word, dict) and word["fault"] == "stall" and "after" not in word:
            assert caller.peer.silent(MOMENT)
            stage.clock.move(word["seconds"])
        caller.peer.until(b"\r\n\r\n")
        assert caller.credits == ALL - price
        caller.peer.close()
        assert other.work().status == 200
        assert caller.credits == ALL - 2 * price

    def test_the_account_tells_what_was_charged(self, stage: Stage) -> None:
        """After a picture that broke off, the account operation has less."""
        broken, caller = stage.caller(), stage.caller()
        broken.play({"fault": "truncate", "after": 10}, {"fault": "close"})
        broken.ask()
        gone(broken.peer)
        caller.ask()
        gone(caller.peer)
        assert document(stage.caller().look())["credits"] == float(ALL - COST)
