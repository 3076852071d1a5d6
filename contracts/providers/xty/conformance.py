"""What conformance checks have to know of this provider."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from contracts.cases import Credentials, Sign
from contracts.model import Exchange, Headers, Request
from contracts.parts import Parts

if TYPE_CHECKING:
    from contracts.providers.xty.checks.call import Call

_LONGEST = 40
"""Characters of a text or an address that are shown."""


class XtyKit(Parts):
    """Checks and campaigns; a bearer key; results that are fetched by URL; no charges in answers."""

    package = "contracts.providers.xty"
    has_tests = False
    names_results = True
    by_key = True

    def anonymous(self, name: str) -> Credentials:
        """Return a key that ends in *name*."""
        return Credentials("", f"sk-{name}")

    def signed(self, request: Request, credentials: Credentials, sign: Sign) -> Request:
        """Return *request* with the header ``Authorization``."""
        if sign is Sign.NONE:
            return request
        key = credentials.secret if sign is Sign.OWN else _unknown_key()
        headers = Headers((("Authorization", f"Bearer {key}"), *request.headers))
        return Request(request.method, request.path, request.query, headers, request.body, request.origin)

    def follow(self, exchange: Exchange) -> Request | None:
        """Return the request for the picture that a completion names."""
        return _call(exchange).result_request()

    def charged(self, exchange: Exchange) -> None:
        """Tell nothing: the answers do not say what they cost."""
        del exchange

    def curl(self, request: Request, credentials: Credentials) -> str:
        """Return ``-H`` with the key from the environment where it is our own."""
        said = request.headers.get("Authorization")
        if said is None:
            return ""
        if said == f"Bearer {credentials.secret}":
            return '-H "Authorization: Bearer $MATTEPROOF_API_KEY"'
        return f"-H {shlex.quote(f'Authorization: {said}')}"

    def described(self, request: Request) -> str:
        """Return the texts, the ways in which pictures are sent, and what else is unusual."""
        call = _call(Exchange(0, 0, request, None, 0, None, None))
        if not call.is_chat:
            return ""
        question = call.question
        words = [f"text {text[:_LONGEST]!r}" for text in question.texts]
        words += [f"picture {url[:_LONGEST]}" for url in question.urls]
        words += sorted(question.extra_keys)
        return " ".join([*words, "streamed"] if question.streams else words)

    def pictures(self, exchange: Exchange) -> tuple[bytes | None, bytes | None]:
        """Return the picture in the conversation, or the one that was fetched."""
        call, response = _call(exchange), exchange.response
        shown = response is not None and response.media_type.startswith("image/")
        sent = call.sent_picture if call.is_chat else None
        return sent, response.body if response is not None and shown else None


def _unknown_key() -> str:
    from contracts.providers.xty.checks.call import UNKNOWN_KEY  # noqa: PLC0415

    return UNKNOWN_KEY


def _call(exchange: Exchange) -> Call:
    """Return *exchange* as the checks see it."""
    from contracts.providers.xty.checks.call import Call  # noqa: PLC0415

    return Call(exchange, {})


KIT = XtyKit()
