"""The form that a client sends a picture in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from contracts.checks import KEPT, Broken, demand, shown
from contracts.multipart import FormError, read_form
from contracts.providers.pixian.client.checks.registry import CLIENT_CHECKS

if TYPE_CHECKING:
    from contracts.checks import Finding
    from contracts.providers.pixian.client.checks.call import ClientCall

_MULTIPART, _URLENCODED = "multipart/form-data", "application/x-www-form-urlencoded"
_TEXTS = frozenset({"image.url", "image.base64"})
"""Ways to send a picture that need no file."""
_BOUNDARY = re.compile(r';\s*boundary\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;]+))', re.IGNORECASE)
_LET_THE_LIBRARY = "Let the HTTP library write the boundary and the header."


@CLIENT_CHECKS.each("request.multipart")
def multipart(call: ClientCall) -> Finding | None:
    """The form is a multipart one; an urlencoded one may be where the picture is a URL or base64."""
    if not _is_form(call) or call.is_mislabelled:
        return None
    kind = media_type(call)
    if kind == _MULTIPART:
        return KEPT
    if kind == _URLENCODED and "image" not in call.form.sources:
        return None
    return Broken("Content-Type", _MULTIPART, kind or "no such field", "A file needs a multipart form.")


@CLIENT_CHECKS.each("request.form")
def form(call: ClientCall) -> Finding | None:
    """The form can be read, and is of its declared kind; what is wrong with a boundary is another rule's matter."""
    if not _is_form(call):
        return None
    if media_type(call) not in {_MULTIPART, _URLENCODED}:
        return Broken("Content-Type", "that of a form", media_type(call) or "no such field", _LET_THE_LIBRARY)
    if call.is_mislabelled:
        return Broken("body", "an urlencoded form, as Content-Type says", shown(call.request.body[:80]))
    if isinstance(boundary(call), Broken):
        return None
    try:
        read_form(call.request)
    except FormError as error:
        return Broken("body", "a well-formed form", str(error), _LET_THE_LIBRARY)
    return KEPT


@CLIENT_CHECKS.each("request.boundary")
def boundary(call: ClientCall) -> Finding | None:
    """Content-Type names the boundary, the body begins its parts with it, and no input has it as the start of a line.

    Where the job is not known, a boundary within a part cannot be told from one between parts.
    """
    if not _is_form(call) or media_type(call) != _MULTIPART:
        return None
    named, body = _named_boundary(call), call.request.body
    if not named:
        return Broken("Content-Type", "the name of the boundary", "none", _LET_THE_LIBRARY)
    delimiter = b"--" + named.encode(errors="replace")
    if delimiter not in body:
        return Broken("body", f"parts between the boundaries {shown(named)}", "another boundary", _LET_THE_LIBRARY)
    kept = not any(_splits(delimiter, one.data) and one.data in body for one in call.job.inputs) if call.job else True
    hint = "Make a random boundary for each request, as HTTP libraries do."
    return demand(kept, "body", "a boundary that is nowhere in the picture", f"{shown(named)}, which is in it", hint)


def media_type(call: ClientCall) -> str:
    """Return the declared media type of the request, in lower case; empty where there is none."""
    return (call.request.headers.get("Content-Type") or "").partition(";")[0].strip().lower()


def _is_form(call: ClientCall) -> bool:
    return call.is_removal or call.is_v1


def _named_boundary(call: ClientCall) -> str:
    found = _BOUNDARY.search(call.request.headers.get("Content-Type") or "")
    return (re.sub(r"\\(.)", r"\1", found[1]) if found[1] is not None else found[2]) if found else ""


def _splits(delimiter: bytes, data: bytes) -> bool:
    """Tell whether *data* has the *delimiter* where it ends a part."""
    return data.startswith(delimiter) or b"\r\n" + delimiter in data
