"""Fixtures for the whole suite, and the watch that every answer of the mock keeps to the provider's own contract."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from flask import request, request_finished
from hypothesis import HealthCheck, settings

from contracts.model import Headers, Response
from contracts.openapi import OpenApi
from contracts.providers import discover
from mockserver.mock import Mock

if TYPE_CHECKING:
    from collections.abc import Iterator

    import flask

pytest_plugins = ["pytester"]

_DOCUMENTS = {name: OpenApi(provider.folder, name) for name, provider in discover().items()}
_OPERATIONS = {
    f"{name}.{operation.id}": operation for name, document in _DOCUMENTS.items() for operation in document.operations
}
_BY_PATH = {operation.path: operation for operation in _OPERATIONS.values()}
_PREFLIGHT = "OPTIONS"
_THOROUGH = "MATTEPROOF_THOROUGH"
_IS_THOROUGH = os.environ.get(_THOROUGH) == "1"

# The same examples every time, so that a change is blamed for its own faults only; and a busy machine is none.
settings.register_profile(
    "steady",
    max_examples=100 if _IS_THOROUGH else 40,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("steady")


def pytest_report_header() -> str:
    """Say whether all tests are run."""
    return "thorough tests: " + ("run" if _IS_THOROUGH else f"left out; {_THOROUGH}=1 runs them")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Return one worker more than there are processors: many tests wait, for servers, browsers and other programs."""
    return (os.cpu_count() or 1) + 1


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what takes long, unless all tests are wanted, or just such, by marker or by name."""
    if _IS_THOROUGH or "thorough" in config.option.markexpr or any("::" in one for one in config.args):
        return
    left_out = [item for item in items if item.get_closest_marker("thorough")]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if not item.get_closest_marker("thorough")]


@pytest.fixture(scope="session")
def mock() -> Iterator[Mock]:
    """A running mock of all providers; each test takes credentials of its own."""
    with Mock() as running:
        yield running


@pytest.fixture(autouse=True)
def _answers_keep_the_contract() -> Iterator[None]:
    """Fail any test during which a mock in this process gave an answer that its OpenAPI document does not allow."""
    broken: list[str] = []

    def judge(_: flask.Flask, response: flask.Response, **__: object) -> None:
        # A refused method has no endpoint, but its path's operations say what the refusal is like.
        operation = _OPERATIONS.get(request.endpoint or "") or _BY_PATH.get(request.environ["PATH_INFO"])
        if operation is None or request.method == _PREFLIGHT:
            return
        answer = Response(response.status_code, Headers.of(response.headers.items()), response.get_data())
        errors = _DOCUMENTS[operation.provider].response_errors(operation, answer)
        broken.extend(f"{operation.method} {operation.path} -> {answer.status}: {error}" for error in errors)

    with request_finished.connected_to(judge):
        yield
    assert not broken, "\n".join(broken)
