"""From the body of a chat request to the picture in it."""

from __future__ import annotations

import base64
import binascii
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_to_bytes

from contracts.schemas import schema_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from contracts.model import Request

MODEL = "remove-bg"
SCHEMA = "schemas/chat-request.schema.json"
_PICTURE = {
    "role": "user",
    "content": [{"type": "image_url", "image_url": {"url": "https://example.com/example.jpeg"}}],
}
_OPTIONS = ("stream", "stream_options")
OUTLINED = (*_OPTIONS, "model", "text", "image_url")
"""What the outline of a request can have."""
_LONGEST_NAME = 200
_NO_PICTURE = "no message has a part of the type image_url"
_FOLDER = Path(__file__).parent
_SURROGATE_ESCAPE = re.compile(rb"\\u[Dd][89A-Fa-f]")
"""What can become half of a surrogate pair, which Python's strings can hold and UTF-8 cannot."""


class ConversationError(Exception):
    """The body cannot be accepted: ``error`` names the provider's error, ``detail`` says why in a sentence."""

    def __init__(self, error: str, detail: str) -> None:
        """Keep the name of the *error* and the sentence *detail*."""
        super().__init__(detail)
        self.error = error
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Conversation:
    """What one request asks for.

    ``source`` is the picture or its URL; ``stream`` whether the answer comes in chunks, ``usage`` whether they end with
    one that tells the usage.
    """

    source: bytes | str
    stream: bool
    usage: bool


def read_conversation(request: Request) -> Conversation:
    """Return what *request* asks for.

    Raises:
        ConversationError: the body is no JSON object, names another model, has no image or breaks the schema.
    """
    try:
        return _conversation(json_object(request))
    except RecursionError as error:
        raise ConversationError("bad-json", "the body is nested too deeply") from error


def outline(request: Request) -> dict[str, str]:
    """Return the model, the first text and the first picture of *request*, and its options, as far as there are any."""
    try:
        body = json_object(request)
    except (ConversationError, RecursionError):
        return {}
    found = {name: json.dumps(body[name]) for name in _OPTIONS if name in body}
    if isinstance(body.get("model"), str):
        found["model"] = body["model"]
    text = next((text for text in _parts(body, "text") if isinstance(text, str)), None)
    picture = next(map(_shortened, _image_urls(body)), None)
    found |= {name: value for name, value in (("text", text), ("image_url", picture)) if value is not None}
    return {name: value[:_LONGEST_NAME] for name, value in found.items()}


def _shortened(url: str) -> str:
    """Return *url*, of which the data are only counted if it holds some."""
    head, comma, data = url.partition(",")
    return f"{head}, ({len(data)} characters)" if comma and head[:5].lower() == "data:" else url


def _conversation(body: dict[str, Any]) -> Conversation:
    model = body.get("model") or ""
    if not model:
        raise ConversationError("model-missing", "the body has no model")
    if isinstance(model, str) and model != MODEL:
        raise ConversationError("model-not-found", model[:_LONGEST_NAME])
    urls = list(_image_urls(body))
    schema = schema_at(_FOLDER, SCHEMA)
    if not schema.accepts(body):
        others = () if urls else schema.errors(_with_picture(body))
        if not urls and not others:
            raise ConversationError("image-missing", _NO_PICTURE)
        raise ConversationError("request-invalid", str((others or schema.errors(body))[0]))
    options = body.get("stream_options") or {}
    return Conversation(_source(urls[0]), body.get("stream") is True, options.get("include_usage") is True)


def problems(body: dict[str, Any]) -> dict[str, str]:
    """Return what is wrong with *body*, in sentences by the paths to where it is."""
    schema = schema_at(_FOLDER, SCHEMA)
    has_picture = any(True for _ in _parts(body, "image_url"))  # be it malformed, of which there are errors of its own
    errors = schema.errors(body if has_picture else _with_picture(body))
    # The errors begin with the most telling one; there may be several at one place.
    found = {error.path: error.text for error in reversed(errors)}
    return found if has_picture else {"messages": _NO_PICTURE, **found}


def json_object(request: Request) -> dict[str, Any]:
    """Return the object in the body of *request*.

    Raises:
        ConversationError: there is none.
        RecursionError: it is nested too deeply.
    """
    encoding = request.headers.get("Content-Encoding")
    if encoding is not None:
        raise ConversationError("bad-json", f"the body has the Content-Encoding {encoding!r}; send it uncompressed")
    try:
        body = json.loads(request.body.decode())
        if _SURROGATE_ESCAPE.search(request.body):
            json.dumps(body, ensure_ascii=False).encode()
    except ValueError as error:
        raise ConversationError("bad-json", _complaint(error)) from error
    if not isinstance(body, dict):
        raise ConversationError("bad-json", "the body is not an object")
    return body


def _complaint(error: ValueError) -> str:
    """Return what is wrong with a body that raised *error*, in words that are not Python's."""
    if isinstance(error, json.JSONDecodeError):
        return str(error)
    if isinstance(error, UnicodeError):
        return "the body is not UTF-8, or holds half of a surrogate pair"
    return "a number in the body has too many digits"


def _with_picture(body: dict[str, Any]) -> dict[str, Any]:
    """Return *body* with one more message, which has a picture, and with contents that are plain texts in long form.

    Contents with nothing in them count as plain texts.
    """
    messages = body.get("messages")
    return {**body, "messages": [*map(_in_long_form, messages), _PICTURE]} if isinstance(messages, list) else body


def _in_long_form(message: object) -> object:
    if isinstance(message, dict) and (isinstance(message.get("content"), str) or message.get("content") == []):
        return {**message, "content": [{"type": "text"}]}
    return message


def _image_urls(body: dict[str, Any]) -> Iterator[str]:
    """Yield the URL of every image part, in order, passing over whatever is malformed."""
    for image in _parts(body, "image_url"):
        if isinstance(image, dict) and isinstance(image.get("url"), str):
            yield image["url"]


def _parts(body: dict[str, Any], kind: str) -> Iterator[Any]:
    """Yield what every part of that *kind* holds, in order, passing over whatever is malformed."""
    messages = body.get("messages")
    for message in messages if isinstance(messages, list) else ():
        content = message.get("content") if isinstance(message, dict) else None
        for part in content if isinstance(content, list) else ():
            if isinstance(part, dict) and part.get("type") == kind:
                yield part.get(kind)


def _source(url: str) -> bytes | str:
    """Return the bytes of a ``data:`` URL (RFC 2397; the schema knows only those in base64), and others as they are."""
    if url[:5].lower() != "data:":
        return url
    text = unquote_to_bytes(url.partition(",")[2])
    try:
        return base64.b64decode(b"".join(text.split()), validate=True)
    except binascii.Error as error:
        raise ConversationError("image-unreadable", f"the data: URL is not base64: {error}") from error
