"""What is shown of a request: its parameters in short, and none of its secrets."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING

import httpx
import pytest

from contracts.model import Headers, Operation, Request
from contracts.openapi import OpenApi
from contracts.providers import behaviour_of, discover
from pictures import disc, encoded

if TYPE_CHECKING:
    from contracts.behaviour import Behaviour

PIXIAN, XTY = "pixian", "xty"


def behaviour(provider: str) -> Behaviour:
    """Return the behaviour of *provider*."""
    return behaviour_of(discover()[provider])


def operation(provider: str) -> Operation:
    """Return the operation of *provider* that makes pictures."""
    found = discover()[provider]
    return next(operation for operation in OpenApi(found.folder, found.name).operations if operation.method == "POST")


def sent(provider: str, query: str = "", **content: object) -> Request:
    """Return the request that httpx makes of *content*."""
    made = httpx.Request("POST", f"http://localhost{operation(provider).path}", **content)  # type: ignore[arg-type]
    made.read()
    headers = Headers(tuple((name.decode(), value.decode()) for name, value in made.headers.raw))
    return Request("POST", operation(provider).path, query, headers, made.content)


def parameters(provider: str, request: Request) -> dict[str, str]:
    """Return the parameters of *request*."""
    return dict(behaviour(provider).parameters(operation(provider), request))


def test_a_form_shows_its_fields() -> None:
    """Short texts are repeated, files and long texts described."""
    picture = encoded(disc())
    request = sent(
        PIXIAN, data={"test": "true", "image.base64": "A" * 5000}, files={"image": ("dog.png", picture, "image/png")}
    )
    assert parameters(PIXIAN, request) == {
        "test": "true",
        "image.base64": "(5000 bytes)",
        "image": f"('dog.png', {len(picture)} bytes)",
    }


def test_a_conversation_shows_its_first_text_and_picture() -> None:
    """The data of a data: URL are counted, not repeated."""
    data = base64.b64encode(encoded(disc())).decode()
    content = [
        {"type": "text", "text": "a dog"},
        {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{data}"}},
        {"type": "image_url", "image_url": {"url": "https://example.com/second.png"}},
    ]
    body = {"model": "remove-bg", "stream": True, "messages": [{"role": "user", "content": content}]}
    assert parameters(XTY, sent(XTY, json=body)) == {
        "model": "remove-bg",
        "stream": "true",
        "text": "a dog",
        "image_url": f"data:image/png;base64, ({len(data)} characters)",
    }


@pytest.mark.parametrize("provider", [PIXIAN, XTY])
@pytest.mark.parametrize(
    "body", [b"", b"rubbish", b"[]", b"{", b'{"messages": [[], {"content": [3]}]}', b"[" * 100_000, b"\xff"]
)
def test_rubbish_shows_nothing(provider: str, body: bytes) -> None:
    """No parameters can be read, and nothing is raised."""
    request = sent(provider, content=body, headers={"Content-Type": "multipart/form-data; boundary=x"})
    assert parameters(provider, request) == {}


@pytest.mark.parametrize(
    ("provider", "header", "shown"),
    [
        (PIXIAN, "Basic " + base64.b64encode(b"me:hush").decode(), "Basic me:[redacted]"),
        (PIXIAN, "Basic " + base64.b64encode(b"hush").decode(), "Basic [redacted]"),
        (PIXIAN, "Bearer hush", "Bearer [redacted]"),
        (PIXIAN, "hush", "Basic [redacted]"),
        (PIXIAN, "hush and more", "Basic [redacted]"),
        (XTY, "Bearer sk-hush-and-more", "Bearer sk-hu-ed41e5e0 [redacted]"),
        (XTY, "hush", "Bearer [redacted]"),
        (XTY, "Basic hush", "Basic [redacted]"),
    ],
)
def test_credentials_are_hidden(provider: str, header: str, shown: str) -> None:
    """Who the caller is may be seen, what proves it not, also where it is malformed."""
    hidden = behaviour(provider).without_secrets(sent(provider, content=b"", headers={"Authorization": header}))
    assert hidden.headers.get("Authorization") == shown


@pytest.mark.parametrize("provider", [PIXIAN, XTY])
def test_secrets_in_the_wrong_place_are_hidden(provider: str) -> None:
    """Keys in other header fields and in the query are found by their names; all else stays."""
    headers = {"X-Api-Key": "hush", "Cookie": "session=hush", "X-Auth-Token": "hush", "Accept": "image/png"}
    request = sent(provider, "test=true&api_key=hush&Secret=hush%20hush&x=1", content=b"", headers=headers)
    hidden = behaviour(provider).without_secrets(request)
    assert "hush" not in json.dumps([*hidden.headers]) + hidden.query
    assert hidden.query == "test=true&api_key=[redacted]&Secret=[redacted]&x=1"
    assert hidden.headers.get("Accept") == "image/png"
    assert (hidden.method, hidden.path, hidden.body) == (request.method, request.path, request.body)


@pytest.mark.parametrize("provider", [PIXIAN, XTY])
def test_any_status_has_the_providers_form(provider: str) -> None:
    """A status that no document names has an error object all the same."""
    answer = behaviour(provider).failure(418)
    assert answer.response.status == 418
    assert isinstance(json.loads(answer.response.body)["error"]["message"], str)
