"""HTTP Archives are written so that browsers open them."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from contracts.har import dump, load
from contracts.har import written as pieces
from contracts.model import Ending, Headers, Request, Response
from tests.contracts.har.archives import NOON, PNG, exchange, har, written

TEXT = {"type": "string"}
NUMBER = {"type": "number"}
PAIRS = {"type": "array", "items": {"required": ["name", "value"], "additionalProperties": TEXT}}
DATE = {"pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$"}


def members(**schemas: object) -> dict[str, object]:
    """Return the schema of an object all of whose members are required."""
    return {"type": "object", "required": list(schemas), "properties": schemas}


BOTH = {"httpVersion": TEXT, "headers": PAIRS, "cookies": {"type": "array"}, "headersSize": {"const": -1}}
REQUEST = members(method=TEXT, url={"pattern": "^http"}, queryString=PAIRS, bodySize=NUMBER, **BOTH)
RESPONSE = members(
    status={"type": "integer"},
    statusText=TEXT,
    content=members(size=NUMBER, mimeType=TEXT),
    redirectURL=TEXT,
    bodySize=NUMBER,
    **BOTH,
)
ENTRY = members(
    startedDateTime=DATE,
    time=NUMBER,
    request=REQUEST,
    response=RESPONSE,
    cache=members(),
    timings=members(send=NUMBER, wait=NUMBER, receive=NUMBER),
    connection=TEXT,
)
LOG = members(
    version={"const": "1.2"},
    creator=members(name={"const": "matteproof"}, version=TEXT),
    pages={"type": "array"},
    entries={"type": "array", "items": ENTRY},
)


def test_a_dump_has_what_har_requires_and_browsers_need() -> None:
    """All required members are there with values that Chrome's and Firefox's developer tools can read."""
    post = Request("POST", "/a", "b=c", Headers((("Cookie", "k=v"),)), PNG)
    history = [
        exchange(post, Response(200, body=PNG)),
        exchange(ending=Ending.RESET),
        exchange(ended=None, ending=None),
    ]
    document: Any = json.loads(json.dumps(dump(history, version="1.0")))
    assert not [error.message for error in Draft202012Validator(LOG).iter_errors(document["log"])]
    assert len(document["log"]["entries"]) == 3


def test_times_are_in_utc_and_milliseconds() -> None:
    """The start is an ISO date with milliseconds and Z; all the time is spent waiting."""
    entry = written(replace(exchange(ended=NOON + 1.5), received=NOON + 0.0625))
    assert entry["startedDateTime"] == "2026-01-31T12:00:00.062Z"
    assert entry["time"] == 1437.5
    assert entry["timings"] == {"send": 0, "wait": 1437.5, "receive": 0}


def test_an_answer_under_way_has_taken_no_time_yet() -> None:
    """HAR wants a number, so it is 0; so it is when the clock went backwards."""
    assert written(exchange(ended=None, ending=None))["time"] == 0
    assert written(exchange(ended=NOON - 5))["time"] == 0


def test_the_url_is_absolute_and_escaped() -> None:
    """Whatever is in path and query, the URL is one; the query string is also given decoded."""
    request = written(exchange(Request("GET", "/caf\u00e9 ?#%", "a=%31+2&\xff #"), Response(200)))["request"]
    assert request["url"] == "http://localhost/caf%C3%A9%20%3F%23%25?a=%31+2&%FF%20%23"
    assert request["queryString"] == [{"name": "a", "value": "1 2"}, {"name": "\xff #", "value": ""}]
    assert written(exchange(Request("OPTIONS", "*", "\u2713")))["request"]["url"] == "http://localhost/*?%E2%9C%93"


def test_the_exact_target_stands_beside_a_url_that_cannot_tell_it() -> None:
    """Only a request whose URL does not lead back to it has its parts spelt out."""
    assert "target" not in written(exchange(Request("GET", "/caf\u00e9 ?#%", "a=%31+2")))["_matteproof"]
    own = written(exchange(Request("OPTIONS", "*")))["_matteproof"]
    assert own["target"] == {"origin": "http://localhost", "path": "*", "query": ""}


def test_text_is_plain_and_anything_else_is_base64() -> None:
    """Bodies that are not UTF-8 are in base64, and a member says so."""
    fields = Headers((("Content-Type", "text/plain"),))
    plain = written(exchange(Request("PUT", "/", "", fields, "\u00e9".encode()), Response(200, fields, b"\x00\n")))
    assert plain["request"]["postData"] == {"mimeType": "text/plain", "text": "\u00e9"}
    assert plain["request"]["bodySize"] == 2
    assert plain["response"]["content"] == {"size": 2, "mimeType": "text/plain", "text": "\x00\n"}
    binary = written(exchange(Request("PUT", "/", body=PNG), Response(200, body=PNG)))
    assert binary["request"]["postData"] == {"mimeType": "", "text": "iVBORw0KGgoA", "_encoding": "base64"}
    assert binary["response"]["content"] == {
        "size": 9,
        "mimeType": "x-unknown",
        "text": "iVBORw0KGgoA",
        "encoding": "base64",
    }
    assert "postData" not in written(exchange())["request"]


def test_cookies_are_taken_apart() -> None:
    """Cookies are listed by name and value; those that are set, with the attributes HAR has, but for the time."""
    sent = Headers((("Cookie", "a=1; b = 2=3;"),))
    got = Headers((("Set-Cookie", "a=1; Path=/x; Expires=never; Secure"), ("Set-Cookie", "b=; HttpOnly; Domain=d")))
    entry = written(exchange(Request("GET", "/", headers=sent), Response(200, got)))
    assert entry["request"]["cookies"] == [{"name": "a", "value": "1"}, {"name": "b", "value": "2=3"}]
    assert entry["response"]["cookies"] == [
        {"name": "a", "value": "1", "path": "/x", "httpOnly": False, "secure": True},
        {"name": "b", "value": "", "domain": "d", "httpOnly": True, "secure": False},
    ]


def test_status_and_redirection_are_spelt_out() -> None:
    """The status has its usual phrase, if it has one; a redirection its goal."""
    response = written(exchange(response=Response(303, Headers((("location", "/there"),)))))["response"]
    assert (response["statusText"], response["redirectURL"]) == ("See Other", "/there")
    assert written(exchange(response=Response(299)))["response"]["statusText"] == ""


@pytest.mark.parametrize(
    ("ending", "response", "status", "error"),
    [
        (Ending.CLOSE, None, 0, "net::ERR_EMPTY_RESPONSE"),
        (Ending.RESET, None, 0, "net::ERR_CONNECTION_RESET"),
        (Ending.GONE, None, 0, "net::ERR_ABORTED"),
        (Ending.CLOSE, Response(200), 200, "net::ERR_CONNECTION_CLOSED"),
        (Ending.RESET, Response(200), 200, "net::ERR_CONNECTION_RESET"),
        (Ending.DONE, Response(200), 200, None),
        (None, None, 0, None),
    ],
)
def test_a_broken_answer_has_the_error_that_chrome_names(
    ending: Ending | None, response: Response | None, status: int, error: str | None
) -> None:
    """Without an answer the status is 0; what became of it is told in Chrome's words and read back from them."""
    one = exchange(response=response, ending=ending, ended=None if ending is None else NOON + 0.25)
    entry = written(one)
    assert entry["response"]["status"] == status
    assert entry["response"].get("_error") == error
    del entry["_matteproof"]
    if ending is not None:
        assert load(har(entry)) == (one,)


def test_pieces_make_the_same_document() -> None:
    """What is written piece by piece is what is written at once, also for no exchanges and for several."""
    for count in (0, 1, 3):
        some = [replace(exchange(), number=number) for number in range(count)]
        text = "".join(pieces(iter(some), version="1"))
        assert json.loads(text) == json.loads(json.dumps(dump(some, version="1")))
