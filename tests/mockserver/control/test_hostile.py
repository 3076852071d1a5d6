"""Whatever is sent to the control API, it says what is wrong, and goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from mockserver.mock import Mock
    from tests.mockserver.control.asking import Control

OPERATIONS = [
    ("PUT", "/seed"),
    ("PATCH", "/tenants/anna"),
    ("PUT", "/tenants/anna/script"),
    ("PUT", "/tenants/anna/scenario"),
    ("PUT", "/scenario"),
    ("POST", "/faults"),
    ("PUT", "/clock"),
    ("POST", "/clock/advance"),
]

NO_JSON = {
    "nothing": b"",
    "a brace": b"{",
    "no UTF-8": b"\xff\xfe{}",
    "a byte order mark": b"\xef\xbb\xbf{}",
    "half a text": b'"\\ud8',
    "a form": b"seed=42",
    "NUL": b"\x00",
    "JSON and more": b"{} {}",
    "a comma too many": b'{"seed": 1,}',
    "an abyss of lists": b"[" * 100_000,
    "an abyss of objects": b'{"a":' * 100_000,
    "a number with 5000 digits": b'{"seed": ' + b"9" * 5000 + b"}",
}

WRONG_JSON = {
    "null": b"null",
    "true": b"true",
    "a number": b"1e308",
    "a text": b'"x"',
    "a list of null": b"[null]",
    "a list of lists": b"[" * 500 + b"]" * 500,
    "an object of objects": b'{"a":' * 500 + b"1" + b"}" * 500,
    "an unknown field": b'{"nonsense": 1}',
    "NUL for a name": b'{"\\u0000": 1}',
    "NUL in a list": b'["\\u0000"]',
    "a long name": b'{"%s": 1}' % (b"x" * 100_000),
    "a huge number in a list": b"[1e400]",
}

WRONG_VALUES = {
    "/seed": [b'{"seed": 1e400}', b'{"seed": "\\u0000"}', b'{"seed": {"seed": 1}}', b'{"seed": 1e308}'],
    "/tenants/anna": [
        b'{"credits": 1e400}',
        b'{"credits": true}',
        b'{"credits": {"amount": 1}}',
        b'{"latency": 1e308}',
        b'{"limits": []}',
        b'{"limits": {"concurrency": 1e400}}',
        b'{"limits": {"rate": 5}}',
        b'{"settings": null}',
        b'{"settings": {"\\u0000": 1}}',
        b'{"settings": {"price": [[]]}}',
        b'{"pack": 5}',
    ],
    "/tenants/anna/script": [
        b"[[]]",
        b'["%s"]' % (b"4" * 4000),
        b"[%s]" % (b"4" * 4000),
        b'[{"fault": ["stall"]}]',
        b'[{"fault": "headers", "set": {"a": {"b": 1}}}]',
        b'[{"fault": "headers", "set": {"a b": "c"}}]',
        b'[{"fault": "headers", "set": {"a": "b\\r\\nc: d"}}]',
        b'[{"fault": "redirect", "location": "/\\r\\nSet-Cookie: a=b"}]',
        b'[{"fault": "content-type", "value": "a\\nb"}]',
        b'[{"fault": "stall", "seconds": 1e400}]',
    ],
    "/scenario": [b'{"name": "busy\\u0000"}', b'{"name": ["busy"]}', b'{"name": "busy\\n"}'],
    "/faults": [
        b'{"fault": "429", "match": 1}',
        b'{"fault": "429", "match": {"parameters": []}}',
        b'{"fault": "429", "count": 1e400}',
        b'{"fault": "429", "probability": -0.1}',
        b'{"fault": {"fault": {"fault": "stall"}}}',
    ],
    "/clock": [b'{"speed": 1e400}', b'{"now": "2026-01-31T12:00:00Z\\n"}', b'{"now": []}', b'{"mode": null}'],
    "/clock/advance": [b'{"seconds": 1e400}', b'{"seconds": {}}', b'{"seconds": "1\\u0000"}'],
}

METHODS = {path: method for method, path in OPERATIONS}


def assert_refused(control: Control, method: str, path: str, body: bytes) -> None:
    """Assert that the *body* is refused with an explanation, and that nothing is the matter with the server."""
    before = control.tell("GET", "/tenants/anna")
    _, message = control.refuse(method, path, content=body)
    assert 0 < len(message) < 2000
    assert control.tell("GET", "/tenants/anna") == before
    assert control.tell("GET", "/health")["status"] == "ok"


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
@pytest.mark.parametrize("case", NO_JSON)
def test_what_is_no_json_is_refused(control: Control, method: str, path: str, case: str) -> None:
    """The refusal is about the body as a whole."""
    field, message = control.refuse(method, path, content=NO_JSON[case])
    assert field == "body"
    assert "The body is not JSON" in message
    assert control.tell("GET", "/health")["status"] == "ok"


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
@pytest.mark.parametrize("case", WRONG_JSON)
def test_json_of_a_wrong_kind_is_refused(control: Control, method: str, path: str, case: str) -> None:
    """However deep, long or odd it is."""
    assert_refused(control, method, path, WRONG_JSON[case])


@pytest.mark.parametrize(("path", "body"), [(path, body) for path, bodies in WRONG_VALUES.items() for body in bodies])
def test_a_wrong_value_is_refused(control: Control, path: str, body: bytes) -> None:
    """Wrong types, huge numbers, NUL, and line ends that would split a head."""
    assert_refused(control, METHODS[path], path, body)


@pytest.mark.parametrize("media_type", ["", "text/plain", "application/json; charset=latin-1", "multipart/form-data"])
def test_the_content_type_does_not_matter(control: Control, media_type: str) -> None:
    """Whoever types a request by hand need not name one; the body is JSON in UTF-8 in any case."""
    answer = control.ask("PUT", "/seed", content=b'{"seed": 7}', headers={"Content-Type": media_type})
    assert answer.json() == {"seed": 7}


@pytest.mark.parametrize(
    ("target", "name"),
    [
        ("/journal?status=200&status=429", "status"),
        ("/journal?tenant=anna&tenant=anna", "tenant"),
        ("/journal?limit=5&limi%74=6", "limit"),
        ("/journal/wait?count=0&timeout=0&count=1", "count"),
        ("/journal.har?operation=a&operation=", "operation"),
        ("/events?count=0&count=0", "count"),
    ],
)
def test_a_parameter_that_comes_twice_is_refused(control: Control, target: str, name: str) -> None:
    """Nobody could tell which one was meant; the refusal names it."""
    field, message = control.refuse("GET", target)
    assert field == name
    assert "more than once" in message


def test_a_body_over_the_limit_is_too_large(control: Control) -> None:
    """It is not said to be no JSON: the server has not read it."""
    field, message = control.refuse("PUT", "/seed", 413, content=b" " * (80 * 1024 * 1024))
    assert field == "body"
    assert "larger than this server reads" in message


def test_a_mistake_inside_is_told_in_the_form_of_the_control_api(
    mock: Mock, control: Control, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answer names the kind of mistake and the log; it is no provider's error."""

    def fail() -> None:
        raise RuntimeError("inside")

    with monkeypatch.context() as patch:
        patch.setattr(mock.engine, "reset", fail)
        _, message = control.refuse("POST", "/reset", 500)
    assert "RuntimeError" in message
    assert "inside" not in message
