"""Pictures as base64 text."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from contracts.checks import KEPT, Broken, demand
from contracts.providers.pixian.client.checks.registry import CLIENT_CHECKS

if TYPE_CHECKING:
    from contracts.checks import Finding
    from contracts.providers.pixian.client.checks.call import ClientCall

_NAME = "image.base64"
_MOST_CHARACTERS = 1_048_576


@CLIENT_CHECKS.each("image.base64-limit")
def limit(call: ClientCall) -> Finding | None:
    """The text has at most 1,048,576 characters; a megabyte of a thousand thousand is not held against anybody."""
    text = _text(call)
    if text is None:
        return None
    received = f"{len(text):,} of them"
    hint = "Larger pictures are sent as a file."
    return demand(len(text) <= _MOST_CHARACTERS, _NAME, f"at most {_MOST_CHARACTERS:,} characters", received, hint)


@CLIENT_CHECKS.each("image.base64-form")
def form(call: ClientCall) -> Finding | None:
    """The text is base64 without line ends, blanks and a prefix, and complete."""
    text = _text(call)
    if text is None:
        return None
    try:
        base64.b64decode(text, validate=True)
    except ValueError:
        return Broken(_NAME, "base64 of the picture", *_mistake(text))
    return KEPT if text else Broken(_NAME, "base64 of the picture", "nothing")


def _text(call: ClientCall) -> bytes | None:
    """Return the text of the one field for it, if there is one in a request for work."""
    if not (call.is_removal or call.is_v1) or _NAME not in call.form.sources:
        return None
    return next((field.data for field in call.form.fields or () if field.name == _NAME), None)


def _mistake(text: bytes) -> tuple[str, str]:
    """Return what *text* is instead of base64, and what may have gone wrong."""
    if text.startswith(b"data:"):
        return "a data: URL", "Send only what follows the comma."
    if b" " in text:
        return "a text with blanks", "In an urlencoded form '+' means a blank; send it as %2B."
    if b"\n" in text or b"\r" in text:
        return "a text with line ends", "Some libraries break lines; there is a switch for that."
    if b"-" in text or b"_" in text:
        return "base64 for URLs", "The alphabet has + and / in place of - and _."
    return "another text", ""
