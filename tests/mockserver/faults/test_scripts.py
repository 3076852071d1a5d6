"""Scripts: what the next requests of one tenant meet."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TYPE_CHECKING

import pytest

from mockserver.faults import word_of
from mockserver.journal.journal import Filter
from mockserver.state.limiter import Limits, Rate
from serving import until
from tests.mockserver.faults.conftest import COST
from tests.mockserver.wire.conftest import PATIENCE

if TYPE_CHECKING:
    from tests.mockserver.faults.conftest import Caller, Stage

PROVIDERS = ["pixian", "xty"]
THREADS = 64


def works(caller: Caller, times: int) -> list[int]:
    """Return the statuses of so many pictures of *caller*, one after the other."""
    return [caller.work().status for _ in range(times)]


def left(caller: Caller) -> list[object]:
    """Return the words that *caller* still has to meet."""
    return [word_of(fault) for fault in caller.tenant.script]


class TestOrder:
    """Words are taken one by one."""

    @pytest.mark.parametrize("provider", PROVIDERS)
    def test_words_come_in_their_order_and_then_all_is_normal(self, stage: Stage, provider: str) -> None:
        """One for each request; after the last one there are none."""
        caller = stage.caller(provider=provider)
        caller.play("429", "500", "ok", "429")
        assert works(caller, 7) == [429, 500, 200, 429, 200, 200, 200]

    def test_ok_is_normal_behaviour(self, stage: Stage) -> None:
        """The picture is made and paid for."""
        caller = stage.caller()
        usual = caller.work()
        caller.play("ok", "429")
        reply = caller.work()
        assert (reply.status, reply.body) == (200, usual.body)
        assert caller.credits == 1000 - 2 * COST
        assert left(caller) == ["429"]

    def test_ok_leaves_what_is_wrong_wrong(self, stage: Stage) -> None:
        """A request that breaks the rules is refused as ever, and has had its word."""
        caller = stage.caller()
        caller.play("ok", "429")
        assert caller.work(test="perhaps").status == 400
        assert works(caller, 2) == [429, 200]

    def test_a_fault_comes_before_validation(self, stage: Stage) -> None:
        """A wrong request meets the fault, too."""
        caller = stage.caller()
        caller.play("429")
        assert [caller.work(test="perhaps").status for _ in range(2)] == [429, 400]

    def test_a_script_is_the_tenants_on_all_its_connections(self, stage: Stage) -> None:
        """The next word is for whichever request comes next."""
        first, second = stage.caller(), stage.caller()
        first.play("429", "500", "429")
        assert [second.work().status, first.work().status, second.work().status] == [429, 500, 429]

    def test_a_new_script_takes_the_place_of_the_old(self, stage: Stage) -> None:
        """What was left of it is forgotten; an empty one ends it."""
        caller = stage.caller()
        caller.play("429", "429", "429")
        assert works(caller, 1) == [429]
        caller.play("500", "ok")
        assert works(caller, 3) == [500, 200, 200]
        caller.play("429")
        caller.play()
        assert works(caller, 1) == [200]

    def test_what_is_left_can_be_seen(self, stage: Stage) -> None:
        """As words, the next one first."""
        words: list[object] = ["429", "ok", {"fault": "truncate", "after": 1000}]
        caller = stage.caller()
        caller.play(*words)
        assert left(caller) == words
        caller.work()
        assert left(caller) == words[1:]

    def test_a_reset_ends_a_script(self, stage: Stage) -> None:
        """The tenant is as at the beginning."""
        caller = stage.caller()
        caller.play("429")
        stage.mock.state.tenants.reset(caller.tenant)
        assert works(caller, 1) == [200]

    def test_the_journal_tells_which_word_it_was(self, stage: Stage) -> None:
        """Also for the word that changes nothing."""
        caller = stage.caller()
        caller.play("429", "ok")
        works(caller, 2)
        entries = stage.mock.journal.find(Filter(tenant="anna"))
        reasons = [reason.text for entry in entries for reason in entry.reasons if reason.step == "script"]
        assert [reason.partition(":")[0] for reason in reasons] == ["word 1 of 2", "word 2 of 2"]


class TestWhoTakesAWord:
    """Only requests that could do something take words."""

    @pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
    @pytest.mark.parametrize("provider", PROVIDERS)
    def test_who_only_looks_takes_none(self, stage: Stage, provider: str, method: str) -> None:
        """The account, the models, their heads and the questions of browsers are answered as ever."""
        caller = stage.caller(provider=provider)
        caller.play("500")
        statuses = {caller.look(method).status for _ in range(3)}
        assert statuses == {204 if method == "OPTIONS" else 200}
        assert works(caller, 2) == [500, 200]

    def test_who_fetches_a_result_takes_none(self, stage: Stage) -> None:
        """The download is no request of the tenant."""
        caller = stage.caller(provider="xty")
        caller.play("ok", "500")
        url = caller.result()
        assert caller.fetch(url).status == 200
        assert works(caller, 1) == [500]

    def test_who_is_refused_at_the_door_takes_none(self, stage: Stage) -> None:
        """Neither a wrong secret nor a wrong method uses a word up."""
        caller = stage.caller()
        assert works(caller, 1) == [200]
        caller.play("500")
        intruder = stage.intruder("anna:another-secret")
        assert intruder.work().status == 401
        assert caller.look("DELETE").status == 405
        assert left(caller) == ["500"]

    def test_tenants_do_not_see_each_others_scripts(self, stage: Stage) -> None:
        """Each goes through its own, whoever asks in between."""
        anna, berta, other = stage.caller("anna"), stage.caller("berta"), stage.caller("anna", "xty")
        anna.play("429", "ok", "500")
        berta.play("500", "429")
        seen = [works(caller, 1)[0] for _ in range(3) for caller in (anna, other, berta)]
        assert seen[0::3] == [429, 200, 500]
        assert seen[1::3] == [200, 200, 200]
        assert seen[2::3] == [500, 429, 200]


class TestScriptsAndRules:
    """Whoever has a script meets that."""

    def test_a_script_beats_the_rules(self, stage: Stage) -> None:
        """The word decides, and the rule is not used up; after the script the rule has its turn."""
        caller = stage.caller()
        stage.rule("500", count=1)
        caller.play("429", "429")
        assert works(caller, 4) == [429, 429, 500, 200]

    def test_a_script_beats_the_tenants_own_rules(self, stage: Stage) -> None:
        """Also those of a scenario."""
        caller = stage.caller()
        stage.mock.engine.library.get("black-friday").apply(caller.tenant, stage.clock.now())
        caller.play(*["418"] * 20)
        assert works(caller, 20) == [418] * 20

    def test_a_fault_of_the_answer_beats_the_rules_too(self, stage: Stage) -> None:
        """A rule does not come instead of work that a script wants done."""
        caller = stage.caller()
        stage.rule("500", count=1)
        caller.play({"fault": "headers", "set": {"X-Odd": "1"}})
        reply = caller.work()
        assert (reply.status, reply["X-Odd"]) == (200, "1")
        assert works(caller, 1) == [500]


class TestScriptsAndLimits:
    """A scripted fault happens whatever the limits say, and counts for them."""

    def test_whoever_is_kept_waiting_takes_a_place(self, stage: Stage) -> None:
        """While the answer stalls, the limit for requests at a time refuses another one; then there is room again."""
        waiting, other = stage.caller(), stage.caller()
        waiting.tenant.limiter.set(Limits(concurrency=1))
        waiting.play({"fault": "stall", "seconds": 60})
        waiting.ask()
        assert waiting.peer.silent(0.1)
        assert other.work().status == 429
        stage.clock.move(60)
        waiting.peer.reply()
        until(lambda: waiting.tenant.limiter.in_progress == 0)
        assert other.work().status == 200

    def test_an_error_of_a_script_takes_a_token(self, stage: Stage) -> None:
        """As a true one would."""
        caller = stage.caller()
        caller.tenant.limiter.set(Limits(rate=Rate(per_second=0.001)))
        caller.play("500")
        assert works(caller, 2) == [500, 429]

    def test_limits_do_not_keep_a_script_from_its_turn(self, stage: Stage) -> None:
        """A word comes even where there is no token left, and the journal tells both."""
        caller = stage.caller()
        caller.tenant.limiter.set(Limits(rate=Rate(per_second=0.001)))
        caller.play("500", "503")
        assert works(caller, 2) == [500, 503]
        reasons = [(one.step, one.text) for one in stage.mock.journal.find()[-1].reasons]
        assert reasons[0][0] == "script"
        assert reasons[1] == ("limits", "the bucket of 0.001 a second is empty; the script decides")
        until(lambda: caller.tenant.limiter.in_progress == 0)

    def test_ok_leaves_it_to_the_limits(self, stage: Stage) -> None:
        """Normal behaviour is that the limits hold; so it is with an error that the provider does not have."""
        caller = stage.caller()
        caller.tenant.limiter.set(Limits(rate=Rate(per_second=0.001), error="slow-down"))
        caller.play("ok", "ok", "quota-exhausted")
        assert works(caller, 3) == [200, 429, 429]
        reasons = [one.text for one in stage.mock.journal.find()[-1].reasons if one.step == "script"]
        assert reasons == ["word 3 of 3: the documented error quota-exhausted, which the provider does not have"]


def test_no_word_is_lost_or_taken_twice(stage: Stage) -> None:
    """Sixty-four clients of one tenant send pictures at once."""
    callers = [stage.caller() for _ in range(THREADS)]
    callers[0].play(*["429"] * 10, *["500"] * 10, *["ok"] * 10)
    start = Barrier(THREADS)

    def send(caller: Caller) -> int:
        start.wait(PATIENCE)
        return caller.work().status

    with ThreadPoolExecutor(THREADS) as pool:
        assert Counter(pool.map(send, callers)) == {429: 10, 500: 10, 200: THREADS - 20}
    assert left(callers[0]) == []
