"""No answer of the control API holds a secret, however clumsily it was sent."""

from __future__ import annotations

from base64 import b64encode
from functools import partial
from typing import TYPE_CHECKING

import httpx
import pytest

from plain import NO_TLS
from tests.mockserver.control.asking import PATIENCE, happened

if TYPE_CHECKING:
    from mockserver.mock import Mock
    from tests.mockserver.control.asking import Control

SECRET = "TopSecret-4711"  # noqa: S105  nobody's
ACCOUNT, MODELS, REMOVE = "/api/v2/account", "/v1/models", "/api/v2/remove-background"


def basic(text: str) -> str:
    """Return *text* as Basic authentication encodes it."""
    return b64encode(text.encode()).decode()


ENCODED = [basic(text) for text in (f"id:{SECRET}", f":{SECRET}", f"{SECRET}:", f"id{SECRET}")]

HEADERS = {
    "id and secret": (ACCOUNT, {"Authorization": f"Basic {basic(f'id:{SECRET}')}"}),
    "no colon": (ACCOUNT, {"Authorization": f"Basic {basic(f'id{SECRET}')}"}),
    "no id": (ACCOUNT, {"Authorization": f"Basic {basic(f':{SECRET}')}"}),
    "not in base64": (ACCOUNT, {"Authorization": f"Basic {SECRET}"}),
    "no scheme": (ACCOUNT, {"Authorization": SECRET}),
    "a key where a secret belongs": (ACCOUNT, {"Authorization": f"Bearer sk-{SECRET}"}),
    "a key": (MODELS, {"Authorization": f"Bearer sk-{SECRET}"}),
    "a key with an odd form": (MODELS, {"Authorization": f"Bearer {SECRET} {SECRET}"}),
    "a key without a scheme": (MODELS, {"Authorization": f"sk-{SECRET}"}),
    "a key grown together": (MODELS, {"Authorization": f"Bearersk-{SECRET}"}),
    "a tab": (MODELS, {"Authorization": f"Bearer\tsk-{SECRET}"}),
    "letters beyond ASCII": (MODELS, {"Authorization": f"Bearer sk-ö{SECRET}"}),
    "a secret where a key belongs": (MODELS, {"Authorization": f"Basic {basic(f'id:{SECRET}')}"}),
    "other fields": (
        MODELS,
        {"X-Api-Key": SECRET, "Api-Key": SECRET, "X-Auth-Token": SECRET, "Cookie": f"session={SECRET}"},
    ),
    "a proxy": (MODELS, {"Proxy-Authorization": f"Basic {basic(f'id:{SECRET}')}"}),
    "a path of nobody": ("/nowhere", {"Authorization": f"Bearer sk-{SECRET}"}),
    "a path of nobody with id and secret": ("/nowhere", {"Authorization": f"Basic {basic(f'id:{SECRET}')}"}),
    "a wrong path": ("/api/v2/nowhere", {"Authorization": f"Bearer sk-{SECRET}"}),
}

QUERIES = [
    f"{MODELS}?key=sk-{SECRET}",
    f"{MODELS}?a=1&api_key={SECRET}&b=2",
    f"{MODELS}?API-KEY={SECRET}",
    f"{MODELS}?authorization=Bearer%20{SECRET}&access_token={SECRET}",
    f"{ACCOUNT}?apiSecret={SECRET}",
    f"{ACCOUNT}?password={SECRET}",
    f"/nowhere?token={SECRET}",
]


def call(mock: Mock, method: str, path: str, headers: dict[str, str]) -> None:
    """Send a request; what comes back does not matter."""
    fields = [(name.encode(), value.encode()) for name, value in headers.items()]
    httpx.request(method, f"{mock.url}{path}", headers=fields, trust_env=False, verify=NO_TLS, timeout=PATIENCE)


def everything(control: Control) -> str:
    """Return all that the control API tells, once one exchange has ended."""
    number = happened(control, 1)[-1]["number"]
    paths = ["/journal", f"/journal/{number}", "/journal.har", "/tenants", "/faults", "/health"]
    return "\n".join(control.ask("GET", path).text for path in paths)


def assert_hidden(told: str) -> None:
    """Assert that *told* holds the secret in no form, but that something was hidden."""
    assert not [form for form in (SECRET, *ENCODED) if form in told]
    assert "[redacted]" in told


@pytest.mark.parametrize("method", ["GET", "PUT"])
@pytest.mark.parametrize("case", HEADERS)
def test_secrets_in_header_fields_are_hidden(mock: Mock, control: Control, case: str, method: str) -> None:
    """Well formed or not, accepted or not, for a known path and method or not."""
    path, headers = HEADERS[case]
    call(mock, method, path, headers)
    assert_hidden(everything(control))


@pytest.mark.parametrize("target", QUERIES)
def test_secrets_in_the_query_are_hidden(mock: Mock, control: Control, target: str) -> None:
    """Where no provider wants them, but clients put them by mistake; the other parameters are still shown."""
    call(mock, "GET", target, {})
    assert_hidden(everything(control))


URLS = [
    f"https://me:{SECRET}@pictures.example/a.jpg",
    f"https://{SECRET}@pictures.example/a.jpg",
    f"https://pictures.example/a.jpg?X-Amz-Credential={SECRET}&X-Amz-Security-Token=b&X-Amz-Signature={SECRET}&w=1",
    f"https://pictures.example/a.jpg?w=1&token={SECRET}%26{SECRET}",
    f"ftp://me:{SECRET}@pictures.example/a.jpg",
]


@pytest.mark.parametrize("way", ["multipart", "urlencoded", "chat"])
@pytest.mark.parametrize("url", URLS)
def test_secrets_in_the_urls_of_pictures_are_hidden(mock: Mock, control: Control, url: str, way: str) -> None:
    """In parameters, bodies, reasons and the archive; the host and what is no secret are still shown."""
    ask = partial(httpx.post, trust_env=False, verify=NO_TLS, timeout=PATIENCE)
    if way == "multipart":
        ask(f"{mock.url}{REMOVE}", files={"image.url": (None, url)}, auth=("me", "x"))
    elif way == "urlencoded":
        ask(f"{mock.url}{REMOVE}", data={"image.url": url}, auth=("me", "x"))
    else:
        part = {"type": "image_url", "image_url": {"url": url}}
        chat = {"model": "remove-bg", "messages": [{"role": "user", "content": [part]}]}
        ask(f"{mock.url}/v1/chat/completions", json=chat, headers={"Authorization": "Bearer sk-x"})
    told = everything(control)
    assert SECRET not in told
    assert "***" in told
    parameters = control.tell("GET", f"/journal/{happened(control, 1)[-1]['number']}")["parameters"]
    shown = parameters["image_url" if way == "chat" else "image.url"]
    assert "***" in shown
    assert "pictures.example/a.jpg" in shown


def test_who_asked_can_still_be_seen(mock: Mock, control: Control) -> None:
    """The API id is no secret, and of a key the beginning and a short hash are shown."""
    call(mock, "GET", ACCOUNT, {"Authorization": f"Basic {basic(f'id:{SECRET}')}"})
    call(mock, "GET", MODELS, {"Authorization": f"Bearer sk-{SECRET}"})
    names = [exchange["tenant"] for exchange in happened(control, 2)]
    assert names[0] == "id"
    assert names[1].startswith("sk-To")
    headers = control.tell("GET", f"/journal/{happened(control, 2)[0]['number']}")["request"]["headers"]
    assert ["authorization", "Basic id:[redacted]"] in [[name.lower(), value] for name, value in headers]
