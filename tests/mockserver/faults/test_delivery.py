"""Answers that do not arrive whole, or not at all, at a client that speaks raw bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.mockserver.faults.conftest import assert_closed_in_order, assert_reset
from tests.mockserver.faults.reading import MOMENT, PROVIDERS, gone, length

if TYPE_CHECKING:
    from tests.mockserver.faults.conftest import Stage

WAITS = [170, 190]


@pytest.fixture(autouse=True)
def _answers_keep_the_contract() -> None:
    """Let answers break the contract, which faults are there to do."""


class TestConnection:
    """Answers that do not arrive whole, or not at all."""

    @pytest.mark.parametrize("after", [0, 1, 100, 200])
    @pytest.mark.parametrize("provider", PROVIDERS)
    def test_a_body_is_cut_off_although_its_head_promises_all(self, stage: Stage, provider: str, after: int) -> None:
        """So many bytes come, fewer than Content-Length says, then an orderly end."""
        caller = stage.caller(provider=provider)
        whole = caller.work().body
        caller.play({"fault": "truncate", "after": after})
        caller.ask()
        assert length(caller.peer.until(b"\r\n\r\n")) == len(whole)
        body = caller.peer.rest()
        assert len(body) == after
        assert body[:5] == whole[:5][:after]
        assert_closed_in_order(caller.peer)

    def test_a_cut_behind_the_end_cuts_nothing(self, stage: Stage) -> None:
        """The body is whole, but the connection ends."""
        caller = stage.caller()
        whole = caller.work().body
        caller.play({"fault": "truncate", "after": len(whole) + 1})
        assert caller.work().body == whole
        assert caller.peer.rest() == b""

    @pytest.mark.parametrize("seconds", WAITS)
    @pytest.mark.parametrize("provider", PROVIDERS)
    def test_silence_before_the_answer_lasts_by_the_clock(self, stage: Stage, provider: str, seconds: int) -> None:
        """Not a byte comes before the time has passed; then the answer is whole and dated by its end."""
        caller = stage.caller(provider=provider)
        caller.play({"fault": "stall", "seconds": seconds})
        caller.ask()
        assert caller.peer.silent(MOMENT)
        stage.clock.move(seconds - 0.1)
        assert caller.peer.silent(MOMENT)
        stage.clock.move(0.1)
        reply = caller.peer.reply()
        assert reply.status == 200
        assert reply["Date"] == {170: "Mon, 01 Jan 2024 00:02:55 GMT", 190: "Mon, 01 Jan 2024 00:03:15 GMT"}[seconds]
        assert caller.look().status == 200

    @pytest.mark.parametrize("seconds", WAITS)
    @pytest.mark.parametrize("after", [0, 100])
    @pytest.mark.parametrize("provider", PROVIDERS)
    def test_silence_in_the_middle_lasts_by_the_clock(
        self, stage: Stage, provider: str, seconds: int, after: int
    ) -> None:
        """The head and so many bytes come, nothing until the time has passed, then the rest; nothing is lost."""
        caller = stage.caller(provider=provider)
        whole = caller.work().body
        caller.play({"fault": "stall", "seconds": seconds, "after": after})
        caller.ask()
        assert length(caller.peer.until(b"\r\n\r\n")) == len(whole)
        begin = caller.peer.take(after)
        assert caller.peer.silent(MOMENT)
        stage.clock.move(seconds - 0.1)
        assert caller.peer.silent(MOMENT)
        stage.clock.move(0.2)
        body = begin + caller.peer.take(len(whole) - after)
        assert body[:20] == whole[:20]
        assert caller.look().status == 200

    def test_others_do_not_wait(self, stage: Stage) -> None:
        """While one is kept waiting, another is served."""
        waiting, other = stage.caller("anna"), stage.caller("berta")
        waiting.play({"fault": "stall", "seconds": 190})
        waiting.ask()
        assert waiting.peer.silent(MOMENT)
        assert other.work().status == 200

    @pytest.mark.parametrize("provider", PROVIDERS)
    def test_a_body_dribbles_by_the_clock(self, stage: Stage, provider: str) -> None:
        """So many bytes come each time, and nothing between."""
        caller = stage.caller(provider=provider)
        whole = caller.look().body
        size = len(whole) // 3 + 1
        stage.rule({"fault": "dribble", "bytes": size, "every": 2}, count=1)
        caller.peek()
        assert length(caller.peer.until(b"\r\n\r\n")) == len(whole)
        for start in range(0, len(whole), size):
            assert caller.peer.silent(MOMENT)
            stage.clock.move(2)
            piece = whole[start : start + size]
            assert caller.peer.take(len(piece)) == piece
        assert caller.look().body == whole

    def test_a_picture_dribbles_too(self, stage: Stage) -> None:
        """An answer that is worked on arrives whole in the end."""
        caller = stage.caller()
        whole = caller.work().body
        caller.play({"fault": "dribble", "bytes": 50, "every": 0})
        assert caller.work().body == whole

    @pytest.mark.parametrize("provider", PROVIDERS)
    def test_a_connection_is_closed_without_an_answer(self, stage: Stage, provider: str) -> None:
        """The client sees an orderly end and not a byte."""
        caller = stage.caller(provider=provider)
        caller.play({"fault": "close"})
        caller.ask()
        assert caller.peer.rest() == b""
        assert_closed_in_order(caller.peer)

    @pytest.mark.parametrize("provider", PROVIDERS)
    def test_a_connection_is_reset_without_an_answer(self, stage: Stage, provider: str) -> None:
        """The client sees a real RST and not a byte."""
        caller = stage.caller(provider=provider)
        assert caller.work().status == 200
        caller.play({"fault": "reset"})
        caller.ask()
        assert_reset(caller.peer)

    @pytest.mark.parametrize("after", [0, 100])
    @pytest.mark.parametrize("provider", PROVIDERS)
    def test_a_connection_is_reset_in_the_middle(self, stage: Stage, provider: str, after: int) -> None:
        """The head and so many bytes come, then a real RST."""
        caller = stage.caller(provider=provider)
        caller.play({"fault": "reset", "after": after})
        caller.ask()
        assert length(caller.peer.until(b"\r\n\r\n")) > after
        assert len(caller.peer.take(after)) == after
        assert_reset(caller.peer)

    @pytest.mark.parametrize("word", [{"fault": "close"}, {"fault": "reset"}, {"fault": "truncate"}])
    def test_only_the_one_connection_breaks(self, stage: Stage, word: object) -> None:
        """The same tenant is served on another one, before and after."""
        broken, other = stage.caller(), stage.caller()
        broken.play(word)
        broken.ask()
        gone(broken.peer)
        assert other.work().status == 200
