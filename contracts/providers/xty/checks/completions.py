"""Completions: their status, media type and members, and how long they take."""

from __future__ import annotations

import re
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from contracts.checks import Broken, demand, equal, shown
from contracts.providers.xty.checks.question import MODEL
from contracts.providers.xty.checks.registry import CHECKS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from contracts.checks import Finding
    from contracts.providers.xty.checks.call import Call

_ID = re.compile(r"xty-([0-9]{11,14})", re.ASCII)
"""Instants in milliseconds between 1973 and 5138."""
_URL = re.compile(r"https?://[^/?#\s\"<>\\^`{|}\x00-\x20\x7f]+[^\s\"<>\\^`{|}\x00-\x20\x7f]*", re.IGNORECASE)
_COUNTS = ("prompt_tokens", "completion_tokens", "total_tokens")
_LONGEST, _GRACE = 10.0, 2.0
"""Seconds that a completion may take, and that one does not quarrel about."""
_BYTES_PER_SECOND = 125_000
"""A slow line, on which a request is still under way when the time is already taken."""
_SAME_CLOCK, _OTHER_CLOCK = 60.0, 900.0
"""Seconds by which the instant may be off the server's own clock, and off ours."""


@CHECKS.each("status")
def status(call: Call) -> Finding | None:
    """Choices come with a status of success, and an error object instead of them with any other."""
    if not call.is_in_api or call.answer is None:
        return None
    if call.answer.has_choices:
        return demand(call.answer.is_success, "status", "200 to 299, with a completion", str(call.status))
    if call.answer.error is None:
        return None
    said = f"{call.status} with the error {shown(call.answer.message)}"
    return demand(not call.answer.is_success, "status", "no status of success, with an error", said)


@CHECKS.each("media-type")
def media_type(call: Call) -> Finding | None:
    """A body that is a completion or an error in JSON has the media type of JSON."""
    if not call.is_in_api or call.answer is None or not (call.answer.has_choices or call.answer.error is not None):
        return None
    kind = call.answer.response.media_type
    fit = kind == "application/json" or (kind.startswith("application/") and kind.endswith("+json"))
    return demand(fit, "Content-Type", "application/json", call.header("Content-Type"), "The body is JSON.")


@CHECKS.each("completion.id")
def identifier(call: Call) -> Finding | None:
    """The id is ``xty-`` and a number that is an instant in milliseconds, not in seconds or microseconds."""
    body = _completion(call)
    if body is None:
        return None
    found = body.get("id")
    return demand(_instant(found) is not None, "id", "xty- and milliseconds since 1970", shown(found))


@CHECKS.each("completion.created")
def created(call: Call) -> Finding | None:
    """The value is a whole number, and the seconds of the instant in the id, if that has one."""
    body = _completion(call)
    if body is None:
        return None
    found, instant = body.get("created"), _instant(body.get("id"))
    if instant is None:
        return demand(_is_whole(found), "created", "a whole number of seconds", shown(found))
    seconds = instant // 1000
    hint = f"The id is {shown(body.get('id'))}; its fraction of a second is cut off, not rounded."
    return demand(_is_whole(found) and found == seconds, "created", str(seconds), shown(found), hint)


@CHECKS.each("completion.instant-is-now")
def instant_is_now(call: Call) -> Finding | None:
    """The instant in the id is about that in ``Date`` or, without such a field, that of the exchange by our clock."""
    instant = _instant((_completion(call) or {}).get("id"))
    if instant is None:
        return None
    began, ended = call.exchange.received, call.exchange.ended or call.exchange.received
    told = _date(call.header("Date"))
    earliest, latest, slack = (told - (ended - began), told, _SAME_CLOCK) if told else (began, ended, _OTHER_CLOCK)
    close = earliest - slack <= instant / 1000 <= latest + slack
    expected = f"an instant near {latest:.0f} s since 1970, {'the Date of the answer' if told else 'when it came'}"
    return demand(close, "id", expected, f"{instant / 1000:.3f} s")


@CHECKS.each("completion.object")
def kind(call: Call) -> Finding | None:
    """What answers a right request with success is an object that calls itself a completion."""
    if call.is_right and call.answer is not None and call.answer.is_success and not call.question.streams:
        hint = "A web page says that the base URL is wrong." if call.is_page else ""
        if call.answer.members is None:
            return Broken("body", "a completion in JSON", shown(call.answer.response.body), hint)
    body = _completion(call)
    return None if body is None else equal("object", body.get("object"), "chat.completion")


@CHECKS.each("completion.model")
def model(call: Call) -> Finding | None:
    """The model is the one that was asked for."""
    body = _completion(call)
    return None if body is None else equal("model", body.get("model"), MODEL)


@CHECKS.each("completion.choices")
def choices(call: Call) -> Finding | None:
    """The first choice has the index 0, the reason stop and a message of the assistant."""
    if _completion(call) is None or call.answer is None:
        return None
    first = call.answer.first_choice
    if not first:
        return Broken("choices", "one choice", shown((call.answer.members or {}).get("choices")))
    found = (first.get("index"), first.get("finish_reason"), call.answer.assistant.get("role"))
    fit = _is_whole(found[0]) and found == (0, "stop", "assistant")
    where = "index, finish_reason and role of the first choice"
    return demand(fit, where, "0, 'stop', 'assistant'", ", ".join(map(shown, found)))


@CHECKS.each("completion.content")
def content(call: Call) -> Finding | None:
    """The content is a text that is one absolute URL, without anything around it."""
    if _completion(call) is None or call.answer is None or not call.answer.first_choice:
        return None
    found = call.answer.assistant.get("content")
    hint = "Neither Markdown nor white space belongs around the URL."
    return demand(is_url(found), "content", "an http or https URL and nothing more", shown(found), hint)


@CHECKS.each("completion.usage")
def usage(call: Call) -> Finding | None:
    """The three counts of tokens are there, and 0."""
    body = _completion(call)
    if body is None:
        return None
    found = body.get("usage")
    return demand(counts_nothing(found), "usage", f"0 for each of {', '.join(_COUNTS)}", shown(found))


@CHECKS.each("processing-time")
def processing_time(call: Call) -> Finding | None:
    """A completion is there after 10 seconds, and 2 more, and the time in which its request went over a slow line."""
    if not call.is_completed or call.exchange.ended is None:
        return None
    took = call.exchange.ended - call.exchange.received
    allowed = _LONGEST + _GRACE + len(call.request.body) / _BYTES_PER_SECOND
    return demand(took <= allowed, "time", "at most 10 s", f"{took:.1f} s")


def is_url(value: object) -> bool:
    """Tell whether *value* is the text of an absolute URL of HTTP, and nothing more."""
    if not isinstance(value, str) or not _URL.fullmatch(value):
        return False
    try:
        parts = urlsplit(value)
        return bool(parts.hostname) and (parts.port is None or parts.port >= 0)
    except ValueError:
        return False


def counts_nothing(value: object) -> bool:
    """Tell whether *value* is a usage of which every count is there, and 0."""
    return isinstance(value, dict) and all(_is_whole(value.get(name)) and value[name] == 0 for name in _COUNTS)


def _completion(call: Call) -> Mapping[str, Any] | None:
    """Return the body that is a completion, or should be one as a right request was answered with success."""
    answer = call.answer
    if not call.is_chat or answer is None or not answer.is_success or answer.error is not None or answer.is_stream:
        return None
    return answer.members if answer.has_choices or (call.is_right and not call.question.streams) else None


def _instant(value: object) -> int | None:
    """Return the milliseconds in an id, if it is one."""
    match = _ID.fullmatch(value) if isinstance(value, str) else None
    return int(match[1]) if match else None


def _is_whole(value: object) -> bool:
    """Tell whether *value* is a whole number, which JSON may also write as ``0.0``."""
    return (isinstance(value, int) and not isinstance(value, bool)) or (isinstance(value, float) and value.is_integer())


def _date(text: str | None) -> float | None:
    """Return the seconds since 1970 that the field ``Date`` tells, if it tells any."""
    try:
        return parsedate_to_datetime(text).timestamp() if text else None
    except (ValueError, OverflowError, TypeError, IndexError):
        return None
