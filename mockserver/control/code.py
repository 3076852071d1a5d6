"""What happened, as code that has it happen again."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from flask import request

from mockserver.control.operation import NOT_FOUND, add
from mockserver.control.refusal import RefusalError
from mockserver.wire import WouldBlock

if TYPE_CHECKING:
    from flask import Blueprint

    from contracts.model import Request
    from mockserver.control.operation import Control
    from mockserver.journal import Entry


def add_routes(blueprint: Blueprint, control: Control) -> None:
    """Add the operation on one exchange that returns code to *blueprint*."""
    journal = control.journal

    def code(number: int) -> object:
        entry = journal.get(number)
        if entry is None:
            raise RefusalError(NOT_FOUND, f"There is no exchange {number}, or it was forgotten.", "number")
        whole = _whole(entry)
        if not request.environ.get("matteproof.may_block", True):
            raise WouldBlock  # a body can be large
        from mockserver.snippets import snippets  # noqa: PLC0415  only this operation needs it

        provider = entry.operation.provider if entry.operation else ""
        return {"snippets": [one._asdict() for one in snippets(whole, provider=provider, answer=_answer(entry))]}

    add(blueprint, "GET", "/journal/<int:number>/code", code)


def _whole(entry: Entry) -> Request:
    """Return the request of *entry* with its body.

    Raises:
        RefusalError: the body is no longer held.
    """
    body = entry.request_body
    data = body.data if body.size else b""
    if data is None:
        problem = f"The body of the request of exchange {entry.number} is no longer held; send the request once more."
        raise RefusalError(NOT_FOUND, problem, "number")
    return replace(entry.request, body=data)


def _answer(entry: Entry) -> str:
    """Return the media type of what was answered if all was well."""
    response = entry.response
    return response.media_type if response is not None and response.status // 100 == 2 else ""  # noqa: PLR2004
