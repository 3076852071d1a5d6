"""Paths, methods, credentials and calls from web pages: what a server is free to do, and what it is not."""

from __future__ import annotations

import pytest

from contracts.cases import Credentials, Sign
from contracts.model import Ending, Exchange, Headers, Request, Response, Timeline
from contracts.providers.pixian.campaigns.form import ACCOUNT, V2, upload
from contracts.providers.pixian.checks.access import NOBODY
from contracts.providers.pixian.checks.call import Call
from contracts.providers.pixian.conformance import KIT
from contracts.redaction import HIDDEN
from tests.contracts.checks.pixian.exchanges import (
    LOOK,
    NOW,
    PICTURE,
    answer,
    described,
    found,
    judged,
    refusal,
    result,
)

TEST = upload(PICTURE, test=True)
CHALLENGE = ("WWW-Authenticate", 'Basic realm="API"')


def _refusal(code: int, *fields: tuple[str, str]) -> Response:
    return answer(401, {"error": {"status": 401, "code": code, "message": "Who is asking?"}}, *fields)


def test_the_id_that_nobody_has_is_the_one_that_is_sent() -> None:
    """The driver's word for it, and that of the checks, are the same."""
    signed = KIT.signed(LOOK, Credentials("me", "secret"), Sign.UNKNOWN)
    credentials = Call(Exchange(0, 0, signed, None, NOW, None, None), {}).credentials
    assert credentials is not None
    assert credentials[0] == NOBODY


@pytest.mark.parametrize("status", [301, 402, 403, 413, 429, 500, 503])
def test_an_answer_that_is_not_about_the_request_says_nothing_of_the_endpoint(status: int) -> None:
    """Gateways, limits and busy servers stand between."""
    assert "endpoint.remove-background" not in judged((TEST, refusal(status, 1))).broken


def test_other_methods_may_need_credentials_first() -> None:
    """Who is asking may be looked at before the method."""
    request = Request("DELETE", ACCOUNT)
    assert (
        "endpoint.method" not in judged((request, refusal(401, 1001))).broken | judged((request, refusal(500, -4))).kept
    )
    assert "endpoint.method" in judged((request, described())).broken
    assert "endpoint.method" not in judged((Request("HEAD", ACCOUNT), answer(200, b""))).broken


def test_the_methods_of_a_path_may_stand_in_several_fields() -> None:
    """Allow is a list, and lists may be divided."""
    request = Request("DELETE", ACCOUNT)
    assert "endpoint.allow" in judged((request, answer(405, b"", ("allow", "HEAD"), ("ALLOW", "GET")))).kept
    assert "endpoint.allow" in judged((request, answer(405, b"", ("Allow", "POST")))).broken


def test_a_path_that_we_do_not_know_may_exist() -> None:
    """Only what is surely not there must be answered with 404."""
    assert not judged((Request("GET", "/api/v2/news"), described())).broken
    assert judged((Request("GET", "/api/v2/no-such-thing"), described())).broken == {"endpoint.unknown-path"}


def test_a_preflight_need_not_name_post() -> None:
    """POST is allowed to every page without asking; Authorization is not."""
    fields = (
        ("Origin", "https://shop.example"),
        ("Access-Control-Request-Method", "POST"),
        ("Access-Control-Request-Headers", "authorization, x-more"),
    )
    request, origin = Request("OPTIONS", V2, "", Headers(fields)), ("Access-Control-Allow-Origin", "*")
    named = ("Access-Control-Allow-Headers", "X-More,Authorization")
    assert "endpoint.cross-origin" in judged((request, answer(204, b"", origin, named))).kept
    star = ("Access-Control-Allow-Headers", "*")
    assert "endpoint.cross-origin" in judged((request, answer(204, b"", origin, star))).broken
    assert "endpoint.cross-origin" in judged((request, answer(204, b"", named))).broken


def test_credentials_may_be_wrong_all_along() -> None:
    """Only credentials that were accepted before and after are known to be right."""
    first, last = (LOOK, described()), (TEST, _refusal(1001, CHALLENGE))
    assert not judged(first, last).broken & {"auth.basic"}
    assert "auth.basic" in judged(first, last, first).broken
    assert "auth.basic" not in judged(first, (TEST, _refusal(1002, CHALLENGE)), first).broken


def test_recordings_of_browsers_have_no_credentials() -> None:
    """Where no request has any, they were taken out."""
    nobody = (Sign.NONE, Sign.NONE)
    assert not {"auth.required", "auth.status"} & judged((LOOK, described()), (TEST, result()), signs=nobody).broken
    seen = judged((LOOK, described()), (LOOK, described()), signs=(Sign.OWN, Sign.NONE))
    assert {"auth.required", "auth.status"} <= seen.broken


def test_secrets_that_a_recording_hides_are_not_compared() -> None:
    """All secrets look the same there."""
    hidden = Headers((("Authorization", f"Basic me:{HIDDEN}"),))
    request = Request("GET", ACCOUNT, "", hidden)
    answers = (described(), _refusal(1004, CHALLENGE), described())
    exchanges = (Exchange(index, 0, request, one, NOW, NOW, Ending.DONE) for index, one in enumerate(answers))
    assert not found(Timeline(tuple(exchanges))).broken


def test_a_server_may_open_an_account_for_anybody() -> None:
    """An id that nobody has is then one that somebody has."""
    assert not judged((LOOK, described()), signs=(Sign.UNKNOWN,)).broken


def test_an_id_may_have_several_secrets() -> None:
    """That two were accepted is no fault, unless one is the other with something behind it."""
    pairs = [Credentials("me", "one"), Credentials("me", "two"), Credentials("me", "one-not")]
    requests = [KIT.signed(LOOK, one, Sign.OWN) for one in pairs]
    exchanges = [Exchange(index, 0, one, described(), NOW, NOW, Ending.DONE) for index, one in enumerate(requests)]
    assert "auth.status" not in found(Timeline(tuple(exchanges[:2]))).broken
    assert "auth.status" in found(Timeline((exchanges[0], exchanges[2]))).broken


@pytest.mark.parametrize(
    ("challenge", "kept"),
    [
        ('basic  REALM = "x"', True),
        ('Bearer realm="x", Basic realm="y", charset="UTF-8"', True),
        ('Basic charset="UTF-8", realm="y"', True),
        ('Bearer realm="Basic"', False),
        ('Basic charset="UTF-8"', False),
    ],
)
def test_a_challenge_may_be_one_of_several(challenge: str, *, kept: bool) -> None:
    """Names compare without regard to case, parameters come in any order."""
    seen = judged((LOOK, _refusal(1001, ("WWW-Authenticate", challenge))), signs=(Sign.NONE,))
    assert "auth.challenge-basic" in (seen.kept if kept else seen.broken)


def test_what_else_a_page_asked_for_is_not_judged() -> None:
    """Recordings of browsers hold answers of other servers, too."""
    for status in (401, 404, 405, 429, 500, 503):
        for code in (-10, -3, 1, 1002, 1010, 1017):
            seen = judged((Request("GET", "/analytics"), refusal(status, code)))
            assert not seen.broken | seen.kept
