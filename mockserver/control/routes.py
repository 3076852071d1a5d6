"""The operations of the control API."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import wraps
from importlib.metadata import version
from queue import Empty
from typing import TYPE_CHECKING, Any, ParamSpec

from flask import Blueprint, Response, request

from contracts.clock import stopwatch
from mockserver.control import told
from mockserver.control.asked import checked, document, json_body, parameters
from mockserver.control.docs import add_docs
from mockserver.control.refusal import RefusalError
from mockserver.faults import FaultRule, WordError, fault_of
from mockserver.journal import Filter
from mockserver.scenarios import TenantChange
from mockserver.scenarios.change import moment_of
from mockserver.scenarios.library import ScenarioError
from mockserver.wire import WouldBlock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from flask import Flask

    from contracts.clock import Clock
    from mockserver.control.access import Access
    from mockserver.engine import Engine
    from mockserver.faults import Fault
    from mockserver.journal import Entry, Journal
    from mockserver.state import State

PREFIX = "/_mock/v1"
_BAD, _NOT_FOUND = 400, 404
_P = ParamSpec("_P")
_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
_DONE = {"done": True}
_HEARTBEAT = 15.0
"""Real seconds after which a silent stream of events says that it is still there."""


@dataclass(frozen=True, slots=True)
class Control:
    """What the control API controls."""

    engine: Engine
    state: State
    journal: Journal
    clock: Clock


def register(app: Flask, control: Control, access: Access) -> None:
    """Add the control API to *app*, for those whom *access* lets in."""
    blueprint = Blueprint("control", __name__, url_prefix=PREFIX)
    for add in (_server, _tenants, _faults, _scenarios, _time, _journal):
        add(blueprint, control)
    _add(blueprint, "GET", "/openapi.json", _own_document)
    add_docs(blueprint)
    blueprint.add_url_rule("/<path:rest>", "unknown", _unknown, methods=_METHODS)

    @blueprint.before_request
    def check() -> Response | None:
        if request.method == "OPTIONS":
            return _preflight(access)
        access.check(request.environ)
        return None

    @blueprint.after_request
    def share(response: Response) -> Response:
        origin = request.headers.get("Origin", "")
        if access.allows_origin(origin):
            response.headers["Access-Control-Allow-Origin"] = origin
            response.headers["Vary"] = "Origin"
        return response

    blueprint.register_error_handler(RefusalError, _refused)
    app.register_blueprint(blueprint)


def _own_document() -> object:
    return dict(document())


def _unknown(rest: str) -> Response:
    """Refuse what is no operation: a path that is none, or a method that its path has not."""
    path = f"/{rest}"
    for template, item in document()["paths"].items():
        if re.fullmatch(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(template)), path):
            allowed = ", ".join(sorted(method.upper() for method in item if method.upper() in _METHODS))
            response = _refused(RefusalError(405, f"{path} has the methods {allowed} only."))
            response.headers["Allow"] = allowed
            return response
    raise RefusalError(_NOT_FOUND, f"There is nothing at {path}; {PREFIX}/openapi.json says what there is.")


def _server(blueprint: Blueprint, control: Control) -> None:
    engine = control.engine

    def health() -> object:
        clock = told.clock(control.clock)
        return {"status": "ok", "version": version("matteproof"), "providers": list(engine.services), "clock": clock}

    def reset() -> object:
        engine.reset()
        return _DONE

    def seed() -> object:
        wanted = checked("Seed", json_body(request.environ))
        engine.reseed(wanted["seed"])
        return wanted

    _add(blueprint, "GET", "/health", health)
    _add(blueprint, "POST", "/reset", reset)
    _add(blueprint, "PUT", "/seed", seed)


def _tenants(blueprint: Blueprint, control: Control) -> None:
    engine, tenants = control.engine, control.state.tenants

    def listed() -> object:
        return {"tenants": [told.tenant(one) for one in tenants.all()]}

    def one(tenant: str) -> object:
        return told.tenant(tenants.get(tenant))

    def change(tenant: str) -> object:
        wanted = TenantChange.read(json_body(request.environ), engine.vocabulary)
        wanted.apply(tenants.get(tenant))
        return one(tenant)

    def reset(tenant: str) -> object:
        tenants.reset(tenants.get(tenant))
        control.journal.clear(tenant)
        return _DONE

    def script(tenant: str) -> object:
        faults = _script(engine, json_body(request.environ))
        tenants.get(tenant).play(faults)
        return one(tenant)

    def scenario(tenant: str) -> object:
        name = _scenario_name(control)
        found = tenants.get(tenant)
        tenants.reset(found)
        if name:
            found.reset(engine.seed)
            engine.library.get(name).apply(found, control.clock.now())
        return one(tenant)

    _add(blueprint, "GET", "/tenants", listed)
    _add(blueprint, "GET", "/tenants/<tenant>", one)
    _add(blueprint, "PATCH", "/tenants/<tenant>", change)
    _add(blueprint, "DELETE", "/tenants/<tenant>", reset)
    _add(blueprint, "PUT", "/tenants/<tenant>/script", script)
    _add(blueprint, "PUT", "/tenants/<tenant>/scenario", scenario)


def _script(engine: Engine, words: object) -> list[Fault]:
    """Return the faults that the *words* of a script ask for."""
    if not isinstance(words, list):
        raise RefusalError(_BAD, 'A script is a list of words, such as ["429", "ok"].', "script")
    faults = []
    for number, word in enumerate(words):
        try:
            faults.append(fault_of(word, engine.vocabulary.errors))
        except WordError as error:
            raise error.within(f"script[{number}]") from error
    checked("Script", words)
    return faults


def _faults(blueprint: Blueprint, control: Control) -> None:
    engine, clock = control.engine, control.clock

    def listed() -> object:
        rules = engine.rules.listed(clock.now())
        return {"faults": [{**rule.told(), "happened": happened} for rule, happened in rules]}

    def add() -> tuple[object, int]:
        value = json_body(request.environ)
        rule = FaultRule.read(engine.rules.next_id(), value, engine.vocabulary.errors)
        engine.rules.add([rule], clock.now())
        return {**rule.told(), "happened": 0}, 201

    def clear() -> object:
        engine.rules.clear()
        return _DONE

    _add(blueprint, "GET", "/faults", listed)
    _add(blueprint, "POST", "/faults", add)
    _add(blueprint, "DELETE", "/faults", clear)


def _scenarios(blueprint: Blueprint, control: Control) -> None:
    engine = control.engine

    def choose() -> object:
        name = _scenario_name(control)
        engine.choose_scenario(name)
        return {"name": name or None}

    def listed() -> object:
        library = engine.library
        shown = [{"name": name, "description": library.get(name).description} for name in library.names]
        return {"scenario": engine.scenario or None, "scenarios": shown}

    def one(name: str) -> object:
        if name not in engine.library.names:
            raise RefusalError(
                _NOT_FOUND, f"There is no scenario {name!r}; there are {', '.join(engine.library.names)}.", "name"
            )
        return engine.library.written(name)

    _add(blueprint, "PUT", "/scenario", choose)
    _add(blueprint, "GET", "/scenarios", listed)
    _add(blueprint, "GET", "/scenarios/<name>", one)


def _time(blueprint: Blueprint, control: Control) -> None:
    clock = control.clock

    def shown() -> object:
        return told.clock(clock)

    def change() -> object:
        wanted = checked("ClockChange", json_body(request.environ))
        mode = wanted.get("mode")
        speed = 1.0 if mode == "real" else wanted.get("speed")
        now = moment_of(wanted["now"]) if "now" in wanted else None
        clock.set(speed=speed, frozen=None if mode is None else mode == "frozen", now=now)
        return shown()

    def advance() -> object:
        clock.advance(checked("Advance", json_body(request.environ))["seconds"])
        return shown()

    _add(blueprint, "GET", "/clock", shown)
    _add(blueprint, "PUT", "/clock", change)
    _add(blueprint, "POST", "/clock/advance", advance)


def _journal(blueprint: Blueprint, control: Control) -> None:
    journal = control.journal

    def listed() -> object:
        wanted, rest = _filter("/journal")
        return told.journal(journal.find(wanted), rest["limit"])

    def clear() -> object:
        journal.clear(parameters("/journal", "delete", _query()).get("tenant"))
        return _DONE

    def one(number: int) -> object:
        entry = journal.get(number)
        if entry is None:
            raise RefusalError(_NOT_FOUND, f"There is no exchange {number}, or it was forgotten.", "number")
        return told.details(entry)

    def wait() -> Response:
        wanted, rest = _filter("/journal/wait")

        def answer() -> Iterator[bytes]:
            yield b" "  # what follows may take long, and is drawn where that stops nobody
            yield _json(told.journal(journal.wait(wanted, rest["count"], rest["timeout"])))

        return Response(answer(), content_type="application/json")

    def har() -> Response:
        wanted, _ = _filter("/journal.har")
        if not request.environ.get("matteproof.may_block", True):
            raise WouldBlock
        from contracts.har import dump  # noqa: PLC0415  only this operation needs it

        exchanges = [entry.exchange() for entry in journal.find(wanted) if entry.ending is not None]
        return Response(_json(dump(exchanges, version=version("matteproof"))), content_type="application/json")

    def events() -> Response:
        wanted = parameters("/events", "get", _query())
        return Response(_events(journal, wanted.get("count"), wanted["timeout"]), content_type="text/event-stream")

    _add(blueprint, "GET", "/journal", listed)
    _add(blueprint, "DELETE", "/journal", clear)
    _add(blueprint, "GET", "/journal/<int:number>", one)
    _add(blueprint, "GET", "/journal/wait", wait)
    _add(blueprint, "GET", "/journal.har", har)
    _add(blueprint, "GET", "/events", events)


def _events(journal: Journal, count: int | None, seconds: float) -> Iterator[bytes]:
    """Yield *count* exchanges that end from now on as server-sent events; with a count, for *seconds* at most."""
    deadline = stopwatch() + seconds if count is not None else None
    for queue in journal.follow():
        yield b": here is what happens\n\n"
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


def _add(blueprint: Blueprint, method: str, rule: str, view: Callable[..., object]) -> None:
    name = f"{method.lower()} {rule}".replace(".", " ")
    blueprint.add_url_rule(rule, name, _answering(view), methods=[method], provide_automatic_options=method == "GET")


def _answering(view: Callable[_P, object]) -> Callable[_P, Response]:
    """Return *view* with its answer made JSON, and what is wrong with a request made a refusal."""

    @wraps(view)
    def answer(*args: _P.args, **kwargs: _P.kwargs) -> Response:
        try:
            found = view(*args, **kwargs)
        except WordError as error:
            raise RefusalError(_BAD, error.problem, error.field) from error
        except ScenarioError as error:
            raise RefusalError(_BAD, str(error), "name") from error
        if isinstance(found, Response):
            return found
        content, status = found if isinstance(found, tuple) else (found, 200)
        return Response(_json(content), status, content_type="application/json")

    return answer


def _refused(error: RefusalError) -> Response:
    return Response(_json(error.told()), error.status, content_type="application/json")


def _preflight(access: Access) -> Response:
    """Answer what a browser asks before it lets a page of another origin in."""
    response = Response(status=204)
    if access.allows_origin(request.headers.get("Origin", "")):
        response.headers["Access-Control-Allow-Methods"] = "GET, POST, PUT, PATCH, DELETE"
        response.headers["Access-Control-Allow-Headers"] = "Authorization, Content-Type"
    return response


def _filter(path: str) -> tuple[Filter, Mapping[str, Any]]:
    """Return the filter that the query asks for, and all its parameters."""
    wanted = parameters(path, "get", _query())
    return Filter(wanted.get("tenant"), wanted.get("operation"), wanted.get("status")), wanted


def _scenario_name(control: Control) -> str:
    """Return the scenario that the body names, or nothing."""
    name: str = checked("ScenarioChoice", json_body(request.environ)).get("name") or ""
    if name:
        control.engine.library.get(name)
    return name


def _query() -> str:
    return str(request.environ.get("QUERY_STRING", ""))


def _json(value: object) -> bytes:
    """Return *value* as JSON that people at a terminal can read."""
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()
