"""Every kind of fault, through the whole server, as it arrives at a client that speaks raw bytes."""

from __future__ import annotations

import json
from contextlib import suppress
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from contracts.rules import load_errors
from mockserver.faults import Fault
from pictures import decoded
from tests.mockserver.faults.conftest import COST, assert_closed_in_order, assert_reset

if TYPE_CHECKING:
    from mockserver.mock import Mock
    from tests.mockserver.faults.conftest import Stage
    from tests.mockserver.wire.conftest import Peer, Reply

PROVIDERS = ["pixian", "xty"]
ALL = Decimal(1000)
"""The credits of a fresh tenant."""
NO_PICTURE = b"This was to be a picture.\n"
WAITS = [170, 190]
MOMENT = 0.1
"""Real seconds of silence that are taken for silence."""

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


def length(head: bytes) -> int:
    """Return the Content-Length in *head*."""
    (line,) = [line for line in head.split(b"\r\n") if line.startswith(b"Content-Length: ")]
    return int(line.removeprefix(b"Content-Length: "))


def document(reply: Reply) -> dict[str, Any]:
    """Return the JSON object in the body of *reply*."""
    found: dict[str, Any] = json.loads(reply.body)
    return found


def errors_of(mock: Mock) -> list[tuple[str, str]]:
    """Return all documented errors, each as provider and name."""
    services = mock.engine.services
    return [(name, error) for name in services for error in load_errors(services[name].provider.folder)]


def gone(peer: Peer) -> None:
    """Wait until the connection has ended, however that happens."""
    with suppress(ConnectionResetError):
        peer.rest()


def test_every_kind_of_fault_is_tried_here() -> None:
    """A new kind is not forgotten."""
    words = [word for word in [*INSTEAD, *BESIDES] if isinstance(word, dict)]
    assert {word["fault"] for word in words} == {kind.kind for kind in Fault.__subclasses__()}


class TestErrors:
    """Errors that come instead of the work."""

    def test_every_documented_error_comes_by_its_name(self, stage: Stage) -> None:
        """Status, body and code are those of the provider's list."""
        callers = {provider: stage.caller("anna", provider) for provider in PROVIDERS}
        for provider, name in errors_of(stage.mock):
            error = stage.mock.engine.services[provider].errors[name]
            caller = callers[provider]
            caller.play(name)
            reply = caller.work()
            assert reply.status == error.status, name
            if error.body == "html":
                assert reply["Content-Type"] == "text/html; charset=utf-8"
            elif error.body == "empty":
                assert reply.body == b""
                assert "Content-Type" not in reply
            else:
                assert document(reply)["error"].get("code") == error.code, name

    def test_an_error_of_the_other_provider_is_none(self, stage: Stage) -> None:
        """A name that the provider does not know changes nothing, and takes its turn."""
        caller = stage.caller()
        caller.play("quota-exhausted", "slow-down")
        assert [caller.work().status, caller.work().status] == [200, 429]

    @pytest.mark.parametrize("provider", PROVIDERS)
    @pytest.mark.parametrize("status", [202, 400, 418, 500, 502, 599])
    def test_any_status_has_an_error_in_the_providers_form(self, stage: Stage, provider: str, status: int) -> None:
        """With JSON, the body is an error object."""
        caller = stage.caller(provider=provider)
        caller.play({"fault": "status", "status": status})
        reply = caller.work()
        assert reply.status == status
        assert reply["Content-Type"] == "application/json"
        assert document(reply)["error"]["message"]

    @pytest.mark.parametrize("status", [200, 429, 500, 503])
    @pytest.mark.parametrize("provider", PROVIDERS)
    def test_a_status_can_have_a_page(self, stage: Stage, provider: str, status: int) -> None:
        """The body is HTML and says so."""
        caller = stage.caller(provider=provider)
        caller.play({"fault": "status", "status": status, "body": "html"})
        reply = caller.work()
        assert reply.status == status
        assert reply["Content-Type"] == "text/html; charset=utf-8"
        assert reply.text.startswith("<!DOCTYPE html>")

    @pytest.mark.parametrize("status", [200, 429, 500, 503])
    @pytest.mark.parametrize("provider", PROVIDERS)
    def test_a_status_can_have_nothing_at_all(self, stage: Stage, provider: str, status: int) -> None:
        """There is neither a body nor a type."""
        caller = stage.caller(provider=provider)
        caller.play({"fault": "status", "status": status, "body": "empty"})
        reply = caller.work()
        assert (reply.status, reply.body, reply["Content-Length"]) == (status, b"", "0")
        assert "Content-Type" not in reply

    @pytest.mark.parametrize("status", [200, 429, 500, 503])
    @pytest.mark.parametrize("provider", PROVIDERS)
    def test_a_status_can_have_half_an_error_object(self, stage: Stage, provider: str, status: int) -> None:
        """What claims to be JSON begins like it, and cannot be read."""
        caller = stage.caller(provider=provider)
        caller.play({"fault": "status", "status": status, "body": "malformed"})
        reply = caller.work()
        assert reply.status == status
        assert reply["Content-Type"] == "application/json"
        assert reply.body.startswith(b'{"error":{')
        with pytest.raises(json.JSONDecodeError):
            json.loads(reply.body)

    @pytest.mark.parametrize("status", [204, 304])
    def test_a_status_without_body_leaves_the_connection_in_step(self, stage: Stage, status: int) -> None:
        """No body follows where HTTP has none, and the next answer is whole."""
        caller = stage.caller()
        caller.play({"fault": "status", "status": status})
        reply = caller.work()
        assert (reply.status, reply.body) == (status, b"")
        assert caller.look().status == 200

    @pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
    @pytest.mark.parametrize("provider", PROVIDERS)
    def test_a_redirect_leads_where_it_was_told_to(self, stage: Stage, provider: str, status: int) -> None:
        """The field Location has the address, letter by letter."""
        location = "https://elsewhere.test/path?a=b&c=%20#d"
        caller = stage.caller(provider=provider)
        caller.play({"fault": "redirect", "location": location, "status": status})
        reply = caller.work()
        assert (reply.status, reply["Location"], reply.body) == (status, location, b"")

    @pytest.mark.parametrize("seconds", [0, 5, 1_000_000])
    @pytest.mark.parametrize("provider", PROVIDERS)
    def test_retry_after_is_told_where_it_was_asked_for(self, stage: Stage, provider: str, seconds: int) -> None:
        """By name, by status, and with every kind of body; otherwise there is none."""
        name = "slow-down" if provider == "pixian" else "upstream-saturated"
        words: list[dict[str, object]] = [{"fault": "error", "name": name}, {"fault": "status", "status": 503}]
        words += [{"fault": "status", "status": 429, "body": body} for body in ("html", "empty", "malformed")]
        caller = stage.caller(provider=provider)
        for word in words:
            caller.play({**word, "retry_after": seconds}, word)
            assert caller.work()["Retry-After"] == str(seconds)
            assert "Retry-After" not in caller.work()


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
        stage.clock.advance(seconds - 0.1)
        assert caller.peer.silent(MOMENT)
        stage.clock.advance(0.1)
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
        stage.clock.advance(seconds - 0.1)
        assert caller.peer.silent(MOMENT)
        stage.clock.advance(0.2)
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
            stage.clock.advance(2)
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

    def test_a_result_can_end_early(self, stage: Stage) -> None:
        """It is there for so many seconds of the clock and no longer."""
        caller = stage.caller(provider="xty")
        caller.play({"fault": "expire", "after": 60})
        url = caller.result()
        stage.clock.advance(59)
        assert caller.fetch(url).status == 200
        stage.clock.advance(1)
        assert caller.fetch(url).status == 404

    def test_no_result_lives_longer_for_a_fault(self, stage: Stage) -> None:
        """Even if more is asked for, the hour of the documents is the end."""
        caller = stage.caller(provider="xty")
        caller.play({"fault": "expire", "after": 10_000})
        url = caller.result()
        stage.clock.advance(3599)
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
            stage.clock.advance(word["seconds"])
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
