"""The XTY mock over HTTP: conversations, results, errors, and the OpenAI SDK."""

from __future__ import annotations

import base64
import json
import socket
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import httpx
import openai
import pytest

from contracts.clock import Clock
from mockserver.mock import Mock
from pictures import decoded, disc, encoded, pixels

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mockserver.state.tenant import Tenant

PATH = "/v1/chat/completions"
SAMPLE = "https://file.xty.app/docs/msk.jpg"
DATA_URL = "data:image/png;base64," + base64.b64encode(encoded(disc())).decode()


@pytest.fixture
def key(request: pytest.FixtureRequest) -> str:
    """A key that no other test has."""
    name: str = request.node.nodeid
    return "sk-" + name.encode().hex()[-60:]


@pytest.fixture
def client(mock: Mock, key: str) -> Iterator[httpx.Client]:
    """A client that has that key."""
    headers = {"Authorization": f"Bearer {key}"}
    with httpx.Client(base_url=mock.url, headers=headers, trust_env=False) as client:
        yield client


def one_message(content: object) -> dict[str, Any]:
    """Return a request body whose one message has that *content*."""
    return {"model": "remove-bg", "messages": [{"role": "user", "content": content}]}


def conversation(url: str | None = DATA_URL, **others: object) -> dict[str, Any]:
    """Return a request body with a text, the picture at *url* if there is one, and *others*."""
    content: list[dict[str, object]] = [{"type": "text", "text": "a person"}]
    if url is not None:
        content.append({"type": "image_url", "image_url": {"url": url}})
    return {"model": "remove-bg", "messages": [{"role": "user", "content": content}], **others}


def error(response: httpx.Response) -> dict[str, Any]:
    """Return the error object."""
    found: dict[str, Any] = response.json()["error"]
    return found


def test_the_answer_is_a_completion_whose_content_is_a_url(client: httpx.Client) -> None:
    """The body is as documented: fixed words, zero usage, one choice."""
    response = client.post(PATH, json=conversation())
    body = response.json()
    url = body["choices"][0]["message"]["content"]
    assert response.status_code == 200
    assert body | {"id": "", "created": 0} == {
        "id": "",
        "created": 0,
        "object": "chat.completion",
        "model": "remove-bg",
        "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": url}}],
        "usage": {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0},
    }


def test_id_and_created_tell_the_same_instant(client: httpx.Client) -> None:
    """The id has milliseconds, ``created`` has the seconds of the same moment."""
    body = client.post(PATH, json=conversation()).json()
    milliseconds = int(body["id"].removeprefix("xty-"))
    assert milliseconds // 1000 == body["created"]


@pytest.mark.parametrize("url", [DATA_URL, SAMPLE], ids=["data", "sample"])
def test_the_result_is_a_transparent_png_that_anyone_with_the_url_can_get(client: httpx.Client, url: str) -> None:
    """The picture is fetched without credentials and has transparent and opaque pixels."""
    result = client.post(PATH, json=conversation(url)).json()["choices"][0]["message"]["content"]
    response = httpx.get(result, trust_env=False)
    assert response.headers["Content-Type"] == "image/png"
    assert decoded(response.content).format == "PNG"
    alpha = pixels(response.content)[..., 3]
    assert (alpha == 0).any()
    assert (alpha == 255).any()


def test_every_result_has_a_url_of_its_own_that_cannot_be_guessed(client: httpx.Client) -> None:
    """Equal requests get different URLs, and one changed letter leads nowhere."""
    urls = [client.post(PATH, json=conversation()).json()["choices"][0]["message"]["content"] for _ in range(2)]
    assert urls[0] != urls[1]
    head, _, name = urls[0].rpartition("/")
    changed = f"{head}/{'B' if name[0] == 'A' else 'A'}{name[1:]}"
    assert httpx.get(changed, trust_env=False).status_code == 404


def test_a_result_is_gone_after_an_hour() -> None:
    """The URL works until one hour has passed, and then no more."""
    clock = Clock(frozen=True, now=1_704_067_200.0)
    with Mock(clock=clock) as mock:
        headers = {"Authorization": "Bearer sk-hour"}
        body = httpx.post(mock.url + PATH, json=conversation(), headers=headers, trust_env=False).json()
        assert body["id"] == "xty-1704067200000"
        assert body["created"] == 1_704_067_200
        url = body["choices"][0]["message"]["content"]
        clock.advance(3599)
        assert httpx.get(url, trust_env=False).status_code == 200
        clock.advance(1)
        assert httpx.get(url, trust_env=False).status_code == 404


def test_the_hour_begins_with_the_answer() -> None:
    """Processing time does not shorten the life of a result."""
    clock = Clock(speed=1000, now=1_704_067_200.0)
    with Mock(clock=clock, latency=100.0) as mock:
        headers = {"Authorization": "Bearer sk-late"}
        body = httpx.post(mock.url + PATH, json=conversation(), headers=headers, trust_env=False).json()
        clock.set(frozen=True, now=1_704_067_200.0 + 3650)
        assert httpx.get(body["choices"][0]["message"]["content"], trust_env=False).status_code == 200


def test_the_text_may_be_left_out(client: httpx.Client) -> None:
    """A picture alone is enough."""
    body = conversation()
    del body["messages"][0]["content"][0]
    assert client.post(PATH, json=body).status_code == 200


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "BMP", "GIF"])
def test_many_kinds_of_picture_are_read(client: httpx.Client, form: str) -> None:
    """JPEG, PNG, WebP and others are accepted."""
    url = f"data:image/{form.lower()};base64," + base64.b64encode(encoded(disc(), form)).decode()
    assert client.post(PATH, json=conversation(url)).status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        conversation(None),
        {"model": "remove-bg", "messages": [{"role": "user", "content": "a person"}]},
        {"model": "remove-bg", "messages": [{"role": "user", "content": []}]},
        {"model": "remove-bg", "messages": []},
    ],
    ids=["text only", "plain string", "nothing", "no message"],
)
def test_a_missing_image_is_the_documented_error(client: httpx.Client, body: dict[str, Any]) -> None:
    """The body is the documented one, word for word."""
    response = client.post(PATH, json=body)
    assert response.status_code == 400
    assert response.json() == {
        "error": {
            "message": "remove-bg模型需要图片,请在请求中包含图片",
            "type": "invalid_request_error",
            "param": None,
            "code": None,
        }
    }


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", ""),
        (b"{", ""),
        (b"[]", "not an object"),
        (b"[" * 100_000, ""),
        (json.dumps({**conversation(), "messages": "x"}).encode(), "messages"),
        (json.dumps({**conversation(), "stream": "yes"}).encode(), "stream"),
        (json.dumps({"messages": conversation()["messages"]}).encode(), "模型"),
        (json.dumps(conversation("ftp://host/x.png")).encode(), "url"),
        (json.dumps(one_message([{"type": "image_url", "image_url": "https://x.test/y.png"}])).encode(), "image_url"),
        (json.dumps(one_message([{"type": "image_url"}])).encode(), "image_url"),
        (json.dumps(one_message(7)).encode(), "content"),
        (json.dumps({**one_message("a person"), "stream": "x"}).encode(), "stream"),
    ],
)
def test_a_malformed_request_is_told_what_is_wrong(client: httpx.Client, body: bytes, said: str) -> None:
    """The answer is an error object whose message names the place."""
    response = client.post(PATH, content=body, headers={"Content-Type": "application/json"})
    assert response.status_code == 400
    assert said in error(response)["message"]
    assert error(response).keys() >= {"message", "type", "code"}


def test_an_unreadable_image_is_told(client: httpx.Client) -> None:
    """Bytes that are no picture are refused with a reason."""
    response = client.post(PATH, json=conversation("data:image/png;base64,AAAA"))
    assert response.status_code == 400
    assert error(response)["type"] == "invalid_request_error"


def test_another_url_is_refused_and_the_switch_is_named(client: httpx.Client) -> None:
    """By default nothing is fetched."""
    response = client.post(PATH, json=conversation("http://127.0.0.1:1/x.png"))
    assert response.status_code == 400
    assert "--fetch" in error(response)["message"]


def test_an_unknown_model_is_unavailable(client: httpx.Client) -> None:
    """As on the gateway it is a permanent 503, which names the model."""
    response = client.post(PATH, json=conversation(model="gpt-4"))
    assert response.status_code == 503
    assert error(response)["code"] == "model_not_found"
    assert "gpt-4" in error(response)["message"]


@pytest.mark.parametrize("header", [None, "", "Basic eDp5", "Bearer", "Bearer xyz", "sk-plain"])
def test_a_missing_or_malformed_key_is_unauthorised(mock: Mock, header: str | None) -> None:
    """Without a key of the right form the answer is 401."""
    headers = {} if header is None else {"Authorization": header}
    response = httpx.post(mock.url + PATH, headers=headers, json=conversation(), trust_env=False)
    assert response.status_code == 401
    assert error(response)["message"]


def test_an_empty_account_is_refused(mock: Mock, client: httpx.Client, key: str) -> None:
    """Without quota the answer is 403."""
    assert client.post(PATH, json=conversation()).status_code == 200
    tenant = tenant_of(mock, key)
    assert tenant.ledger.charge(tenant.ledger.account.credits)
    response = client.post(PATH, json=conversation())
    assert response.status_code == 403
    assert error(response)["code"] == "insufficient_user_quota"


def test_a_price_can_be_set(mock: Mock, client: httpx.Client, key: str) -> None:
    """A picture is free, since no price is published, until the setting names one."""
    client.post(PATH, json=conversation())
    tenant = tenant_of(mock, key)
    assert tenant.ledger.account.credits == 1000
    tenant.settings["price"] = "0.25"
    client.post(PATH, json=conversation())
    assert tenant.ledger.account.credits == Decimal("999.75")


def tenant_of(mock: Mock, key: str) -> Tenant:
    """Return the tenant that was opened with *key*; its name begins like the key and does not give it away."""
    tenants = [one for one in mock.state.tenants.all() if one.provider == "xty" and one.name.startswith(key[:5])]
    assert key not in [tenant.name for tenant in tenants]
    return next(tenant for tenant in tenants if tenant.claim("xty", key))


def test_the_models_are_listed(client: httpx.Client) -> None:
    """The list has the one model."""
    body = client.get("/v1/models").json()
    assert body["object"] == "list"
    assert [model["id"] for model in body["data"]] == ["remove-bg"]


def test_a_doubled_slash_is_an_unknown_path(mock: Mock) -> None:
    """An origin that ends in a slash and a path that begins with one do not add up."""
    headers = {"Authorization": "Bearer sk-slashes"}
    response = httpx.post(mock.url + "//v1/chat/completions", json=conversation(), headers=headers, trust_env=False)
    assert response.status_code == 404


def test_methods_are_case_sensitive(mock: Mock) -> None:
    """``get`` is no method that the path knows, and the answer says which ones it does."""
    with socket.create_connection(("127.0.0.1", mock.server.port)) as connection:
        connection.sendall(b"get /v1/models HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n")
        answer = b"".join(iter(lambda: connection.recv(65_536), b""))
    assert answer.startswith(b"HTTP/1.1 405 ")
    allowed = httpx.options(mock.url + "/v1/models", trust_env=False).headers["Allow"]
    assert allowed == "GET, HEAD, OPTIONS"
    assert f"\r\nAllow: {allowed}\r\n".encode() in answer


def test_an_unknown_path_is_the_gateways_error(mock: Mock) -> None:
    """Under /v1 the message repeats method and path."""
    response = httpx.post(mock.url + "/v1/images", trust_env=False)
    assert response.status_code == 404
    assert "POST /v1/images" in error(response)["message"]


def test_the_openai_sdk_understands_whole_and_streamed_answers(mock: Mock, key: str) -> None:
    """The SDK returns the URL, at once and in pieces."""
    messages: Any = conversation()["messages"]
    with openai.OpenAI(base_url=f"{mock.url}/v1", api_key=key, max_retries=0) as sdk:
        whole = sdk.chat.completions.create(model="remove-bg", messages=messages)
        chunks = list(sdk.chat.completions.create(model="remove-bg", messages=messages, stream=True))
        with pytest.raises(openai.BadRequestError, match="remove-bg"):
            sdk.chat.completions.create(model="remove-bg", messages=[{"role": "user", "content": "hello"}])
    streamed = "".join(chunk.choices[0].delta.content or "" for chunk in chunks)
    for url in (whole.choices[0].message.content, streamed):
        assert url is not None
        assert httpx.get(url, trust_env=False).status_code == 200
    assert chunks[-1].choices[0].finish_reason == "stop"


def test_a_stream_tells_the_usage_if_asked(mock: Mock, key: str) -> None:
    """The last chunk has the three zeros and no choices; the others, as OpenAI has it, say null."""
    messages: Any = conversation()["messages"]
    with openai.OpenAI(base_url=f"{mock.url}/v1", api_key=key, max_retries=0) as sdk:
        asked = sdk.chat.completions.create(
            model="remove-bg", messages=messages, stream=True, stream_options={"include_usage": True}
        )
        *others, last = list(asked)
    assert last.choices == []
    assert last.usage is not None
    assert (last.usage.prompt_tokens, last.usage.completion_tokens, last.usage.total_tokens) == (0, 0, 0)
    assert [chunk.usage for chunk in others] == [None, None]
