"""What a chat request asks for, and whether its form is that of the documents."""

from __future__ import annotations

import base64
import json
import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_to_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from contracts.model import Request

MODEL = "remove-bg"
_KNOWN_KEYS = frozenset({"model", "messages", "stream", "stream_options"})
_WEB_URL = re.compile(r"https?://[^/?#\s]+[^\s]*", re.IGNORECASE)
_DATA_URL = re.compile(r"data:(?P<type>[^,;]*)(?:;[^,;]*)*;base64,(?P<data>.*)", re.IGNORECASE | re.DOTALL)
_SURROGATE = re.compile(rb"\\u[Dd][89A-Fa-f]")
_MARK = b"\xef\xbb\xbf"


class Form(StrEnum):
    """How the form of a request stands to the documents."""

    RIGHT = "right"
    """As documented, with one picture at least."""
    PICTURELESS = "pictureless"
    """As documented, but for the picture, of which there is none."""
    STRINGS = "strings"
    """As documented, but that the content of every message is a plain string."""
    BROKEN = "broken"
    """Not as documented, in a way that leaves no doubt."""
    UNCLEAR = "unclear"
    """The documents do not tell, or programs read it in different ways."""


class UnclearError(ValueError):
    """Programs read the body in different ways."""


@dataclass(frozen=True, slots=True)
class DataUrl:
    """A ``data:`` URL in base64: its media type, in lower case, and its bytes."""

    media_type: str
    data: bytes


@dataclass(frozen=True, eq=False)
class Question:
    """The body of a chat request, read."""

    request: Request

    @cached_property
    def _read(self) -> tuple[Any, Form | None]:
        """The body as JSON, and the form where that is no JSON at all."""
        if self.request.headers.get("Content-Encoding") is not None or self.request.body.startswith(_MARK):
            return None, Form.UNCLEAR
        try:
            return _parsed(self.request.body), None
        except json.JSONDecodeError as error:
            # Some programs read one value and pass over what stands behind it.
            return None, Form.UNCLEAR if error.msg == "Extra data" else Form.BROKEN
        except (ValueError, RecursionError):
            return None, Form.UNCLEAR

    @property
    def body(self) -> dict[str, Any]:
        """The body as an object, empty if it is none."""
        value = self._read[0]
        return value if isinstance(value, dict) else {}

    @property
    def model(self) -> str:
        """The model, or nothing if none is named."""
        model = self.body.get("model")
        return model if isinstance(model, str) else ""

    @cached_property
    def form(self) -> Form:
        """How the form stands to the documents. The name of the model is not looked at, only that there is one."""
        value, unread = self._read
        if unread is not None:
            return unread
        if not isinstance(value, dict) or not self.model or not _messages_are_sound(value.get("messages")):
            return Form.BROKEN
        if self._options_are_odd() or any(part.get("text", "") is None for part in self.parts("text")):
            return Form.UNCLEAR
        contents = [message["content"] for message in value["messages"]]
        if all(isinstance(content, str) for content in contents):
            return Form.STRINGS
        if any(isinstance(content, str) for content in contents):
            return Form.UNCLEAR
        return Form.RIGHT if self.urls else Form.PICTURELESS

    def parts(self, kind: str) -> Iterator[dict[str, Any]]:
        """Yield the parts of this *kind*, in order, passing over what is malformed."""
        messages = self.body.get("messages")
        for message in messages if isinstance(messages, list) else ():
            content = message.get("content") if isinstance(message, dict) else None
            for part in content if isinstance(content, list) else ():
                if isinstance(part, dict) and part.get("type") == kind:
                    yield part

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """The texts, in order."""
        return tuple(part["text"] for part in self.parts("text") if isinstance(part.get("text"), str))

    @cached_property
    def urls(self) -> tuple[str, ...]:
        """The URLs of the pictures, in order."""
        images = (part.get("image_url") for part in self.parts("image_url"))
        return tuple(image["url"] for image in images if isinstance(image, dict) and isinstance(image.get("url"), str))

    @property
    def web_url(self) -> str | None:
        """The URL of the one picture, if it is one of HTTP."""
        return self.urls[0] if len(self.urls) == 1 and _WEB_URL.fullmatch(self.urls[0]) else None

    @cached_property
    def data_url(self) -> DataUrl | None:
        """The one picture, if it stands in the request in base64."""
        match = _DATA_URL.fullmatch(self.urls[0]) if len(self.urls) == 1 else None
        if match is None:
            return None
        try:
            return DataUrl(match["type"].strip().lower(), base64.b64decode(_unescaped(match["data"]), validate=True))
        except ValueError:
            return None

    @property
    def streams(self) -> bool:
        """Whether the answer is to come as a stream."""
        return self.body.get("stream") is True

    @property
    def wants_usage(self) -> bool:
        """Whether the stream is to tell the usage."""
        options = self.body.get("stream_options")
        return self.streams and isinstance(options, dict) and options.get("include_usage") is True

    @cached_property
    def extra_keys(self) -> frozenset[str]:
        """The keys of the body that the documents do not have, streaming aside."""
        return frozenset(self.body) - _KNOWN_KEYS

    def _options_are_odd(self) -> bool:
        stream, options = self.body.get("stream"), self.body.get("stream_options")
        flag = options.get("include_usage", False) if isinstance(options, dict) else options
        return not isinstance(stream, bool | None) or not isinstance(flag, bool | None) or (flag is True and not stream)


def _parsed(body: bytes) -> Any:  # noqa: ANN401  any JSON value
    """Return the JSON value in *body*.

    Raises:
        UnclearError: it has a key twice, or numbers or characters that not all programs read.
        ValueError: it is no JSON, or no UTF-8.
    """
    value = json.loads(body.decode(), object_pairs_hook=_object, parse_constant=_constant)
    if _SURROGATE.search(body):
        json.dumps(value, ensure_ascii=False).encode()
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise UnclearError("a key stands twice")
    return found


def _constant(name: str) -> Any:  # noqa: ANN401  it never returns
    raise UnclearError(f"{name} is no number of JSON")


def _messages_are_sound(messages: object) -> bool:
    """Tell whether *messages* is a list of messages of the user, each with a text or with sound parts."""
    return isinstance(messages, list) and bool(messages) and all(map(_is_sound, messages))


def _is_sound(message: object) -> bool:
    if not isinstance(message, dict) or message.get("role") != "user":
        return False
    content = message.get("content")
    if isinstance(content, list):
        return bool(content) and all(map(_part_is_sound, content))
    return isinstance(content, str)


def _part_is_sound(part: object) -> bool:
    """Tell whether *part* is a text or a picture; a text that is ``null`` passes here."""
    if not isinstance(part, dict):
        return False
    if part.get("type") == "text":
        return isinstance(part.get("text"), str | None)
    image = part.get("image_url")
    return part.get("type") == "image_url" and isinstance(image, dict) and isinstance(image.get("url"), str)


def _unescaped(text: str) -> bytes:
    """Return the base64 of a ``data:`` URL as bytes, without white space."""
    return b"".join(unquote_to_bytes(text).split())
