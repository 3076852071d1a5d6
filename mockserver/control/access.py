"""Who may use the control API.

A browser lets any page send requests to loopback, and a name server can make a page's own name mean loopback. So a
request that names another host than this machine, or that comes from a page of another origin, is refused; beyond
loopback only a token opens the door.
"""

from __future__ import annotations

import hmac
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from mockserver.control.refusal import RefusalError

if TYPE_CHECKING:
    from collections.abc import Collection
    from wsgiref.types import WSGIEnvironment

_FORBIDDEN, _UNAUTHORISED, _MISDIRECTED = 403, 401, 421


class Access:
    """Lets requests in, or refuses them."""

    def __init__(self, token: str = "", origins: Collection[str] = ()) -> None:
        """Demand *token* unless it is empty; let pages of *origins* in besides those of the server itself."""
        self._token = token
        self._origins = frozenset(origins)

    def allows_origin(self, origin: str) -> bool:
        """Tell whether pages of *origin* were let in by the user."""
        return origin in self._origins

    def check(self, environ: WSGIEnvironment) -> None:
        """Raise a :class:`RefusalError` unless the request that *environ* describes may be carried out."""
        host = environ.get("HTTP_HOST", "")
        if self._token:
            self._check_token(environ.get("HTTP_AUTHORIZATION", ""))
        elif not is_loopback(_hostname(host)):
            raise RefusalError(
                _MISDIRECTED,
                f"The control API answers for this machine only, not for {host!r}; use localhost, or start the server "
                "with --token and send that.",
                "Host",
            )
        origin = environ.get("HTTP_ORIGIN")
        own = f"{environ['wsgi.url_scheme']}://{host}"
        if origin is not None and origin != own and origin not in self._origins:
            raise RefusalError(
                _FORBIDDEN,
                f"Pages of {origin} may not use the control API; start the server with --allow-origin to let them.",
                "Origin",
            )

    def _check_token(self, header: str) -> None:
        scheme, _, token = header.partition(" ")
        genuine = hmac.compare_digest(token.strip().encode(), self._token.encode())
        if scheme.lower() != "bearer" or not genuine:
            raise RefusalError(
                _UNAUTHORISED,
                "Send the token that the server was started with, or that it printed: Authorization: Bearer TOKEN.",
                "Authorization",
            )


def is_loopback(host: str) -> bool:
    """Tell whether *host*, a name or an address, always means this machine."""
    name = host.lower().rstrip(".")
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False


def _hostname(host: str) -> str:
    """Return the name in a field ``Host``, or nothing if it is malformed."""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""
