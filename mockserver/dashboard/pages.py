"""The page ``/_mock/`` and its files; all that it shows it asks the control API for."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Blueprint, Response, redirect, request, send_from_directory

from mockserver.control.operation import refused
from mockserver.control.refusal import RefusalError

if TYPE_CHECKING:
    from flask import Flask
    from werkzeug.wrappers import Response as Redirect

    from mockserver.control import Access

PREFIX = "/_mock"
_FILES = Path(__file__).parent / "static"
_POLICY = (
    "default-src 'none'; "
    "script-src 'self'; "
    "style-src 'self'; "
    "img-src 'self' data: blob:; "
    "connect-src 'self'; "
    "base-uri 'none'; "
    "form-action 'none'; "
    "frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; "
    "trusted-types lit-html"
)
"""What the page may do: use files of its own. File names and parameters that it shows are hostile."""
_METHODS = ["GET"]


def register(app: Flask, access: Access) -> None:
    """Add the page to *app*, for those whom *access* lets in."""
    blueprint = Blueprint("dashboard", __name__, url_prefix=PREFIX)
    blueprint.add_url_rule("", "entrance", _entrance, methods=_METHODS, strict_slashes=True)
    blueprint.add_url_rule("/", "page", _page, methods=_METHODS)
    blueprint.add_url_rule("/static/<path:name>", "file", _file, methods=_METHODS)

    @blueprint.before_request
    def check() -> None:
        access.check(request.environ)

    @blueprint.after_request
    def protect(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = _POLICY
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        return response

    blueprint.register_error_handler(RefusalError, refused)
    app.register_blueprint(blueprint)


def _entrance() -> Redirect:
    """Send whoever left the slash out to where relative addresses work."""
    return redirect(f"{PREFIX}/", 308)


def _page() -> Response:
    return _file("index.html")


def _file(name: str) -> Response:
    """Return the file *name* of the page, which browsers ask for anew each time: it may be of another version."""
    if name not in _names():
        raise RefusalError(404, f"The page has no file {name!r}.", "name")
    response = send_from_directory(_FILES, name)
    response.headers["Cache-Control"] = "no-cache"
    return response


@cache
def _names() -> frozenset[str]:
    """Return the names of all files of the page, looked up once: no other name ever reaches the file system."""
    return frozenset(path.relative_to(_FILES).as_posix() for path in _FILES.rglob("*") if path.is_file())
