"""The journal through the control API: what happened, why, as it happens, and as an archive."""

from __future__ import annotations

import base64
import hashlib
import json
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from contracts import har
from contracts.clock import stopwatch
from contracts.model import Ending
from contracts.schemas import schema_at
from mockserver.faults.words import FOLDER
from mockserver.journal.journal import MAX_ENTRIES
from pictures import decoded
from plain import NO_TLS
from tests.mockserver.control.asking import PATIENCE, PICTURE, account, happened, models, remove

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mockserver.mock import Mock
    from tests.mockserver.control.asking import Control

KEY = "sk-the-key-of-carla"

FILTERS = {
    "": ["anna", "anna", "berta", "sk-th"],
    "tenant=anna": ["anna", "anna"],
    "operation=getAccount": ["anna", "berta"],
    "status=429": ["anna"],
    "operation=listModels&status=200": ["sk-th"],
    "tenant=anna&status=200": ["anna"],
    "tenant=berta&status=429": [],
    "operation=nothing": [],
    "provider=xty": ["sk-th"],
    "provider=pixian&status=200": ["anna", "berta"],
    "provider=nothing": [],
}


@pytest.fixture
def four(mock: Mock, control: Control) -> list[dict[str, Any]]:
    """The journal of four exchanges of three tenants at two providers."""
    control.tell("PUT", "/tenants/anna/script", ["429"])
    account(mock, "anna")
    remove(mock, "anna", test="true")
    account(mock, "berta")
    models(mock, KEY)
    return happened(control, 4)


def tenants(exchanges: list[dict[str, Any]]) -> list[str]:
    """Return the beginnings of the names of the tenants of *exchanges*, for keys are hashed."""
    return [exchange["tenant"][:5] for exchange in exchanges]


def test_exchanges_are_listed_in_order(four: list[dict[str, Any]], control: Control) -> None:
    """Each with who asked, what for, what the answer was, and why."""
    assert control.tell("GET", "/journal") == {"count": 4, "later": 0, "exchanges": four}
    assert [one["number"] for one in four] == sorted(one["number"] for one in four)
    script = four[1]
    assert (script["provider"], script["operation"], script["method"]) == ("pixian", "removeBackground", "POST")
    assert (script["path"], script["status"], script["ending"]) == ("/api/v2/remove-background", 429, "done")
    assert script["reasons"][0] == {"step": "script", "text": script["reasons"][0]["text"]}
    assert "word 1 of 1" in script["reasons"][0]["text"]


@pytest.mark.usefixtures("four")
@pytest.mark.parametrize("query", FILTERS)
def test_filters_choose(control: Control, query: str) -> None:
    """What is listed, waited for and exported fits all of them; one who waits does not name the provider."""
    expected = FILTERS[query]
    listed = control.tell("GET", f"/journal?{query}")
    assert (listed["count"], tenants(listed["exchanges"])) == (len(expected), expected)
    if "provider" not in query:
        assert control.tell("GET", f"/journal/wait?count={len(expected)}&{query}") == listed
    assert len(har.load(control.tell("GET", f"/journal.har?{query}"))) == len(expected)


SEARCHES = {
    "ANNA": ["anna", "anna"],
    "v2/acc": ["anna", "berta"],
    "LISTmodels": ["sk-th"],
    "429": ["anna"],
    "word 1 of 1": ["anna"],
    "MAX_pixels": ["anna"],
    "picture.PNG": ["anna"],
    "models listed": ["sk-th"],
    "Stra\u00dfe": ["anna"],
    "STRASSE": ["anna"],
    "100000\nanna": [],
    ".*": [],
    "\x00": [],
    "nowhere": [],
}
"""Texts to look for, each with the tenants of what is found."""


@pytest.mark.parametrize("text", SEARCHES)
def test_a_search_looks_everywhere(mock: Mock, control: Control, text: str) -> None:
    """In tenant, path, operation, status, reasons and parameters, whatever the case of letters; it is no pattern."""
    control.tell("PUT", "/tenants/anna/script", ["429"])
    account(mock, "anna")
    remove(mock, "anna", max_pixels="100000", remark="Stra\u00dfe")
    account(mock, "berta")
    models(mock, KEY)
    happened(control, 4)
    found = control.ask("GET", "/journal", params={"search": text}).json()
    assert (found["count"], tenants(found["exchanges"])) == (len(SEARCHES[text]), SEARCHES[text])
    archive = control.ask("GET", "/journal.har", params={"search": text}).json()
    assert len(har.load(archive)) == len(SEARCHES[text])


def test_a_search_looks_into_queries_and_errors(mock: Mock, control: Control) -> None:
    """The query is that which was sent, but for secrets; the error has its name in ``errors.yaml``."""
    httpx.get(f"{mock.url}/v1/models?colour=Blue&key=hush", trust_env=False, verify=NO_TLS, timeout=PATIENCE)
    happened(control, 1)
    assert [control.tell("GET", f"/journal?search={text}")["count"] for text in ("bLUE", "NO-token", "hush")] == [
        1,
        1,
        0,
    ]


def test_pages_go_back_in_time(mock: Mock, control: Control) -> None:
    """Each page ends before the smallest number of the one before; the count stays that of all that fit the filters."""
    for number in range(5):
        account(mock, "anna" if number else "berta")
    numbers = [one["number"] for one in happened(control, 5)]
    pages, before = [], ""
    for _ in range(3):
        page = control.tell("GET", f"/journal?tenant=anna&limit=2{before}")
        assert page["count"] == 4
        pages.append([one["number"] for one in page["exchanges"]])
        before = f"&before={min(pages[-1], default=0)}"
    assert pages == [numbers[3:], numbers[1:3], []]
    assert control.tell("GET", "/journal?before=0") == {"count": 5, "later": 5, "exchanges": []}
    assert control.tell("GET", f"/journal?before={numbers[2]}&limit=1")["later"] == 3
    assert control.tell("GET", f"/journal?before={numbers[-1] + 1}")["exchanges"][-1]["number"] == numbers[-1]


@pytest.mark.usefixtures("four")
def test_one_exchange_can_be_exported(control: Control) -> None:
    """By its number; the archive is empty where none is remembered, or where it does not fit the filters."""
    number = control.tell("GET", "/journal?operation=removeBackground")["exchanges"][0]["number"]
    (exchange,) = har.load(control.tell("GET", f"/journal.har?number={number}"))
    assert (exchange.number, exchange.request.path) == (number, "/api/v2/remove-background")
    assert har.load(control.tell("GET", f"/journal.har?number={number}&tenant=berta")) == ()
    assert har.load(control.tell("GET", "/journal.har?number=9007199254740991")) == ()


def test_a_summary_tells_what_was_asked_for_and_what_it_cost(mock: Mock, control: Control) -> None:
    """Parameters, the size of the body, the type of the answer, and the credits to the last digit."""
    remove(mock, "anna", max_pixels="100000")
    remove(mock, "anna", test="true")
    remove(mock, "anna", max_pixels="many")
    account(mock, "anna")
    charged, free, refused, looked = happened(control, 4)
    assert charged["parameters"] == {"max_pixels": "100000", "image": f"('picture.png', {len(PICTURE)} bytes)"}
    assert charged["size"] > len(PICTURE)
    assert looked["size"] == 0
    assert [one["credits"] for one in (charged, free, refused, looked)] == ["0.000432", "0", None, "0"]
    kinds = ["image/png", "image/png", "application/json", "application/json"]
    assert [one["media_type"] for one in (charged, free, refused, looked)] == kinds
    assert all(one["query"] == "" for one in (charged, free, refused, looked))


def test_who_is_nobody_is_not_charged(mock: Mock, control: Control) -> None:
    """Without credentials, with a scripted answer, or without any answer there is no charge to tell of."""
    control.tell("PUT", "/tenants/anna/script", ["429", {"fault": "close"}])
    remove(mock, "anna")
    with pytest.raises(httpx.RemoteProtocolError):
        remove(mock, "anna")
    httpx.get(f"{mock.url}/v1/models", trust_env=False, verify=NO_TLS, timeout=PATIENCE)
    exchanges = happened(control, 3)
    assert [one["credits"] for one in exchanges] == [None] * 3
    assert [one["media_type"] for one in exchanges] == ["application/json", None, "application/json"]


def test_a_charge_that_cannot_be_made_is_none(mock: Mock, control: Control) -> None:
    """The picture was made, and yet it cost nothing."""
    control.tell("PATCH", "/tenants/anna", {"credits": "0.0001"})
    assert remove(mock, "anna").status_code == 402
    assert happened(control, 1)[0]["credits"] is None


@pytest.mark.usefixtures("four")
def test_a_limit_leaves_the_latest(control: Control) -> None:
    """The count is still that of all."""
    listed = control.tell("GET", "/journal?limit=1")
    assert (listed["count"], tenants(listed["exchanges"])) == (4, ["sk-th"])


@pytest.mark.usefixtures("four")
def test_the_journal_can_be_cleared(control: Control) -> None:
    """Of one tenant, or of all."""
    assert control.tell("DELETE", "/journal?tenant=anna") == {"done": True}
    assert tenants(control.tell("GET", "/journal")["exchanges"]) == ["berta", "sk-th"]
    assert control.tell("DELETE", "/journal") == {"done": True}
    assert control.tell("GET", "/journal") == {"count": 0, "later": 0, "exchanges": []}


def test_the_control_api_leaves_no_trace(control: Control) -> None:
    """The journal is about clients of the providers only, even where the control API refuses."""
    control.tell("GET", "/health")
    control.refuse("GET", "/nothing", 404)
    control.refuse("PUT", "/seed", content=b"{")
    assert control.tell("GET", "/journal") == {"count": 0, "later": 0, "exchanges": []}


def test_an_exchange_has_everything(mock: Mock, control: Control) -> None:
    """Header fields, parameters, and bodies: what is no text is in base64."""
    answer = remove(mock, "anna", test="true")
    shown = control.tell("GET", f"/journal/{happened(control, 1)[0]['number']}")
    assert shown["parameters"]["test"] == "true"
    request, response = shown["request"], shown["response"]
    assert PICTURE in base64.b64decode(request["body"]["base64"])
    assert base64.b64decode(response["body"]["base64"]) == answer.content
    assert response["body"]["size"] == len(answer.content)
    assert response["body"]["sha256"] == hashlib.sha256(answer.content).hexdigest()
    assert ["Content-Type", "image/png"] in response["headers"]
    decoded(base64.b64decode(response["body"]["base64"]))


def test_a_text_is_shown_as_text(mock: Mock, control: Control) -> None:
    """An answer in JSON can be read at once."""
    answer = account(mock, "anna")
    shown = control.tell("GET", f"/journal/{happened(control, 1)[0]['number']}")
    assert shown["response"]["body"]["text"] == answer.text
    assert shown["request"]["body"]["size"] == 0


def test_an_exchange_without_an_answer_is_shown(mock: Mock, control: Control) -> None:
    """Where the connection was closed there is neither status nor response, but a reason."""
    control.tell("PUT", "/tenants/anna/script", ["ok", {"fault": "close"}])
    remove(mock, "anna", test="true")
    with pytest.raises(httpx.RemoteProtocolError):
        remove(mock, "anna", test="true")
    one = happened(control, 2)[-1]
    assert (one["status"], one["ending"]) == (None, "close")
    assert control.tell("GET", f"/journal/{one['number']}")["response"] is None
    assert [exchange.ending for exchange in har.load(control.tell("GET", "/journal.har"))] == [
        Ending.DONE,
        Ending.CLOSE,
    ]


@pytest.mark.parametrize("number", ["999999", "9007199254740991", "99999999999999999999999"])
def test_an_unknown_exchange_is_not_found(control: Control, number: str) -> None:
    """Neither one to come nor one that was forgotten."""
    field, message = control.refuse("GET", f"/journal/{number}", 404)
    assert field == "number"
    assert number in message


def test_waiting_ends_when_enough_has_happened(mock: Mock, control: Control) -> None:
    """The answer comes long before the time is over; the head comes at once, so that one knows that it waits."""
    start = stopwatch()
    with httpx.stream(
        "GET",
        f"{control.base}/journal/wait?count=2&timeout=60&tenant=anna",
        timeout=PATIENCE,
        trust_env=False,
        verify=NO_TLS,
    ) as answer:
        for name in ("anna", "berta", "anna"):
            account(mock, name)
        waited = json.loads(answer.read())
    assert tenants(waited["exchanges"]) == ["anna", "anna"]
    assert stopwatch() - start < PATIENCE
    assert not schema_at(FOLDER, "openapi.yaml#/components/schemas/Journal").errors(waited)


def test_waiting_ends_when_the_time_is_over(mock: Mock, control: Control) -> None:
    """The answer is then what there is, and not before."""
    account(mock, "anna")
    happened(control, 1)
    start = stopwatch()
    assert control.tell("GET", "/journal/wait?count=2&timeout=0.2")["count"] == 1
    assert 0.2 <= stopwatch() - start < PATIENCE


def test_the_archive_is_what_happened(four: list[dict[str, Any]], control: Control) -> None:
    """It can be loaded again: the same requests and answers, whole, in the same order."""
    exchanges = har.load(control.tell("GET", "/journal.har"))
    assert [one.number for one in exchanges] == [one["number"] for one in four]
    assert [one.response.status for one in exchanges if one.response] == [200, 429, 200, 200]
    assert PICTURE in exchanges[1].request.body
    assert [(one.request.method, one.request.path) for one in exchanges] == [
        (one["method"], one["path"]) for one in four
    ]


def test_an_empty_archive_is_one_too(control: Control) -> None:
    """Nothing has happened, which is no error."""
    assert har.load(control.tell("GET", "/journal.har")) == ()


def test_events_tell_what_happens(mock: Mock, control: Control) -> None:
    """Each exchange is an event as soon as it has ended, with the summary that the journal has; then the stream ends.

    What happened before is not told.
    """
    account(mock, "before")
    happened(control, 1)
    with httpx.stream(
        "GET", f"{control.base}/events?count=2", timeout=PATIENCE, trust_env=False, verify=NO_TLS
    ) as answer:
        assert answer.headers["Content-Type"] == "text/event-stream"
        lines = answer.iter_lines()
        assert next(lines).startswith(":")
        account(mock, "anna")
        account(mock, "berta")
        told = list(events(lines))
    assert [name for name, _ in told] == ["exchange", "exchange"]
    assert sorted((data for _, data in told), key=lambda one: one["number"]) == happened(control, 3)[1:]


def test_events_end_when_the_time_is_over(control: Control) -> None:
    """With a count the stream lasts for as long as was asked at most; only comments have come."""
    answer = control.ask("GET", "/events?count=1&timeout=0.1")
    assert answer.status_code == 200
    assert list(events(iter(answer.text.splitlines()))) == []


def test_who_leaves_a_stream_disturbs_nobody(mock: Mock, control: Control) -> None:
    """A stream without a count goes on for ever; a client that has gone is forgotten."""
    with httpx.stream("GET", f"{control.base}/events", timeout=PATIENCE, trust_env=False, verify=NO_TLS) as answer:
        assert next(answer.iter_lines()).startswith(":")
    assert account(mock, "anna").status_code == 200
    assert len(happened(control, 1)) == 1


def events(lines: Iterator[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the name and the data of each event in *lines*."""
    name = ""
    for line in lines:
        field, _, value = line.partition(": ")
        if field == "event":
            name = value
        elif field == "data":
            yield name, json.loads(value)


def test_nobody_waits_for_more_than_is_remembered(control: Control) -> None:
    """A count that can never be reached is refused with the largest that can."""
    assert f"maximum of {MAX_ENTRIES}" in control.refuse("GET", f"/journal/wait?count={MAX_ENTRIES + 1}")[1]
    assert control.tell("GET", f"/journal/wait?count={MAX_ENTRIES}&timeout=0")["count"] == 0


@pytest.mark.parametrize(
    ("word", "ending", "sent"),
    [
        ("ok", "done", None),
        ({"fault": "truncate", "after": 50}, "close", 50),
        ({"fault": "reset", "after": 60}, "reset", 60),
        ({"fault": "reset"}, "reset", 0),
        ({"fault": "close"}, "close", 0),
        ({"fault": "dribble", "bytes": 1000, "every": 0}, "done", None),
    ],
)
def test_the_journal_tells_how_much_of_an_answer_was_sent(
    mock: Mock, control: Control, word: object, ending: str, sent: int | None
) -> None:
    """The body is what was meant; beside it stands how many bytes of it went over the wire, in the archive as well."""
    control.tell("PUT", "/tenants/anna/script", [word])
    with suppress(httpx.HTTPError):
        remove(mock, "anna", test="true")
    (summary,) = happened(control, 1)
    details = control.tell("GET", f"/journal/{summary['number']}")
    meant = details["response"]["body"]["size"] if details["response"] else 0
    assert (summary["ending"], summary["sent"]) == (ending, meant if sent is None else sent)
    (entry,) = control.tell("GET", "/journal.har")["log"]["entries"]
    assert entry["response"]["bodySize"] == summary["sent"]
    assert ("comment" in entry["response"]) == (summary["sent"] < meant)
