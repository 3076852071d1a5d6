"""Errors about what a request holds: no picture, a wrong form, a picture that cannot be used."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from contracts.checks import KEPT, Broken, demand, equal, shown
from contracts.providers.xty.checks.question import MODEL, Form
from contracts.providers.xty.checks.registry import CHECKS

if TYPE_CHECKING:
    from contracts.checks import Finding
    from contracts.providers.xty.checks.call import Call

_MISSING = "remove-bg模型需要图片,请在请求中包含图片"
"""The documented message, with its ASCII comma."""
_REQUEST_ID = re.compile(r" \(request id: [^()]*\)$")
"""What gateways add to the messages that pass through them."""
_PICTURES = (b"\xff\xd8", b"\x89PNG", b"RIFF", b"GIF8", b"BM", b"II", b"MM")
_IN_LETTERS = (b"%", b"#", b"/", b"<", b"P")
"""What formats of pictures begin with that are written in ASCII."""
_STUB = 24
"""Bytes of a picture in which nothing of its pixels can be."""


@CHECKS.each("error.image-missing")
def image_missing(call: Call) -> Finding | None:
    """A request that is right but for the picture, of which there is none, gets no completion."""
    if call.question.form is not Form.PICTURELESS or not call.is_well_formed or not call.is_judged_by_content:
        return None
    if call.is_completed:
        return Broken("answer", "an error, as there is no picture", f"a completion: {shown(_content(call))}")
    return KEPT if _is_failure(call) else None


@CHECKS.each("error.image-missing.message")
def image_missing_message(call: Call) -> Finding | None:
    """The message is the documented one, character by character; a gateway may add the request's id in brackets."""
    return _says_missing(call) if _is_about_missing_picture(call) else None


@CHECKS.each("error.image-missing.form")
def image_missing_form(call: Call) -> Finding | None:
    """The error has a message, the documented type, and ``null`` for each of the others; more is no fault."""
    if not _is_about_missing_picture(call) or call.answer is None:
        return None
    error = call.answer.error
    if error is None:
        return Broken("body", "an object error", shown(call.answer.response.body))
    named = isinstance(error.get("message"), str) and error.get("type") == "invalid_request_error"
    fit = named and all(name in error and error[name] is None for name in ("param", "code"))
    return demand(fit, "error", "a message, the type invalid_request_error, param and code null", shown(error))


@CHECKS.each("error.image-missing.status")
def image_missing_status(call: Call) -> Finding | None:
    """The status is 400."""
    if _is_about_missing_picture(call):
        return equal("status", call.status, 400)
    return None


@CHECKS.each("error.content-string")
def content_string(call: Call) -> Finding | None:
    """A request of which all contents are strings, and which is right else, is told that it has no picture."""
    if not _asks_with_key(call) or call.question.form is not Form.STRINGS or not call.is_judged_by_content:
        return None
    if call.is_completed:
        return Broken("answer", "an error, as there is no picture", f"a completion: {shown(_content(call))}")
    return _says_missing(call) if _is_failure(call) else None


@CHECKS.each("error.request-invalid")
def request_invalid(call: Call) -> Finding | None:
    """A request that is surely not as documented gets 400 and an error object; servers may fail for other reasons.

    A 500 counts if the same server answers other requests.
    """
    named = not call.question.model or call.question.model == MODEL
    if not _asks_with_key(call, any_model=True) or call.question.form is not Form.BROKEN or not named:
        return None
    failed = call.status == 500 and call.company.is_alive
    return _is_400(call) if call.is_judged_by_content or failed else None


@CHECKS.each("error.image-unreadable")
def image_unreadable(call: Call) -> Finding | None:
    """A picture that surely cannot be fetched or decoded gets 400 and an error object.

    Such are URLs of hosts below the name ``invalid``, which nobody has, and bytes in base64 that are no picture.
    """
    if not call.is_well_formed or call.question.form is not Form.RIGHT or not call.is_judged_by_content:
        return None
    return _is_400(call) if _is_nowhere(call.question.web_url) or _is_no_picture(call) else None


def _is_400(call: Call) -> Finding:
    received = f"{call.status} {shown(call.answer.response.body)}" if call.answer is not None else str(call.status)
    fit = call.status == 400 and call.answer is not None and call.answer.error is not None
    return demand(fit, "answer", "400 with an error object", received)


def _says_missing(call: Call) -> Finding:
    said = call.answer.message if call.answer is not None else None
    plain = _REQUEST_ID.sub("", said) if isinstance(said, str) else said
    hint = "The comma is that of ASCII." if isinstance(plain, str) and plain.replace("\uff0c", ",") == _MISSING else ""
    return demand(plain == _MISSING, "message", repr(_MISSING), shown(said), hint)


def _is_about_missing_picture(call: Call) -> bool:
    """Tell whether the answer is the error for a missing picture, or should be: other failures tell nothing."""
    if call.question.form is not Form.PICTURELESS or not call.is_well_formed or call.answer is None:
        return False
    return (_is_failure(call) and call.is_judged_by_content and call.status != 413) or call.answer.message == _MISSING


def _is_failure(call: Call) -> bool:
    """Tell whether the answer is an error, be it by its status or by what it says."""
    return call.status >= 400 or (call.answer is not None and call.answer.error is not None)


def _asks_with_key(call: Call, *, any_model: bool = False) -> bool:
    return call.is_chat and call.key is not None and (any_model or call.question.model == MODEL)


def _content(call: Call) -> str | None:
    return call.answer.content if call.answer is not None else None


def _is_nowhere(url: str | None) -> bool:
    """Tell whether *url* leads to a host that cannot exist (RFC 6761)."""
    try:
        host = urlsplit(url or "").hostname or ""
    except ValueError:
        return False
    return host.endswith(".invalid")


def _is_no_picture(call: Call) -> bool:
    """Tell whether the request holds bytes that are no picture for anybody: text, or the first bytes of a file only."""
    source = call.question.data_url
    if source is None or not source.data or call.input is not None:
        return False
    data = source.data
    if data.startswith(_PICTURES):
        return len(data) <= _STUB
    return data.decode("latin-1").isprintable() and data.isascii() and not data.startswith(_IN_LETTERS)
