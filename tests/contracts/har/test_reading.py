"""HTTP Archives of browsers and other programs are read."""

from __future__ import annotations

from dataclasses import replace

import pytest

from contracts.har import HarError, load
from contracts.model import Ending, Headers, Request, Response
from contracts.multipart import Field, read_form
from tests.contracts.har.archives import CHROME, FIREFOX, NOON, PNG, exchange, foreign, har


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
        ({"status": -1}, None, Ending.GONE),
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


@pytest.mark.parametrize("name", ["text/plain", "application/json"])
def test_what_browsers_leave_out_is_not_missed(name: str) -> None:
    """Bodies that were not saved are empty, and so are values that are not there."""
    fields = [{"name": "Content-Type", "value": name}, {"name": "X-Empty"}, {"name": "X-Null", "value": None}]
    entry = foreign(
        request={"headers": fields, "postData": {"mimeType": name}},
        response={"headers": fields, "content": {"size": 5, "comment": "Response body is not included"}},
    )
    (one,) = load(har(entry))
    kept = Headers((("Content-Type", name), ("X-Empty", ""), ("X-Null", "")))
    assert (one.request.headers, one.request.body) == (kept, b"")
    assert one.response == Response(200, kept)


def test_an_unknown_time_is_none_at_all() -> None:
    """Where a browser writes -1 for the time, the exchange is over, and ended when it began."""
    (one,) = load(har(foreign(time=-1, timings={"send": -1, "wait": -1, "receive": -1})))
    assert (one.received, one.ended, one.ending) == (NOON, NOON, Ending.DONE)


@pytest.mark.parametrize(
    "extra", [{"_initiator": None}, {"_initiator": {"type": "parser", "stack": []}}, {"cache": None}]
)
def test_members_that_only_browsers_know_are_skipped(extra: dict[str, object]) -> None:
    """Whatever is in them, the exchange is the same."""
    assert load(har({**foreign(), **extra})) == load(har(foreign()))


@pytest.mark.parametrize("member", ["_connectionId", "connection"])
def test_a_connection_can_be_a_number(member: str) -> None:
    """Some programs write it without quotes."""
    (one,) = load(har({**foreign(), member: 443}))
    assert one.connection == 443


@pytest.mark.parametrize("text", ["iVBORw0KGgoA", "iVBORw0K\r\nGgoA\n", " iVBORw0KGgoA "])
def test_base64_is_decoded_wherever_its_lines_end(text: str) -> None:
    """Contents are the same whether they were saved in one line or in several."""
    (one,) = load(har(foreign(response={"content": {"text": text, "encoding": "base64"}})))
    assert one.response == Response(200, body=PNG)


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
        (har(foreign(request={"headers": [{"value": "a"}]})), "request.headers[0].name: expected a text"),
        (har(foreign(startedDateTime="noon")), "startedDateTime: expected a date and time"),
        (har(foreign(startedDateTime="0001-01-01T00:00:00+09:00")), "startedDateTime: expected a date within"),
        (har(foreign(time="1")), "time: expected a number, found the text '1'."),
        (har(foreign(time=float("nan"))), "time: expected a number from"),
        (
            har(foreign(time=10**400)),
            "time: expected a number from -1000000000000000 to 1000000000000000, found another",
        ),
        (har(foreign(time=1e15)), "time: expected an end before the year 10000"),
        (har(foreign(response={"status": 1000})), "response.status: expected a whole number from -1 to 999"),
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
