"""What is left of a request when it has been answered: nothing that only a collection of garbage would find."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

import httpx
import pytest

from mockserver.mock import Mock
from mockserver.wire.request import Request

if TYPE_CHECKING:
    from collections.abc import Iterator

BODY = b"x" * 10_000
BASIC = {"Authorization": "Basic bWU6c2VjcmV0"}
BOUNDARY = {**BASIC, "Content-Type": "multipart/form-data; boundary=XX"}
PART = b'--XX\r\nContent-Disposition: form-data; name="image"; filename="a.png"\r\n\r\n' + BODY + b"\r\n--XX--\r\n"
REFUSED = {
    "no such path": ("POST", "/nowhere", {}, BODY),
    "no such method": ("PUT", "/api/v2/remove-background", BASIC, BODY),
    "no credentials": ("POST", "/api/v2/remove-background", {}, BODY),
    "no form": ("POST", "/api/v2/remove-background", BOUNDARY, BODY),
    "no picture": ("POST", "/api/v2/remove-background", BOUNDARY, PART),
    "no JSON": ("POST", "/v1/chat/completions", {"Authorization": "Bearer sk-me"}, b"{" + BODY),
    "no word of a script": ("PUT", "/_mock/v1/tenants/me/script", {}, BODY),
}


TIMES = 5


@pytest.fixture
def _no_collection() -> Iterator[None]:
    """Have Python look for no garbage during the test."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


@pytest.mark.usefixtures("_no_collection")
@pytest.mark.parametrize(("method", "path", "headers", "body"), REFUSED.values(), ids=REFUSED.keys())
def test_a_refused_request_is_let_go_of(method: str, path: str, headers: dict[str, str], body: bytes) -> None:
    """With its body, as soon as it has been answered; else a few dozen large ones would fill the memory."""
    before = requests()
    with Mock() as mock, httpx.Client(base_url=mock.url, trust_env=False) as client:
        for _ in range(TIMES):
            answer = client.request(method, path, headers=headers, content=body)
            assert answer.status_code >= httpx.codes.BAD_REQUEST
        last = 1  # the connection may still know of it
        assert requests() - before <= last


def requests() -> int:
    """Return how many requests there are; a test that has failed may have left some."""
    return sum(isinstance(one, Request) for one in gc.get_objects())
