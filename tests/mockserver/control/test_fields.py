"""What the journal tells of the fields that a request has sent, each looked at by itself."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from plain import NO_TLS
from tests.mockserver.control.asking import PATIENCE, PICTURE, account, happened, remove

if TYPE_CHECKING:
    from mockserver.mock import Mock
    from tests.mockserver.control.asking import Control

SECRET = "TopSecret-4711"  # noqa: S105  nobody's
CHAT = "/v1/chat/completions"
URL = "https://file.xty.app/docs/msk.jpg"


def told(control: Control) -> list[dict[str, Any]] | None:
    """Return the fields of the latest exchange."""
    number = happened(control, 1)[-1]["number"]
    found: list[dict[str, Any]] | None = control.tell("GET", f"/journal/{number}")["fields"]
    return found


def by_name(control: Control) -> dict[str, dict[str, Any]]:
    """Return the same by their names, which differ."""
    fields = told(control)
    assert fields is not None
    found = {one["name"]: one for one in fields}
    assert len(found) == len(fields)
    return found


def post(mock: Mock, path: str, body: bytes, kind: str = "application/json") -> None:
    """Send *body*; what comes back does not matter."""
    headers = {"Content-Type": kind, "Authorization": "Bearer sk-carla"}
    if path != CHAT:
        headers["Authorization"] = f"Basic {base64.b64encode(b'anna:secret').decode()}"
    httpx.post(f"{mock.url}{path}", content=body, headers=headers, trust_env=False, verify=NO_TLS, timeout=PATIENCE)


def chat(mock: Mock, *parts: object, **rest: object) -> None:
    """Send a chat request with these *parts*."""
    body = {"model": "remove-bg", "messages": [{"role": "user", "content": list(parts)}], **rest}
    post(mock, CHAT, json.dumps(body).encode())


IMAGE = {"type": "image_url", "image_url": {"url": URL}}


def test_right_fields_have_no_problem(mock: Mock, control: Control) -> None:
    """They come in the order in which they were sent; the picture is described."""
    remove(mock, "anna", test="true", max_pixels="100000", **{"result.margin": "10px 5%"})
    fields = told(control)
    assert fields == [
        {"name": "test", "value": "true", "problem": "", "known": True},
        {"name": "max_pixels", "value": "100000", "problem": "", "known": True},
        {"name": "result.margin", "value": "10px 5%", "problem": "", "known": True},
        {"name": "image", "value": f"('picture.png', {len(PICTURE)} bytes)", "problem": "", "known": True},
    ]


def test_each_wrong_field_is_told(mock: Mock, control: Control) -> None:
    """Not only the first one, which is what the provider names; each by itself and with its problem."""
    wrong = {
        "test": "True",
        "max_pixels": "99",
        "background.color": "red",
        "output.jpeg_quality": "0",
        "image.url": "ftp://example.com/a",
        "image.base64": "not base64",
    }
    remove(mock, "anna", **wrong)
    fields = by_name(control)
    assert fields["image"]["problem"] == ""
    problems = {name: fields[name]["problem"] for name in wrong}
    assert all(problems.values())
    assert all(fields[name]["known"] for name in wrong)
    assert "true or false" in problems["test"]
    assert "minimum of 100" in problems["max_pixels"]
    assert "#0055FF" in problems["background.color"]
    assert "http or https" in problems["image.url"]
    assert fields["image.base64"]["value"] == "(10 bytes)"


def test_unknown_fields_have_a_likely_name(mock: Mock, control: Control) -> None:
    """They are not known, whatever they hold."""
    remove(mock, "anna", maxpixels="100", nonsense="\u00e4" * 500)
    fields = by_name(control)
    assert not fields["maxpixels"]["known"]
    assert fields["maxpixels"]["problem"] == "There is no parameter 'maxpixels'. Did you mean 'max_pixels'?"
    assert not fields["nonsense"]["known"]
    assert fields["nonsense"]["value"] == "\u00e4" * 199 + "\u2026"


def test_version_1_has_names_of_its_own(mock: Mock, control: Control) -> None:
    """What is known to one version is not to the other."""
    form = b"maxPixels=5&max_pixels=1000&image.url=https://example.com/example.jpeg"
    post(mock, "/api/v1/remove-background", form, "application/x-www-form-urlencoded")
    fields = by_name(control)
    assert (fields["maxPixels"]["known"], "minimum of 100" in fields["maxPixels"]["problem"]) == (True, True)
    assert not fields["max_pixels"]["known"]
    assert "'maxPixels'" in fields["max_pixels"]["problem"]
    assert fields["image.url"]["problem"] == ""


def test_a_field_that_comes_twice_is_told_twice(mock: Mock, control: Control) -> None:
    """Both have the problem."""
    form = b"test=true&test=false"
    post(mock, "/api/v2/remove-background", form, "application/x-www-form-urlencoded")
    fields = told(control)
    assert fields is not None
    assert [one["value"] for one in fields] == ["true", "false"]
    assert all("more than once" in one["problem"] for one in fields)


@pytest.mark.parametrize(
    ("path", "kind", "body"),
    [
        ("/api/v2/remove-background", "text/plain", b"test=true"),
        ("/api/v2/remove-background", "multipart/form-data", b"--x"),
        ("/api/v2/remove-background", "multipart/form-data; boundary=x", b"--x\r\nbroken"),
        (CHAT, "application/json", b"{"),
        (CHAT, "application/json", b"[]"),
        (CHAT, "application/json", b"\xff\xfe"),
        (CHAT, "application/json", b'{"a": "\\ud800"}'),
        (CHAT, "application/json", b'{"a": ' + b"9" * 5000 + b"}"),
        (CHAT, "application/json", b'{"model":' + b"[" * 100_000),
        (CHAT, "application/json", b""),
    ],
)
def test_a_body_that_cannot_be_read_is_one_problem(
    mock: Mock, control: Control, path: str, kind: str, body: bytes
) -> None:
    """The whole body has it, and no name."""
    post(mock, path, body, kind)
    fields = told(control)
    assert fields is not None
    (one,) = fields
    assert (one["name"], one["value"], one["known"]) == ("", f"({len(body)} bytes)", False)
    assert one["problem"].endswith((".", "\u2026"))


def test_a_chat_request_is_told_by_paths(mock: Mock, control: Control) -> None:
    """Every text, number and the like, in order; of a picture only how long it is."""
    data = "data:image/png;base64," + base64.b64encode(PICTURE).decode()
    chat(mock, {"type": "text", "text": "a cat"}, {"type": "image_url", "image_url": {"url": data}}, stream=False)
    fields = told(control)
    assert fields is not None
    assert [(one["name"], one["value"]) for one in fields] == [
        ("model", "remove-bg"),
        ("messages.0.role", "user"),
        ("messages.0.content.0.type", "text"),
        ("messages.0.content.0.text", "a cat"),
        ("messages.0.content.1.type", "image_url"),
        ("messages.0.content.1.image_url.url", f"data:image/png;base64, ({len(data) - 22} characters)"),
        ("stream", "false"),
    ]
    assert all(one["known"] and not one["problem"] for one in fields)


def test_what_is_wrong_in_a_chat_request_is_told_where_it_is(mock: Mock, control: Control) -> None:
    """Wrong values at their places, missing ones at what they are missing in."""
    wrong = {"type": "image_url", "image_url": {"url": "ftp://a"}}
    chat(mock, wrong, {"type": "image_url", "image_url": {}}, {"type": "text", "text": 5}, stream="yes", n=1)
    fields = by_name(control)
    assert "as in" in fields["messages.0.content.0.image_url.url"]["problem"]
    assert "'url' is a required property" in fields["messages.0.content.1.image_url"]["problem"]
    assert fields["messages.0.content.2.text"]["problem"].startswith("5 is not of the type")
    assert "boolean" in fields["stream"]["problem"]
    assert (fields["n"]["known"], fields["n"]["value"]) == (False, "1")


def test_a_chat_request_without_picture_says_so(mock: Mock, control: Control) -> None:
    """Where pictures belong; keys that are misspelt have a likely name."""
    chat(mock, {"type": "text", "txet": "a cat"}, messsages=[])
    fields = by_name(control)
    assert fields["messages"] == {
        "name": "messages",
        "value": "(a list of 1)",
        "problem": "No message has a part of the type image_url.",
        "known": True,
    }
    assert "Did you mean 'text'?" in fields["messages.0.content.0.txet"]["problem"]
    assert "Did you mean 'messages'?" in fields["messsages"]["problem"]


def test_what_is_known_of_a_part_is_known_by_its_own_kind(mock: Mock, control: Control) -> None:
    """Within what nobody knows nothing more is told."""
    chat(mock, IMAGE, metadata={"a": {"b": 1}, "c": [2]}, stream_options={"include_usage": True, "x": 1})
    fields = by_name(control)
    assert fields["metadata"]["value"] == "(an object of 2)"
    assert "metadata.a" not in fields
    assert fields["stream_options.include_usage"]["known"]
    assert not fields["stream_options.x"]["known"]


@pytest.mark.parametrize(
    "body",
    [
        json.dumps({"model": "remove-bg", "messages": [{"role": "user"}] * 5000}).encode(),
        json.dumps({f"{number}": number for number in range(50_000)}).encode(),
        json.dumps({"model": "remove-bg", "messages": [{"role": "user", "content": [IMAGE] * 15_000}]}).encode(),
        json.dumps({"x" * 1_000_000: "y" * 1_000_000, "model": "z" * 1_000_000}).encode(),
        b'{"messages": ' + b"[" * 800 + b"]" * 800 + b"}",
        b'{"messages": [{"content": [{"type": "text", "text": ' + b'[{"a":' * 300 + b"1" + b"}]" * 300 + b"}]}]}",
    ],
)
def test_a_hostile_chat_request_is_told_in_short(mock: Mock, control: Control, body: bytes) -> None:
    """At most 200 fields, and each of them short, however many there are."""
    post(mock, CHAT, body)
    assert_short(told(control))


def test_a_hostile_form_is_told_in_short(mock: Mock, control: Control) -> None:
    """The same for forms, with names that are long and files that have long names."""
    form = "&".join(f"{'n' * 3000}{number}={'v' * 3000}" for number in range(250))
    post(mock, "/api/v2/remove-background", form.encode(), "application/x-www-form-urlencoded")
    assert_short(told(control))
    control.tell("DELETE", "/journal")
    part = 'Content-Disposition: form-data; name="image"; filename="%s"' % ("f" * 5000)
    body = f"--x\r\n{part}\r\n\r\ndata\r\n--x--\r\n".encode()
    post(mock, "/api/v2/remove-background", body, "multipart/form-data; boundary=x")
    fields = told(control)
    assert_short(fields)
    assert fields is not None
    assert fields[0]["value"].endswith(", 4 bytes)")


def assert_short(fields: list[dict[str, Any]] | None) -> None:
    """Assert that there are some fields, and not too much of them."""
    assert fields
    assert len(fields) <= 200
    assert all(len(one["name"]) <= 200 and len(one["value"]) <= 250 and len(one["problem"]) <= 200 for one in fields)


def test_no_secret_is_told(mock: Mock, control: Control) -> None:
    """Neither in values nor in problems; parameters that are named after secrets are hidden."""
    url = f"https://me:{SECRET}@pictures.example/a.jpg?token={SECRET}"
    remove(mock, "anna", **{"image.url": url, "api_key": SECRET})
    chat(mock, {"type": "image_url", "image_url": {"url": url}}, api_key=SECRET)
    for one in happened(control, 2):
        shown = json.dumps(control.tell("GET", f"/journal/{one['number']}"))
        assert SECRET not in shown
        assert "***" in shown


def test_operations_without_a_body_have_no_fields(mock: Mock, control: Control) -> None:
    """There is nothing to tell of."""
    account(mock, "anna")
    assert told(control) == []


def test_who_asks_for_nothing_that_is_known_has_no_fields(mock: Mock, control: Control) -> None:
    """Nobody knows which fields there could have been."""
    post(mock, "/api/v2/nowhere", b"a=b", "application/x-www-form-urlencoded")
    assert told(control) is None


def test_fields_go_with_the_body(mock: Mock, control: Control) -> None:
    """What is left of it, the parameters, are told without being looked at."""
    remove(mock, "anna", max_pixels="many")
    number = happened(control, 1)[-1]["number"]
    entry = mock.journal.get(number)
    assert entry is not None
    entry.let_go()
    shown = control.tell("GET", f"/journal/{number}")
    assert shown["fields"] is None
    assert shown["parameters"]["max_pixels"] == "many"
