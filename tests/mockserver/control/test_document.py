"""The control API is what its document says: every operation, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from openapi_spec_validator import validate

from tests.mockserver.control.asking import DOCUMENT, OPERATIONS, happened, operation_of, remove

if TYPE_CHECKING:
    from mockserver.mock import Mock
    from tests.mockserver.control.asking import Control

REQUESTS: dict[str, tuple[str, object]] = {
    "getHealth": ("/health", None),
    "resetServer": ("/reset", None),
    "setSeed": ("/seed", {"seed": 42}),
    "getEvents": ("/events?count=0", None),
    "listProviders": ("/providers", None),
    "getProviderDocument": ("/providers/pixian/openapi.json", None),
    "listRules": ("/providers/xty/rules", None),
    "listSources": ("/providers/pixian/sources", None),
    "listErrors": ("/providers/xty/errors", None),
    "listTenants": ("/tenants", None),
    "getTenant": ("/tenants/anna", None),
    "changeTenant": ("/tenants/anna", {"credits": "0.5"}),
    "resetTenant": ("/tenants/anna", None),
    "setScript": ("/tenants/anna/script", ["429", {"fault": "truncate", "after": 10}, "ok"]),
    "setTenantScenario": ("/tenants/anna/scenario", {"name": "busy"}),
    "setScenario": ("/scenario", {"name": "busy"}),
    "listScenarios": ("/scenarios", None),
    "getScenario": ("/scenarios/busy", None),
    "listFaults": ("/faults", None),
    "addFault": ("/faults", {"fault": "slow-down", "match": {"provider": "pixian"}, "count": 2}),
    "deleteFaults": ("/faults", None),
    "getClock": ("/clock", None),
    "setClock": ("/clock", {"mode": "scaled", "speed": 60}),
    "advanceClock": ("/clock/advance", {"seconds": 5}),
    "listExchanges": ("/journal", None),
    "clearJournal": ("/journal", None),
    "waitForExchanges": ("/journal/wait?count=0", None),
    "getVerdict": ("/verdict?tenant=anna", None),
    "getHar": ("/journal.har", None),
    "deleteFault": ("/faults/1", None),
    "getExchange": ("/journal/{number}", None),
    "getInput": ("/journal/{number}/input", None),
    "getResult": ("/journal/{number}/result?show=1", None),
    "getExchangeCode": ("/journal/{number}/code", None),
    "getExchangeFix": ("/journal/{number}/fix", None),
}
"""For each operation a request that succeeds; the number is that of an exchange there is."""

WRONG_METHODS = [
    ("POST", "/health", "GET"),
    ("GET", "/reset", "POST"),
    ("DELETE", "/seed", "PUT"),
    ("POST", "/tenants/anna", "DELETE, GET, PATCH"),
    ("GET", "/tenants/anna/script", "PUT"),
    ("PATCH", "/faults", "DELETE, GET, POST"),
    ("PUT", "/journal.har", "GET"),
    ("DELETE", "/journal/3", "GET"),
    ("POST", "/clock", "GET, PUT"),
    ("POST", "/openapi.json", "GET"),
    ("DELETE", "/docs", "GET"),
    ("PUT", "/docs/swagger-ui.css", "GET"),
    ("TRACE", "/health", "GET"),
    ("BREW", "/tenants/anna", "DELETE, GET, PATCH"),
]


def test_each_operation_has_a_request_here() -> None:
    """No operation of the document goes untested."""
    assert set(REQUESTS) == set(OPERATIONS)


@pytest.mark.parametrize("name", REQUESTS)
def test_an_operation_answers_as_documented(mock: Mock, control: Control, name: str) -> None:
    """A good request is carried out, and the answer is one that the document allows."""
    remove(mock, "anna", test="true")
    control.tell("POST", "/faults", {"fault": "429", "match": {"tenant": "nobody"}})
    number = happened(control, 1)[-1]["number"]
    path, body = REQUESTS[name]
    method, plain = OPERATIONS[name].method, path.partition("?")[0].replace("{number}", str(number))
    assert operation_of(method, plain) == OPERATIONS[name]
    answer = control.ask(method, path.replace("{number}", str(number)), **({} if body is None else {"json": body}))
    assert answer.status_code == (201 if name == "addFault" else 200)


def test_the_document_is_valid_openapi() -> None:
    """What clients are generated from keeps to the OpenAPI specification."""
    validate(dict(DOCUMENT.document))


def test_the_server_hands_out_its_document(control: Control) -> None:
    """``openapi.json`` is the document that requests and answers are checked by, with the server it came from."""
    own = {"url": control.base, "description": "This server."}
    assert control.tell("GET", "/openapi.json") == {**DOCUMENT.document, "servers": [own]}


def test_health_names_version_providers_and_clock(control: Control) -> None:
    """A script that waits for the server learns what it has got hold of."""
    health = control.tell("GET", "/health")
    assert health["providers"] == ["pixian", "xty"]
    assert health["version"]
    assert health["clock"]["mode"] == "real"


@pytest.mark.parametrize("path", ["/nothing", "/health/", "/tenants/", "/tenants/a/b", "/journal/", "/scenarios/a/b"])
def test_an_unknown_path_says_where_to_look(control: Control, path: str) -> None:
    """The refusal names the document, which names every path."""
    _, message = control.refuse("GET", path, 404)
    assert path in message
    assert "openapi.json" in message


@pytest.mark.parametrize(("method", "path", "allowed"), WRONG_METHODS)
def test_a_wrong_method_is_told_the_right_ones(control: Control, method: str, path: str, allowed: str) -> None:
    """The refusal has the field ``Allow``, as HTTP demands, and a sentence."""
    answer = control.ask(method, path)
    assert answer.status_code == 405
    assert answer.headers["Allow"] == allowed
    assert allowed in answer.json()["error"]["message"]


@pytest.mark.parametrize("path", ["/health", "/tenants/anna", "/journal", "/openapi.json", "/journal/wait?count=9"])
def test_head_is_get_without_a_body(control: Control, path: str) -> None:
    """``HEAD`` gets the status and no body, and waits for nothing."""
    answer = control.ask("HEAD", path)
    assert answer.status_code == 200
    assert not answer.content


@pytest.mark.parametrize(
    ("method", "path", "name", "allowed"),
    [
        ("GET", "/journal?tennant=anna", "tennant", "tenant, provider, operation, status, search, before, limit"),
        ("DELETE", "/journal?status=429", "status", "tenant"),
        ("GET", "/journal/wait?limit=3", "limit", "count, timeout, tenant, operation, status"),
        ("GET", "/journal.har?limit=3", "limit", "tenant, provider, operation, status, search, number"),
        ("GET", "/events?tenant=anna", "tenant", "count, timeout"),
    ],
)
def test_an_unknown_parameter_is_refused(control: Control, method: str, path: str, name: str, allowed: str) -> None:
    """A typing error in a filter is no filter that fits everything; the sentence lists what there is."""
    field, message = control.refuse(method, path)
    assert field == name
    assert f"allowed are {allowed}." in message


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("/journal?status=abc", "status"),
        ("/journal?status=99", "status"),
        ("/journal?status=600", "status"),
        ("/journal?tenant=", "tenant"),
        ("/journal?limit=0", "limit"),
        ("/journal?provider=", "provider"),
        ("/journal?search=", "search"),
        (f"/journal?search={'x' * 201}", "search"),
        ("/journal?before=-1", "before"),
        ("/journal?before=soon", "before"),
        ("/journal?before=9007199254740992", "before"),
        ("/journal.har?number=first", "number"),
        ("/journal?limit=1e3", "limit"),
        ("/journal?limit=99999999999999999999", "limit"),
        (f"/journal?operation={'x' * 101}", "operation"),
        ("/journal/wait?count=-1", "count"),
        ("/journal/wait?count=1.0", "count"),
        ("/journal/wait?timeout=-1", "timeout"),
        ("/journal/wait?timeout=301", "timeout"),
        ("/journal/wait?timeout=inf", "timeout"),
        ("/journal/wait?timeout=soon", "timeout"),
        ("/events?count=many", "count"),
        ("/events?count=1&timeout=", "timeout"),
    ],
)
def test_a_wrong_parameter_is_named(control: Control, query: str, name: str) -> None:
    """The refusal says which parameter is wrong, before anything is waited for."""
    field, message = control.refuse("GET", query)
    assert field == name
    assert f"The parameter {name} is wrong" in message
