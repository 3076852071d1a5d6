"""Who may use the control API.

A browser lets any page send requests to loopback, and a name server can make a page's own name mean loopback. So a
request that names another host than this machine, or that comes from a page of another origin, is refused; beyond
loopback only a token opens the door.
"""

from __future__ import annotations

import base64
import hmac
import re
from contextlib import suppress
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from contracts.redaction import in_text
from mockserver.control.refusal import RefusalError

if TYPE_CHECKING:
    from collections.abc import Collection
    from wsgiref.types import WSGIEnvironment

_FORBIDDEN, _UNAUTHORISED, _MISDIRECTED = 403, 401, 421
_CHALLENGES = (
    ("WWW-Authenticate", 'Bearer realm="matteproof"'),
    ("WWW-Authenticate", 'Basic realm="matteproof", charset="UTF-8"'),
)
"""How the token can be sent; browsers ask their user for it as the password of Basic."""


_ORIGIN = re.compile(r"(?P<scheme>https?)://(?P<host>[a-z0-9_.-]+|\[[0-9a-f:.]+\])(?::(?P<port>[0-9]{1,5}))?")
_USUAL_PORTS = {"http": "80", "https": "443"}
_HIGHEST_PORT = 65_535


class Access:
    """Lets requests in, or refuses them."""

    def __init__(self, token: str = "", origins: Collection[str] = ()) -> None:
        """Demand *token* unless it is empty; let pages of *origins* in besides those of the server itself.

        Raises:
            ValueError: one of *origins* is none.
        """
        self._token = token
        # Clients write what is not ASCII in either way; RFC 9110 says nothing, RFC 7617 wants UTF-8.
        self._spellings = {token.encode(errors="surrogateescape")}
        with suppress(UnicodeEncodeError):
            self._spellings.add(token.encode("latin-1"))
        self._origins = frozenset(map(origin, origins))

    def allows_origin(self, sender: str) -> bool:
        """Tell whether pages of *sender* were let in by the user."""
        return sender in self._origins

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
        sender = environ.get("HTTP_ORIGIN")
        own = f"{environ['wsgi.url_scheme']}://{host}"
        if sender is not None and sender != own and sender not in self._origins:
            raise RefusalError(
                _FORBIDDEN,
                f"Pages of {sender} may not use the control API; start the server with --allow-origin to let them.",
                "Origin",
            )

    def _check_token(self, header: str) -> None:
        sent = _token_in(header)
        if not any(hmac.compare_digest(sent, spelling) for spelling in self._spellings):
            raise RefusalError(
                _UNAUTHORISED,
                "Send the token that the server was started with, or that it printed: Authorization: Bearer TOKEN, "
                "or HTTP Basic with any user name and the token as the password.",
                "Authorization",
                _CHALLENGES,
            )


def _token_in(header: str) -> bytes:
    """Return the token in the field ``Authorization``, or nothing; WSGI has the bytes of *header* as Latin-1."""
    scheme, _, sent = header.encode("latin-1", "backslashreplace").partition(b" ")
    if scheme.lower() == b"bearer":
        return sent.strip(b" \t")
    if scheme.lower() != b"basic":
        return b""
    try:
        return base64.b64decode(sent.strip(b" \t"), validate=True).partition(b":")[2]
    except ValueError:
        return b""


def origin(text: str) -> str:
    """Return the origin *text* as browsers write it.

    Raises:
        ValueError: it is none.
    """
    found = _ORIGIN.fullmatch(text.lower())
    if found is None or int(found["port"] or 0) > _HIGHEST_PORT:
        raise ValueError(
            f"{in_text(text)!r} is no origin: scheme, host and perhaps a port, without a path, such as http://localhost:3000."
        )
    usual = found["port"] == _USUAL_PORTS[found["scheme"]]
    return f"{found['scheme']}://{found['host']}" if usual else found[0]


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
