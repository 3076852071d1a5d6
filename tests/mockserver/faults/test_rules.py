"""Rules: whom a fault meets, how often, for how long, and that chance repeats itself."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier
from typing import TYPE_CHECKING

import pytest

from contracts.clock import Clock
from contracts.model import Operation
from mockserver.faults import Fault, FaultRule, FaultRules, Match, Occasion
from mockserver.faults.answer import StatusFault
from mockserver.mock import Mock
from tests.mockserver.faults.conftest import COST, Stage
from tests.mockserver.wire.conftest import NOW, PATIENCE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.mockserver.faults.conftest import Caller

THREADS = 64
ACCOUNT = Operation("pixian", "getAccount", "GET", "/api/v2/account")
TRIES = 60


@contextmanager
def staged(seed: int) -> Iterator[Stage]:
    """A fresh mock that draws by *seed*, on a clock that stands still."""
    clock = Clock(frozen=True, now=NOW)
    with Mock(clock=clock, seed=seed) as mock:
        stage = Stage(mock, clock, [])
        yield stage
        stage.close()


def looks(caller: Caller, times: int) -> list[int]:
    """Return the statuses of so many requests of *caller*, one after the other."""
    return [caller.look().status for _ in range(times)]


def by_chance(seed: int, *others: str, tries: int = TRIES, probability: float = 0.5) -> list[int]:
    """Return what anna meets on a fresh mock, by a rule with a *probability*; *others* ask in between."""
    with staged(seed) as stage:
        stage.rule("429", probability=probability)
        anna = stage.caller("anna")
        crowd = [stage.caller(name) for name in others]
        statuses = []
        for number in range(tries):
            for other in crowd[: number % (len(crowd) + 1)]:
                other.look()
            statuses.append(anna.look().status)
        return statuses


def occasion(tenant: str = "anna", **parameters: str) -> Occasion:
    """Return a request of *tenant* for its account, with *parameters*."""
    return Occasion(ACCOUNT, tenant, lambda: parameters)


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
        assert [(rule.id, times) for rule, times in rules.listed(stage.clock.now())] == [("1", 1), ("2", 0)]
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


class TestChance:
    """What is drawn follows from the seed, and from nothing that others do."""

    def test_the_same_seed_draws_the_same(self) -> None:
        """Two fresh mocks give one tenant the same sequence, in which both happen."""
        first, second = by_chance(7), by_chance(7)
        assert first == second
        assert set(first) == {200, 429}

    def test_others_do_not_disturb_the_sequence(self) -> None:
        """Requests of other tenants in between change nothing."""
        assert by_chance(7, "berta", "caesar") == by_chance(7)

    def test_another_seed_draws_otherwise(self) -> None:
        """A few seeds give as many sequences."""
        assert len({tuple(by_chance(seed)) for seed in (0, 1, 7, -7)}) == 4

    def test_tenants_and_rules_draw_apart(self, stage: Stage) -> None:
        """Neither two tenants nor two rules get one sequence."""
        stage.rule("429", probability=0.5, seconds=60)
        anna, berta = stage.caller("anna"), stage.caller("berta")
        sequences = [looks(anna, TRIES), looks(berta, TRIES)]
        stage.clock.advance(60)
        stage.rule("429", probability=0.5)
        sequences.append(looks(anna, TRIES))
        assert len(set(map(tuple, sequences))) == 3

    def test_a_seed_that_is_set_again_begins_anew(self, stage: Stage) -> None:
        """Also the same one."""
        stage.rule("429", probability=0.5)
        caller = stage.caller()
        stage.mock.engine.reseed(11)
        first = looks(caller, TRIES)
        assert looks(caller, TRIES) != first
        stage.mock.engine.reseed(11)
        assert looks(caller, TRIES) == first

    def test_a_tenants_own_rules_follow_the_seed_too(self) -> None:
        """Also after a reset of the tenant."""
        sequences = []
        for _ in range(2):
            with staged(5) as stage:
                caller = stage.caller()
                for _ in range(2):
                    stage.mock.state.tenants.reset(caller.tenant)
                    rule = FaultRule("own", StatusFault(429), probability=0.5)
                    caller.tenant.rules.add([rule], stage.clock.now())
                    sequences.append(looks(caller, TRIES))
        assert len(set(map(tuple, sequences))) == 1

    def test_never_and_always(self) -> None:
        """At 0 it never happens, at 1 it always does."""
        assert by_chance(0, probability=0) == [200] * TRIES
        assert by_chance(0, probability=1) == [429] * TRIES

    @pytest.mark.parametrize("probability", [0.1, 0.5, 0.9])
    def test_the_share_is_that_which_was_asked_for(self, probability: float) -> None:
        """Of many draws of many tenants about that part comes up."""
        rules = FaultRules(3)
        rules.add([FaultRule("1", StatusFault(429), probability=probability)], NOW)
        drawn = [rules.draw(occasion(f"tenant-{number % 10}"), NOW) for number in range(5000)]
        assert abs(sum(one is not None for one in drawn) / 5000 - probability) < 0.03

    def test_chance_and_count_hold_together(self) -> None:
        """What does not come up is not counted."""
        with staged(7) as stage:
            stage.rule("429", probability=0.5, count=3)
            assert Counter(looks(stage.caller(), TRIES)) == {429: 3, 200: TRIES - 3}

    def test_the_reason_names_rule_and_draw(self) -> None:
        """A person can follow why it happened."""
        rules = FaultRules(0)
        rules.add([FaultRule("4", StatusFault(429), probability=0.999)], NOW)
        drawn = rules.draw(occasion(), NOW)
        assert drawn is not None
        assert drawn.reason.startswith("rule 4, draw 1: 0.")
        assert drawn.reason.endswith("< 0.999: the status 429 with a body that is json")


class TestThreads:
    """Sixty-four at once."""

    def test_a_count_is_kept_exactly(self) -> None:
        """No draw is lost and none is made twice."""
        rules = FaultRules(0)
        rules.add([FaultRule("1", StatusFault(429), count=1000)], NOW)
        start = Barrier(THREADS)

        def draw(_: int) -> int:
            start.wait(PATIENCE)
            return sum(rules.draw(occasion(), NOW) is not None for _ in range(100))

        with ThreadPoolExecutor(THREADS) as pool:
            assert sum(pool.map(draw, range(THREADS))) == 1000
        assert rules.listed(NOW) == []

    def test_a_sequence_is_kept_for_every_tenant(self) -> None:
        """Each draws what it draws alone."""

        def sequence(rules: FaultRules, tenant: str) -> list[bool]:
            return [rules.draw(occasion(tenant), NOW) is not None for _ in range(100)]

        def armed() -> FaultRules:
            rules = FaultRules(0)
            rules.add([FaultRule("1", StatusFault(429), probability=0.5)], NOW)
            return rules

        names, crowd = [f"tenant-{number}" for number in range(THREADS)], armed()
        with ThreadPoolExecutor(THREADS) as pool:
            together = list(pool.map(lambda name: sequence(crowd, name), names))
        assert together == [sequence(armed(), name) for name in names]

    def test_a_count_is_kept_by_the_whole_server(self, stage: Stage) -> None:
        """Sixty-four clients send pictures at once; as many fail as the rule says, and only the others pay."""
        stage.rule("429", count=20)
        callers = [stage.caller() for _ in range(THREADS)]
        start = Barrier(THREADS)

        def send(caller: Caller) -> int:
            start.wait(PATIENCE)
            return caller.work().status

        with ThreadPoolExecutor(THREADS) as pool:
            assert Counter(pool.map(send, callers)) == {429: 20, 200: THREADS - 20}
        assert stage.mock.engine.rules.listed(stage.clock.now()) == []
        assert callers[0].credits == 1000 - (THREADS - 20) * COST
