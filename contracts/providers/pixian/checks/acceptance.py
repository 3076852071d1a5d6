"""What answers say about requests that were to be accepted, and about requests that were to be refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contracts.checks import KEPT, Broken, demand, shown

if TYPE_CHECKING:
    from contracts.checks import Finding
    from contracts.providers.pixian.checks.call import Call

_SILENT = frozenset({401, 402, 403, 407, 408, 411, 413, 414, 421, 425, 426, 429, 431, 451})
"""Statuses that say nothing about what is in a form: others stand in the way, or whoever asks is not let in."""
_NOT_HERE = frozenset({404, 405, 410})
"""Statuses that say that the operation itself is not there, unless an error object says something else."""
PICTURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")
"""How PNG and JPEG files begin."""


def accepted(call: Call, hint: str = "") -> Finding | None:
    """Find that a right request was served or was said to be wrong; other answers tell nothing."""
    if call.is_served:
        return KEPT
    if not call.is_refused or _is_elsewhere(call):
        return None
    return Broken("answer", "status 200 with a picture", said(call), hint)


def refused(call: Call, status: int, code: int, hint: str = "") -> Finding | None:
    """Find that a wrong request was answered with *status* and *code*, or not.

    An answer that is not about the form tells nothing, and nor does one whose status is right but that has no code.
    """
    if not is_telling(call) and call.status != status:
        return None
    if call.status == status and call.code is None:
        return None
    kept = (call.status, call.code) == (status, code)
    return demand(kept, "answer", f"status {status} with code {code}", said(call), hint)


def turned_down(call: Call, hint: str = "") -> Finding | None:
    """Find that a wrong request got a status from 400 to 499, whichever, or a picture; other answers tell nothing."""
    if not is_telling(call):
        return None
    return demand(call.status >= 400, "answer", "a status from 400 to 499", said(call), hint)


def is_telling(call: Call) -> bool:
    """Tell whether the answer shows what the server makes of the form: a success or a refusal of what is in it."""
    status = call.status
    return (200 <= status < 300 or 400 <= status < 500) and status not in _SILENT and not _is_elsewhere(call)


def is_plain(call: Call) -> bool:
    """Tell whether a right request sends a small PNG or JPEG, in whichever way, and no parameters of consequence."""
    return (
        call.is_right
        and not call.exchange.request.query
        and call.form.given <= {"test", "output.format"}
        and call.input is not None
        and call.input.kind in {"png", "jpeg"}
        and len(call.sent_picture or b"") < 500_000
    )


def is_plainly(call: Call, source: str) -> bool:
    """Tell whether a request is plain, and sends its picture by *source*."""
    return call.is_removal and call.form.sources == (source,) and is_plain(call)


def has_picture(call: Call) -> bool:
    """Tell whether the answer's body begins as PNG and JPEG files do."""
    return call.response is not None and call.response.body.startswith(PICTURES)


def is_enormous(trouble: str) -> bool:
    """Tell whether *trouble*, with which a picture was not decoded, is that it has too many pixels to look at."""
    return "too many to look at" in trouble


def said(call: Call) -> str:
    """Return what the answer says, in a line."""
    if call.response is None:
        return "no answer"
    if call.error is not None:
        message = call.error.get("message")
        return f"status {call.status} with code {shown(call.error.get('code'))}: {shown(message)}"
    kind = call.response.media_type or "no Content-Type"
    return f"status {call.status} with {kind}, {shown(call.response.body)}"


def _is_elsewhere(call: Call) -> bool:
    return call.status in _NOT_HERE and call.error is None
