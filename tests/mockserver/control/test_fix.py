"""What a request should have been, through the control API."""

from __future__ import annotations

import base64
import json
import time
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plain import NO_TLS
from tests.mockserver.control.asking import PATIENCE, PICTURE, account, happened, remove

if TYPE_CHECKING:
    from mockserver.mock import Mock
    from tests.mockserver.control.asking import Control

REMOVE, CHAT = "/api/v2/remove-background", "/v1/chat/completions"
URL = "https://example.com/example.jpeg"
PHOTO = "https://file.xty.app/docs/msk.jpg"
BASE64 = base64.b64encode(PICTURE).decode()
KEY = "sk-the-key-of-anna"
IMAGE = {"type": "image_url", "image_url": {"url": PHOTO}}
FILE = f"('a.png', {len(PICTURE)} bytes)"

Change = tuple[str, str | None, str | None]
"""Where, what was sent there, and what is to be sent instead; a new name stands behind an arrow."""


def send(mock: Mock, method: str, path: str, **options: Any) -> httpx.Response:  # noqa: ANN401  as httpx has them
    """Send a request to *mock*, by *auth* if that is given."""
    return httpx.request(method, f"{mock.url}{path}", timeout=PATIENCE, trust_env=False, verify=NO_TLS, **options)


def fix(control: Control) -> dict[str, Any]:
    """Return the fix of the latest exchange."""
    number = happened(control, 1)[-1]["number"]
    found: dict[str, Any] = control.tell("GET", f"/journal/{number}/fix")
    return found


def changes(found: dict[str, Any]) -> list[Change]:
    """Return the changes in *found*."""
    return [
        (f"{one['name']} → {one['new_name']}" if one["new_name"] else one["name"], one["before"], one["after"])
        for one in found["changes"]
    ]


def sent_again(mock: Mock, control: Control, found: dict[str, Any], auth: Any) -> httpx.Response:  # noqa: ANN401
    """Send the request in *found*, with the credentials that the journal does not keep."""
    document = control.tell("GET", f"/providers/{found['provider']}/openapi.json")
    method, path = next(
        (method.upper(), path)
        for path, item in document["paths"].items()
        for method, operation in item.items()
        if isinstance(operation, dict) and operation.get("operationId") == found["operation"]
    )
    body = found["request"]["body"]
    content = base64.b64decode(body["base64"]) if "base64" in body else body["text"].encode()
    kept = [(name, value) for name, value in found["request"]["headers"] if name.lower() == "content-type"]
    return send(mock, method, path, headers=kept, content=content, **auth)


def form(fields: dict[str, str], **more: Any) -> dict[str, Any]:  # noqa: ANN401  as httpx has them
    """Return what sends a form with the picture by URL and *fields*."""
    return {"files": [(name, (None, value)) for name, value in fields.items()], "auth": ("anna", "a secret"), **more}


FORMS: dict[str, tuple[dict[str, str], list[Change]]] = {
    "choice": ({"output.format": "jpg"}, [("output.format", "jpg", "jpeg")]),
    "letters": ({"output.format": " PNG "}, [("output.format", " PNG ", "png")]),
    "boolean": ({"test": "True"}, [("test", "True", "true")]),
    "yes": ({"test": "yes"}, [("test", "yes", "true")]),
    "zero": ({"result.crop_to_foreground": "0"}, [("result.crop_to_foreground", "0", "false")]),
    "colour by name": ({"background.color": "white"}, [("background.color", "white", "#ffffff")]),
    "short colour": ({"background.color": "#fA0"}, [("background.color", "#fA0", "#ffAA00")]),
    "bare colour": ({"background.color": "00ff00"}, [("background.color", "00ff00", "#00ff00")]),
    "size": ({"result.target_size": "800x600"}, [("result.target_size", "800x600", "800 600")]),
    "size with units": ({"result.target_size": "800px, 600px"}, [("result.target_size", "800px, 600px", "800 600")]),
    "length": ({"result.margin": "10"}, [("result.margin", "10", "10px")]),
    "lengths": ({"result.margin": "10, 20%"}, [("result.margin", "10, 20%", "10px 20%")]),
    "too many": ({"output.jpeg_quality": "900"}, [("output.jpeg_quality", "900", "100")]),
    "too few": ({"max_pixels": "0"}, [("max_pixels", "0", "100")]),
    "a power": ({"max_pixels": "1e6"}, [("max_pixels", "1e6", "1000000")]),
    "thousands": ({"max_pixels": "1,000,000"}, [("max_pixels", "1,000,000", "1000000")]),
    "a share": ({"output.jpeg_quality": "0.9"}, [("output.jpeg_quality", "0.9", "90")]),
    "another unit": ({"max_pixels": "1MP"}, [("max_pixels", "1MP", None)]),
    "another length": ({"result.margin": "1em"}, [("result.margin", "1em", None)]),
    "one side": ({"result.target_size": "800"}, [("result.target_size", "800", None)]),
    "an empty value": ({"max_pixels": ""}, [("max_pixels", "", None)]),
    "an empty value beside": ({"output.format": "jpg", "caption": ""}, [("output.format", "jpg", "jpeg")]),
    "a colour of CSS": ({"background.color": "rgb(255, 0, 16)"}, [("background.color", "rgb(255, 0, 16)", "#ff0010")]),
    "a long colour": ({"background.color": "#FF0000FF"}, [("background.color", "#FF0000FF", "#FF0000")]),
    "many names": (
        {"Test": "true", "outputFormat": "jpeg", "backgroundColor": "#ffffff", "resultMargin": "5px", "user_id": "5"},
        [
            ("Test → test", "true", "true"),
            ("outputFormat → output.format", "jpeg", "jpeg"),
            ("backgroundColor → background.color", "#ffffff", "#ffffff"),
            ("resultMargin → result.margin", "5px", "5px"),
        ],
    ),
    "no sense": ({"background.color": "as you like"}, [("background.color", "as you like", None)]),
    "camel case": ({"outputFormat": "jpeg"}, [("outputFormat → output.format", "jpeg", "jpeg")]),
    "name and value": ({"bgColor": "#fff"}, [("bgColor → background.color", "#fff", "#ffffff")]),
    "several": (
        {"output.format": "jpg", "test": "1", "result.margin": "5"},
        [("output.format", "jpg", "jpeg"), ("test", "1", "true"), ("result.margin", "5", "5px")],
    ),
    "nothing": ({}, []),
    "of no use": ({"colourfulness": "9"}, []),
}


@pytest.mark.parametrize("name", FORMS)
def test_a_form_is_mended(mock: Mock, control: Control, name: str) -> None:
    """Slips of the pen become what was meant; sent again, the provider gives a picture, and nothing is left to mend."""
    fields, expected = FORMS[name]
    send(mock, "POST", REMOVE, **form({"image.url": URL, **fields}))
    found = fix(control)
    assert sorted(changes(found), key=str) == sorted(expected, key=str)
    assert found["right"] is (not expected)
    if expected:
        answer = sent_again(mock, control, found, {"auth": ("anna", "a secret")})
        assert (answer.status_code, answer.headers["Content-Type"][:6]) == (200, "image/")
        control.tell("DELETE", "/journal")
        sent_again(mock, control, found, {"auth": ("anna", "a secret")})
        assert fix(control)["right"]


AUTH = {"auth": ("anna", "a secret")}
_AS_FORM = ("Content-Type", "application/json", "multipart/form-data; boundary=…")
BODIES: dict[str, tuple[dict[str, Any], list[Change]]] = {
    "no picture": ({"data": {"test": "true"}}, [("image.url", None, URL)]),
    "nothing": ({}, [("Content-Type", None, "multipart/form-data; boundary=…"), ("image.url", None, URL)]),
    "a URL as file": (form({"image": URL}), [("image → image.url", URL, URL)]),
    "another name": (form({"image_url": URL}), [("image_url → image.url", URL, URL)]),
    "no scheme": (
        form({"image.url": "example.com/example.jpeg"}),
        [("image.url", "example.com/example.jpeg", URL)],
    ),
    "a file by another name": (
        {"files": {"file": ("a.png", PICTURE, "image/png")}},
        [("file → image", FILE, FILE)],
    ),
    "JSON": ({"json": {"image.url": URL, "test": True}}, [_AS_FORM]),
    "JSON in JSON": (
        {"json": {"image": {"url": URL}, "output": {"format": "jpg"}}},
        [_AS_FORM, ("output.format", "jpg", "jpeg")],
    ),
    "a form by itself": (
        {"content": f"image.url={URL}", "headers": {"Content-Type": "text/plain"}},
        [("Content-Type", "text/plain", "application/x-www-form-urlencoded")],
    ),
    "a picture by itself": (
        {"content": PICTURE, "headers": {"Content-Type": "image/png"}},
        [("Content-Type", "image/png", "multipart/form-data; boundary=…")],
    ),
    "no boundary": (
        {
            "content": f'--b\r\nContent-Disposition: form-data; name="image.url"\r\n\r\n{URL}\r\n--b--\r\n',
            "headers": {"Content-Type": "multipart/form-data"},
        },
        [("Content-Type", "multipart/form-data", "multipart/form-data; boundary=…")],
    ),
    "sent twice": (
        {"files": [("image.url", (None, URL)), ("test", (None, "true")), ("test", (None, "true"))]},
        [("test", "true, true", "true")],
    ),
    "a picture without a word": (
        {"content": PICTURE, "headers": {"Content-Type": "application/x-www-form-urlencoded"}},
        [("Content-Type", "application/x-www-form-urlencoded", "multipart/form-data; boundary=…")],
    ),
    "JSON that says it is a form": (
        {"content": json.dumps({"image.url": URL}), "headers": {"Content-Type": "application/x-www-form-urlencoded"}},
        [("Content-Type", "application/x-www-form-urlencoded", "multipart/form-data; boundary=…")],
    ),
    "JSON in a text": (
        {"json": json.dumps({"url": PHOTO})},
        [_AS_FORM, ("image.url", None, PHOTO)],
    ),
    "the query": (
        {"params": {"image.url": URL, "test": "true"}},
        [
            ("Query", "image.url=https%3A%2F%2Fexample.com%2Fexample.jpeg&test=true", None),
            ("Content-Type", None, "multipart/form-data; boundary=…"),
        ],
    ),
    "another name for the URL": (form({"url": URL}), [("url", URL, None), ("image.url", None, URL)]),
    "rubbish": (
        {"content": b"\x00\xff" * 50},
        [("Content-Type", None, "multipart/form-data; boundary=…"), ("image.url", None, URL)],
    ),
}


@pytest.mark.parametrize("name", BODIES)
def test_a_body_is_mended(mock: Mock, control: Control, name: str) -> None:
    """What was sent in another form, or under another name, is kept; what is missing comes from the documents."""
    options, expected = BODIES[name]
    send(mock, "POST", REMOVE, **{**AUTH, **options})
    found = fix(control)
    assert changes(found) == expected
    answer = sent_again(mock, control, found, AUTH)
    assert (answer.status_code, answer.headers["Content-Type"]) in {(200, "image/png"), (200, "image/jpeg")}


@pytest.mark.parametrize("field", ["image", "image.base64"])
def test_a_data_url_is_taken_apart(mock: Mock, control: Control, field: str) -> None:
    """Of a ``data:`` URL the picture is sent, as a file or in base64."""
    send(mock, "POST", REMOVE, **form({field: f"data:image/png;base64,{BASE64}"}))
    found = fix(control)
    assert [one["name"] for one in found["changes"]] == [field]
    assert sent_again(mock, control, found, AUTH).headers["X-Result-Size"] == "24 18"


def chat(**changed: object) -> dict[str, Any]:
    """Return what sends a chat request in which that was *changed*; ``...`` leaves it out."""
    usual = {
        "model": "remove-bg",
        "messages": [{"role": "user", "content": [{"type": "text", "text": "a cat"}, IMAGE]}],
    }
    body = {name: value for name, value in {**usual, **changed}.items() if value is not ...}
    return {"json": body, "headers": {"Authorization": f"Bearer {KEY}"}}


def asked(mock: Mock, body: str | bytes) -> httpx.Response:
    """Send *body* to the chat endpoint, with a good key."""
    headers = {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json"}
    return send(mock, "POST", CHAT, headers=headers, content=body)


def said(*content: object) -> dict[str, Any]:
    """Return what sends a chat request whose message has *content*."""
    return chat(messages=[{"role": "user", "content": list(content)}])


PART = "messages.0.content.0"
CHATS: dict[str, tuple[dict[str, Any], list[Change]]] = {
    "the model": (chat(model="removebg"), [("model", '"removebg"', '"remove-bg"')]),
    "another model": (chat(model="gpt-4o"), [("model", '"gpt-4o"', '"remove-bg"')]),
    "no model": (chat(model=...), [("model", None, '"remove-bg"')]),
    "one message": (
        chat(messages={"role": "user", "content": [IMAGE]}),
        [
            (
                "messages",
                json.dumps({"role": "user", "content": [IMAGE]}),
                json.dumps([{"role": "user", "content": [IMAGE]}]),
            )
        ],
    ),
    "a plain URL": (
        said({"type": "image_url", "image_url": PHOTO}),
        [(f"{PART}.image_url", f'"{PHOTO}"', f'{{"url": "{PHOTO}"}}')],
    ),
    "another type": (
        said({**IMAGE, "type": "image"}),
        [(PART, json.dumps({**IMAGE, "type": "image"}), json.dumps(IMAGE))],
    ),
    "a role": (
        chat(messages=[{"role": "usr", "content": [IMAGE]}]),
        [("messages.0.role", '"usr"', '"user"')],
    ),
    "a text for a boolean": (chat(stream="true"), [("stream", '"true"', "true")]),
}


@pytest.mark.parametrize("name", CHATS)
def test_a_chat_is_mended(mock: Mock, control: Control, name: str) -> None:
    """Values are put right where they stand, and the rest is left as it was."""
    options, expected = CHATS[name]
    send(mock, "POST", CHAT, **options)
    found = fix(control)
    assert changes(found) == expected
    answer = sent_again(mock, control, found, {})
    assert answer.status_code == 401, "the journal keeps no key"
    assert asked(mock, found["request"]["body"]["text"]).status_code == 200


@pytest.mark.parametrize("content_type", ["application/x-www-form-urlencoded", None])
def test_json_that_is_not_called_so_is(mock: Mock, control: Control, content_type: str | None) -> None:
    """The provider takes it all the same; the client's rules want its name, and the code sends what was sent."""
    headers = {"Authorization": f"Bearer {KEY}", **({"Content-Type": content_type} if content_type else {})}
    body = json.dumps(chat()["json"])
    assert send(mock, "POST", CHAT, headers=headers, content=body).status_code == 200
    found = fix(control)
    assert (found["right"], changes(found)) == (False, [("Content-Type", content_type, "application/json")])
    assert json.loads(found["request"]["body"]["text"]) == chat()["json"]
    number = happened(control, 1)[0]["number"]
    (curl, *_) = control.tell("GET", f"/journal/{number}/code")["snippets"]
    assert '"messages"' in curl["text"]
    assert "urlencode " not in curl["text"]


@pytest.mark.parametrize("content", [b"{}", b"[]", b"{'a': 1}", b"", b"model=remove-bg"])
def test_of_an_empty_chat_the_example_is_made(mock: Mock, control: Control, content: bytes) -> None:
    """Where nothing can be read, the documents' example stands."""
    asked(mock, content)
    assert [name for name, *_ in changes(fix(control))] == ["model", "messages"]


CAT = "https://my.shop/cat.jpg"
KEPT: dict[str, dict[str, Any]] = {
    "a URL for a message": chat(messages=[{"role": "user", "content": CAT}]),
    "a URL at the top": chat(messages=..., image_url=CAT),
    "another name": said({"type": "image_url", "imageUrl": {"url": CAT}}),
    "another type": said({"type": "input_image", "image_url": CAT}),
    "a comma too many": {**chat(), "json": None, "content": json.dumps(chat(messages=[CAT])["json"])[:-1] + ",}"},
}


@pytest.mark.parametrize("name", KEPT)
def test_the_senders_own_picture_stays(mock: Mock, control: Control, name: str) -> None:
    """Where a message has to be written anew, the URL that was sent is in it, and no sample."""
    send(mock, "POST", CHAT, **KEPT[name])
    text = fix(control)["request"]["body"]["text"]
    assert CAT in text
    assert PHOTO not in text


def test_the_senders_own_words_stay(mock: Mock, control: Control) -> None:
    """A picture is all that was missing, and the reason says that one stands for it."""
    send(mock, "POST", CHAT, **chat(messages=[{"role": "user", "content": "a cat on a sofa"}]))
    (change,) = fix(control)["changes"]
    assert "a cat on a sofa" in change["after"]


@pytest.mark.parametrize(
    "options",
    [
        {"files": {"image": ("a.png", PICTURE, "image/png")}},
        {"content": PICTURE, "headers": {"Content-Type": "image/png"}},
        {"json": {"image": BASE64}},
        {"json": {"contents": [{"inline_data": {"mime_type": "image/png", "data": BASE64}}]}},
    ],
    ids=["a form", "by itself", "JSON", "the JSON of others"],
)
def test_the_senders_own_file_stays(mock: Mock, control: Control, options: dict[str, Any]) -> None:
    """It stands in the message as a data: URL."""
    headers = {"Authorization": f"Bearer {KEY}", **options.pop("headers", {})}
    send(mock, "POST", CHAT, headers=headers, **options)
    body = fix(control)["request"]["body"]["text"]
    assert f"data:image/png;base64,{BASE64}" in body
    assert asked(mock, body).status_code == 200


def test_a_sample_is_called_one(mock: Mock, control: Control) -> None:
    """Whoever has sent no picture at all is told that the documents' own stands there."""
    send(mock, "POST", REMOVE, data={"test": "true"}, **AUTH)
    assert "put in what is yours" in fix(control)["changes"][0]["why"]


def test_the_name_of_a_file_becomes_a_file(mock: Mock, control: Control) -> None:
    """Whoever forgot the sign that has curl read it finds it in the code."""
    send(mock, "POST", REMOVE, **form({"image": "photos/cat.jpg"}))
    found = fix(control)
    assert changes(found) == [("image", "photos/cat.jpg", "('cat.jpg', 0 bytes)")]
    assert "--form 'image=@cat.jpg'" in found["snippets"][0]["text"]


def test_a_wrong_secret_is_told_besides(mock: Mock, control: Control) -> None:
    """What is wrong in the form is not all then."""
    account(mock, "anna")
    options = form({"image.url": URL, "output.format": "jpg"}, auth=("anna", "another secret"))
    send(mock, "POST", REMOVE, **options)
    found: dict[str, Any] = control.tell("GET", f"/journal/{happened(control, 2)[-1]['number']}/fix")
    assert changes(found) == [
        ("Authorization", "Basic anna:[redacted]", "the right secret"),
        ("output.format", "jpg", "jpeg"),
    ]
    assert "the first secret that came with this id counts" in found["changes"][0]["why"]


@pytest.mark.parametrize("data", [b"no picture", b"GIF"])
def test_what_is_no_picture_is_not_right(mock: Mock, control: Control, data: bytes) -> None:
    """Nobody can mend it, and nobody says that nothing is wrong."""
    send(mock, "POST", REMOVE, files={"image": ("a.png", data, "image/png")}, **AUTH)
    found = fix(control)
    assert (found["right"], found["changes"]) == (False, [])


def test_a_damaged_picture_is_not_right(mock: Mock, control: Control) -> None:
    """It begins like one, and the provider has found out that it is none."""
    send(mock, "POST", REMOVE, files={"image": ("a.png", PICTURE[:40], "image/png")}, **AUTH)
    assert not fix(control)["right"]


@pytest.mark.parametrize("size", [6_000, 3_000_000])
def test_large_pictures_are_sent_as_they_are(mock: Mock, control: Control, size: int) -> None:
    """Something small stands in for them only while the rest is mended."""
    picture = PICTURE + bytes(range(256)) * (size // 256)
    fields = {"output.format": "jpg", "test": "yes", "outputQuality": "9"}
    send(mock, "POST", REMOVE, files={"image": ("a.png", picture, "image/png")}, data=fields, **AUTH)
    found = fix(control)
    assert len(found["changes"]) == 3
    assert picture in base64.b64decode(found["request"]["body"]["base64"])
    assert sent_again(mock, control, found, AUTH).status_code == 200


def test_what_stands_in_for_a_picture_cannot_be_sent(mock: Mock, control: Control) -> None:
    """Nobody has a picture put anywhere but where it was."""
    fields = {"outputFormat": "jpg", "note": "".join(f"matteproof{number:022d}" for number in range(500))}
    picture = PICTURE + bytes(100_000)
    send(mock, "POST", REMOVE, files={"image": ("a.png", picture, "image/png")}, data=fields, **AUTH)
    assert fix(control)["request"]["body"]["size"] < 2 * len(picture)


@pytest.mark.parametrize("width", [60, 64, 76])
def test_wrapped_base64_is_a_picture(mock: Mock, control: Control, width: int) -> None:
    """However large: programs for the shell break its lines."""
    digits = base64.b64encode(PICTURE + bytes(1_500_000)).decode()
    wrapped = "\n".join(digits[start : start + width] for start in range(0, len(digits), width))
    image = {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{wrapped}"}}
    send(mock, "POST", CHAT, **chat(model="remove-bgg", messages=[{"role": "user", "content": [image]}]))
    found = fix(control)
    assert changes(found) == [("model", '"remove-bgg"', '"remove-bg"')]
    assert asked(mock, found["request"]["body"]["text"]).status_code == 200


def test_large_data_urls_are_sent_as_they_are(mock: Mock, control: Control) -> None:
    """In JSON as in forms."""
    url = f"data:image/png;base64,{base64.b64encode(PICTURE + bytes(90_000)).decode()}"
    message = {"role": "usr", "content": [{"type": "image_url", "image_url": {"url": url}}]}
    send(mock, "POST", CHAT, **chat(model="x", messages=[message]))
    found = fix(control)
    assert sorted(name for name, *_ in changes(found)) == ["messages.0.role", "model"]
    assert url in found["request"]["body"]["text"]


ADDRESSES: dict[str, tuple[str, str, list[Change]]] = {
    "a slash": ("POST", f"{REMOVE}/", [("Path", f"{REMOVE}/", REMOVE)]),
    "a dash": ("POST", "/api/v2/removebackground", [("Path", "/api/v2/removebackground", REMOVE)]),
    "a version": ("POST", "/api/remove-background", [("Path", "/api/remove-background", REMOVE)]),
    "a method": ("PUT", REMOVE, [("Method", "PUT", "POST")]),
    "both": ("PUT", f"{REMOVE}s", [("Method", "PUT", "POST"), ("Path", f"{REMOVE}s", REMOVE)]),
}


@pytest.mark.parametrize("name", ADDRESSES)
def test_an_address_is_mended(mock: Mock, control: Control, name: str) -> None:
    """The nearest operation that takes the rest of the request was meant."""
    method, path, expected = ADDRESSES[name]
    send(mock, method, path, **form({"image.url": URL}))
    found = fix(control)
    assert changes(found) == expected
    assert found["operation"] == "removeBackground"
    assert sent_again(mock, control, found, AUTH).status_code == 200


def test_nowhere_is_near_nothing(mock: Mock, control: Control) -> None:
    """Who calls something else gets no fix."""
    send(mock, "GET", "/favicon.ico")
    assert fix(control) == {
        "right": False,
        "changes": [],
        "provider": None,
        "operation": None,
        "request": None,
        "snippets": [],
    }


@pytest.mark.parametrize(
    ("options", "before"),
    [
        ({}, None),
        ({"headers": {"Authorization": "Bearer hush"}}, "Bearer [redacted]"),
        ({"headers": {"Authorization": "hush"}}, "Basic [redacted]"),
    ],
)
def test_credentials_are_asked_for(mock: Mock, control: Control, options: dict[str, Any], before: str | None) -> None:
    """Whoever sends none, or others, sees which; the code takes the secret from where it is kept."""
    send(mock, "GET", "/api/v2/account", **options)
    found = fix(control)
    assert changes(found) == [("Authorization", before, "Basic yourid:[your secret]")]
    assert "HTTP Basic" in found["changes"][0]["why"]
    assert "MATTEPROOF_API_SECRET" in found["snippets"][0]["text"]
    assert "hush" not in json.dumps(found)


@pytest.mark.parametrize("value", [None, "Bearer hush", "Bearer"])
def test_a_key_is_asked_for(mock: Mock, control: Control, value: str | None) -> None:
    """In words: what the journal shows of a key is nothing that anybody could send."""
    options = chat()
    options["headers"] = {} if value is None else {"Authorization": value}
    send(mock, "POST", CHAT, **options)
    found = fix(control)
    shown = value and "Bearer [redacted]"
    assert changes(found) == [("Authorization", shown, "Bearer [your key]")]


def test_code_sends_the_mended_request(mock: Mock, control: Control) -> None:
    """It is written in every language, as for any request."""
    send(mock, "POST", REMOVE, **form({"image.url": URL, "outputFormat": "jpg"}))
    found = fix(control)
    code = {one["language"]: one["text"] for one in found["snippets"]}
    assert len(code) == 9
    assert "output.format=jpeg" in code["curl"]
    assert all("outputFormat" not in text for text in code.values())


@pytest.mark.parametrize("word", ["429", "500", "out-of-credits"])
def test_what_was_refused_all_the_same_is_right(mock: Mock, control: Control, word: str) -> None:
    """Nothing is wrong with a request that met a fault."""
    control.tell("PUT", "/tenants/anna/script", [word])
    remove(mock, "anna", test="true")
    found = fix(control)
    assert (found["right"], found["changes"]) == (True, [])


def test_settings_of_the_caller_count(mock: Mock, control: Control) -> None:
    """Where unknown fields are refused, they are left out."""
    account(mock, "anna")
    control.tell("PATCH", "/tenants/anna", {"settings": {"unknown_parameters": "refuse"}})
    send(mock, "POST", REMOVE, **form({"image.url": URL, "colourfulness": "9"}))
    found: dict[str, Any] = control.tell("GET", f"/journal/{happened(control, 2)[-1]['number']}/fix")
    assert changes(found) == [("colourfulness", "9", None)]


def test_a_body_that_is_gone_has_no_fix(mock: Mock, control: Control) -> None:
    """The journal says so."""
    remove(mock, "anna", test="True")
    number = happened(control, 1)[0]["number"]
    entry = mock.journal.get(number)
    assert entry is not None
    entry.request_body.let_go()
    assert "no longer held" in control.refuse("GET", f"/journal/{number}/fix", 404)[1]


def test_a_body_that_was_hidden_as_a_whole_has_no_fix(mock: Mock, control: Control) -> None:
    """Nobody takes the note in its place for what was sent."""
    asked(mock, json.dumps({"model": "remove-bg", "messages": ["http://u:p@h/"] * 150_000}))
    (summary,) = happened(control, 1)
    assert summary["size"] > 1_000_000
    told = control.tell("GET", f"/journal/{summary['number']}")
    assert told["fields"] is None
    assert set(told["request"]["body"]) == {"size", "sha256"}
    for what in ("fix", "code"):
        assert "no longer held" in control.refuse("GET", f"/journal/{summary['number']}/{what}", 404)[1]


@pytest.mark.parametrize("number", ["77", "-1", "x"])
def test_an_exchange_that_never_was_has_no_fix(control: Control, number: str) -> None:
    """The number is named."""
    assert control.refuse("GET", f"/journal/{number}/fix", 404)[0] == "number"


HOSTILE = {
    "deep": b'{"messages":' + b"[" * 50_000,
    "deep and whole": b'{"a":' * 500 + b"1" + b"}" * 500,
    "wide": json.dumps({f"key{number}": number for number in range(30_000)}).encode(),
    "many wrong ones": json.dumps({"model": 1, "messages": [{"role": n, "content": n} for n in range(3000)]}).encode(),
    "long names": json.dumps({"m" * 100_000: "x", "messages": "y" * 100_000}).encode(),
    "dots": json.dumps({"messages.0.content": [], "": {"": 1}, "model": {"": []}}).encode(),
    "numbers": b'{"model": ' + b"9" * 5000 + b', "messages": 1e400}',
    "zeros": bytes(3_000_000),
    "signs": b"=" * 200_000 + b"\0",
    "blanks": json.dumps({"image": "A" * 20 + " " * 300_000 + "!"}).encode(),
    "many words": ('{"text":' * 900 + json.dumps(["iVBORw0KGgo="] * 120_000) + "}" * 900).encode(),
    "half a character": b'{"model": "\\ud800", "messages": ["\\udfff"]}',
}


@pytest.mark.parametrize("path", [REMOVE, pytest.param(CHAT, marks=pytest.mark.thorough)])
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_bodies_end_soon(mock: Mock, control: Control, name: str, path: str) -> None:
    """Whatever was sent, there is an answer, and others are answered meanwhile."""
    auth = {"Authorization": f"Bearer {KEY}"} if path == CHAT else {}
    options = {"headers": {**auth, "Content-Type": "application/json"}, "content": HOSTILE[name]}
    send(mock, "POST", path, **options, **(AUTH if path == REMOVE else {}))
    begun = time.monotonic()
    fix(control)
    assert time.monotonic() - begun < PATIENCE / 2


NAMES = st.sampled_from(["model", "messages", "role", "content", "type", "url"])
ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(model=ANY, messages=ANY, stream=ANY)
def test_every_fix_is_accepted(mock: Mock, control: Control, model: object, messages: object, stream: object) -> None:
    """What is offered as right is right: sent, it is answered with a picture."""
    control.tell("DELETE", "/journal")
    asked(mock, json.dumps({"model": model, "messages": messages, "stream": stream}))
    found = fix(control)
    if found["changes"]:
        assert asked(mock, found["request"]["body"]["text"]).status_code == 200
