"""Mutants that read forms in other ways than documented."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from contracts.model import Headers, Request, Response
from contracts.multipart import Field, FormError, read_form
from tests.mutants.changes import field, with_fields, with_text
from tests.mutants.mutant import Mutant
from tests.mutants.pixian.access import error, recoded

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.mutants.mutant import Ask

_KNOWN = frozenset({"image", "image.base64", "image.url", "test", "output.format", "output.jpeg_quality", "max_pixels"})


def _kind(request: Request) -> str:
    return (request.headers.get("Content-Type") or "").partition(";")[0]


def _without_kind(kind: str, *, but_files: bool = False) -> Callable[[Request, Ask], Response]:
    """Return a server that does not take forms of the media type *kind*, or only those with a file."""

    def answer(request: Request, ask: Ask) -> Response:
        exempt = but_files and b"filename=" in request.body
        return error(415, 1019) if _kind(request) == kind and not exempt else ask(request)

    return answer


def _patient(request: Request, ask: Ask) -> Response:
    """Answer what is no form with 500."""
    try:
        read_form(request)
    except FormError:
        return error(500, -4) if request.method == "POST" and request.body else ask(request)
    return ask(request)


def _obliging(request: Request, ask: Ask) -> Response:
    """Take parameters from the query, too."""
    more = [Field(name, value.encode()) for name, value in parse_qsl(request.query)]
    named = {one.name for one in more}
    return ask(with_fields(request, lambda one: None if one.name in named else one, *more) if more else request)


def _strict(request: Request, ask: Ask) -> Response:
    try:
        unknown = request.path.startswith("/api/v2") and any(one.name not in _KNOWN for one in read_form(request))
    except FormError:
        unknown = False
    return error(400, 1019) if unknown else ask(request)


def _within(request: Request, ask: Ask) -> Response:
    """Bring max_pixels into range."""
    value = field(request, "max_pixels")
    if value is None or not value.isdigit():
        return ask(request)
    return ask(with_text(request, "max_pixels", lambda text: str(min(max(int(text), 100), 25_000_000))))


def _any_case(request: Request, ask: Ask) -> Response:
    return ask(with_text(request, "result.crop_to_foreground", str.lower))


def _last(request: Request, ask: Ask) -> Response:
    """Take the last of several fields of one name."""
    try:
        counts = Counter(one.name for one in read_form(request))
    except FormError:
        return ask(request)
    seen: Counter[str] = Counter()

    def is_last(one: Field) -> Field | None:
        seen[one.name] += 1
        return one if seen[one.name] == counts[one.name] else None

    return ask(with_fields(request, is_last) if max(counts.values(), default=0) > 1 else request)


def _forgiving(request: Request, ask: Ask) -> Response:
    """Take a multipart body without its end."""
    response = ask(request)
    if response.status != 400 or _kind(request) != "multipart/form-data" or request.body.endswith(b"--\r\n"):
        return response
    return Response(200, Headers.of([("Content-Type", "image/png")]), b"\x89PNG\r\n\x1a\n")


def _wide(request: Request, ask: Ask) -> Response:
    """Refuse wrong parameters with 422."""
    response = ask(request)
    return replace(response, status=422) if b"1019" in response.body else response


MUTANTS = (
    Mutant("pixian.server.request.multipart", "no multipart", _without_kind("multipart/form-data")),
    Mutant("pixian.server.request.multipart", "no text alone", _without_kind("multipart/form-data", but_files=True)),
    Mutant(
        "pixian.server.request.urlencoded", "no urlencoded forms", _without_kind("application/x-www-form-urlencoded")
    ),
    Mutant("pixian.server.request.not-a-form", "500 for what is no form", _patient),
    Mutant("pixian.server.request.not-a-form", "bodies without an end", _forgiving),
    Mutant("pixian.server.request.query-ignored", "parameters from the query", _obliging),
    Mutant("pixian.server.parameter.unknown", "unknown parameters refused", _strict),
    Mutant("pixian.server.parameter.invalid", "brought into range", _within),
    Mutant("pixian.server.parameter.invalid", "another code", recoded(1019, 1006)),
    Mutant("pixian.server.parameter.invalid", "another status", _wide),
    Mutant("pixian.server.parameter.boolean", "True", _any_case),
    Mutant("pixian.server.parameter.repeated", "the last one counts", _last),
)
