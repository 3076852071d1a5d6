"""The Flask application: a route for every operation of every provider, and the providers' own words for the rest."""

from __future__ import annotations

import logging
import re
from dataclasses import replace
from functools import cache, lru_cache, partial
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from flask import Flask, Request, Response, render_template, request
from flask.sessions import NullSession, SessionInterface, SessionMixin
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.routing import MapAdapter

from contracts.behaviour import Problem
from contracts.model import Ending
from mockserver import cors
from mockserver.adapt import origin_of, read_request, with_marked_slashes
from mockserver.engine import Arrival, SlowWorkError
from mockserver.faults import Fault
from mockserver.journal import Body
from mockserver.wire import WouldBlock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from wsgiref.types import StartResponse, WSGIEnvironment

    from werkzeug.routing import Map

    from contracts.model import Operation
    from mockserver.engine import Engine
    from mockserver.turn import Outcome, Turn
    from mockserver.wire import Delivery

_LOG = logging.getLogger("matteproof.app")
_ACCESS = logging.getLogger("matteproof.access")
_TEMPLATE_FIELD = re.compile(r"\{(\w+)\}")
_BODILESS = "OPTIONS"
_ROUTES = 256
"""Paths and methods of which the route is remembered; those of results are all different."""
_ALL_METHODS = "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT"
"""What a page may try where nothing is: to see the refusal, its request has to be sent."""
_OWN_PAGES = frozenset({"/"})
"""Paths of no provider."""
_KNOWN_STATUSES = frozenset(HTTPStatus)


class Reply(Response):
    """A finished response that is handed over as it is: the server counts the bytes and minds HEAD."""

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Hand the fields and the body over."""
        del environ
        start_response(self.status, self.headers.to_wsgi_list())
        return (self.get_data(),)


class NoSessions(SessionInterface):
    """The mock has no cookies; Flask is spared the work of looking for them."""

    _NONE = NullSession()

    def open_session(self, app: Flask, request: Request) -> SessionMixin:
        """Return the session that cannot be changed."""
        del app, request
        return self._NONE

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Save nothing."""


class Route(MapAdapter):
    """The way from one path and method to a view, looked for once. The host does not matter."""

    def __init__(self, url_map: Map, path: str, method: str) -> None:
        """Prepare to look for *path* and *method* in *url_map*."""
        super().__init__(url_map, "localhost", "/", "", "http", path, method)
        self._found: Any = None

    def match(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401  as Werkzeug has it
        """Return the rule and its arguments, always asked for in the same way.

        Raises:
            HTTPException: there is none.
        """
        if self._found is None:
            self._found = super().match(*args, **kwargs)
        return self._found


class Application(Flask):
    """Flask, without a look at the host: any name and any rubbish leads to the same paths."""

    def __init__(self, name: str) -> None:
        """Prepare an application without static files."""
        super().__init__(name, static_folder=None)
        self._route = lru_cache(_ROUTES)(partial(Route, self.url_map))

    def create_url_adapter(self, request: Request | None) -> MapAdapter | None:
        """Return what finds the route of *request*."""
        if request is None:
            return super().create_url_adapter(request)
        # Werkzeug drops all slashes at the beginning but one; nothing is routed below "/.".
        environ = request.environ
        path = "/." if environ["PATH_INFO"].startswith("//") else with_marked_slashes(environ, request.path)
        # Werkzeug also takes methods in any case, which are case-sensitive (RFC 9110, section 9.1).
        method = environ["REQUEST_METHOD"]
        return self._route(path, method if method.isupper() else "?")


def create_app(engine: Engine) -> Flask:
    """Return an application that serves all operations of the providers of *engine*."""
    app = Application("mockserver")
    app.url_map.merge_slashes = False
    app.session_interface = NoSessions()
    routes = _by_path(engine)
    for path, operations in routes.items():
        methods = ", ".join(sorted({operation.method for operation in operations} | _methods_of_all(operations)))
        rule = _TEMPLATE_FIELD.sub(r"<\1>", path)
        app.add_url_rule(
            rule, f"preflight {path}", _preflight(methods), methods=[_BODILESS], provide_automatic_options=False
        )
        for operation in operations:
            app.add_url_rule(
                rule,
                f"{operation.provider}.{operation.id}",
                _view(engine, operation),
                methods=[operation.method],
                provide_automatic_options=False,
            )
    app.add_url_rule("/", "index", _index(engine), provide_automatic_options=False)
    app.register_error_handler(HTTPException, _refusal(engine, routes))
    app.register_error_handler(Exception, _failure(engine))
    return app


def _by_path(engine: Engine) -> dict[str, list[Operation]]:
    routes: dict[str, list[Operation]] = {}
    for service in engine.services.values():
        for operation in service.openapi.operations:
            routes.setdefault(operation.path, []).append(operation)
    return routes


def _methods_of_all(operations: list[Operation]) -> set[str]:
    """Return the methods that a path has besides those of its *operations*."""
    return {_BODILESS, "HEAD"} if any(operation.method == "GET" for operation in operations) else {_BODILESS}


def _view(engine: Engine, operation: Operation) -> Callable[..., Response]:
    def view(**_: str) -> Response:
        environ = request.environ
        memory: dict[str, Any] = environ.setdefault("matteproof.memory", {})
        turn: Turn | None = memory.get("turn")
        if turn is None:
            turn = memory["turn"] = _begun(engine, operation, environ)
        try:
            outcome = engine.handle(turn, may_block=environ.get("matteproof.may_block", True))
        except SlowWorkError:
            raise WouldBlock from None
        return _respond(engine, turn, outcome, environ)

    return view


def _begun(engine: Engine, operation: Operation, environ: WSGIEnvironment) -> Turn:
    """Return the turn of the request that *environ* describes, which will be told how its answer ended."""
    asked, arrival = read_request(environ), _arrival(engine, environ)
    if environ.get("matteproof.body_refused"):
        turn = engine.refused(Problem.BODY_TOO_LARGE, asked, arrival, operation)
        _leave_out_body(turn, environ)
    else:
        turn = engine.begin(operation, asked, arrival)
    _watch(engine, turn, environ)
    return turn


def _leave_out_body(turn: Turn, environ: WSGIEnvironment) -> None:
    """Have the journal know that the body, which was too large, is not an empty one."""
    length = environ.get("CONTENT_LENGTH", "")
    turn.entry.request_body = Body(int(length) if length.isdecimal() else 0, None)


def _watch(engine: Engine, turn: Turn, environ: WSGIEnvironment) -> None:
    """Have *engine* told how the answer to *turn* ends; if it takes another's place, that ends with it."""
    delivery: Delivery | None = environ.get("matteproof.delivery")
    if delivery is None:
        return
    before = delivery.on_end

    def ended(ending: Ending) -> None:
        engine.end(turn, ending, delivery.sent, delivery.answered)
        if before is not None:
            before(ending)

    delivery.on_end = ended


def _arrival(engine: Engine, environ: WSGIEnvironment) -> Arrival:
    received = environ.get("matteproof.received")
    return Arrival(engine.now() if received is None else received, environ.get("matteproof.connection", 0))


def _refuse(engine: Engine, problem: Problem, environ: WSGIEnvironment, operation: Operation | None = None) -> Response:
    """Answer what never becomes a matter of behaviour."""
    turn = engine.refused(problem, read_request(environ), _arrival(engine, environ), operation)
    if environ.get("matteproof.body_refused"):
        _leave_out_body(turn, environ)
    _watch(engine, turn, environ)
    return _respond(engine, turn, engine.handle(turn), environ)


def _respond(engine: Engine, turn: Turn, outcome: Outcome, environ: WSGIEnvironment) -> Response:
    delivery = environ.get("matteproof.delivery")
    if delivery is None:
        engine.end(turn, Ending.DONE)
    else:
        delivery.delay, delivery.action = outcome.delay, outcome.action
    answer = outcome.answer.response
    if _ACCESS.isEnabledFor(logging.INFO):
        method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
        _ACCESS.info("%s %r %d %s", method, path, answer.status, _printable(outcome.answer.reason))
    exposed = turn.service.documented_headers if turn.service else ""
    response = Reply(
        answer.body, _status_line(answer.status), [*answer.headers, *cors.response_headers(environ, exposed)]
    )
    if "Content-Type" not in answer.headers:
        del response.headers["Content-Type"]
    return response


@cache
def _status_line(status: int) -> str:
    """Return *status* with its phrase as RFC 9110 spells it; without one if it has none."""
    return f"{status} {HTTPStatus(status).phrase}" if status in _KNOWN_STATUSES else f"{status} Unknown"


def _printable(text: str) -> str:
    """Return *text* on one line and without control characters, which a client may have sent."""
    return text if text.isprintable() else ascii(text)[1:-1]


def _preflight(methods: str) -> Callable[..., Response]:
    return lambda **_: _allowed(request.environ, methods)


def _allowed(environ: WSGIEnvironment, methods: str) -> Response:
    """Answer a preflight request for a path that has *methods*."""
    response = Reply(b"", _status_line(HTTPStatus.NO_CONTENT), cors.preflight_headers(environ, methods))
    del response.headers["Content-Type"]
    return response


def _refusal(engine: Engine, routes: dict[str, list[Operation]]) -> Callable[[HTTPException], Response]:
    """Return a handler that says, in the provider's own way, that a path or a method is unknown."""

    def refuse(error: HTTPException) -> Response:
        environ = request.environ
        request.routing_exception = None  # its frames hold the request, with all of the body
        if request.path in _OWN_PAGES:
            return Reply(error.get_body(), error.code, error.get_headers())
        if not isinstance(error, MethodNotAllowed):
            if cors.is_preflight(environ):
                return _allowed(environ, _ALL_METHODS)
            return _refuse(engine, Problem.UNKNOWN_PATH, environ)
        operation = next(iter(routes.get(request.path, ())), None)
        response = _refuse(engine, Problem.METHOD_NOT_ALLOWED, environ, operation)
        response.headers["Allow"] = ", ".join(sorted(error.valid_methods or ()))
        return response

    return refuse


def _failure(engine: Engine) -> Callable[[Exception], Response]:
    """Return a handler that logs what went wrong inside and tells the client nothing of it."""

    def fail(error: Exception) -> Response:
        if isinstance(error, WouldBlock):
            raise error
        environ = request.environ
        _LOG.error("%s %s failed", environ["REQUEST_METHOD"], environ["PATH_INFO"], exc_info=error)
        turn: Turn | None = environ.get("matteproof.memory", {}).get("turn")
        if turn is None or turn.service is None or turn.entry.ending is not None:
            return _refuse(engine, Problem.INTERNAL, environ)
        refusal = turn.service.behaviour.refuse(Problem.INTERNAL, turn.request)
        turn.settled = replace(refusal, reason=f"{refusal.reason}: {type(error).__name__}; the server's log has more")
        turn.fault = Fault()
        turn.entry.reasons[:] = [reason for reason in turn.entry.reasons if reason.step != "answer"]
        return _respond(engine, turn, engine.handle(turn), environ)

    return fail


def _index(engine: Engine) -> Callable[[], str]:
    def index() -> str:
        return render_template("index.html", origin=origin_of(request.environ), services=engine.services.values())

    return index
