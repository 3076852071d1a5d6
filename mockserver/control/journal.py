"""What happened."""

from __future__ import annotations

import json
from dataclasses import replace
from importlib.metadata import version
from queue import Empty
from typing import TYPE_CHECKING, Any

from flask import Response

from contracts.clock import stopwatch
from mockserver.control import told
from mockserver.control.asked import parameters
from mockserver.control.callers import Callers
from mockserver.control.gallery import Gallery
from mockserver.control.operation import DONE, NOT_FOUND, add, json_bytes, need_thread, query
from mockserver.control.refusal import RefusalError
from mockserver.control.work import refers_to_input
from mockserver.journal import Filter

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from flask import Blueprint

    from contracts.behaviour import SentField
    from mockserver.control.operation import Control
    from mockserver.engine import Service
    from mockserver.journal import Entry, Journal

_HEARTBEAT = 15.0
"""Real seconds after which a silent stream of events says that it is still there."""


def add_routes(blueprint: Blueprint, control: Control) -> None:
    """Add the operations on the journal to *blueprint*."""
    journal, services, callers = control.journal, control.engine.services, Callers(control)

    def listed() -> object:
        wanted, rest = _filter("/journal", callers)
        need_thread()
        return told.journal(journal.find(wanted), rest["limit"], rest.get("before"))

    def clear() -> object:
        tenant = parameters("/journal", "delete", query()).get("tenant")
        journal.clear(None if tenant is None else callers.name(tenant))
        return DONE

    def one(number: int) -> object:
        entry = exchange(journal, number)
        need_thread()
        pictures = {**Gallery(control, entry).told, "refers_to_input": refers_to_input(control, entry)}
        return told.details(entry, _fields(services, entry), pictures)

    def wait() -> Response:
        wanted, rest = _filter("/journal/wait", callers)

        def answer() -> Iterator[bytes]:
            yield b" "  # what follows may take long, and is drawn where that stops nobody
            yield json_bytes(told.journal(journal.wait(wanted, rest["count"], rest["timeout"])))

        return Response(answer(), content_type="application/json")

    def har() -> Response:
        wanted, rest = _filter("/journal.har", callers)
        need_thread()
        from contracts.har import dump  # noqa: PLC0415  only this operation needs it

        number = rest.get("number")
        found = [entry for entry in journal.find(wanted) if entry.ending is not None and number in {None, entry.number}]
        exchanges = [entry.exchange() for entry in found]
        return Response(json_bytes(dump(exchanges, version=version("matteproof"))), content_type="application/json")

    def events() -> Response:
        wanted = parameters("/events", "get", query())
        return Response(_events(journal, wanted.get("count"), wanted["timeout"]), content_type="text/event-stream")

    add(blueprint, "GET", "/journal", listed)
    add(blueprint, "DELETE", "/journal", clear)
    add(blueprint, "GET", "/journal/<int:number>", one)
    add(blueprint, "GET", "/journal/wait", wait)
    add(blueprint, "GET", "/journal.har", har)
    add(blueprint, "GET", "/events", events)


def exchange(journal: Journal, number: int) -> Entry:
    """Return the exchange *number* of *journal*.

    Raises:
        RefusalError: there is none.
    """
    entry = journal.get(number)
    if entry is None:
        raise RefusalError(NOT_FOUND, f"There is no exchange {number}, or it was forgotten.", "number")
    return entry


def _fields(services: Mapping[str, Service], entry: Entry) -> Sequence[SentField] | None:
    """Return what the request of *entry* has sent; ``None`` if its body is not held, or nobody knows what it is for."""
    operation, data = entry.operation, entry.request_body.data
    if operation is None or data is None:
        return None
    return services[operation.provider].behaviour.fields(operation, replace(entry.request, body=data))


def _events(journal: Journal, count: int | None, seconds: float) -> Iterator[bytes]:
    """Yield *count* exchanges that end from now on as server-sent events; with a count, for *seconds* at most."""
    deadline = stopwatch() + seconds if count is not None else None
    for queue in journal.follow():
        yield b": here is what happens\n\n"
        journal.read_ahead()  # who follows looks for something sooner or later
        sent = 0
        while count is None or sent < count:
            left = _HEARTBEAT if deadline is None else min(_HEARTBEAT, deadline - stopwatch())
            if left <= 0:
                return
            try:
                entry: Entry = queue.get(timeout=left)
            except Empty:
                yield b": still there\n\n"
                continue
            sent += 1
            data = json.dumps(told.summary(entry), ensure_ascii=False, separators=(",", ":"))
            yield f"event: exchange\ndata: {data}\n\n".encode()


def _filter(path: str, callers: Callers) -> tuple[Filter, Mapping[str, Any]]:
    """Return the filter that the query asks for, and all its parameters."""
    wanted = parameters(path, "get", query())
    tenant = callers.name(wanted["tenant"]) if "tenant" in wanted else None
    provider, search = wanted.get("provider"), wanted.get("search", "")
    return Filter(tenant, wanted.get("operation"), wanted.get("status"), provider=provider, search=search), wanted
