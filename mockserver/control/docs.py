"""A page that shows the control API's document and lets one try it, with Swagger UI from an installed package."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Response, send_from_directory

from mockserver.control.refusal import RefusalError

if TYPE_CHECKING:
    from flask import Blueprint

_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>matteproof control API</title>
  <link rel="icon" type="image/png" href="docs/favicon-32x32.png">
  <link rel="stylesheet" href="docs/swagger-ui.css">
</head>
<body>
  <div id="swagger-ui"></div>
  <script src="docs/swagger-ui-bundle.js"></script>
  <script>
    const server = new URL(".", location.href).href.replace(/\\/$/, "");
    fetch("openapi.json").then(answer => answer.json()).then(spec => {
      spec.servers = [{ url: server, description: "This server." }];
      SwaggerUIBundle({ spec, dom_id: "#swagger-ui", docExpansion: "list", tryItOutEnabled: true });
    });
  </script>
</body>
</html>
"""


def add_docs(blueprint: Blueprint) -> None:
    """Add the page ``docs`` and the files it needs."""
    blueprint.add_url_rule("/docs", "docs", _page, methods=["GET"])
    blueprint.add_url_rule("/docs/<name>", "docs file", _file, methods=["GET"])


def _page() -> Response:
    return Response(_PAGE, content_type="text/html; charset=utf-8")


def _file(name: str) -> Response:
    folder = _folder()
    if not (folder / name).is_file():
        raise RefusalError(404, f"The page has no file {name!r}.", "name")
    return send_from_directory(folder, name, max_age=3600)


def _folder() -> Path:
    """Return where Swagger UI is, without importing the package that brings it."""
    found = find_spec("flask_swagger_ui")
    if found is None or found.origin is None:
        raise RefusalError(404, "The package flask-swagger-ui is not installed, so there is nothing to show.")
    return Path(found.origin).parent / "dist"
