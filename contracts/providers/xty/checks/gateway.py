"""What stands before the model: keys, quota, models, limits, paths, methods, and calls from web pages."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from contracts.checks import KEPT, Broken, demand, equal, shown
from contracts.providers.xty.checks.call import CHAT, MODELS
from contracts.providers.xty.checks.question import MODEL, Form
from contracts.providers.xty.checks.registry import CHECKS

if TYPE_CHECKING:
    from contracts.checks import Finding
    from contracts.providers.xty.checks.call import Call

NOBODYS = "no-such-"
"""The beginning of names that a tester gives to what does not exist."""
_IN_FRONT = frozenset({408, 413, 414, 421, 431, 502, 504})
"""Statuses with which what stands before the gateway may answer in its own words, besides those from 520."""
_NO_QUOTA = ("insufficient_user_quota", "pre_consume_token_quota_failed")
_ABOUT_QUOTA = re.compile(
    r"insufficient[_ ](?:\w+[_ ])?(?:quota|balance)|pre_consume_token_quota|quota (?:is )?(?:not enough|exhausted)"
    r"|额度|余额"
)
_ABOUT_SIZE = re.compile(r"too (?:large|big)|too_large|entity large|exceeds? .*(?:size|limit)|过大", re.IGNORECASE)
_LARGE_BODY = 1_000_000
_METHODS = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_UNSURE = frozenset({401, 402, 403, 429})
"""Statuses that may come before a server looks at path or model."""
_NO_ENDPOINT = frozenset({404, 405})


@CHECKS.each("error.message")
def message(call: Call) -> Finding | None:
    """An error below /v1 with a body is an object error with a message and a type, both words.

    Pages of a proxy in front, with its usual statuses, and answers without a body are passed over.
    """
    if not call.is_in_api or call.answer is None or call.status < 400 or not call.answer.response.body:
        return None
    error = call.answer.error
    if error is None and call.answer.members is None and (call.status in _IN_FRONT or call.status >= 520):
        return None
    if error is None:
        return Broken("body", "an object error", shown(call.answer.response.body))
    fit = all(isinstance(error.get(name), str) and error[name].strip() for name in ("message", "type"))
    return demand(fit, "error", "a message and a type that are not empty", shown(error))


@CHECKS.each("error.key")
def key(call: Call) -> Finding | None:
    """Right requests for a completion, and those for the models, get 401 without a key that somebody may have.

    A 400 may be about what the server looks at first. Where no request of the timeline shows its key, all were left
    out by whoever recorded it.
    """
    known = call.asks("GET", MODELS) or (call.is_chat and _is_sound(call))
    if not known or call.key is not None or not call.company.keys_are_shown or call.answer is None:
        return None
    if call.status >= 500 or call.status in {404, 405, 408, 413, 429} or (call.is_chat and call.status == 400):
        return None
    return equal("status", call.status, 401, "No known key was sent.")


@CHECKS.each("error.quota")
def quota(call: Call) -> Finding | None:
    """An error that speaks of quota or balance, or has the status 402, is a 403 with one of the two codes."""
    if not call.is_in_api or call.answer is None or call.status < 400:
        return None
    told = " ".join(str(one) for one in (call.answer.code, call.answer.message) if isinstance(one, str))
    if call.status != 402 and not _ABOUT_QUOTA.search(told):
        return None
    received = f"{call.status} {shown(call.answer.code)}"
    fit = call.status == 403 and any(call.answer.code == code for code in _NO_QUOTA)
    return demand(fit, "status and code", f"403 and {' or '.join(_NO_QUOTA)}", received)


@CHECKS.each("error.model-not-found")
def model_not_found(call: Call) -> Finding | None:
    """Right requests but for a model that surely nobody has get 503 and the code, and no other answer has the code."""
    if not call.is_chat or call.answer is None:
        return None
    received = f"{call.status} {shown(call.answer.code)}"
    found = call.status == 503 and call.answer.code == "model_not_found"
    named = call.question.model.startswith(NOBODYS) and _is_sound(call) and call.key is not None
    overloaded = call.status >= 500 and call.answer.error is None
    if call.answer.code == "model_not_found" or (
        named and call.status not in _UNSURE | _NO_ENDPOINT and not overloaded
    ):
        return demand(found, "status and code", "503 and model_not_found", received)
    return None


@CHECKS.each("error.body-too-large")
def body_too_large(call: Call) -> Finding | None:
    """A large body that is refused for its size is refused with 413."""
    if not call.is_in_api or call.answer is None or len(call.request.body) < _LARGE_BODY:
        return None
    told = f"{shown(call.answer.message)} {shown(call.answer.code)}"
    about = 400 <= call.status < 500 and (call.status == 413 or _ABOUT_SIZE.search(told))
    return equal("status", call.status, 413) if about else None


@CHECKS.each("error.unknown-path")
def unknown_path(call: Call) -> Finding | None:
    """A path below /v1 that surely nobody has gets 404 and the error that names method and path."""
    request = call.request
    if not request.path.startswith(f"/v1/{NOBODYS}") or request.method == "OPTIONS" or call.answer is None:
        return None
    if call.status in _UNSURE or call.status >= 500:
        return None
    error = call.answer.error or {}
    said = error.get("message")
    named = isinstance(said, str) and request.method in said and request.path in said
    fit = call.status == 404 and error.get("type") == "invalid_request_error" and named
    expected = f"404 with an invalid_request_error that names {request.method} {request.path}"
    return demand(fit, "answer", expected, f"{call.status} {shown(call.answer.response.body)}")


@CHECKS.each("error.method-not-allowed")
def method_not_allowed(call: Call) -> Finding | None:
    """A 405 has the field Allow, a list of methods without that of the request, with POST if it is for completions."""
    if not call.is_in_api or call.answer is None or call.status != 405:
        return None
    said = call.answer.response.headers.get_all("Allow")
    methods = [word.strip() for line in said for word in line.split(",") if word.strip()]
    fit = bool(said) and all(map(_METHODS.fullmatch, methods)) and call.request.method not in methods
    known = call.request.path != CHAT or "POST" in methods
    return demand(fit and known, "Allow", "the methods that the path knows", ", ".join(said) if said else None)


@CHECKS.each("models.list")
def models_list(call: Call) -> Finding | None:
    """The answer is a list, and every entry in it has the four members, each of its type."""
    if not call.asks("GET", MODELS) or call.answer is None or call.key is None:
        return None
    if call.status in {404, 405}:
        return Broken("status", "200 with the list of models", str(call.status))
    if not call.answer.is_success:
        return None
    body = call.answer.members or {}
    data = body.get("data")
    fit = body.get("object") == "list" and isinstance(data, list) and all(map(_is_model, data))
    return demand(fit, "body", "an object list of models", shown(call.answer.response.body))


@CHECKS.each("models.remove-bg")
def models_remove_bg(call: Call) -> Finding | None:
    """One entry of the list has the id of the model."""
    if not call.asks("GET", MODELS) or call.answer is None or not call.answer.is_success or call.key is None:
        return None
    data = (call.answer.members or {}).get("data")
    if not isinstance(data, list):
        return None
    names = [entry.get("id") for entry in data if isinstance(entry, dict)]
    return demand(MODEL in names, "data", f"an entry with the id {MODEL}", shown(names))


@CHECKS.each("cross-origin")
def cross_origin(call: Call) -> Finding | None:
    """A preflight is allowed origin, method and fields; any other answer to a page of another origin lets it read.

    Failures, and answers about too many requests, may come from in front.
    """
    origin = call.request.headers.get("Origin")
    if origin is None or origin in {"null", call.request.origin} or not call.is_in_api or call.answer is None:
        return None
    if call.status >= 500 or call.status in {408, 413, 429}:
        return None
    allowed = call.header("Access-Control-Allow-Origin")
    if allowed not in {origin, "*"}:
        return Broken("Access-Control-Allow-Origin", f"{origin} or *", shown(allowed))
    return _preflight(call)


def _preflight(call: Call) -> Finding:
    """Find that the answer to a preflight, if it is one, allows what was asked for."""
    method = call.request.headers.get("Access-Control-Request-Method")
    if call.request.method != "OPTIONS" or method is None:
        return KEPT
    if call.answer is None or not call.answer.is_success:
        return Broken("status", "200 to 299 for a preflight", str(call.status))
    methods, fields = _words(call, "Access-Control-Allow-Methods"), _words(call, "Access-Control-Allow-Headers")
    if method.lower() not in {*methods, "get", "head", "post"} and "*" not in methods:
        return Broken("Access-Control-Allow-Methods", method, shown(tuple(methods)))
    asked = (call.request.headers.get("Access-Control-Request-Headers") or "").split(",")
    refused = [field for one in asked if (field := one.strip().lower()) and field not in fields]
    allowed = not refused or "*" in fields
    received = call.header("Access-Control-Allow-Headers")
    return demand(allowed, "Access-Control-Allow-Headers", ", ".join(refused), received)


def _words(call: Call, name: str) -> set[str]:
    """Return the words of all fields *name* of the answer, in lower case."""
    lines = call.response.headers.get_all(name) if call.response else ()
    return {word.strip().lower() for line in lines for word in line.split(",") if word.strip()}


def _is_sound(call: Call) -> bool:
    """Tell whether the body of a chat request leaves no reason to refuse it before the model is asked."""
    return call.question.form is Form.RIGHT


def _is_model(entry: Any) -> bool:  # noqa: ANN401  any JSON value
    if not isinstance(entry, dict):
        return False
    named = isinstance(entry.get("id"), str) and bool(entry["id"]) and isinstance(entry.get("owned_by"), str)
    made = entry.get("created")
    return named and entry.get("object") == "model" and isinstance(made, int) and not isinstance(made, bool)
