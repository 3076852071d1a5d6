"""Callers: looking at them, changing them, scripting their answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request

from mockserver.control import told
from mockserver.control.asked import checked, json_body, parameters
from mockserver.control.callers import Callers
from mockserver.control.operation import BAD, DONE, add, chosen_scenario, need_thread, query
from mockserver.control.refusal import RefusalError
from mockserver.faults import WordError, fault_of
from mockserver.scenarios import TenantChange

if TYPE_CHECKING:
    from flask import Blueprint

    from mockserver.control.operation import Control
    from mockserver.engine import Engine
    from mockserver.faults import Fault


def add_routes(blueprint: Blueprint, control: Control) -> None:
    """Add the operations on tenants to *blueprint*."""
    engine, tenants, callers = control.engine, control.state.tenants, Callers(control)

    def listed() -> object:
        limit = parameters("/tenants", "get", query()).get("limit")
        need_thread()  # there can be thousands
        found = tenants.all()
        shown = found if limit is None else found[-limit:]
        return {"tenants": [told.tenant(one, control.clock.now()) for one in shown]}

    def one(tenant: str) -> object:
        return told.tenant(callers.find(tenant), control.clock.now())

    def change(tenant: str) -> object:
        found = callers.find(tenant)
        wanted = TenantChange.read(json_body(request.environ), engine.vocabulary, found.provider)
        found.touched = True
        wanted.apply(found)
        return one(tenant)

    def reset(tenant: str) -> object:
        found = callers.find(tenant)
        tenants.reset(found)
        control.journal.clear(found.name)
        return DONE

    def script(tenant: str) -> object:
        faults = _script(engine, json_body(request.environ))
        found = callers.find(tenant)
        found.touched = True
        found.play(faults)
        return one(tenant)

    def scenario(tenant: str) -> object:
        name = chosen_scenario(control)
        engine.enter_scenario(callers.find(tenant), name)
        return one(tenant)

    add(blueprint, "GET", "/tenants", listed)
    add(blueprint, "GET", "/tenants/<name:tenant>", one)
    add(blueprint, "PATCH", "/tenants/<name:tenant>", change)
    add(blueprint, "DELETE", "/tenants/<name:tenant>", reset)
    add(blueprint, "PUT", "/tenants/<name:tenant>/script", script)
    add(blueprint, "PUT", "/tenants/<name:tenant>/scenario", scenario)


def _script(engine: Engine, words: object) -> list[Fault]:
    """Return the faults that the *words* of a script ask for."""
    if not isinstance(words, list):
        raise RefusalError(BAD, 'A script is a list of words, such as ["429", "ok"].', "script")
    faults = []
    for number, word in enumerate(words):
        try:
            faults.append(fault_of(word, engine.vocabulary.errors))
        except WordError as error:
            raise error.within(f"script[{number}]") from error
    checked("Script", words)
    return faults
