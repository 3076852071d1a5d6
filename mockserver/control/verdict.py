"""How a tenant has kept the rules about clients in what the journal still holds of it."""

from __future__ import annotations

import re
import threading
from collections import OrderedDict
from dataclasses import replace
from typing import TYPE_CHECKING

from contracts.model import Subject, Timeline
from contracts.providers import ProviderError, checks_of, kit_of
from contracts.rules import load_rules
from mockserver.control.asked import parameters
from mockserver.control.callers import Callers
from mockserver.control.operation import NOT_FOUND, add, need_thread, query
from mockserver.control.refusal import RefusalError

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from flask import Blueprint

    from contracts.judge import Judgement
    from contracts.model import Exchange, Provider, Violation
    from mockserver.control.operation import Control
    from mockserver.journal import Entry

_MOST = 500
"""Exchanges that are judged, the latest ones."""
_REMEMBERED = 16
"""Tenants of which the verdict is remembered until something happens."""
_LATE = 0.01
"""Seconds by which a thread is thought to be woken up late on a machine that is not idle."""
_MASKED = re.compile(rb'(?<=[=/"])\*\*\*(?=[&@"#;\s]|$)')
"""What stands in a body for a secret."""


def add_routes(blueprint: Blueprint, control: Control) -> None:
    """Add the operation to *blueprint*."""
    verdicts, callers = _Verdicts(control), Callers(control)

    def verdict() -> object:
        tenant = callers.name(parameters("/verdict", "get", query())["tenant"])
        need_thread()
        return verdicts.on(tenant)

    add(blueprint, "GET", "/verdict", verdict)


class _Verdicts:
    """Judges tenants, each anew only when something has happened to it."""

    def __init__(self, control: Control) -> None:
        self._control = control
        self._lock = threading.Lock()
        self._known: OrderedDict[str, tuple[Hashable, dict[str, object]]] = OrderedDict()

    def on(self, tenant: str) -> dict[str, object]:
        """Return the verdict on *tenant*.

        Raises:
            RefusalError: its provider has no rules about clients that can be checked.
        """
        with self._lock:
            entries = self._entries(tenant)
            provider = self._provider(tenant, entries)
            state = provider, tuple((entry.number, entry.is_whole) for entry in entries)
            before, told = self._known.pop(tenant, (None, {}))
            if before != state:
                told = {"tenant": tenant, **_judged(provider, entries)}
            self._known[tenant] = (state, told)
            if len(self._known) > _REMEMBERED:
                self._known.popitem(last=False)
            return told

    def _entries(self, tenant: str) -> Sequence[Entry]:
        """Return what has ended of *tenant*, and what was fetched by nobody in particular."""
        found = [one for one in self._control.journal.find() if one.ending is not None and one.tenant in {"", tenant}]
        own = [one.number for one in found if one.tenant][-_MOST:]
        return [one for one in found if own and one.operation is not None and one.number >= own[0]]

    def _provider(self, tenant: str, entries: Sequence[Entry]) -> Provider | None:
        """Return the provider that *tenant*, to whom *entries* belong, has come to, if it has ever come."""
        services, tenants = self._control.engine.services, self._control.state.tenants
        known = tenants.get(tenant).provider if tenants.knows(tenant) else ""
        names = (one.operation.provider for one in entries if one.tenant and one.operation is not None)
        name = next(names, known)
        return services[name].provider if name in services else None


def _judged(provider: Provider | None, entries: Sequence[Entry]) -> dict[str, object]:
    """Return how the rules of *provider* were kept in *entries*."""
    if provider is None:
        return {"provider": None, "count": 0, "left_out": 0, "rules": []}
    held = [entry for entry in entries if entry.is_whole]
    exchanges = _with_results(provider, held)
    return {
        "provider": provider.name,
        "count": len(exchanges),
        "left_out": sum(bool(one.tenant) and not one.is_whole for one in entries),
        "rules": [_rule(one) for one in _judgements(provider, exchanges)],
    }


def _with_results(provider: Provider, held: Sequence[Entry]) -> list[Exchange]:
    """Return what was *held* of the tenant's exchanges, and of those that fetch what its answers name."""
    try:
        kit = kit_of(provider)
    except ProviderError:
        return [_plain(entry) for entry in held if entry.tenant]
    named: set[str] = set()
    found = []
    for entry in held:
        exchange = _plain(entry)
        if entry.tenant:
            following = kit.follow(exchange)
            named |= {following.path} if following is not None else set()
        if entry.tenant or exchange.request.path in named:
            found.append(exchange)
    return found


def _plain(entry: Entry) -> Exchange:
    """Return the exchange of *entry*; secrets that were taken out of bodies are not taken for equal."""
    exchange = entry.exchange()
    body = exchange.request.body
    marked = _MASKED.sub(b"***%d" % entry.number, body) if b"***" in body else body
    return exchange if marked is body else replace(exchange, request=replace(exchange.request, body=marked))


def _judgements(provider: Provider, exchanges: Sequence[Exchange]) -> tuple[Judgement, ...]:
    """Return what the checks of *provider* find of every rule about clients."""
    from contracts.judge import Bench  # noqa: PLC0415  only this operation needs it

    checks = checks_of(provider, Subject.CLIENT)
    if checks is None:
        raise RefusalError(NOT_FOUND, f"There are no checks of clients for {provider.name}.", "tenant")
    known = load_rules(provider.folder, provider.name)
    bench = Bench([rule for rule in known if rule.subject is Subject.CLIENT], shown=_MOST)
    bench.hear(checks.judge(Timeline(tuple(exchanges), jitter=_LATE)))
    return bench.judgements()


def _rule(judgement: Judgement) -> dict[str, object]:
    rule = judgement.rule
    return {
        "id": rule.id,
        "level": rule.level,
        "assurance": rule.assurance,
        "text": rule.text,
        "source": str(rule.source),
        "verdict": judgement.verdict,
        "violations": _alike(judgement.violations),
    }


def _alike(violations: Sequence[Violation]) -> list[dict[str, object]]:
    """Return *violations*, each kind once, with the numbers of all exchanges that are broken so."""
    found: dict[Violation, list[int]] = {}
    for one in violations:
        found.setdefault(replace(one, exchange=0), []).append(one.exchange)
    return [
        {
            "summary": one.summary,
            "expected": one.expected,
            "received": one.received,
            "hint": one.hint,
            "exchange": numbers[0],
            "exchanges": sorted(numbers),
        }
        for one, numbers in found.items()
    ]
