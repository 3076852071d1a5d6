"""What conformance checks have to know of this provider."""

from __future__ import annotations

import base64
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from contracts.cases import Sign
from contracts.model import Headers, Request
from contracts.providers.pixian.campaigns import CAMPAIGNS
from contracts.providers.pixian.checks import CHECKS

if TYPE_CHECKING:
    from contracts.cases import Campaign, Credentials
    from contracts.checks import Checks
    from contracts.model import Exchange
    from contracts.providers.pixian.checks.call import Call


class PixianKit:
    """Checks and campaigns; HTTP Basic authentication; nothing to follow; charges by header field."""

    checks: Checks[Call] = CHECKS
    campaigns: tuple[Campaign, ...] = CAMPAIGNS

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

    def charged(self, exchange: Exchange) -> Decimal:
        """Return the number in ``X-Credits-Charged``."""
        said = exchange.response.headers.get("X-Credits-Charged") if exchange.response else None
        try:
            amount = Decimal(said or 0)
        except InvalidOperation:
            return Decimal(0)
        return amount if amount.is_finite() and amount > 0 else Decimal(0)


KIT = PixianKit()
