"""Reaching the server, and being let in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from contracts.checks import KEPT, Broken, demand, equal, shown
from contracts.providers.pixian.checks.acceptance import has_picture, is_plain, said
from contracts.providers.pixian.checks.registry import CHECKS
from contracts.redaction import HIDDEN

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from contracts.checks import Finding
    from contracts.providers.pixian.checks.call import Call

METHODS = {"/api/v2/remove-background": "POST", "/api/v1/remove-background": "POST", "/api/v2/account": "GET"}
"""The paths, and the method that each is documented with."""
NOBODY = "nobody-has-this-id"
"""The API id that nobody has."""
NO_PATH = "/no-such-"
"""What is in a path that is surely unknown."""
_ALWAYS_ALLOWED = frozenset({"HEAD", "OPTIONS", "TRACE", "CONNECT"})
"""Methods that a server may know of any path."""
_NOT_ABOUT_METHODS = frozenset({401, 402, 403, 408, 429})
_NOT_ABOUT_CREDENTIALS = frozenset({408, 413, 429, 431})
_SWITCHED_OFF = frozenset({1002, 1003})
"""Codes of credentials that were right once."""
_BASIC = re.compile(r"(?:^|,)\s*basic\s+(?:[^,]*,)*?\s*realm\s*=", re.IGNORECASE)
_CORS = "Access-Control-"


@CHECKS.each("endpoint.remove-background")
def remove_background(call: Call) -> Finding | None:
    """A plain request gets status 200 and a body like a PNG or JPEG; statuses that are not about it do not count."""
    if not call.is_removal or not is_plain(call) or not (call.is_refused or 200 <= call.status < 300):
        return None
    kept = call.status == 200 and has_picture(call)
    return demand(kept, "answer", "status 200 with a picture", said(call), "The request is as plain as can be.")


@CHECKS.each("endpoint.method")
def method(call: Call) -> Finding | None:
    """A known path that is asked with an undocumented method, which no server has by itself, answers 405."""
    request = call.exchange.request
    documented = METHODS.get(request.path, request.method)
    if request.method == documented or request.method in _ALWAYS_ALLOWED:
        return None
    if call.status in _NOT_ABOUT_METHODS or not 200 <= call.status < 500 or 300 <= call.status < 400:
        return None
    return equal("status", call.status, 405, f"{request.path} is documented with {documented} alone.")


@CHECKS.each("endpoint.allow")
def allow(call: Call) -> Finding | None:
    """A 405 has Allow, in which the documented method is and the one that was refused is not."""
    if call.response is None or call.status != 405 or not _is_of_the_api(call):
        return None
    request = call.exchange.request
    values = call.response.headers.get_all("Allow")
    if not values:
        return Broken("Allow", "the methods that this path has", "no such field", "RFC 9110 demands it of every 405.")
    named = {word.strip() for word in ",".join(values).split(",")}
    documented = METHODS.get(request.path)
    if documented is not None and documented not in named:
        return Broken("Allow", f"{documented} among the methods", ", ".join(values))
    return demand(request.method not in named, "Allow", f"methods other than {request.method}", ", ".join(values))


@CHECKS.each("endpoint.unknown-path")
def unknown_path(call: Call) -> Finding | None:
    """A path that is surely unknown gets 404, and the 404 of any path but the known ones is an HTML page."""
    path = call.exchange.request.path
    if path in METHODS or call.response is None or not _is_of_the_api(call):
        return None
    if call.status == 404 and call.exchange.request.method != "HEAD":
        return equal("Content-Type", call.response.media_type, "text/html")
    about_path = 200 <= call.status < 300 or 400 <= call.status < 500
    if NO_PATH not in path or not about_path or call.status in _NOT_ABOUT_METHODS:
        return None
    return equal("status", call.status, 404, "There is nothing at this path.")


@CHECKS.each("endpoint.cross-origin")
def cross_origin(call: Call) -> Finding | None:
    """A request with Origin gets a field that lets that origin read, and a preflight also what it asked for."""
    headers = call.exchange.request.headers
    origin, asked = headers.get("Origin"), headers.get("Access-Control-Request-Method")
    known = call.exchange.request.path in METHODS and 200 <= call.status < 500 and call.status != 429
    if not origin or call.response is None or not known:
        return None
    allowed = call.header(f"{_CORS}Allow-Origin")
    if allowed not in {"*", origin}:
        return Broken(
            f"{_CORS}Allow-Origin", f"* or {origin}", shown(allowed), "Browsers keep the answer from the page."
        )
    if call.exchange.request.method != "OPTIONS" or not asked:
        return KEPT
    if not 200 <= call.status < 300:
        return Broken("status", "a status from 200 to 299 for the preflight", str(call.status))
    return _preflight(call, asked)


def _preflight(call: Call, asked: str) -> Finding:
    """Judge the answer to a preflight that *asked* for a method; POST and GET need no leave, Authorization does."""
    methods = _words(call.header(f"{_CORS}Allow-Methods"))
    if asked.lower() not in {"get", "head", "post"} | methods and "*" not in methods:
        return Broken(f"{_CORS}Allow-Methods", asked, shown(call.header(f"{_CORS}Allow-Methods")))
    wanted = _words(call.exchange.request.headers.get(f"{_CORS}Request-Headers"))
    given = _words(call.header(f"{_CORS}Allow-Headers"))
    missing = {name for name in wanted - given if name == "authorization" or "*" not in given}
    return demand(
        not missing,
        f"{_CORS}Allow-Headers",
        ", ".join(sorted(wanted)),
        call.header(f"{_CORS}Allow-Headers"),
        "The star does not stand for Authorization.",
    )


@CHECKS.together("auth.basic")
def basic(calls: Sequence[Call]) -> Iterable[tuple[Call, Finding]]:
    """Credentials that were accepted are not refused before they are accepted again; recordings hide them."""
    for call, before, after in _with_neighbours(calls):
        if 200 <= call.status < 300:
            yield call, KEPT
        elif call.status == 401 and before and after and call.code not in _SWITCHED_OFF:
            hint = "Other requests with the same API id and secret were accepted, before and after this one."
            yield call, Broken("status", "the credentials to be accepted", said(call), hint)


@CHECKS.together("auth.required")
def required(calls: Sequence[Call]) -> Iterable[tuple[Call, Finding]]:
    """An operation that is called without credentials gives neither a picture nor an account."""
    for call in _without_credentials(calls):
        if 200 <= call.status < 300 or 400 <= call.status < 500:
            given = 200 <= call.status < 300 and (has_picture(call) or _has_account(call))
            yield call, demand(not given, "answer", "nothing without credentials", said(call), "Anybody gets it so.")


@CHECKS.together("auth.status")
def status(calls: Sequence[Call]) -> Iterable[tuple[Call, Finding]]:
    """Requests without credentials, and those with a secret that is not the one accepted for their id, get 401."""
    for call in (*_without_credentials(calls), *_with_wrong_secrets(calls)):
        telling = 200 <= call.status < 300 or 400 <= call.status < 500
        if telling and call.status not in _NOT_ABOUT_CREDENTIALS:
            yield call, equal("status", call.status, 401, "Missing and wrong credentials are a matter of 401.")


@CHECKS.each("auth.challenge")
def challenge(call: Call) -> Finding | None:
    """A 401 has WWW-Authenticate."""
    if call.status != 401 or not _is_of_the_api(call):
        return None
    return demand(call.header("WWW-Authenticate"), "WWW-Authenticate", "a challenge, as every 401 has", None)


@CHECKS.each("auth.challenge-basic")
def challenge_basic(call: Call) -> Finding | None:
    """Among the challenges of an operation's 401 is one of the scheme Basic that names a realm."""
    if call.response is None or call.status != 401 or call.exchange.request.path not in METHODS:
        return None
    challenges = ", ".join(call.response.headers.get_all("WWW-Authenticate"))
    if not challenges.strip():
        return None
    kept = _BASIC.search(challenges[:2000])
    return demand(kept, "WWW-Authenticate", 'Basic with a realm, as in Basic realm="API"', challenges)


@CHECKS.each("auth.unknown-id")
def unknown_id(call: Call) -> Finding | None:
    """The id that nobody has is told so with code 1001; a server that opens an account for anybody has no such id."""
    if call.credentials is None or call.credentials[0] != NOBODY or call.status != 401 or call.code is None:
        return None
    return equal("error.code", call.code, 1001, "1001 is for unknown ids, 1004 for wrong secrets of known ones.")


@CHECKS.each("auth.key-disabled")
def key_disabled(call: Call) -> Finding | None:
    """An error with code 1002 has status 401."""
    return _has_status(call, 1002, "A disabled key")


@CHECKS.each("auth.account-suspended")
def account_suspended(call: Call) -> Finding | None:
    """An error with code 1003 has status 401."""
    return _has_status(call, 1003, "A suspended account")


@CHECKS.together("auth.wrong-secret")
def wrong_secret(calls: Sequence[Call]) -> Iterable[tuple[Call, Finding]]:
    """A 401 for an id that was accepted with another secret has code 1004, if it has a code."""
    for call in _with_wrong_secrets(calls):
        if call.status == 401 and call.code is not None:
            yield call, equal("error.code", call.code, 1004, "The id is known: with another secret it was accepted.")


def _is_of_the_api(call: Call) -> bool:
    """Tell whether the path is below the API's; recordings also hold what else a page asked for."""
    return call.exchange.request.path.startswith("/api/")


def _has_status(call: Call, code: int, subject: str) -> Finding | None:
    if call.code != code or call.exchange.request.path not in METHODS:
        return None
    return equal("status", call.status, 401, f"{subject} is a matter of 401.")


def _with_neighbours(calls: Sequence[Call]) -> Iterator[tuple[Call, bool, bool]]:
    """Yield operations with whole credentials, and whether the same were accepted before, and after."""
    for index, call in enumerate(calls):
        if call.is_operation and call.credentials is not None and call.credentials[1] != HIDDEN:
            before, after = calls[:index], calls[index + 1 :]
            yield call, _are_accepted(call, before), _are_accepted(call, after)


def _are_accepted(call: Call, others: Sequence[Call]) -> bool:
    return any(
        200 <= other.status < 300 and other.is_operation and other.credentials == call.credentials for other in others
    )


def _without_credentials(calls: Sequence[Call]) -> Iterator[Call]:
    """Yield right requests with nothing that could say who asks.

    Browsers leave such fields out of what they save, so that they count only beside requests that have them.
    """
    if not any("Authorization" in call.exchange.request.headers for call in calls):
        return
    for call in calls:
        request = call.exchange.request
        silent = not any(name in request.headers for name in ("Authorization", "Cookie")) and not request.query
        if silent and (call.is_account or call.is_right):
            yield call


def _with_wrong_secrets(calls: Sequence[Call]) -> Iterator[Call]:
    """Yield right requests whose id is accepted with another secret, and with theirs never, or only for its beginning.

    A secret that is an accepted one with something behind it is none that a provider hands out.
    """
    pairs = [call.credentials for call in calls if call.is_operation and 200 <= call.status < 300]
    accepted = {pair for pair in pairs if pair is not None and pair[1] != HIDDEN}
    for call in calls:
        pair = call.credentials
        if pair is None or pair[1] == HIDDEN or not (call.is_account or call.is_right):
            continue
        others = {secret for name, secret in accepted - {pair} if name == pair[0]}
        if others and (pair not in accepted or any(pair[1].startswith(secret) for secret in others)):
            yield call


def _has_account(call: Call) -> bool:
    return call.is_account and isinstance(call.json, dict) and bool({"credits", "state"} & call.json.keys())


def _words(value: str | None) -> set[str]:
    return {word.strip().lower() for word in (value or "").split(",")} - {""}
