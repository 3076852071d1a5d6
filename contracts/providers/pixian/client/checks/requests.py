"""Where a client sends a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contracts.checks import KEPT, Broken, demand
from contracts.providers.pixian.client.checks.registry import CLIENT_CHECKS
from contracts.suggestion import did_you_mean

if TYPE_CHECKING:
    from contracts.checks import Finding
    from contracts.providers.pixian.client.checks.call import ClientCall

_PATH = "/api/v2/remove-background"


@CLIENT_CHECKS.each("request.endpoint")
def endpoint(call: ClientCall) -> Finding | None:
    """A try is a POST to the path of version 2; version 1 is another rule's matter, and a redirect nobody's."""
    if not call.is_try or call.is_v1 or call.is_led:
        return None
    request = call.request
    expected, received = f"POST {_PATH}", f"{request.method} {request.path}"
    hint = did_you_mean(request.path, [_PATH]).strip() if request.path != _PATH else ""
    return demand(call.is_removal, "request", expected, received, hint)


@CLIENT_CHECKS.each("request.v1")
def version(call: ClientCall) -> Finding | None:
    """A try goes to version 2."""
    if call.is_v1:
        return Broken("path", _PATH, call.request.path, "The parameters of version 2 have other names.")
    return KEPT if call.is_removal else None
