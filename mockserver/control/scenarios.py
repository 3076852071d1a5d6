"""Scenarios, for everybody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mockserver.control.operation import NOT_FOUND, add, chosen_scenario
from mockserver.control.refusal import RefusalError

if TYPE_CHECKING:
    from flask import Blueprint

    from mockserver.control.operation import Control


def add_routes(blueprint: Blueprint, control: Control) -> None:
    """Add the operations on scenarios to *blueprint*."""
    engine = control.engine

    def choose() -> object:
        name = chosen_scenario(control)
        engine.choose_scenario(name)
        return {"name": name or None}

    def listed() -> object:
        library = engine.library
        shown = [{"name": name, "description": library.get(name).description} for name in library.names]
        return {"scenario": engine.scenario or None, "scenarios": shown}

    def one(name: str) -> object:
        if name not in engine.library.names:
            raise RefusalError(
                NOT_FOUND, f"There is no scenario {name!r}; there are {', '.join(engine.library.names)}.", "name"
            )
        return engine.library.written(name)

    add(blueprint, "PUT", "/scenario", choose)
    add(blueprint, "GET", "/scenarios", listed)
    add(blueprint, "GET", "/scenarios/<name:name>", one)
