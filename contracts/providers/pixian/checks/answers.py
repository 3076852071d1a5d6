"""What a success looks like: a whole picture of the type that it is said to have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contracts.checks import KEPT, Broken, demand, shown
from contracts.model import Ending
from contracts.providers.pixian.checks.acceptance import has_picture, is_enormous
from contracts.providers.pixian.checks.registry import CHECKS

if TYPE_CHECKING:
    from contracts.checks import Finding
    from contracts.providers.pixian.checks.call import Call

_BROKEN_OFF = frozenset({Ending.CLOSE, Ending.RESET})


@CHECKS.each("success.status")
def status(call: Call) -> Finding | None:
    """An operation's answer with status 200 has no error object; an empty key error beside a result is none."""
    if not call.is_operation or call.response is None or call.status != 200:
        return None
    error = call.json.get("error") if isinstance(call.json, dict) else None
    told = isinstance(error, dict) and bool({"status", "code", "message"} & error.keys())
    return demand(not told, "body", "no error object beside status 200", shown(call.response.body), "What failed?")


@CHECKS.each("success.media-type")
def media_type(call: Call) -> Finding | None:
    """Content-Type is image/png over bytes that begin like a PNG, image/jpeg over a JPEG's, and neither over others."""
    if not _is_result(call) or call.response is None:
        return None
    if not has_picture(call):
        named = call.response.media_type in {"image/png", "image/jpeg"}
        what = f"{call.response.media_type} over {shown(call.response.body)}"
        return Broken("Content-Type", "that of the bytes", what, "The bytes decide.") if named else None
    expected = "image/png" if call.response.body.startswith(b"\x89PNG") else "image/jpeg"
    hint = "The bytes decide; a client names its file by this field."
    return demand(
        call.response.media_type == expected, "Content-Type", expected, call.header("Content-Type") or "nothing", hint
    )


@CHECKS.each("success.complete")
def complete(call: Call) -> Finding | None:
    """The body can be decoded to its end, and has the stated length unless it is encoded.

    An empty body beside another length is one that a recording left out.
    """
    if not _is_result(call) or call.response is None:
        return None
    size, stated = len(call.response.body), (call.header("Content-Length") or "").strip()
    encoded = "Content-Encoding" in call.response.headers
    if stated.isascii() and stated.isdigit() and not encoded and stated.lstrip("0") != str(size):
        return Broken("body", f"{stated} bytes, as Content-Length says", f"{size} bytes", "Was it cut off?")
    if call.exchange.ending is Ending.GONE:
        return None
    if call.exchange.ending in _BROKEN_OFF:
        return Broken("body", "a whole answer", f"{size} bytes before the connection broke off")
    if call.result is not None:
        return KEPT
    return None if is_enormous(call.result_trouble) else Broken("body", "a whole picture", call.result_trouble)


def _is_result(call: Call) -> bool:
    """Tell whether *call* succeeded, and its answer is, says that it is, or after a right request must be a picture."""
    if not (call.is_removal or call.is_v1) or call.status != 200 or call.response is None:
        return False
    if not call.response.body and call.exchange.ending is Ending.DONE:
        return False  # browsers leave out what they have no more; where nothing was sent, the endpoint's rule says so
    return has_picture(call) or call.response.media_type.startswith("image/") or call.is_right
