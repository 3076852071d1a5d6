"""How a client reaches the provider: over TLS, with the server's name."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from contracts.addresses import is_public
from contracts.checks import KEPT, Broken, demand
from contracts.providers.pixian.client.checks.registry import CLIENT_CHECKS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from contracts.checks import Finding
    from contracts.providers.pixian.client.checks.call import ClientCall


@CLIENT_CHECKS.together("transport.https")
def https(calls: Sequence[ClientCall]) -> Iterator[tuple[ClientCall, Finding]]:
    """Where the job has an https address, or none is known and the host is a public one, all requests go over TLS."""
    for call in calls:
        there = urlsplit(call.job.origin if call.job is not None else call.request.origin)
        if there.scheme == "https" or (call.job is None and is_public(there.hostname or "")):
            scheme = urlsplit(call.request.origin).scheme
            yield call, demand(scheme == "https", "scheme", "https", scheme, "Credentials and picture can be read.")
    shakes = calls[0].timeline.handshakes if calls else None
    if shakes is not None and shakes.plain and _is_secure(calls[0]):
        yield calls[0], Broken("connection", "TLS on every one", f"{shakes.plain} requests without TLS")


@CLIENT_CHECKS.together("transport.sni")
def sni(calls: Sequence[ClientCall]) -> Iterator[tuple[ClientCall, Finding]]:
    """No TLS handshake was without the name of the server, where the job's address has a name."""
    shakes = calls[0].timeline.handshakes if calls else None
    if shakes is None or not shakes.named + shakes.nameless or not _is_secure(calls[0]):
        return
    received = f"{shakes.nameless} of {shakes.named + shakes.nameless} handshakes without it"
    broken = Broken("TLS handshake", "the name of the server (SNI)", received)
    yield calls[0], broken if shakes.nameless else KEPT


def _is_secure(call: ClientCall) -> bool:
    """Tell whether the job's address is an https one."""
    return call.job is not None and urlsplit(call.job.origin).scheme == "https"
