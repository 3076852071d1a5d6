"""The clock."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request

from contracts.clock import system_time
from mockserver.control import told
from mockserver.control.asked import checked, json_body
from mockserver.control.operation import BAD, add
from mockserver.control.refusal import RefusalError
from mockserver.scenarios.change import moment_of

if TYPE_CHECKING:
    from flask import Blueprint

    from mockserver.control.operation import Control


def add_routes(blueprint: Blueprint, control: Control) -> None:
    """Add the operations on the clock to *blueprint*."""
    clock = control.clock

    def shown() -> object:
        return told.clock(clock)

    def change() -> object:
        given = json_body(request.environ)
        if isinstance(given, dict) and {"now", "ahead"} <= given.keys():
            raise RefusalError(BAD, "Say what the clock shows, or by how much it is ahead, not both.", "ahead")
        wanted = checked("ClockChange", given)
        mode = wanted.get("mode")
        speed = wanted.get("speed", 1.0 if mode == "real" else None)
        if mode == "real" and speed != 1:
            problem = f"The mode real has the speed 1, not {speed}; the mode scaled has a speed of its own."
            raise RefusalError(BAD, problem, "speed")
        if mode == "scaled" and speed is None and clock.speed == 1:
            problem = "The mode scaled needs a speed, a number from 0.001 to 1000000: its seconds in a real one."
            raise RefusalError(BAD, problem, "speed")
        now = moment_of(wanted["now"]) if "now" in wanted else None
        if "ahead" in wanted:
            now = system_time() + wanted["ahead"]
        clock.set(speed=speed, frozen=None if mode is None else mode == "frozen", now=now)
        return shown()

    def advance() -> object:
        clock.advance(checked("Advance", json_body(request.environ))["seconds"])
        return shown()

    add(blueprint, "GET", "/clock", shown)
    add(blueprint, "PUT", "/clock", change)
    add(blueprint, "POST", "/clock/advance", advance)
