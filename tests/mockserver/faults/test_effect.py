"""Only a fault that makes a difference is used up."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from mockserver.faults import FaultRule, FaultRules
from mockserver.faults.answer import StatusFault
from mockserver.faults.result import ExpireFault
from tests.mockserver.faults.conftest import COST
from tests.mockserver.faults.drawing import looks, occasion
from tests.mockserver.faults.reading import NO_PICTURE
from tests.mockserver.wire.conftest import NOW

if TYPE_CHECKING:
    from tests.mockserver.faults.conftest import Stage


@pytest.fixture(autouse=True)
def _answers_keep_the_contract() -> None:
    """Let answers break the contract, which faults are there to do."""


class TestNothingToDo:
    """A fault that finds nothing to change is not used up."""

    @pytest.mark.parametrize(
        "fault",
        [
            {"fault": "headers", "remove": ["X-Credits-Charged"]},
            {"fault": "headers", "set": {"Content-Type": "application/json"}},
            {"fault": "content-type", "value": "application/json"},
            {"fault": "no-image"},
            {"fault": "expire"},
        ],
    )
    def test_it_does_not_count(self, stage: Stage, fault: dict[str, object]) -> None:
        """The account has no such field, is JSON anyway, is no picture and is not hosted; the journal says so."""
        stage.rule(fault, count=1)
        caller = stage.caller()
        assert looks(caller, 2) == [200, 200]
        ((_, happened, _),) = stage.mock.engine.rules.listed(stage.clock.now())
        assert happened == 0
        entry = stage.mock.journal.find()[-1]
        assert [one.text for one in entry.reasons if one.step == "faults"][-1].endswith("so it does not count")

    def test_the_first_answer_with_something_to_change_uses_it_up(self, stage: Stage) -> None:
        """The rule has waited for it, and meets it once."""
        stage.rule({"fault": "headers", "remove": ["X-Credits-Charged"]}, count=1)
        caller = stage.caller()
        assert looks(caller, 1) == [200]
        assert ["X-Credits-Charged" in caller.work() for _ in range(2)] == [False, True]

    def test_work_that_cannot_be_paid_has_no_picture_to_spoil(self, stage: Stage) -> None:
        """The rule waits for a picture that is given."""
        stage.rule({"fault": "no-image"}, count=1)
        caller = stage.caller()
        caller.tenant.ledger.set(credits_=Decimal(0))
        assert caller.work().status == 402
        caller.tenant.ledger.set(credits_=Decimal(1))
        assert caller.work().body == NO_PICTURE

    def test_a_rule_that_is_taken_back_has_its_old_place(self, stage: Stage) -> None:
        """It comes before those that were added after it, of which the next happens."""
        rules = stage.mock.engine.rules
        stage.rule({"fault": "content-type", "value": "application/json"}, count=1)
        stage.rule("429")
        caller = stage.caller()
        assert looks(caller, 1) == [429]
        assert [rule.id for rule, *_ in rules.listed(stage.clock.now())] == ["1", "2"]

    @pytest.mark.parametrize(
        "idle",
        [
            {"fault": "expire"},
            {"fault": "headers", "remove": ["X-Nobody"]},
            {"fault": "replace", "text": "nowhere to be found", "by": "x"},
        ],
    )
    def test_the_next_rule_that_has_something_to_change_is_drawn(self, stage: Stage, idle: dict[str, object]) -> None:
        """The idle one keeps its count; the other happens once, and costs nothing if it is an error."""
        stage.rule(idle, count=1)
        stage.rule("500", count=1)
        caller = stage.caller()
        before = caller.credits
        assert caller.work().status == 500
        assert caller.credits == before
        assert [(rule.id, happened) for rule, happened, _ in stage.mock.engine.rules.listed(stage.clock.now())] == [
            ("1", 0)
        ]
        reasons = [one.text for one in stage.mock.journal.find()[-1].reasons if one.step == "faults"]
        assert [one.partition(":")[0] for one in reasons] == [
            "rule 1",
            "there was nothing in this answer for it to change, so it does not count",
            "rule 2",
        ]
        assert caller.work().status == 200
        assert caller.credits == before - COST

    def test_the_next_rule_may_spoil_the_picture(self, stage: Stage) -> None:
        """Several rules are passed over until one has something to change; the work is charged as ever."""
        for _ in range(3):
            stage.rule({"fault": "expire"}, count=1)
        stage.rule({"fault": "no-image"}, count=1)
        caller = stage.caller()
        before = caller.credits
        assert caller.work().body == NO_PICTURE
        assert caller.credits == before - COST

    def test_a_rule_of_the_tenant_hands_over_to_those_of_all(self, stage: Stage) -> None:
        """Where nothing of the tenant's own changes the answer, the common rules have their say."""
        caller = stage.caller()
        assert looks(caller, 1) == [200]
        caller.tenant.rules.add([FaultRule("own", ExpireFault())], stage.clock.now())
        stage.rule("500", count=1)
        assert looks(caller, 2) == [500, 200]

    def test_what_has_an_effect_is_met_first(self, stage: Stage) -> None:
        """Where a result is hosted, its early end is the fault, and the next rule waits."""
        stage.rule({"fault": "expire"}, count=1)
        stage.rule("500", count=1, match={"operation": "createChatCompletion"})
        caller = stage.caller(provider="xty")
        assert caller.fetch(caller.result()).status == 404
        assert caller.work().status == 500

    def test_an_unlucky_rule_gets_no_second_chance(self) -> None:
        """Who draws on begins behind the rule that was passed over."""
        rules = FaultRules(0)
        rules.add([FaultRule("1", StatusFault(429)), FaultRule("2", StatusFault(500))], NOW)
        first = rules.draw(occasion(), NOW)
        assert first is not None
        second = rules.draw(occasion(), NOW, first.place)
        assert second is not None
        assert second.fault == StatusFault(500)
        assert rules.draw(occasion(), NOW, second.place) is None

    def test_a_rule_that_was_forgotten_meanwhile_does_not_come_back(self) -> None:
        """Whoever cleared the rules has cleared them."""
        rules = FaultRules(0)
        rules.add([FaultRule("1", StatusFault(429), count=1)], NOW)
        drawn = rules.draw(occasion(), NOW)
        assert drawn is not None
        rules.clear()
        drawn.take_back()
        assert not rules

    def test_an_exception_counts(self, stage: Stage) -> None:
        """Normal behaviour is what it is there for."""
        stage.rule("ok", count=1)
        stage.rule("429")
        assert looks(stage.caller(), 2) == [200, 429]


class TestErrorsOfOthers:
    """An error is drawn only where the provider has it."""

    def test_a_rule_waits_for_the_provider_that_has_its_error(self, stage: Stage) -> None:
        """Others are served as ever, and the rule is not used up."""
        stage.rule("quota-exhausted", count=1)
        pixian, xty = stage.caller(), stage.caller(provider="xty")
        assert looks(pixian, 2) == [200, 200]
        assert [xty.work().status, xty.work().status] == [403, 200]

    def test_the_next_rule_has_its_turn(self, stage: Stage) -> None:
        """A rule that cannot happen does not keep others from happening, and the journal says why."""
        stage.rule("quota-exhausted", match={"provider": "pixian"})
        stage.rule("429")
        assert looks(stage.caller(), 1) == [429]
        reasons = [one.text for one in stage.mock.journal.find()[-1].reasons if one.step == "faults"]
        assert reasons[0] == (
            "the fault rule 1 is left out: "
            "it asks for the documented error quota-exhausted, which the provider does not have"
        )
        assert reasons[1].startswith("rule 2: the status 429")
