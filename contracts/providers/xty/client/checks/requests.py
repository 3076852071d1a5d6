"""Requests as such: where they go, what they say that they are, and that they are JSON in UTF-8 with the model."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from contracts.checks.finding import KEPT, Broken, demand, equal, shown
from contracts.providers.xty.checks.call import CHAT
from contracts.providers.xty.checks.question import MODEL
from contracts.providers.xty.client.checks.place import plain_origin
from contracts.providers.xty.client.checks.registry import CLIENT_CHECKS
from contracts.providers.xty.client.checks.spelling import misspelt
from contracts.suggestion import did_you_mean

if TYPE_CHECKING:
    from contracts.checks.finding import Finding
    from contracts.providers.xty.client.checks.call import ClientCall

_MARK = b"\xef\xbb\xbf"
_TAIL = "/chat/completions"
_HARMLESS = frozenset({"HEAD", "OPTIONS"})


@CLIENT_CHECKS.each("request.endpoint")
def request_goes_to_the_endpoint(call: ClientCall) -> Finding | None:
    """What is sent in order to get a completion is a POST to the documented path; redirects may lead elsewhere."""
    request = call.request
    if call.is_chat:
        return KEPT if call.is_try else None
    if request.method in _HARMLESS or call.run.was_redirected(call) or not _is_meant_for_the_endpoint(call):
        return None
    if request.path == CHAT:
        return equal("method", request.method, "POST")
    return Broken("path", CHAT, shown(request.path), _path_hint(request.path))


@CLIENT_CHECKS.each("request.content-type")
def content_type_is_json(call: ClientCall) -> Finding | None:
    """The media type is ``application/json``; parameters such as a charset do not matter."""
    if not call.is_try:
        return None
    said = call.request.headers.get("Content-Type")
    kind = (said or "").partition(";")[0].strip().lower()
    hint = "Libraries do not add it by themselves to a body that is text or bytes."
    return demand(kind == "application/json", "Content-Type", "application/json", said, hint)


@CLIENT_CHECKS.each("request.utf-8")
def body_is_utf_8(call: ClientCall) -> Finding | None:
    """The body can be read as UTF-8, and does not begin with a byte order mark."""
    if not call.is_try or not _is_plain(call):
        return None
    body = call.request.body
    if body.startswith(_MARK):
        return Broken("body", "JSON without a byte order mark", "the mark EF BB BF", "Encode as utf-8, not utf-8-sig.")
    try:
        body.decode()
    except UnicodeDecodeError as error:
        return Broken("body", "UTF-8", f"the bytes {body[error.start : error.end]!r}", "Encode the text as UTF-8.")
    return KEPT


@CLIENT_CHECKS.each("request.json")
def body_is_one_json_object(call: ClientCall) -> Finding | None:
    """The body is one object, without what JSON does not have, such as NaN. What is no UTF-8 is another rule's."""
    text = _text_of(call) if call.is_try else None
    if text is None:
        return None
    try:
        value = json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        return Broken("body", "one JSON object", shown(call.request.body[:60]), f"A parser says: {error}.")
    return demand(isinstance(value, dict), "body", "one JSON object", f"a {type(value).__name__}")


@CLIENT_CHECKS.each("request.model")
def model_is_this_one(call: ClientCall) -> Finding | None:
    """``model`` is ``remove-bg``."""
    body = call.question.body
    if not call.is_try or not body:
        return None
    model = body.get("model")
    if "model" not in body:
        return Broken("model", repr(MODEL), "nothing", misspelt(body, "model"))
    hint = did_you_mean(model.lower(), [MODEL]).strip() if isinstance(model, str) else ""
    return equal("model", model, MODEL, hint)


def _is_meant_for_the_endpoint(call: ClientCall) -> bool:
    """Tell whether *call*, which is no POST to the endpoint, was to be one, as far as that is clear."""
    request = call.request
    if call.run.job is not None:
        own = plain_origin(request.origin) in call.run.origins
        return own and (request.path == CHAT or request.method not in {"GET", "DELETE"}) and not _is_result(call)
    return request.path.endswith(_TAIL) or (request.method == "POST" and bool(did_you_mean(request.path, [CHAT])))


def _is_result(call: ClientCall) -> bool:
    """Tell whether *call* goes to where a result is; how it does that is another rule's matter."""
    return any(place.path == call.request.path for place in call.run.completed)


def _path_hint(path: str) -> str:
    """Return the likely cause of the wrong *path*."""
    if path.count("/v1") > 1:
        return "The base URL ends in /v1 already; add only what follows it."
    if path in {_TAIL, "/"}:
        return "The base URL ends in /v1."
    return did_you_mean(path, [CHAT]).strip()


def _is_plain(call: ClientCall) -> bool:
    """Tell whether the body is as it was written, and not compressed."""
    return call.request.headers.get("Content-Encoding") is None


def _text_of(call: ClientCall) -> str | None:
    """Return the body as text, ``None`` if it is none that can be judged."""
    if not _is_plain(call) or call.request.body.startswith(_MARK):
        return None
    try:
        return call.request.body.decode()
    except UnicodeDecodeError:
        return None


def _refuse(name: str) -> Any:  # noqa: ANN401  it never returns
    raise ValueError(f"{name} is no number of JSON")
