"""Pictures that are none, and results that end early."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pictures import decoded
from tests.mockserver.faults.reading import NO_PICTURE, length

if TYPE_CHECKING:
    from tests.mockserver.faults.conftest import Stage


@pytest.fixture(autouse=True)
def _answers_keep_the_contract() -> None:
    """Let answers break the contract, which faults are there to do."""


class TestResults:
    """Pictures that are none, and results that end early."""

    def test_a_picture_in_the_body_can_be_text(self, stage: Stage) -> None:
        """Type, size and credits are told as ever; the next picture is one again."""
        caller = stage.caller()
        caller.play({"fault": "no-image"})
        reply = caller.work()
        assert (reply.status, reply["Content-Type"], reply.body) == (200, "image/png", NO_PICTURE)
        assert reply["X-Result-Size"] == "160 120"
        assert decoded(caller.work().body).size == (160, 120)

    def test_a_hosted_picture_can_be_text(self, stage: Stage) -> None:
        """The answer is as ever, and what its URL leads to is no picture, for this answer only."""
        caller = stage.caller(provider="xty")
        caller.play("ok", {"fault": "no-image"}, "ok")
        urls = [caller.result() for _ in range(3)]
        replies = [caller.fetch(url) for url in urls]
        assert [reply.status for reply in replies] == [200, 200, 200]
        assert [reply["Content-Type"] for reply in replies] == ["image/png"] * 3
        assert replies[1].body == NO_PICTURE
        assert decoded(replies[0].body).size == decoded(replies[2].body).size == (160, 120)

    def test_a_result_can_be_gone_from_the_beginning(self, stage: Stage) -> None:
        """The URL is answered with 404, as after an hour; others of the same picture are not touched."""
        caller = stage.caller(provider="xty")
        caller.play("ok", {"fault": "expire"})
        kept, expired = caller.result(), caller.result()
        reply = caller.fetch(expired)
        assert (reply.status, reply["Content-Type"]) == (404, "text/html; charset=utf-8")
        assert caller.fetch(kept).status == 200

    @pytest.mark.parametrize(("after", "life"), [(60, 60), (10_000, 3600)])
    def test_a_result_can_end_early(self, stage: Stage, after: int, life: int) -> None:
        """It is there for so many seconds of the clock and no longer; the hour of the documents is the end anyway."""
        caller = stage.caller(provider="xty")
        caller.play({"fault": "expire", "after": after})
        url = caller.result()
        stage.clock.advance(life - 1)
        assert caller.fetch(url).status == 200
        stage.clock.advance(1)
        assert caller.fetch(url).status == 404

    def test_the_host_of_results_can_fail(self, stage: Stage) -> None:
        """A rule meets those who fetch a result, for whom there are no credentials, and nobody else."""
        caller = stage.caller(provider="xty")
        stage.rule("result-not-found", match={"operation": "getResultFile"}, count=1)
        url = caller.result()
        assert [caller.fetch(url).status, caller.fetch(url).status] == [404, 200]

    def test_a_hosted_picture_can_be_cut_off(self, stage: Stage) -> None:
        """A rule cuts the download off; a second try gets all of it."""
        caller, other = stage.caller(provider="xty"), stage.caller("berta", "xty")
        stage.rule({"fault": "truncate", "after": 100}, match={"operation": "getResultFile"}, count=1)
        url = caller.result()
        caller.peer.get(url.removeprefix("http://test"))
        promised = length(caller.peer.until(b"\r\n\r\n"))
        assert len(caller.peer.rest()) == 100
        assert len(other.fetch(url).body) == promised
