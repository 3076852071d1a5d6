"""The server as a whole."""

from __future__ import annotations

import secrets
from importlib.metadata import version
from typing import TYPE_CHECKING

from flask import request

from mockserver.control import told
from mockserver.control.asked import checked, json_body
from mockserver.control.operation import DONE, add

if TYPE_CHECKING:
    from flask import Blueprint

    from mockserver.control.operation import Control

_RUN_BYTES = 8


def add_routes(blueprint: Blueprint, control: Control) -> None:
    """Add the operations on the server to *blueprint*."""
    engine, run = control.engine, secrets.token_hex(_RUN_BYTES)

    def health() -> object:
        clock = told.clock(control.clock)
        return {
            "status": "ok",
            "run": run,
            "version": version("matteproof"),
            "providers": list(engine.services),
            "clock": clock,
        }

    def reset() -> object:
        engine.reset()
        return DONE

    def seed() -> object:
        wanted = checked("Seed", json_body(request.environ))
        engine.reseed(wanted["seed"])
        return wanted

    add(blueprint, "GET", "/health", health)
    add(blueprint, "POST", "/reset", reset)
    add(blueprint, "PUT", "/seed", seed)
