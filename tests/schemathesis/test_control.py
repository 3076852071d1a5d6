"""Schemathesis makes requests from the control API's own document and finds nothing wrong with the answers."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from contracts.openapi import OpenApi
from contracts.providers import discover
from mockserver.faults.words import FOLDER
from mockserver.mock import Mock
from tests.schemathesis.engine import PHASES, examine
from tests.schemathesis.terms import Allowance

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

    from tests.schemathesis.engine import Examination

CONTROL = replace(discover()["pixian"], name="control", folder=FOLDER)
"""What the harness needs of a provider is its name and where its document is."""

EXAMPLES = 4
"""Generated requests an operation; more than twenty operations make up for it."""

CREDENTIALS = {"token": {"bearer": "needless on loopback"}}

HASTE = {"/_mock/v1/journal/wait": {"timeout": 300.0}, "/_mock/v1/events": {"timeout": 300.0, "count": 1_000_000}}
"""Parameters of operations that wait, up to their maxima: 0 takes the place of good values, so a run takes seconds."""


_ACCEPTANCE = ("positive_data_acceptance", "Schema-valid request rejected", 400)
_NAMES = "Errors and settings belong to the providers, which the document does not know; it says what names look like."

ALLOWANCES = (
    Allowance("control", *_ACCEPTANCE, "is unknown.", _NAMES),
    Allowance("control", *_ACCEPTANCE, "There is no such setting", _NAMES),
    Allowance("control", *_ACCEPTANCE, "Allowed is one of", _NAMES),
    Allowance("control", *_ACCEPTANCE, "There is no scenario", "Scenarios are files, of which a user may add some."),
    Allowance("control", *_ACCEPTANCE, "The mode real has the speed 1", "JSON Schema would say it less clearly."),
    Allowance("control", *_ACCEPTANCE, "is no moment", "No pattern can tell how many days a month has."),
    Allowance(
        "control",
        "use_after_free",
        "Deleted resource still available",
        200,
        "",
        "To delete a tenant resets it, and to look at one that nobody has heard of opens it.",
    ),
)
"""What is no fault, and why."""


def hastened(query: str, name: str, most: float) -> str:
    """Return *query* with 0 for the parameter *name*, unless that has a value that is none up to *most*."""
    others = [pair for pair in query.split("&") if pair and pair.partition("=")[0] != name]
    values = [pair.partition("=")[2] for pair in query.split("&") if pair.partition("=")[0] == name]
    form = r"[0-9]{1,9}" if isinstance(most, int) else r"[0-9]{1,9}(?:\.[0-9]+)?"
    good = all(re.fullmatch(form, value) and float(value) <= most for value in values)
    return "&".join([*others, f"{name}=0"]) if good and len(values) < 2 else query


def hasty(app: WSGIApplication) -> Callable[[WSGIEnvironment, StartResponse], Iterable[bytes]]:
    """Return *app*, which never waits for something to happen; what was asked is still checked."""

    def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        for name, most in HASTE.get(environ["PATH_INFO"], {}).items():
            environ["QUERY_STRING"] = hastened(environ["QUERY_STRING"], name, most)
        return app(environ, start_response)

    return application


def examined() -> Examination:
    """Return what a run in all phases came to, on a mock of its own: some requests stop its clock or forget all."""
    with Mock() as mock:
        mock.app.wsgi_app = hasty(mock.app.wsgi_app)  # type: ignore[method-assign, assignment]
        return examine(
            CONTROL, f"{mock.url}/_mock/v1", credentials=CREDENTIALS, allowances=ALLOWANCES, examples=EXAMPLES
        )


@pytest.mark.thorough
def test_nothing_is_found() -> None:
    """No check objects, in any phase; and the run is not vacuous: every operation of the document has succeeded."""
    examination = examined()
    assert examination.troubles == []
    assert not examination.findings, "\n\n".join(map(str, examination.findings))
    succeeded = {operation for _, operation, status in examination.answers if 200 <= status < 300}
    assert succeeded == {f"{one.method} {one.path}" for one in OpenApi(FOLDER, "control").operations}
    assert {phase for phase, _, _ in examination.answers} == set(PHASES)
