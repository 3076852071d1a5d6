"""Pages that show OpenAPI documents and let one try them, with Swagger UI from an installed package."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Response, render_template, send_from_directory

from mockserver.control.operation import NOT_FOUND, PREFIX
from mockserver.control.refusal import RefusalError

if TYPE_CHECKING:
    from flask import Blueprint

_POLICY = (
    "default-src 'none'; "
    "script-src 'self'; "
    "style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; "
    "connect-src 'self'; "
    "base-uri 'none'; "
    "form-action 'none'; "
    "frame-ancestors 'none'"
)
"""What the pages may do; Swagger UI writes styles into its elements."""
_HOME = f"{PREFIX.rpartition('/')[0]}/#/learn"
"""Where the documents are found on the page of the server."""
_OWN = Path(__file__).parent / "docs_files"
"""Our own script and styles beside those of Swagger UI."""


def add_docs(blueprint: Blueprint) -> None:
    """Add the page ``docs`` of the control API, and the files that all such pages need."""
    blueprint.add_url_rule("/docs", "docs", lambda: page("matteproof control API"), methods=["GET"])
    blueprint.add_url_rule("/docs/<name>", "docs file", _file, methods=["GET"])


def page(title: str) -> Response:
    """Return the page, called *title*, that shows the document ``openapi.json`` beside it.

    Raises:
        RefusalError: Swagger UI is not installed.
    """
    _folder()
    response = Response(
        render_template("docs.html", title=title, files=f"{PREFIX}/docs", home=_HOME),
        content_type="text/html; charset=utf-8",
    )
    response.headers["Content-Security-Policy"] = _POLICY
    return response


def _file(name: str) -> Response:
    folder = next((one for one in (_OWN, _folder()) if name in _names(one)), None)
    if folder is None:
        raise RefusalError(NOT_FOUND, f"The page has no file {name!r}.", "name")
    # Our own may be of another version the next time: browsers are to ask for them anew.
    return send_from_directory(folder, name, max_age=None if folder == _OWN else 3600)


@cache
def _names(folder: Path) -> frozenset[str]:
    """Return the names of the files in *folder*: no other name ever reaches the file system."""
    return frozenset(path.name for path in folder.iterdir() if path.is_file())


def _folder() -> Path:
    """Return where Swagger UI is, without importing the package that brings it."""
    found = find_spec("flask_swagger_ui")
    if found is None or found.origin is None:
        raise RefusalError(NOT_FOUND, "The package flask-swagger-ui is not installed, so there is nothing to show.")
    return Path(found.origin).parent / "dist"
