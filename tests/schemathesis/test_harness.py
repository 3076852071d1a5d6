"""The harness can fail: each deliberate fault of a server is found, by the check that is there for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from contracts.providers import discover
from mockserver.mock import Mock
from pictures import disc, encoded
from tests.schemathesis.engine import examine
from tests.schemathesis.knowledge import teach
from tests.schemathesis.terms import ALLOWANCES, CREDENTIALS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

teach()

PICTURE = encoded(disc((24, 18), (6, 4, 18, 14)))
COMPLETION = b'{"id":"xty-1000","object":"chat.completion","created":1,"model":"remove-bg","choices":[]}'


class Reply:
    """An answer on its way to the client, to be spoiled."""

    def __init__(self, environ: WSGIEnvironment, app: WSGIApplication) -> None:
        """Let *app* answer the request in *environ*."""
        self.status = ""
        self.fields: dict[str, str] = {}
        self.body = b"".join(app(environ, self._start))  # type: ignore[arg-type]  # write() is not used here

    def _start(self, status: str, fields: list[tuple[str, str]], _: object = None) -> None:
        self.status, self.fields = status, dict(fields)

    def send(self, start_response: StartResponse) -> Iterable[bytes]:
        """Pass the answer on."""
        self.fields.pop("Content-Length", None)
        start_response(self.status, list(self.fields.items()))
        return [self.body]


def spoiled(app: WSGIApplication, prefix: str, spoil: Callable[[Reply], None]) -> WSGIApplication:
    """Return *app* with every answer whose status begins with *prefix* spoiled."""

    def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        reply = Reply(environ, app)
        if reply.status.startswith(prefix):
            spoil(reply)
        return reply.send(start_response)

    return application


def without_header(name: str) -> Callable[[Reply], None]:
    """Return what takes the field *name* out."""
    return lambda reply: reply.fields.__delitem__(name)


def with_header(name: str, value: str) -> Callable[[Reply], None]:
    """Return what sets the field *name*."""
    return lambda reply: reply.fields.update({name: value})


def with_status(status: str) -> Callable[[Reply], None]:
    """Return what sets the status."""
    return lambda reply: setattr(reply, "status", status)


def with_body(body: bytes) -> Callable[[Reply], None]:
    """Return what sets the body."""
    return lambda reply: setattr(reply, "body", body)


FAULTS = {
    "a missing header": ("pixian", "200", without_header("X-Result-Size"), "response_headers_conformance"),
    "a malformed header": ("pixian", "200", with_header("X-Input-Size", "4x3"), "response_headers_conformance"),
    "a body that is no picture": ("pixian", "200", with_body(b"<html>"), "response_schema_conformance"),
    "half a picture": ("pixian", "200", with_body(PICTURE[:-40]), "response_schema_conformance"),
    "another kind of picture": ("pixian", "200", with_body(encoded(disc(), "GIF")), "response_schema_conformance"),
    "another media type": ("pixian", "200", with_header("Content-Type", "image/gif"), "content_type_conformance"),
    "an undocumented status": ("pixian", "200", with_status("202 Accepted"), "status_code_conformance"),
    "a failure": ("pixian", "200", with_status("500 Oops"), "not_a_server_error"),
    "a refusal without a reason": ("xty", "400", with_body(b'{"error":{}}'), "response_schema_conformance"),
    "a refusal that is no JSON": ("xty", "400", with_body(b"{"), "response_schema_conformance"),
    "wrong requests accepted": ("xty", "400", with_status("200 OK"), "negative_data_rejection"),
    "right requests refused": ("xty", "200", with_status("400 No"), "positive_data_acceptance"),
    "wrong methods accepted": ("xty", "405", with_status("200 OK"), "unsupported_method"),
    "no key needed": ("xty", "401", with_status("200 OK"), "ignored_auth"),
    "no id and secret needed": ("pixian", "401", with_status("200 OK"), "ignored_auth"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_found(fault: str) -> None:
    """The check named beside the fault has a finding."""
    provider, prefix, spoil, check = FAULTS[fault]
    with Mock() as mock:
        mock.app.wsgi_app = spoiled(mock.app.wsgi_app, prefix, spoil)  # type: ignore[method-assign, assignment]
        examination = examine(
            discover()[provider],
            mock.url,
            credentials=CREDENTIALS[provider],
            allowances=ALLOWANCES,
            phases=["examples", "coverage"] if provider == "xty" else ["examples"],
        )
    assert examination.troubles == []
    assert check in {finding.check for finding in examination.findings}
