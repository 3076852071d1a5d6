"""HTTP Archives: written for browsers, read from them and from ourselves."""

from __future__ import annotations

import copy
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from contracts.har import HarError, dump, load
from contracts.model import Ending, Exchange, Headers, Request, Response
from contracts.multipart import Field, read_form

if TYPE_CHECKING:
    from collections.abc import Iterator

PNG = b"\x89PNG\r\n\x1a\n\x00"
NOON = 1_769_860_800.0  # 2026-01-31, 12:00 UTC


def exchange(
    request: Request | None = None,
    response: Response | None = None,
    *,
    connection: int = 1,
    ended: float | None = NOON + 0.25,
    ending: Ending | None = Ending.DONE,
) -> Exchange:
    """Return an exchange that began at noon and took a quarter of a second, unless told otherwise."""
    return Exchange(0, connection, request or Request("GET", "/"), response, NOON, ended, ending)


def written(one: Exchange) -> dict[str, Any]:
    """Return the only entry of the document that *one* makes."""
    document: dict[str, Any] = json.loads(json.dumps(dump([one], version="1.0")))
    entry: dict[str, Any]
    (entry,) = document["log"]["entries"]
    return entry


def har(*entries: object) -> dict[str, Any]:
    """Return a document with *entries*."""
    return {"log": {"version": "1.2", "creator": {"name": "WebInspector", "version": "537.36"}, "entries": [*entries]}}


def foreign(
    request: dict[str, object] | None = None, response: dict[str, object] | None = None, **changes: object
) -> dict[str, object]:
    """Return an entry with the little that any program writes, changed as told."""
    asked = {"method": "POST", "url": "https://api.example/v1?a=b", "headers": [], **(request or {})}
    answered = {"status": 200, "headers": [], "content": {"size": 0, "mimeType": ""}, **(response or {})}
    start = "2026-01-31T12:00:00.000Z"
    return {"startedDateTime": start, "time": 250, "request": asked, "response": answered, **changes}


CHROME = har(
    {
        "_connectionId": "4711",
        "_initiator": {"type": "script"},
        "_priority": "High",
        "_resourceType": "fetch",
        "cache": {},
        "connection": "443",
        "pageref": "page_1",
        "request": {
            "method": "POST",
            "url": "https://api.example/caf%C3%A9?x=1",
            "httpVersion": "http/2.0",
            "headers": [{"name": ":authority", "value": "api.example"}, {"name": "accept", "value": "*/*"}],
            "queryString": [{"name": "x", "value": "1"}],
            "cookies": [],
            "headersSize": -1,
            "bodySize": 9,
            "postData": {"mimeType": "text/plain", "text": "na\u00efve \u2713"},
        },
        "response": {
            "status": 200,
            "statusText": "",
            "httpVersion": "http/2.0",
            "headers": [{"name": "content-type", "value": "image/png"}],
            "cookies": [],
            "content": {"size": 9, "mimeType": "image/png", "text": "iVBORw0KGgoA", "encoding": "base64"},
            "redirectURL": "",
            "headersSize": -1,
            "bodySize": -1,
            "_transferSize": 60,
            "_error": None,
        },
        "serverIPAddress": "192.0.2.1",
        "startedDateTime": "2026-01-31T12:00:00.000Z",
        "time": 250.00000000000003,
        "timings": {"blocked": 1.5, "dns": -1, "ssl": -1, "connect": -1, "send": 0.5, "wait": 200, "receive": 48},
    },
)

FIREFOX = har(
    {
        "startedDateTime": "2026-01-31T13:00:00.000+01:00",
        "request": {
            "bodySize": 7,
            "method": "POST",
            "url": "http://127.0.0.1:8080/form",
            "httpVersion": "HTTP/1.1",
            "headers": [{"name": "Content-Type", "value": "application/x-www-form-urlencoded"}],
            "cookies": [],
            "queryString": [],
            "headersSize": 300,
            "postData": {
                "mimeType": "application/x-www-form-urlencoded",
                "params": [{"name": "a", "value": "1 2"}],
                "text": "a=1%202",
            },
        },
        "response": {
            "status": 201,
            "statusText": "CREATED",
            "httpVersion": "HTTP/1.1",
            "headers": [{"name": "Content-Type", "value": "application/json"}],
            "cookies": [],
            "content": {"mimeType": "application/json", "size": 2, "text": "{}"},
            "redirectURL": "",
            "headersSize": 100,
            "bodySize": 102,
        },
        "cache": {},
        "timings": {"blocked": 0, "dns": 0, "connect": 0, "ssl": 0, "send": 0, "wait": 250, "receive": 0},
        "time": 250,
        "_securityState": "insecure",
        "connection": "8080",
        "pageref": "page_1",
    },
)

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
"""What HAR 1.2 requires, and what Chrome (dates, numbers) and Firefox (pages, cache) fail without."""

octets = st.binary(max_size=40).map(lambda data: data.decode("latin-1"))
paths = st.one_of(octets, st.binary(max_size=40).map(lambda data: data.decode(errors="replace")), st.text(max_size=40))
names = st.from_regex(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,12}", fullmatch=True)
known_names = st.sampled_from(["Cookie", "Set-Cookie", "Content-Type", "Location"])
headers = st.lists(st.tuples(names | known_names, octets), max_size=4).map(Headers.of)
origins = st.sampled_from(["http://localhost", "https://api.example:8443", "http://[::1]:80"]) | st.text(max_size=10)
requests = st.builds(Request, names, paths.map("/".__add__) | paths, paths, headers, st.binary(max_size=60), origins)
responses = st.builds(Response, st.integers(1, 999), headers, st.binary(max_size=60))
moments = st.floats(-1e9, 1e11)
exchanges = st.builds(
    Exchange,
    st.integers(0, 2**40),
    st.integers(0, 2**40),
    requests,
    st.none() | responses,
    moments,
    st.none() | moments,
    st.none() | st.sampled_from(Ending),
)
histories = st.lists(exchanges, max_size=4).map(lambda found: tuple(sorted(found, key=lambda one: one.received)))


def keys_of(value: object) -> Iterator[str]:
    """Yield the names of all members in *value*."""
    if isinstance(value, dict):
        yield from value
    for child in children(value).values():
        yield from keys_of(child)


def children(value: object) -> dict[Any, Any]:
    """Return the members of an object or the items of a list, by name or index."""
    if isinstance(value, dict):
        return value
    return dict(enumerate(value)) if isinstance(value, list) else {}


WRITTEN = dump([exchange(Request("GET", "*", "\xff", body=b"\xff"), Response(302, body=PNG))], version="1.0")
KNOWN = sorted({*keys_of(CHROME), *keys_of(FIREFOX), *keys_of(WRITTEN), "params", "fileName"})
scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.just(10**400),
    st.floats(),
    st.text(st.characters()),
    st.sampled_from(["", "base64", "2026-01-31", "0001-01-01T00:00:00+23:59", "http://[/", "data:,x", "-0", "9" * 400]),
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KNOWN) | st.text(), inner, max_size=5),
    max_leaves=12,
)


def places(value: object, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the way to everything within *value*, and to itself."""
    yield way
    for key, child in children(value).items():
        yield from places(child, (*way, key))


@st.composite
def damaged(draw: st.DrawFn) -> object:
    """Draw a document that was good until values in it were replaced."""
    document: Any = {"": copy.deepcopy(draw(st.sampled_from([CHROME, FIREFOX, WRITTEN])))}
    for _ in range(draw(st.integers(1, 3))):
        way = draw(st.sampled_from([way for way in places(document) if way]))
        holder = document
        for step in way[:-1]:
            holder = holder[step]
        holder[way[-1]] = draw(values)
    return document[""]


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


def test_an_archive_of_chrome_is_read() -> None:
    """Pseudo header fields are dropped, base64 is decoded, and the connection has Chrome's own number."""
    request = Request(
        "POST",
        "/caf\u00e9",
        "x=1",
        Headers((("accept", "*/*"),)),
        "na\u00efve \u2713".encode(),
        "https://api.example",
    )
    response = Response(200, Headers((("content-type", "image/png"),)), PNG)
    assert load(CHROME) == (exchange(request, response, connection=4711),)


def test_an_archive_of_firefox_is_read() -> None:
    """Local times are converted; the text of a form goes before its parameters."""
    fields = Headers((("Content-Type", "application/x-www-form-urlencoded"),))
    request = Request("POST", "/form", "", fields, b"a=1%202", "http://127.0.0.1:8080")
    response = Response(201, Headers((("Content-Type", "application/json"),)), b"{}")
    assert load(FIREFOX) == (exchange(request, response, connection=8080),)


def test_the_least_is_enough() -> None:
    """Only method, URL and start are needed; a time without zone is in UTC, one without an end is under way."""
    entry = {"startedDateTime": "2026-01-31T12:00:00", "request": {"method": "GET", "url": "http://u:p@h?#f"}}
    request = Request("GET", "/", origin="http://h")
    assert load(har(entry)) == (exchange(request, connection=0, ended=None, ending=None),)


def test_entries_are_sorted_by_start_and_numbered() -> None:
    """The order in the file does not matter, but breaks ties."""
    starts = ("2026-01-31T12:00:02.5Z", "2026-01-31T12:00:00Z", "2026-01-31T12:00:02.5Z")
    entries = [foreign(startedDateTime=start, connection=str(place)) for place, start in enumerate(starts)]
    read = load(har(*entries))
    assert [(one.number, one.connection, one.received - NOON) for one in read] == [(0, 1, 0), (1, 0, 2.5), (2, 2, 2.5)]


def test_what_is_no_http_is_left_out() -> None:
    """Browsers list pictures from data URLs and files of extensions too."""
    others = [foreign(request={"url": url}) for url in ("data:image/png;base64,AA==", "Chrome-Extension://id/x.js")]
    assert [one.number for one in load(har(*others, foreign()))] == [0]


@pytest.mark.parametrize(
    ("said", "read", "ending"),
    [
        ({"status": 0}, None, Ending.GONE),
        ({"status": None}, None, Ending.GONE),
        ({"status": 0, "_error": "net::ERR_CONNECTION_REFUSED"}, None, Ending.GONE),
        ({"status": 200, "_error": "net::ERR_CONTENT_LENGTH_MISMATCH"}, Response(200), Ending.CLOSE),
        ({"status": 200, "_error": "net::ERR_SOMETHING"}, Response(200), Ending.DONE),
    ],
)
def test_failures_of_other_programs_are_understood(
    said: dict[str, object], read: Response | None, ending: Ending
) -> None:
    """A request without status has no response, and its client is taken to have left unless the reason is known."""
    (one,) = load(har(foreign(response=said)))
    assert (one.response, one.ending) == (read, ending)


def test_the_parameters_of_a_form_stand_for_its_text() -> None:
    """Without text, a urlencoded body is made from the parameters."""
    post = {"mimeType": "application/x-www-form-urlencoded", "params": [{"name": "a b", "value": "&"}, {"name": "c"}]}
    (one,) = load(har(foreign(request={"postData": post})))
    assert one.request.body == b"a+b=%26&c="


@pytest.mark.parametrize("place", ["header", "mimeType"])
def test_the_parameters_of_a_multipart_form_stand_for_its_text(place: str) -> None:
    """Without text, a multipart body is made with the boundary that is stated, and reads as the parameters say."""
    stated, short = 'multipart/form-data; boundary="x y"', "multipart/form-data"
    fields = [{"name": "Content-Type", "value": stated if place == "header" else short}]
    params = [
        {"name": "test", "value": "true"},
        {"name": "image", "fileName": 'a".png', "contentType": "image/png\r\n", "value": "P"},
    ]
    post = {"mimeType": short if place == "header" else stated, "params": params, "text": ""}
    (one,) = load(har(foreign(request={"headers": fields, "postData": post})))
    announced = replace(one.request, headers=Headers((("Content-Type", stated),)))
    assert read_form(announced) == (Field("test", b"true"), Field("image", b"P", 'a".png', "image/png"))


def test_a_multipart_form_without_any_boundary_gets_one() -> None:
    """The parameters are kept even if no boundary is stated."""
    post = {"mimeType": "multipart/form-data", "params": [{"name": "a", "value": "1"}]}
    (one,) = load(har(foreign(request={"postData": post})))
    assert one.request.body == b'--har\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--har--\r\n'


@pytest.mark.parametrize(
    ("document", "said"),
    [
        (None, "log.entries: expected a list, found nothing."),
        ([], "The document: expected an object, found a list."),
        ({"log": {"entries": {}}}, "log.entries: expected a list, found an object."),
        (har(foreign(), 5), "log.entries[1]: expected an object, found the number 5."),
        (har(foreign(request={"url": None})), "log.entries[0].request.url: expected a text, found nothing."),
        (har(foreign(request={"url": "/x"})), "request.url: expected an absolute URL of HTTP, found the text '/x'."),
        (har(foreign(request={"url": "x" * 99})), f"found the text '{'x' * 80}'..."),
        (har(foreign(request={"method": True})), "request.method: expected a text, found true or false."),
        (har(foreign(request={"headers": [{"name": "a"}]})), "request.headers[0].value: expected a text"),
        (har(foreign(startedDateTime="noon")), "startedDateTime: expected a date and time"),
        (har(foreign(startedDateTime="0001-01-01T00:00:00+09:00")), "startedDateTime: expected a date within"),
        (har(foreign(time="1")), "time: expected a number, found the text '1'."),
        (har(foreign(time=float("nan"))), "time: expected a number from"),
        (
            har(foreign(time=10**400)),
            "time: expected a number from -1000000000000000 to 1000000000000000, found another",
        ),
        (har(foreign(time=1e15)), "time: expected an end before the year 10000"),
        (har(foreign(response={"status": 1000})), "response.status: expected a whole number from 0 to 999"),
        (har(foreign(response={"status": True})), "response.status: expected a whole number"),
        (
            har(foreign(response={"content": {"text": "?", "encoding": "base64"}})),
            "content.text: expected a text in base64",
        ),
        (har(foreign(response={"content": {"encoding": "rot13"}})), "content.encoding: expected base64"),
        (har(foreign(_matteproof={"ending": "bang"})), "_matteproof.ending: expected one of done, close, reset, gone"),
        (har(foreign(_matteproof={"number": -1})), "_matteproof.number: expected a whole number"),
    ],
)
def test_a_malformed_document_is_refused_with_the_place(document: object, said: str) -> None:
    """The error tells where in the document what was expected and what was found."""
    with pytest.raises(HarError) as refused:
        load(document)
    assert said in str(refused.value)


@given(histories)
def test_what_is_written_is_read_back_without_loss(history: tuple[Exchange, ...]) -> None:
    """Whatever bytes are in bodies, fields, paths and queries, they survive the way to a file and back."""
    assert load(json.loads(json.dumps(dump(history, version="1.0")))) == history


def read_or_refuse(document: object) -> None:
    """Load *document*; if it is an archive, check that what was read can be written and read again."""
    try:
        read = load(document)
    except HarError:
        return
    assert load(json.loads(json.dumps(dump(read, version="1.0")))) == read


@given(values | values.map(har) | values.map(lambda value: {"log": {"entries": value}}))
def test_no_json_escapes_as_another_error(document: object) -> None:
    """Any JSON value is either an archive or a HarError."""
    read_or_refuse(document)


@given(damaged())
def test_no_damage_escapes_as_another_error(document: object) -> None:
    """An archive in which anything was replaced is still one, or else a HarError."""
    read_or_refuse(document)
