"""The operations on the pictures of an exchange."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response

from mockserver.control.asked import parameters
from mockserver.control.gallery import Gallery
from mockserver.control.journal import exchange
from mockserver.control.operation import NOT_FOUND, add, need_thread, query
from mockserver.control.refusal import RefusalError
from mockserver.imaging import shown
from mockserver.imaging.kinds import kind_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from flask import Blueprint

    from mockserver.control.operation import Control

_UNSEEN = frozenset({"tiff"})
"""Kinds of pictures that browsers do not show."""
_HEADERS = (
    ("X-Content-Type-Options", "nosniff"),
    ("Content-Security-Policy", "default-src 'none'; sandbox"),
    ("Cache-Control", "no-store"),
)
"""What was sent to the mock may be anything, and must not run in the control API's origin."""


def add_routes(blueprint: Blueprint, control: Control) -> None:
    """Add the operations on pictures to *blueprint*."""

    def sent(number: int) -> Response:
        wanted, pictures = _found("input", number)
        return _answer(pictures.sent(), in_browser=wanted["show"])

    def received(number: int) -> Response:
        wanted, pictures = _found("result", number)
        picture = pictures.put_together() if wanted["whole"] else pictures.received()
        return _answer(picture, in_browser=wanted["show"])

    def _found(name: str, number: int) -> tuple[Mapping[str, Any], Gallery]:
        entry = exchange(control.journal, number)
        wanted = parameters(f"/journal/{{number}}/{name}", "get", query())
        need_thread()
        return wanted, Gallery(control, entry)

    add(blueprint, "GET", "/journal/<int:number>/input", sent)
    add(blueprint, "GET", "/journal/<int:number>/result", received)


def _answer(picture: bytes, *, in_browser: bool) -> Response:
    """Return *picture* as it is, or, *in_browser*, in a form that browsers show."""
    kind = kind_of(picture)
    if in_browser and kind in _UNSEEN:
        picture, kind = shown(picture), "png"
        if not picture:
            raise RefusalError(NOT_FOUND, "The picture is too large, or damaged, and cannot be shown.", "show")
    return Response(picture, headers=_HEADERS, content_type=f"image/{kind}" if kind else "application/octet-stream")
