"""What a request should have been, and code that sends that."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from mockserver.control.code import whole_request
from mockserver.control.journal import exchange
from mockserver.control.operation import add, need_thread
from mockserver.control.told import message

if TYPE_CHECKING:
    from flask import Blueprint

    from mockserver.control.operation import Control
    from mockserver.mending import Mended


def add_routes(blueprint: Blueprint, control: Control) -> None:
    """Add the operation on one exchange that returns its mended request to *blueprint*."""

    def fix(number: int) -> object:
        entry = exchange(control.journal, number)
        request = whole_request(entry)
        need_thread()
        from mockserver.control.fixer import Fixer, is_blamed  # noqa: PLC0415  only this operation needs it

        mended = Fixer(control, entry).mended(request)
        right = mended is not None and not mended.changes and not is_blamed(entry)
        return {"right": right, **_told(mended)}

    add(blueprint, "GET", "/journal/<int:number>/fix", fix)


def _told(mended: Mended | None) -> dict[str, object]:
    """Return what was *mended*, and code for that; nothing if it has not changed."""
    if mended is None or not mended.changes:
        return {"changes": [], "provider": None, "operation": None, "request": None, "snippets": []}
    from mockserver.snippets import snippets  # noqa: PLC0415  only this operation and one other need it

    operation = mended.operation
    code = snippets(mended.request, provider=operation.provider)
    return {
        "changes": [asdict(change) for change in mended.changes],
        "provider": operation.provider,
        "operation": operation.id,
        "request": message(mended.request.headers, mended.request.body),
        "snippets": [one._asdict() for one in code],
    }
