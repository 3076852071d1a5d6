"""Exchanges made by hand, and what the checks say of them."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from contracts.cases import Credentials, Sign
from contracts.model import Ending, Exchange, Headers, Request, Response, Timeline
from contracts.providers.pixian.campaigns.form import ACCOUNT
from contracts.providers.pixian.checks import CHECKS
from contracts.providers.pixian.conformance import KIT
from contracts.strategies import Drawing, draw
from tests.contracts.checks.found import found_by

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.contracts.checks.found import Found

NOW = 1_704_067_200.0
PICTURE = draw(Drawing())
OURS = Credentials("me", "secret")
LOOK = Request("GET", ACCOUNT)
DESCRIBED = {"creditPack": "small", "state": "active", "useBefore": "2030-01-01T00:00:00Z", "credits": 10}
NEVER = {"creditPack": "none", "state": "dormant", "useBefore": "1970-01-01T00:00:00Z", "credits": 0}


def answer(status: int, body: object, *fields: tuple[str, str], kind: str = "application/json") -> Response:
    """Return an answer; what is no bytes is sent as JSON."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Response(status, Headers((("Content-Type", kind), *fields)), data)


def result(*fields: tuple[str, str], body: bytes = PICTURE.data, kind: str = "image/png") -> Response:
    """Return a result, by default the picture itself."""
    return answer(200, body, *fields, kind=kind)


def refusal(status: int = 400, code: object = 1005, **changes: object) -> Response:
    """Return an error object with *changes*."""
    return answer(status, {"error": {"status": status, "code": code, "message": "Something is wrong.", **changes}})


def described(**changes: object) -> Response:
    """Return the account with *changes*."""
    return answer(200, {**DESCRIBED, **changes})


def judged(
    *pairs: tuple[Request, Response | None],
    signs: tuple[Sign, ...] = (),
    ending: Ending = Ending.DONE,
    pictures: Mapping[str, bytes] | None = None,
) -> Found:
    """Return what the checks find; requests are signed as *signs* say, by default with our own credentials."""
    exchanges = []
    for number, (request, response) in enumerate(pairs):
        sign = signs[number] if number < len(signs) else Sign.OWN
        signed = KIT.signed(replace(request, origin="https://api.example"), OURS, sign)
        exchanges.append(Exchange(number, 0, signed, response, NOW + number, NOW + number, ending))
    return found(Timeline(tuple(exchanges), pictures or {}))


def found(timeline: Timeline) -> Found:
    """Return what the checks find in *timeline*."""
    return found_by(CHECKS, timeline)
