"""TLS handshakes."""

from __future__ import annotations

import ssl


def require_server_name(context: ssl.SSLContext) -> None:
    """Have *context* refuse handshakes without a server name (SNI), by the alert ``unrecognized_name`` (RFC 6066).

    It takes the place of any ``sni_callback`` the context has.
    """

    def check(_: ssl.SSLObject | ssl.SSLSocket, name: str | None, __: ssl.SSLContext) -> int | None:
        return ssl.ALERT_DESCRIPTION_UNRECOGNIZED_NAME if name is None else None

    context.sni_callback = check
