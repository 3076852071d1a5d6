"""Paths, methods, hosts and other header fields that no honest client sends."""

from __future__ import annotations

import json
import re
from urllib.parse import urlsplit

import pytest

from tests.hostile.exchange import AUTHORIZATION, JSON, PIXIAN, XTY, conversation, exchange, request
from tests.hostile.verdicts import assert_harmless, assert_own_form, the_one

PATHS = {
    PIXIAN: "pixian",
    "/api/v2/account": "pixian",
    "/api/v1/remove-background": "pixian",
    XTY: "xty",
    "/v1/models": "xty",
    "/files/AAAAAAAAAAAAAAAAAAAAAA.png": "xty",
}
METHODS = ("PUT", "DELETE", "PATCH", "TRACE", "PROPFIND", "M-SEARCH", "X" * 5000)


@pytest.mark.parametrize("path", PATHS)
def test_an_unknown_method_is_refused_and_the_known_ones_are_named(origin: str, path: str) -> None:
    """The answer is 405 with ``Allow``, in the form of the path's own provider."""
    for method in METHODS:
        answer = the_one(exchange(origin, request(method, path)))
        assert_own_form(answer, PATHS[path])
        assert answer.status == 405
        assert "OPTIONS" in (answer.headers.get("Allow") or "")


@pytest.mark.parametrize("path", [*PATHS, "/", "/nothing", "/v1/nothing"])
def test_a_head_request_gets_no_body(origin: str, path: str) -> None:
    """Where GET is known the status is that of GET, elsewhere 405."""
    seen = the_one(exchange(origin, request("GET", path)))
    answer = the_one(exchange(origin, request("HEAD", path), head=True))
    assert (answer.status, answer.body) == (seen.status, b"")


@pytest.mark.parametrize("path", PATHS)
def test_options_need_no_credentials(origin: str, path: str) -> None:
    """The answer is empty, and a preflight's rubbish comes back only where it is harmless."""
    fields = (("Origin", "null\xff<script>"), ("Access-Control-Request-Headers", "a" * 9000))
    answer = the_one(exchange(origin, request("OPTIONS", path, b"", *fields)))
    assert (answer.status, answer.body) == (204, b"")


UNKNOWN = {
    "/.": "pixian",
    "/../../etc/passwd": "pixian",
    "/%2e%2e/%2e%2e/etc/passwd": "pixian",
    "/api/v2/../v2/account": "pixian",
    "/api//v2/account": "pixian",
    "/api/v2/account/": "pixian",
    "/API/V2/ACCOUNT": "pixian",
    "/api/v2/account%00": "pixian",
    "/%": "pixian",
    "/%ff%fe": "pixian",
    "/%3Cscript%3E": "pixian",
    "/{{7*7}}": "pixian",
    "/%5c..%5cx": "pixian",
    "/static/app.py": "pixian",
    "/" + "y" * 30_000: "pixian",
    "/v1/": "xty",
    "/v1/%ff": "xty",
    "/v1/%00": "xty",
    "/v1/../api/v2/account": "xty",
    "/v1/chat/completions/": "xty",
    "/v1/chat/completions;x": "xty",
    "/v1/chat%2Fcompletions%20": "xty",
    "/v1/models%0d%0aX:%20y": "xty",
    "/files/": "xty",
    "/files/x": "xty",
    "/files/..%2f..%2fetc%2fpasswd": "xty",
    "/files/AAAAAAAAAAAAAAAAAAAAAA.png%00": "xty",
    "/files/" + "%41" * 8000 + ".png": "xty",
}


@pytest.mark.parametrize("path", UNKNOWN, ids=lambda path: path[:40])
def test_an_unknown_path_is_not_found(origin: str, path: str) -> None:
    """The provider that claims the path says so; what is put into a page is escaped."""
    answer = the_one(exchange(origin, request("GET", path)))
    assert_own_form(answer, UNKNOWN[path])
    assert answer.status == 404
    if answer.media_type == "text/html":
        assert b"<script" not in answer.body


HOSTS = ["", "a", "A.example:80", "a:", "a:0", "-", "[::1]:80", "[::]"]
RUBBISH = [
    f"rubbish{tail}" for tail in (":99999", "'", ";b", "$(id)", "%0d%0a", "_", "..b", ",b", " b", "/b", "@b", "?b")
]
RUBBISH += [f"rubbish{tail}" for tail in ("#b", '"b', "<script>", "{{7*7}}", "\xff", ":b", ":1:2", "x" * 300)]
RUBBISH += ["[:::]", "[1:2]", "[::1", "[rubbish]", "..", "<script>alert(1)</script>"]


@pytest.mark.parametrize("host", HOSTS + RUBBISH)
def test_a_host_is_repeated_only_if_it_is_one(origin: str, host: str) -> None:
    """The URL of a result is well formed whatever the client calls the server; rubbish is nowhere to be seen."""
    body = json.dumps(conversation()).encode()
    fields = (("Authorization", AUTHORIZATION[XTY]), ("Content-Type", JSON))
    answer = the_one(exchange(origin, request("POST", XTY, body, *fields, host=host)))
    assert_harmless([answer])
    if answer.status == 200:
        url = json.loads(answer.body)["choices"][0]["message"]["content"]
        assert re.fullmatch(r"http://([A-Za-z0-9.-]+|\[[0-9a-f:]+\])(:\d+)?/files/[\w-]+\.png", url), url
        assert urlsplit(url).port is None or urlsplit(url).port in range(65_536)
    page = the_one(exchange(origin, request("GET", "/", host=host)))
    assert_harmless([page])
    assert host not in RUBBISH or host.encode("latin-1") not in page.body + answer.body


SECRETS = ["", "Basic", "Basic \xe9", "Basic " + "A" * 20_000, "Basic AP8=", "Basic OjpO", "basic\tOg==", "Digest x"]
KEYS = [
    "",
    "Bearer",
    "Bearer \xe9",
    "Bearer sk-",
    "Bearer sk-\xff",
    "Bearer sk-" + "x" * 20_000,
    "Bearer sk-a b",
    "sk-x",
]


@pytest.mark.parametrize("value", SECRETS + KEYS, ids=lambda value: value[:20].encode("unicode_escape").decode())
def test_rubbish_for_credentials_is_unauthorised(origin: str, value: str) -> None:
    """What is no id and secret, or no key, is refused in the provider's words, before anything is read."""
    for path in (PIXIAN, XTY):
        answer = the_one(exchange(origin, request("POST", path, b"", ("Authorization", value))))
        assert_own_form(answer, PATHS[path])
        assert answer.status == 401
