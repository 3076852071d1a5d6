"""Requests by known and unknown callers, with other methods, to other paths, and from pages of other origins."""

from __future__ import annotations

from contracts.cases import Campaign, Case, Sign, Step
from contracts.model import Headers, Request
from contracts.providers.pixian.campaigns.form import ACCOUNT, V2, account, case, step, upload
from contracts.strategies import Drawing, draw

_PAGE = "https://shop.example"
"""The origin of a page that calls the API."""


def _asked(method: str, path: str, *fields: tuple[str, str], sign: Sign = Sign.OWN) -> Step:
    """Return a request without a form, which is free."""
    return Step(Request(method, path, "", Headers.of(fields)), sign)


def _cases() -> tuple[Case, ...]:
    test, look, unknown = upload(draw(Drawing()), test=True), account(), "/api/v2/no-such-operation"
    preflight = (
        ("Origin", _PAGE),
        ("Access-Control-Request-Method", "POST"),
        ("Access-Control-Request-Headers", "authorization"),
    )
    return (
        case("our own credentials", look, test, look, test),
        case("no credentials", look, step(test, sign=Sign.NONE), _asked("GET", ACCOUNT, sign=Sign.NONE)),
        case(
            "a wrong secret",
            look,
            step(test, sign=Sign.WRONG_SECRET),
            _asked("GET", ACCOUNT, sign=Sign.WRONG_SECRET),
            look,
        ),
        case("an id that nobody has", step(test, sign=Sign.UNKNOWN)),
        case("other methods", _asked("GET", V2), _asked("PUT", V2), _asked("POST", ACCOUNT), _asked("DELETE", ACCOUNT)),
        case("an unknown path", _asked("GET", unknown), _asked("POST", unknown)),
        case("from a page", _asked("OPTIONS", V2, *preflight, sign=Sign.NONE), _asked("GET", ACCOUNT, preflight[0])),
    )


CAMPAIGN = Campaign("access", "paths, methods, credentials and calls from web pages", ("endpoint", "auth"), _cases)
