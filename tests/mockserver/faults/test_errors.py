"""Errors that come instead of the work, as they arrive at a client that speaks raw bytes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import httpx
import pytest

from contracts.providers import behaviour_of, discover
from contracts.rules import load_errors
from mockserver.mock import Mock
from tests.mockserver.faults.reading import PROVIDERS, document

if TYPE_CHECKING:
    from tests.mockserver.faults.conftest import Stage
    from tests.mockserver.wire.conftest import Reply


@pytest.fixture(autouse=True)
def _answers_keep_the_contract() -> None:
    """Let answers break the contract, which faults are there to do."""


def errors_of(mock: Mock) -> list[tuple[str, str]]:
    """Return all documented errors, each as provider and name."""
    services = mock.engine.services
    return [(name, error) for name in services for error in load_errors(services[name].provider.folder)]


def answered(stage: Stage, provider: str, status: int, **options: str) -> Reply:
    """Return what comes for a picture when the answer is to have this *status*, and *options*."""
    caller = stage.caller(provider=provider)
    caller.play({"fault": "status", "status": status, **options})
    return caller.work()


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
        reply = answered(stage, provider, status)
        assert reply.status == status
        assert reply["Content-Type"] == "application/json"
        assert document(reply)["error"]["message"]

    def test_the_bare_status_402_is_what_used_up_credits_get(self, stage: Stage) -> None:
        """A client meets the same code whether the credits run out or the status is asked for."""
        assert document(answered(stage, "pixian", 402))["error"]["code"] == 1011

    @pytest.mark.parametrize("status", [200, 429, 500, 503])
    @pytest.mark.parametrize("provider", PROVIDERS)
    def test_a_status_can_have_a_page(self, stage: Stage, provider: str, status: int) -> None:
        """The body is HTML and says so."""
        reply = answered(stage, provider, status, body="html")
        assert reply.status == status
        assert reply["Content-Type"] == "text/html; charset=utf-8"
        assert reply.text.startswith("<!DOCTYPE html>")

    @pytest.mark.parametrize("status", [200, 429, 500, 503])
    @pytest.mark.parametrize("provider", PROVIDERS)
    def test_a_status_can_have_nothing_at_all(self, stage: Stage, provider: str, status: int) -> None:
        """There is neither a body nor a type."""
        reply = answered(stage, provider, status, body="empty")
        assert (reply.status, reply.body, reply["Content-Length"]) == (status, b"", "0")
        assert "Content-Type" not in reply

    @pytest.mark.parametrize("status", [200, 429, 500, 503])
    @pytest.mark.parametrize("provider", PROVIDERS)
    def test_a_status_can_have_half_an_error_object(self, stage: Stage, provider: str, status: int) -> None:
        """What claims to be JSON begins like it, and cannot be read."""
        reply = answered(stage, provider, status, body="malformed")
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


@pytest.mark.parametrize("name", list(load_errors(discover()["xty"].folder)))
def test_no_error_that_is_asked_for_has_a_gap(name: str) -> None:
    """What is only known when it happens is filled in."""
    answer = behaviour_of(discover()["xty"]).error(name).response
    if answer.media_type == "application/json":
        message = json.loads(answer.body)["error"]["message"]
        assert not [gap for gap in ("{detail}", "()", "  ") if gap in message]
        assert not message.endswith((" ", ":", "\N{FULLWIDTH COMMA}"))


def test_the_404_of_a_result_is_that_of_its_host() -> None:
    """A rule that asks for the status alone gets the page that is documented for the operation."""
    with Mock() as mock:
        rule = {"fault": "404", "match": {"operation": "getResultFile"}}
        httpx.post(f"{mock.url}/_mock/v1/faults", json=rule, trust_env=False)
        answer = httpx.get(f"{mock.url}/files/{'x' * 32}.png", trust_env=False)
    assert answer.status_code == 404
    assert answer.headers["Content-Type"].startswith("text/html")
