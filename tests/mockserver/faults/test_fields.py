"""Header fields that are wrong or missing, as they arrive at a client that speaks raw bytes."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from pictures import decoded
from tests.mockserver.faults.conftest import COST
from tests.mockserver.faults.reading import PROVIDERS

if TYPE_CHECKING:
    from tests.mockserver.faults.conftest import Stage

ALL = Decimal(1000)
"""The credits of a fresh tenant."""


@pytest.fixture(autouse=True)
def _answers_keep_the_contract() -> None:
    """Let answers break the contract, which faults are there to do."""


class TestFields:
    """Header fields that are wrong or missing."""

    @pytest.mark.parametrize("name", ["X-Credits-Charged", "x-credits-charged"])
    def test_credits_can_be_told_wrong(self, stage: Stage, name: str) -> None:
        """The one field has the value that was asked for; the account is charged as ever."""
        caller = stage.caller()
        caller.play({"fault": "headers", "set": {name: "999.000000"}})
        reply = caller.work()
        assert reply["X-Credits-Charged"] == "999.000000"
        assert reply["X-Input-Size"] == "160 120"
        assert caller.credits == ALL - COST

    def test_fields_can_be_missing(self, stage: Stage) -> None:
        """They are left out in any spelling; what was never there is not missed."""
        caller = stage.caller()
        caller.play({"fault": "headers", "remove": ["x-credits-charged", "X-RESULT-SIZE", "X-Nothing"]})
        reply = caller.work()
        assert "X-Credits-Charged" not in reply
        assert "X-Result-Size" not in reply
        assert decoded(reply.body).size == (160, 120)

    def test_fields_can_be_added_and_empty(self, stage: Stage) -> None:
        """A field that does not belong there comes, too."""
        caller = stage.caller()
        caller.play({"fault": "headers", "set": {"X-Odd": "a, b; c", "X-Empty": ""}})
        reply = caller.work()
        assert (reply["X-Odd"], reply["X-Empty"]) == ("a, b; c", "")

    @pytest.mark.parametrize("provider", PROVIDERS)
    def test_the_type_can_be_wrong(self, stage: Stage, provider: str) -> None:
        """The body is as ever, under another type."""
        caller = stage.caller(provider=provider)
        whole = caller.work()
        caller.play({"fault": "content-type", "value": "text/html; charset=utf-8"})
        reply = caller.work()
        assert reply.status == 200
        assert reply["Content-Type"] == "text/html; charset=utf-8"
        assert reply.body[:20] == whole.body[:20]
        assert len(reply.body) == len(whole.body)

    @pytest.mark.parametrize("provider", PROVIDERS)
    def test_the_type_can_be_missing(self, stage: Stage, provider: str) -> None:
        """There is no such field at all."""
        caller = stage.caller(provider=provider)
        caller.play({"fault": "content-type"})
        reply = caller.work()
        assert reply.status == 200
        assert "Content-Type" not in reply
        assert reply.body

    def test_texts_in_the_body_can_be_others(self, stage: Stage) -> None:
        """Wherever there are any; where there are none, the answer is as ever."""
        caller = stage.caller()
        other = {"fault": "replace", "text": "IHDR", "by": "XHDR"}
        caller.play("401", {"fault": "replace", "text": "\u0089PNG"}, other)
        assert caller.work().status == 401
        assert decoded(caller.work().body).size == (160, 120)
        reply = caller.work()
        assert b"XHDR" in reply.body
        assert b"IHDR" not in reply.body
