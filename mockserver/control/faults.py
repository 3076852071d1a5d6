"""Fault rules."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from flask import request

from mockserver.control import told
from mockserver.control.asked import json_body
from mockserver.control.callers import Callers
from mockserver.control.operation import DONE, NOT_FOUND, add
from mockserver.control.refusal import RefusalError
from mockserver.faults import FaultRule, Left

if TYPE_CHECKING:
    from flask import Blueprint

    from mockserver.control.operation import Control


def add_routes(blueprint: Blueprint, control: Control) -> None:
    """Add the operations on faults to *blueprint*."""
    engine, clock, callers = control.engine, control.clock, Callers(control)

    def listed() -> object:
        return {"faults": told.rules(engine.rules, clock.now())}

    def append() -> tuple[object, int]:
        value = json_body(request.environ)
        rule = FaultRule.read(engine.rules.next_id(), value, engine.vocabulary.errors)
        if rule.match.tenant is not None:
            rule = replace(rule, match=replace(rule.match, tenant=callers.name(rule.match.tenant)))
        engine.vocabulary.check_match(rule.match)
        engine.rules.add([rule], clock.now())
        return told.rule(rule, 0, Left(rule.count, rule.seconds)), 201

    def remove(id_: str) -> object:
        if not engine.rules.remove(id_):
            ids = ", ".join(rule.id for rule, *_ in engine.rules.listed(clock.now())) or "none"
            raise RefusalError(NOT_FOUND, f"There is no fault rule {id_!r}, or it is over; there are {ids}.", "id")
        return DONE

    def clear() -> object:
        engine.rules.clear()
        return DONE

    add(blueprint, "GET", "/faults", listed)
    add(blueprint, "POST", "/faults", append)
    add(blueprint, "DELETE", "/faults", clear)
    add(blueprint, "DELETE", "/faults/<name:id_>", remove)
