"""All operations of the control API, and the door before them."""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING

from flask import Blueprint, Response, request
from werkzeug.exceptions import HTTPException
from werkzeug.routing import BaseConverter

from mockserver.adapt import SLASH, origin_of
from mockserver.control import (
    code,
    faults,
    fix,
    journal,
    pictures,
    providers,
    scenarios,
    server,
    tenants,
    time,
    verdict,
)
from mockserver.control.asked import document
from mockserver.control.docs import add_docs
from mockserver.control.operation import NOT_FOUND, PREFIX, add, refused
from mockserver.control.refusal import RefusalError
from mockserver.wire import WouldBlock

if TYPE_CHECKING:
    from flask import Flask

    from mockserver.control.access import Access
    from mockserver.control.operation import Control

_LOG = logging.getLogger("matteproof.control")
_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
_PAGES = ("/openapi.json", "/docs", "/docs/{name}", "/providers/{name}/docs")
"""What can be read besides the operations of the document."""


class _Rest(BaseConverter):
    """Any end of a path, slashes and all."""

    regex = ".*?"
    part_isolating = False

    def to_python(self, value: str) -> str:
        """Return *value* as it was sent."""
        return value.replace(SLASH, "%2F")


class _Name(BaseConverter):
    """An id, which may hold slashes that came with percent signs."""

    def to_python(self, value: str) -> str:
        """Return the id."""
        return value.replace(SLASH, "/")


def register(app: Flask, control: Control, access: Access) -> None:
    """Add the control API to *app*, for those whom *access* lets in."""
    app.url_map.converters["name"] = _Name
    blueprint = Blueprint("control", __name__, url_prefix=PREFIX)
    for module in (server, providers, tenants, faults, scenarios, time, journal, pictures, code, fix, verdict):
        module.add_routes(blueprint, control)
    add(blueprint, "GET", "/openapi.json", _own_document)
    add_docs(blueprint)

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
        # Pages of other origins cannot read pictures that they embed, but would learn their sizes.
        response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        return response

    blueprint.register_error_handler(RefusalError, refused)
    blueprint.register_error_handler(Exception, _failed)
    app.register_blueprint(blueprint)
    _catch_all(app, f"{blueprint.name}.unknown")


def _catch_all(app: Flask, endpoint: str) -> None:
    """Have all that is no operation refused here, by rules of Werkzeug: those of Flask want their methods named."""
    app.url_map.converters["rest"] = _Rest
    app.view_functions[endpoint] = _unknown
    for path in (PREFIX, f"{PREFIX}/<rest:rest>"):
        app.url_map.add(app.url_rule_class(path, endpoint=endpoint, strict_slashes=True))


def _own_document() -> object:
    """Return the document with this server in place of one that was started with the defaults."""
    return {**document(), "servers": [{"url": origin_of(request.environ) + PREFIX, "description": "This server."}]}


def _unknown(rest: str = "") -> Response:
    """Refuse what is no operation: a path that is none, or a method that its path has not."""
    path = f"/{rest}"
    for template, item in {**document()["paths"], **dict.fromkeys(_PAGES, ("get",))}.items():
        if re.fullmatch(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(template)), path):
            methods = sorted(method.upper() for method in item if method.upper() in _METHODS)
            if request.environ["REQUEST_METHOD"] in methods:
                field = template.rpartition("{")[2].partition("}")[0]
                raise RefusalError(NOT_FOUND, f"There is nothing at {path}.", field)
            allowed = ", ".join(methods)
            raise RefusalError(405, f"{path} has the methods {allowed} only.", headers=(("Allow", allowed),))
    raise RefusalError(NOT_FOUND, f"There is nothing at {path}; {PREFIX}/openapi.json says what there is.")


def _failed(error: Exception) -> Response:
    """Answer that something went wrong inside, of which the log has more."""
    if isinstance(error, WouldBlock):
        raise error
    if isinstance(error, HTTPException):
        return refused(RefusalError(error.code or 500, error.description or "The request cannot be answered."))
    environ = request.environ
    _LOG.error("%s %s failed", environ["REQUEST_METHOD"], environ["PATH_INFO"], exc_info=error)
    problem = f"The server has made a mistake: {type(error).__name__}. Its log has more; please report it."
    return refused(RefusalError(500, problem))


def _preflight(access: Access) -> Response:
    """Answer what a browser asks before it lets a page of another origin in."""
    response = Response(status=204)
    if access.allows_origin(request.headers.get("Origin", "")):
        response.headers["Access-Control-Allow-Methods"] = "GET, POST, PUT, PATCH, DELETE"
        response.headers["Access-Control-Allow-Headers"] = "Authorization, Content-Type"
    return response
