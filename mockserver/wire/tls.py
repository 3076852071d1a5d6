"""TLS handshakes that fail audibly, and are counted."""

from __future__ import annotations

import ssl
from collections import Counter
from typing import ClassVar, Literal

Kind = Literal["named", "nameless", "plain"]
"""With a server name, without, or no handshake at all: HTTP where TLS is spoken."""

_PLAIN_HTTP = "HTTP_REQUEST"
"""OpenSSL's word for a client that does not speak TLS, to whom it sends no alert."""


class AlertingObject(ssl.SSLObject):
    """A TLS connection whose alert gets out when the handshake fails.

    Event loops drop a connection as soon as ``do_handshake`` raises, with the alert still unsent. So the failure first
    passes for a wish to read more, on which they send what there is, and is raised at the next call.
    """

    handshakes: ClassVar[Counter[Kind]]
    _failure: ssl.SSLError | None = None

    def do_handshake(self) -> None:
        """Take the handshake one step further."""
        if self._failure is not None:
            raise self._failure
        try:
            super().do_handshake()
        except (ssl.SSLWantReadError, ssl.SSLWantWriteError):
            raise
        except ssl.SSLError as error:
            if error.reason == _PLAIN_HTTP:
                self.handshakes["plain"] += 1
                raise
            self._failure = error
            raise ssl.SSLWantReadError from error


def prepare(context: ssl.SSLContext, *, require_server_name: bool) -> Counter[Kind]:
    """Have *context* send its alerts, and with *require_server_name* refuse handshakes without SNI; count what comes.

    The refusal is the alert ``unrecognized_name`` (RFC 6066, section 3); it takes the place of any ``sni_callback``.
    Names are only looked for where they are required.
    """
    handshakes: Counter[Kind] = Counter()

    def check_server_name(_: ssl.SSLObject | ssl.SSLSocket, name: str | None, __: ssl.SSLContext) -> int | None:
        handshakes["nameless" if name is None else "named"] += 1
        return ssl.ALERT_DESCRIPTION_UNRECOGNIZED_NAME if name is None else None

    context.sslobject_class = type("CountedObject", (AlertingObject,), {"handshakes": handshakes})
    if require_server_name:
        context.sni_callback = check_server_name
    return handshakes
