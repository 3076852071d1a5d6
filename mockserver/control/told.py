"""Tenants, exchanges and the clock as JSON."""

from __future__ import annotations

import base64
import hashlib
from bisect import bisect_left
from dataclasses import asdict
from datetime import UTC, datetime
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from contracts.clock import system_time
from mockserver.faults import word_of
from mockserver.scenarios.change import told as told_limits

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from decimal import Decimal

    from contracts.behaviour import SentField
    from contracts.clock import Clock
    from contracts.model import Headers
    from mockserver.faults import FaultRule, FaultRules, Left
    from mockserver.journal import Body, Entry
    from mockserver.state.tenant import Tenant

_EARLIEST, _LATEST = -62_135_596_800.0, 253_402_300_799.0
"""The years 1 to 9999, in seconds since 1970."""


def moment(seconds: float) -> str:
    """Return *seconds* since 1970 as ISO 8601 in UTC, to the microsecond."""
    within = min(max(seconds, _EARLIEST), _LATEST)
    return datetime.fromtimestamp(within, UTC).isoformat().replace("+00:00", "Z")


def clock(one: Clock) -> dict[str, object]:
    """Return what the clock *one* shows."""
    now = one.now()
    return {"mode": one.mode, "speed": one.speed, "now": moment(now), "ahead": round(now - system_time(), 3)}


def tenant(one: Tenant, now: float) -> dict[str, object]:
    """Return the tenant *one* as it is at the moment *now*, without any secret."""
    account = one.ledger.at(now)
    return {
        "id": one.name,
        "provider": one.provider or None,
        "credits": f"{account.credits:f}",
        "state": "active" if account.active else "dormant",
        "pack": account.pack,
        "use_before": moment(account.use_before),
        "limits": told_limits(one.limiter.limits),
        "latency": one.latency,
        "settings": one.settings,
        "scenario": one.scenario or None,
        "script": [word_of(fault) for fault in one.script],
        "rules": rules(one.rules, now),
        "charged": f"{one.ledger.charged:f}",
        "requests": one.requests,
        "in_progress": one.limiter.in_progress,
    }


def rules(some: FaultRules, now: float) -> list[dict[str, object]]:
    """Return those of *some* rules that may still apply at the moment *now*."""
    return [rule(*one) for one in some.listed(now)]


def rule(one: FaultRule, happened: int, left: Left) -> dict[str, object]:
    """Return the rule *one* with how often it has *happened*, and what is *left* of it."""
    return {**one.told(), "happened": happened, "left": asdict(left)}


def summary(entry: Entry) -> dict[str, Any]:
    """Return the exchange *entry* in short."""
    operation, response = entry.operation, entry.response
    return {
        "number": entry.number,
        "tenant": entry.tenant or None,
        "provider": operation.provider if operation else None,
        "operation": operation.id if operation else None,
        "method": entry.request.method,
        "path": entry.request.path,
        "query": entry.request.query,
        "parameters": dict(entry.parameters),
        "size": entry.request_body.size,
        "status": response.status if response else None,
        "media_type": (response.media_type or None) if response else None,
        "error": entry.error,
        "credits": _charge(entry.charge),
        "ending": entry.ending,
        "sent": entry.sent,
        "received": moment(entry.received),
        "ended": None if entry.ended is None else moment(entry.ended),
        "seconds": None if entry.ended is None else round(entry.ended - entry.received, 6),
        "reasons": [reason._asdict() for reason in entry.reasons],
    }


def _charge(amount: Decimal | None) -> str | None:
    """Return *amount* to the last digit."""
    return None if amount is None else f"{amount:f}" if amount else "0"


def journal(entries: Sequence[Entry], limit: int | None = None, before: int | None = None) -> dict[str, object]:
    """Return the latest *limit* of those *entries* whose numbers are smaller than *before*.

    ``count`` is how many there are in all, ``later`` how many of them come after those that are returned.
    """
    end = len(entries) if before is None else bisect_left(entries, before, key=attrgetter("number"))
    shown = entries[:end] if limit is None else entries[max(end - limit, 0) : end]
    return {"count": len(entries), "later": len(entries) - end, "exchanges": [summary(entry) for entry in shown]}


def details(entry: Entry, fields: Sequence[SentField] | None, pictures: Mapping[str, bool]) -> dict[str, object]:
    """Return all that is known of the exchange *entry*.

    *fields* are those that its request has sent, where known; *pictures* tells which can be had, and whether the result
    has to be put together with the input.
    """
    response = None
    if entry.response is not None and entry.response_body is not None:
        response = {"headers": _pairs(entry.response.headers), "body": _body(entry.response_body)}
    return {
        **summary(entry),
        "connection": entry.connection,
        "received_real": moment(entry.received_real),
        "ended_real": None if entry.ended_real is None else moment(entry.ended_real),
        "request": {"headers": _pairs(entry.request.headers), "body": _body(entry.request_body)},
        "response": response,
        "fields": None if fields is None else [asdict(one) for one in fields],
        "pictures": dict(pictures),
    }


def _pairs(headers: Headers) -> list[list[str]]:
    return [list(pair) for pair in headers]


def message(headers: Headers, body: bytes) -> dict[str, object]:
    """Return a message that nobody has sent yet."""
    digest = hashlib.sha256(body).hexdigest()
    return {"headers": _pairs(headers), "body": {"size": len(body), "sha256": digest, **_content(body)}}


def _body(body: Body) -> dict[str, object]:
    told: dict[str, object] = {"size": body.size, "sha256": body.sha256}
    if body.data is not None:
        told |= _content(body.data)
    if body.thumbnail:
        told["thumbnail"] = "data:image/jpeg;base64," + base64.b64encode(body.thumbnail).decode()
    return told


def _content(data: bytes) -> dict[str, str]:
    """Return *data* as a text, or, if they are none, in base64."""
    try:
        return {"text": data.decode()}
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(data).decode()}
