"""What conformance checks have to know of this provider."""

from __future__ import annotations

import base64
import shlex
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from contracts.cases import Credentials, Sign
from contracts.model import Exchange, Headers, Request
from contracts.parts import Parts

if TYPE_CHECKING:
    from contracts.providers.pixian.checks.call import Call


_LONGEST = 40
"""Characters of a parameter that are shown."""
_MOST_CREDITS = 1_000_000_000
"""A charge above this is no number that anybody means."""


class PixianKit(Parts):
    """Checks and campaigns; HTTP Basic authentication; nothing to follow; charges by header field."""

    package = "contracts.providers.pixian"
    has_tests = True
    names_results = False
    by_key = False

    def anonymous(self, name: str) -> Credentials:
        """Return *name* as an API id, with a secret."""
        return Credentials(name, f"secret-of-{name}")

    def signed(self, request: Request, credentials: Credentials, sign: Sign) -> Request:
        """Return *request* with the header ``Authorization``."""
        pairs = {
            Sign.OWN: (credentials.id, credentials.secret),
            Sign.WRONG_SECRET: (credentials.id, f"{credentials.secret}-not"),
            Sign.UNKNOWN: ("nobody-has-this-id", "nor-this-secret"),
        }
        if sign is Sign.NONE:
            return request
        token = base64.b64encode(":".join(pairs[sign]).encode()).decode()
        headers = Headers((("Authorization", f"Basic {token}"), *request.headers))
        return Request(request.method, request.path, request.query, headers, request.body, request.origin)

    def follow(self, exchange: Exchange) -> None:
        """Name nothing to fetch: the picture is in the answer."""
        del exchange

    def charged(self, exchange: Exchange) -> Decimal | None:
        """Return the number in ``X-Credits-Charged``, ``None`` if there is none."""
        said = exchange.response.headers.get("X-Credits-Charged") if exchange.response else None
        try:
            amount = Decimal("" if said is None else said)
        except InvalidOperation:
            return None
        return amount if amount.is_finite() and 0 <= amount <= _MOST_CREDITS else None

    def curl(self, request: Request, credentials: Credentials) -> str:
        """Return ``-u`` with id and secret from the environment where they are our own."""
        pair = _call(Exchange(0, 0, request, None, 0, None, None)).credentials
        if pair is None:
            return ""
        if pair[0] != credentials.id:
            return f"-u {shlex.quote(':'.join(pair))}"
        suffix = "" if pair[1] == credentials.secret else "-not"
        return f'-u "$MATTEPROOF_API_ID:${{MATTEPROOF_API_SECRET}}{suffix}"'

    def described(self, request: Request) -> str:
        """Return the way the picture is sent, and the parameters."""
        call = _call(Exchange(0, 0, request, None, 0, None, None))
        words = [*call.form.sources, *(f"{name}={text[:_LONGEST]}" for name, text in call.form.texts.items())]
        return " ".join(words)

    def pictures(self, exchange: Exchange) -> tuple[bytes | None, bytes | None]:
        """Return the picture in the form, and that in the answer."""
        call = _call(exchange)
        response = exchange.response
        shown = response is not None and response.media_type.startswith("image/")
        return call.sent_picture, response.body if response is not None and shown else None


def _call(exchange: Exchange) -> Call:
    """Return *exchange* as the checks see it."""
    from contracts.providers.pixian.checks.call import Call  # noqa: PLC0415

    return Call(exchange, {})


KIT = PixianKit()
