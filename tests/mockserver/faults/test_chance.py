"""Rules that come up by chance, which repeats itself, and many at once."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TYPE_CHECKING

import pytest

from mockserver.faults import FaultRule, FaultRules
from mockserver.faults.answer import StatusFault
from tests.mockserver.faults.conftest import COST, Stage
from tests.mockserver.faults.drawing import TRIES, by_chance, looks, occasion, staged
from tests.mockserver.wire.conftest import NOW, PATIENCE

if TYPE_CHECKING:
    from tests.mockserver.faults.conftest import Caller

THREADS = 64


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
        assert drawn.reason.endswith("< 0.999: the status 429")


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
