"""Two recordings of the same server: what has changed is told, what always differs is not."""

from __future__ import annotations

import json
from typing import Any

import pytest

from contracts.drift import Difference, compare, portray
from contracts.model import Ending, Exchange, Headers, Request, Response
from contracts.strategies import Drawing, draw
from mockserver.cli.diff import told


def exchange(status: int = 200, body: Any = None, *, asked: bytes = b"x", **headers: str) -> Exchange:  # noqa: ANN401
    """Return an exchange; *body* is JSON unless it is bytes."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    kind = "image/png" if isinstance(body, bytes) else "application/json"
    fields = (("Content-Type", kind), *((name.replace("_", "-"), value) for name, value in headers.items()))
    return Exchange(
        0, 0, Request("POST", "/a", body=asked), Response(status, Headers(fields), data), 0.0, 1.0, Ending.DONE
    )


def differences(old: list[Exchange], new: list[Exchange]) -> list[str]:
    """Return what is different, as it is told."""
    return [str(one) for one in compare(portray(old, path), portray(new, path))]


def path(request: Request) -> str:
    """Name an operation by its path."""
    return request.path


PLAIN = {"id": "xty-1704067200000", "created": 1704067200, "usage": {"n": 0}, "url": "https://f/0123456789abcdef.png"}


def test_the_same_is_no_difference() -> None:
    """Dates, request ids, instants and random names differ from answer to answer."""
    later = {
        "id": "xty-1804067200000",
        "created": 1804067200,
        "usage": {"n": 0},
        "url": "https://f/fedcba9876543210.png",
    }
    old = exchange(body=PLAIN, Date="Mon", X_Request_Id="a", Set_Cookie="s=1", CF_Ray="1")
    new = exchange(body=later, Date="Tue", X_Request_Id="b", Set_Cookie="s=2", CF_Ray="2")
    assert differences([old], [new]) == []


@pytest.mark.parametrize(
    ("new", "told"),
    [
        (exchange(429, PLAIN), "new status 429"),
        (exchange(body=PLAIN, X_New="1"), "new header x-new (200)"),
        (exchange(body={**PLAIN, "extra": None}), "new field extra: null (200)"),
        (exchange(body={**PLAIN, "usage": {"n": "0"}}), "new field usage.n: string (200)"),
        (exchange(body={**PLAIN, "usage": {"n": 5}}), "value of body usage.n was 0, is 5"),
        (exchange(400, {"error": {"code": 1006, "type": None}}), "new error code 1006 type None (400)"),
        (exchange(body=b"\x89PNG"), "new media type image/png (200)"),
    ],
)
def test_what_is_new_or_changed_is_told(new: Exchange, told: str) -> None:
    """Statuses, header fields, fields of JSON and their types, error codes, values for the same request."""
    assert any(told in one for one in differences([exchange(body=PLAIN)], [new]))


def test_what_is_gone_is_told() -> None:
    """A header field that is no longer sent breaks whoever reads it."""
    told = differences([exchange(body=PLAIN, X_Old="1")], [exchange(body=PLAIN)])
    assert told == ["/a: no header x-old (200) any more"]


def test_values_are_compared_between_identical_requests_only() -> None:
    """Another request may well get another value."""
    old, new = exchange(body=PLAIN, X_Size="1"), exchange(body=PLAIN, X_Size="2")
    assert differences([old], [new]) == ["/a: value of header x-size was 1, is 2"]
    other = exchange(body=PLAIN, asked=b"y", X_Size="2")
    assert differences([old], [other]) == []


def test_pictures_are_compared_by_format_and_size() -> None:
    """Pixels may be another day's work of a model; the size of the result may not change unseen."""
    small, large = (exchange(body=draw(Drawing(width=width)).data) for width in (32, 64))
    assert differences([small], [large]) == [
        "/a: value of picture was png 32 x 48 without alpha, is png 64 x 48 without alpha"
    ]
    noisy = exchange(body=draw(Drawing(width=32, noise=3)).data)
    assert differences([small], [noisy]) == []


def test_an_operation_that_only_one_recording_has_is_one_difference() -> None:
    """Not a list of everything in it."""
    assert differences([], [exchange(body=PLAIN)]) == ["/a: new operation /a"]


def test_what_is_left_of_an_account_is_no_drift() -> None:
    """Credits go down with every run."""
    old, new = exchange(body={"credits": 10, "state": "active"}), exchange(body={"credits": 9.5, "state": "active"})
    assert differences([old], [new]) == []


def test_differences_of_one_kind_are_told_together() -> None:
    """With their number, and the first few in full; a single one takes one line."""
    some = [Difference("POST /a", "header", "", f"x-{number} (200)") for number in range(9)]
    lines = list(told([*some, Difference("POST /a", "status", "", "429")]))
    assert lines[0] == "POST /a: header, 9 differences"
    assert lines[1] == "  new header x-0 (200)"
    assert lines[-2:] == ["  ... and 4 more", "POST /a: new status 429"]
    assert len(lines) == 8
