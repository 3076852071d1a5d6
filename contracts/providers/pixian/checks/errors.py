"""Errors: what their statuses mean, the error object, and too many requests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contracts.checks import KEPT, Broken, demand, shown
from contracts.providers.pixian.checks.acceptance import is_plain, is_telling, said
from contracts.providers.pixian.checks.access import METHODS
from contracts.providers.pixian.checks.registry import CHECKS

if TYPE_CHECKING:
    from contracts.checks import Finding
    from contracts.providers.pixian.checks.call import Call

_OF_THE_API = frozenset({400, 401, 402, 406, 409, 415, 422})
"""Statuses that an API gives itself; others may as well be a gateway's, which knows no error objects."""
_OVERLOADED, _TIMEOUT = -3, -10
_INTERNAL = frozenset({-4, 1025, 1028})
_NOT_TO_BLAME = frozenset({502, 503, 504})
"""Statuses that say that the request was not looked at."""


@CHECKS.each("error.client-class")
def client_class(call: Call) -> Finding | None:
    """A plain request, in which nothing can be wrong, does not get 400 to 499; others that are wrong may."""
    if is_plain(call) and call.is_removal and call.is_refused:
        return Broken("answer", "no status from 400 to 499", said(call), "Nothing in the request is wrong.")
    wrong = call.is_removal and not call.is_right and call.form.url is None
    return KEPT if wrong and 400 <= call.status < 500 and is_telling(call) else None


@CHECKS.each("error.server-class")
def server_class(call: Call) -> Finding | None:
    """An error object below a status from 500 does not say that the request was at fault: by 1006, or by its status."""
    if not 500 <= call.status < 600 or not _has_error(call) or call.error is None:
        return None
    repeated = call.error.get("status")
    about_request = call.code == 1006 or (isinstance(repeated, int) and 400 <= repeated < 500)
    return demand(not about_request, "answer", "an error of the provider, or a status from 400 to 499", said(call))


@CHECKS.each("error.blame")
def blame(call: Call) -> Finding | None:
    """A form with something wrong in it does not get a status from 500 on, those of busy servers aside."""
    wrong = call.is_removal and not call.is_right and call.form.url is None
    if not wrong or not 400 <= call.status < 600 or call.status in _NOT_TO_BLAME:
        return None
    return demand(call.status < 500, "status", "a status from 400 to 499", said(call), "The request is wrong.")


@CHECKS.each("error.object")
def error_object(call: Call) -> Finding | None:
    """An error that an operation gives itself is a JSON object with an object as its key error."""
    if call.response is None or not call.is_operation or call.status not in _OF_THE_API:
        return None
    return demand(call.error is not None, "body", 'JSON like {"error": {...}}', shown(call.response.body))


@CHECKS.each("error.object-status")
def object_status(call: Call) -> Finding | None:
    """The error object's status is the number of the HTTP status."""
    if not _has_error(call) or call.error is None:
        return None
    value = call.error.get("status")
    kept = value == call.status and not isinstance(value, bool)
    return demand(kept, "error.status", f"{call.status}, the HTTP status", value)


@CHECKS.each("error.object-code")
def object_code(call: Call) -> Finding | None:
    """The error object's code is a whole number, of whichever sign."""
    if not _has_error(call) or call.error is None:
        return None
    return demand(call.code is not None, "error.code", "a whole number", call.error.get("code"))


@CHECKS.each("error.object-message")
def object_message(call: Call) -> Finding | None:
    """The error object's message is text with at least one word."""
    if not _has_error(call) or call.error is None:
        return None
    message = call.error.get("message")
    kept = isinstance(message, str) and any(letter.isalpha() for letter in message)
    return demand(kept, "error.message", "a text that a person can read", shown(message))


@CHECKS.each("error.media-type")
def media_type(call: Call) -> Finding | None:
    """An operation's error object comes as application/json or of a type of JSON, and nothing else comes as that."""
    if call.response is None or call.exchange.request.path not in METHODS or call.status < 400:
        return None
    kind = call.response.media_type
    declared = kind == "application/json" or kind.endswith("+json")
    if call.error is not None:
        return demand(declared, "Content-Type", "application/json", call.header("Content-Type") or "nothing")
    if declared and call.response.body and call.json is None and call.response.body.strip() != b"null":
        received = f"{kind} over {shown(call.response.body)}"
        return Broken("Content-Type", "a type other than JSON for a body that is none", received)
    return None


@CHECKS.each("error.internal")
def internal(call: Call) -> Finding | None:
    """The error object of a 500 has one of the codes -4, 1025 and 1028."""
    if call.status != 500 or call.code is None or not _has_error(call):
        return None
    return demand(call.code in _INTERNAL, "error.code", "-4, 1025 or 1028", call.code)


@CHECKS.each("error.overloaded")
def overloaded(call: Call) -> Finding | None:
    """Code -3 comes with 503, and 503 with that code or that of a timeout."""
    if call.code is None or not _has_error(call) or not (call.status == 503 or call.code == _OVERLOADED):
        return None
    kept = call.status == 503 and call.code in {_OVERLOADED, _TIMEOUT}
    return demand(kept, "answer", "status 503 with code -3, or -10 for a timeout", said(call))


@CHECKS.each("error.timeout")
def timeout(call: Call) -> Finding | None:
    """Code -10 comes with 503."""
    if call.code != _TIMEOUT or not _has_error(call):
        return None
    return demand(call.status == 503, "status", "503", call.status, "The code is that of a timeout inside.")


@CHECKS.each("rate.limited-code")
def limited_code(call: Call) -> Finding | None:
    """The error object of a 429 has code 1015, or 1017, which is for requests that were too slow."""
    if call.status != 429 or call.code is None or not _has_error(call):
        return None
    return demand(call.code in {1015, 1017}, "error.code", "1015, or 1017 for a slow request", call.code)


@CHECKS.each("rate.not-enough-time")
def not_enough_time(call: Call) -> Finding | None:
    """Code 1017 comes with 429."""
    if call.code != 1017 or not _has_error(call):
        return None
    return demand(call.status == 429, "status", "429", call.status, "The code is that of a request that was too slow.")


@CHECKS.each("rate.retry-after")
def retry_after(call: Call) -> Finding | None:
    """A 429 of an operation has no Retry-After."""
    if call.status != 429 or call.exchange.request.path not in METHODS:
        return None
    value = call.header("Retry-After")
    return demand(value is None, "Retry-After", "no such field", value)


def _has_error(call: Call) -> bool:
    """Tell whether the answer, of a known path, has an error object; recordings also hold answers of others."""
    return call.exchange.request.path in METHODS and call.error is not None
