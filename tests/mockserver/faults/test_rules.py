"""Rules: whom a fault meets, how often, for how long, and which of several decides."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mockserver.faults import Fault, FaultRule, Match, Occasion
from mockserver.faults.answer import StatusFault
from tests.mockserver.faults.drawing import ACCOUNT, looks

if TYPE_CHECKING:
    from tests.mockserver.faults.conftest import Stage


class TestMatch:
    """A rule meets those who agree with everything it names."""

    def test_a_rule_without_conditions_meets_everybody(self, stage: Stage) -> None:
        """Each tenant, each provider, each operation, again and again."""
        stage.rule("429")
        for caller in (stage.caller(), stage.caller("berta"), stage.caller(provider="xty")):
            assert looks(caller, 2) == [429, 429]
            assert caller.work().status == 429

    def test_a_tenant(self, stage: Stage) -> None:
        """Only the one named, on all of its connections."""
        stage.rule("429", match={"tenant": "anna"})
        assert stage.caller("anna").look().status == 429
        assert stage.caller("anna").look().status == 429
        assert stage.caller("berta").look().status == 200
        assert stage.caller("anna", "xty").look().status == 200

    def test_a_tenant_that_is_known_by_its_key(self, stage: Stage) -> None:
        """The name is the one that the list of tenants has."""
        caller = stage.caller("anna", "xty")
        caller.look()
        (tenant,) = stage.mock.state.tenants.all()
        stage.rule("429", match={"tenant": tenant.name})
        assert caller.look().status == 429
        assert stage.caller("berta", "xty").look().status == 200

    def test_a_provider(self, stage: Stage) -> None:
        """All operations of one, none of the other's."""
        stage.rule("429", match={"provider": "xty"})
        ours, theirs = stage.caller(provider="xty"), stage.caller(provider="pixian")
        assert [ours.look().status, ours.work().status] == [429, 429]
        assert [theirs.look().status, theirs.work().status] == [200, 200]

    def test_an_operation(self, stage: Stage) -> None:
        """The work, but not the look at the account."""
        stage.rule("429", match={"operation": "removeBackground"})
        caller = stage.caller()
        assert [caller.look().status, caller.work().status, caller.look().status] == [200, 429, 200]

    @pytest.mark.parametrize(("provider", "name"), [("pixian", "test"), ("xty", "stream")])
    def test_a_parameter(self, stage: Stage, provider: str, name: str) -> None:
        """It has to be there, with that value."""
        stage.rule("429", match={"parameters": {name: "true"}})
        caller = stage.caller(provider=provider)
        assert caller.work(**{name: "true"}).status == 429
        assert caller.work(**{name: "false"}).status == 200
        assert caller.work().status == 200
        assert caller.look().status == 200

    def test_several_parameters(self, stage: Stage) -> None:
        """All of them have to agree; others do not matter."""
        wanted = {"test": "true", "max_pixels": "1000"}
        stage.rule("429", match={"parameters": wanted})
        caller = stage.caller()
        assert caller.work(**wanted).status == 429
        assert caller.work(**wanted, **{"background.color": "#ffffff"}).status == 429
        assert caller.work(test="true").status == 200
        assert caller.work(test="true", max_pixels="2000").status == 200

    def test_everything_together(self, stage: Stage) -> None:
        """One condition that fails is enough."""
        match = {
            "tenant": "anna",
            "provider": "pixian",
            "operation": "removeBackground",
            "parameters": {"test": "true"},
        }
        stage.rule("429", match=match)
        anna = stage.caller("anna")
        assert anna.work(test="true").status == 429
        assert anna.work().status == 200
        assert anna.look().status == 200
        assert stage.caller("berta").work(test="true").status == 200

    @pytest.mark.parametrize(
        "match", [Match(tenant="berta"), Match(provider="xty"), Match(operation="removeBackground")]
    )
    def test_parameters_are_read_only_where_they_matter(self, match: Match) -> None:
        """A body is not taken apart for a rule that is about somebody else."""

        def never() -> dict[str, str]:
            raise AssertionError

        wanted = Match(match.tenant, match.provider, match.operation, {"test": "true"})
        assert not wanted.fits(Occasion(ACCOUNT, "anna", never))

    def test_who_is_refused_at_the_door_meets_no_fault(self, stage: Stage) -> None:
        """Wrong credentials are answered with 401 and use nothing up."""
        stage.rule("429", count=1)
        stage.caller("anna").tenant.claim("pixian", "another secret")
        assert stage.caller("anna").look().status == 401
        assert stage.caller("berta").look().status == 429


class TestEnd:
    """A rule can come to an end."""

    def test_a_rule_happens_as_often_as_it_says(self, stage: Stage) -> None:
        """The first three requests of whomever meet it, the fourth does not."""
        stage.rule("429", count=3)
        anna, berta = stage.caller("anna"), stage.caller("berta")
        assert looks(anna, 2) + looks(berta, 2) + looks(anna, 1) == [429, 429, 429, 200, 200]

    def test_only_what_happens_is_counted(self, stage: Stage) -> None:
        """Requests that do not match use nothing up."""
        stage.rule("429", count=1, match={"tenant": "anna"})
        assert looks(stage.caller("berta"), 3) == [200, 200, 200]
        assert looks(stage.caller("anna"), 2) == [429, 200]

    def test_a_rule_lives_by_the_clock(self, stage: Stage) -> None:
        """It holds until its seconds have passed, and no longer."""
        caller = stage.caller()
        stage.rule("429", seconds=60)
        assert caller.look().status == 429
        stage.clock.advance(59.5)
        assert caller.look().status == 429
        stage.clock.advance(0.5)
        assert looks(caller, 2) == [200, 200]

    def test_seconds_count_from_the_rule_and_not_from_the_start(self, stage: Stage) -> None:
        """A rule that is made later ends later."""
        caller = stage.caller()
        stage.clock.advance(1000)
        stage.rule("429", seconds=10)
        stage.clock.advance(9)
        assert caller.look().status == 429
        stage.clock.advance(1)
        assert caller.look().status == 200

    def test_a_rule_of_no_seconds_never_happens(self, stage: Stage) -> None:
        """Its time is over at once."""
        stage.rule("429", seconds=0)
        assert stage.caller().look().status == 200

    def test_what_comes_first_ends_it(self, stage: Stage) -> None:
        """Count and seconds hold together."""
        caller = stage.caller()
        stage.rule("429", count=1, seconds=60)
        assert looks(caller, 2) == [429, 200]
        stage.rule("429", count=5, seconds=60)
        assert caller.look().status == 429
        stage.clock.advance(60)
        assert caller.look().status == 200

    def test_a_rule_that_is_over_is_no_longer_listed(self, stage: Stage) -> None:
        """The list has those that may still happen, with how often they have."""
        stage.rule("429", count=2)
        stage.rule("500", seconds=60)
        caller = stage.caller()
        caller.look()
        rules = stage.mock.engine.rules
        assert [(rule.id, times) for rule, times, _ in rules.listed(stage.clock.now())] == [("1", 1), ("2", 0)]
        caller.look()
        stage.clock.advance(60)
        assert rules.listed(stage.clock.now()) == []

    def test_rules_can_be_taken_out(self, stage: Stage) -> None:
        """All at once."""
        rules, caller = stage.mock.engine.rules, stage.caller()
        stage.rule("429")
        stage.rule("500")
        assert caller.look().status == 429
        rules.clear()
        assert not rules
        assert caller.look().status == 200


class TestOrder:
    """Of several rules the first that comes up decides."""

    def test_the_first_rule_that_fits_decides(self, stage: Stage) -> None:
        """Those after it have their turn when it is used up."""
        stage.rule("401", match={"tenant": "nobody"})
        stage.rule("429", count=1)
        stage.rule("500", count=1)
        assert looks(stage.caller(), 3) == [429, 500, 200]

    def test_a_rule_that_does_not_come_up_leaves_it_to_the_next(self, stage: Stage) -> None:
        """Also by chance."""
        stage.rule("429", probability=0)
        stage.rule("500")
        assert stage.caller().look().status == 500

    def test_an_exception_can_be_made_first(self, stage: Stage) -> None:
        """A rule for normal behaviour keeps those after it from happening."""
        stage.rule("ok", match={"tenant": "anna"})
        stage.rule("429")
        assert stage.caller("anna").look().status == 200
        assert stage.caller("berta").look().status == 429

    def test_a_tenants_own_rules_come_first(self, stage: Stage) -> None:
        """As those of a scenario do; without one that comes up, the rules for all decide."""
        anna, berta = stage.caller("anna"), stage.caller("berta")
        anna.tenant.rules.add([FaultRule("own", StatusFault(500), count=1)], stage.clock.now())
        stage.rule("429")
        assert looks(anna, 2) == [500, 429]
        assert berta.look().status == 429

    def test_a_tenants_own_rules_can_excuse_it(self, stage: Stage) -> None:
        """A rule of its own for normal behaviour beats the rules for all."""
        anna = stage.caller("anna")
        anna.tenant.rules.add([FaultRule("own", Fault())], stage.clock.now())
        stage.rule("429")
        assert anna.look().status == 200
