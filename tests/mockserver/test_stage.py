"""The mock as a stage for clients under test."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING

import httpx
import pytest

from contracts.cases import Sign
from contracts.clock import Clock
from contracts.model import Handshakes, Input, Request
from contracts.providers import discover, kit_of
from contracts.trials import Trial
from mockserver.stage import MockStage
from pictures import disc, encoded

if TYPE_CHECKING:
    from collections.abc import Iterator

PIXIAN = discover()["pixian"]
KIT = kit_of(PIXIAN)
ME = KIT.anonymous("me")
PICTURE = encoded(disc())
PLAIN = Trial("plain", (Input("p.png", PICTURE),))
REMOVE = "/api/v2/remove-background"


@pytest.fixture(autouse=True)
def _answers_keep_the_contract() -> None:
    """Take the place of the watch over all answers: here, some are wrong on purpose."""


@pytest.fixture
def stage() -> Iterator[MockStage]:
    """A stage without TLS."""
    stage = MockStage(PIXIAN)
    yield stage
    stage.close()


def ask(stage: MockStage, secret: str = ME.secret) -> int:
    """Send a picture, and return the status."""
    return httpx.post(
        stage.origin + REMOVE, files={"image": PICTURE}, auth=(ME.id, secret), trust_env=False
    ).status_code


def test_script_and_faults_are_for_the_trial(stage: MockStage) -> None:
    """The next trial knows nothing of those before."""
    rule = {"fault": {"fault": "status", "status": 418, "body": "empty"}, "count": 1}
    stage.prepare(Trial("busy", PLAIN.inputs, script=("429",), faults=(rule,)), ME, 60.0)
    assert [ask(stage), ask(stage), ask(stage)] == [429, 418, 200]
    assert [one.response.status for one in stage.exchanges() if one.response] == [429, 418, 200]
    assert stage.clock.speed == 60
    stage.prepare(PLAIN, ME, 1.0)
    assert stage.exchanges() == ()
    assert ask(stage) == 200
    assert stage.clock.speed == 1


def test_requests_are_shown_as_they_were_sent(stage: MockStage) -> None:
    """With the secret, which the journal does not have; an answer begins after its request and before its end."""
    stage.prepare(PLAIN, ME, 1.0)
    ask(stage)
    while (exchange := stage.exchanges()[0]).ending is None:
        Clock().sleep(0.01)
    signed = KIT.signed(Request("GET", "/"), ME, Sign.OWN)
    assert exchange.request.headers.get("Authorization") == signed.headers.get("Authorization")
    assert PICTURE in exchange.request.body
    assert exchange.answered is not None
    assert exchange.ended is not None
    assert exchange.received <= exchange.answered <= exchange.ended


def test_every_secret_is_the_first_one(stage: MockStage) -> None:
    """A new trial does not remember that of the one before."""
    stage.prepare(PLAIN, ME, 1.0)
    assert ask(stage, "one") == 200
    stage.prepare(PLAIN, ME, 1.0)
    assert ask(stage, "another") == 200
    assert stage.handshakes() is None
    assert stage.trust == {}


def test_handshakes_are_counted() -> None:
    """With a name, without one, and requests that know nothing of TLS; for each trial anew."""
    stage = MockStage(PIXIAN, tls=True)
    try:
        context = ssl.create_default_context(cafile=stage.trust["MATTEPROOF_CA_FILE"])
        stage.prepare(PLAIN, ME, 1.0)
        assert stage.origin.startswith("https://localhost:")
        with httpx.Client(verify=context, trust_env=False) as client:
            client.get(stage.origin)
        with httpx.Client(verify=context, trust_env=False) as client, pytest.raises(httpx.ConnectError):
            client.get(stage.origin.replace("localhost", "127.0.0.1"))
        with httpx.Client(trust_env=False) as client, pytest.raises(httpx.HTTPError):
            client.get(stage.origin.replace("https", "http"))
        assert stage.handshakes() == Handshakes(named=1, nameless=1, plain=1)
        stage.prepare(PLAIN, ME, 1.0)
        assert stage.handshakes() == Handshakes()
        assert stage.dotted_origin.endswith(stage.origin.rpartition(":")[2])
        assert "." in stage.dotted_origin
        assert "-Djavax.net.ssl.trustStore=" in stage.trust["JAVA_TOOL_OPTIONS"]
    finally:
        stage.close()
