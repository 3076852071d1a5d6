"""What happened, as code that has it happen again."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from mockserver.control.journal import exchange
from mockserver.control.operation import NOT_FOUND, add, need_thread
from mockserver.control.refusal import RefusalError

if TYPE_CHECKING:
    from flask import Blueprint

    from contracts.model import Request
    from mockserver.control.operation import Control
    from mockserver.journal import Entry


def add_routes(blueprint: Blueprint, control: Control) -> None:
    """Add the operation on one exchange that returns code to *blueprint*."""

    def code(number: int) -> object:
        entry = exchange(control.journal, number)
        whole = whole_request(entry)
        need_thread()  # a body can be large
        from mockserver.snippets import snippets  # noqa: PLC0415  only this operation needs it

        provider = entry.operation.provider if entry.operation else ""
        return {"snippets": [one._asdict() for one in snippets(whole, provider=provider, answer=_media_type(entry))]}

    add(blueprint, "GET", "/journal/<int:number>/code", code)


def whole_request(entry: Entry) -> Request:
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


def _media_type(entry: Entry) -> str:
    """Return the media type of what was answered if all was well."""
    response = entry.response
    return response.media_type if response is not None and response.is_success else ""
