"""The messages in a request, and the words in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from contracts.checks.finding import KEPT, Broken, demand, equal, shown
from contracts.providers.xty.client.checks.registry import CLIENT_CHECKS
from contracts.providers.xty.client.checks.spelling import misspelt

if TYPE_CHECKING:
    from contracts.checks.finding import Finding
    from contracts.providers.xty.client.checks.call import ClientCall

KINDS = ("text", "image_url")
"""The documented types of parts."""


@CLIENT_CHECKS.each("request.messages")
def messages_are_a_list(call: ClientCall) -> Finding | None:
    """``messages`` is a list of objects, one at least."""
    body = call.question.body
    if not call.is_try or not body:
        return None
    if "messages" not in body:
        return Broken("messages", "a list of messages", "nothing", misspelt(body, "messages"))
    found = body["messages"]
    sound = isinstance(found, list) and found and all(isinstance(one, dict) for one in found)
    return demand(sound, "messages", "a list of messages", shown(found))


@CLIENT_CHECKS.each("request.role")
def messages_are_the_users(call: ClientCall) -> Finding | None:
    """The ``role`` of every message is ``user``."""
    for message in (messages := messages_of(call)):
        if message.get("role") != "user":
            return equal("role", message.get("role"), "user", "" if "role" in message else misspelt(message, "role"))
    return KEPT if messages else None


@CLIENT_CHECKS.each("request.content")
def content_is_a_list(call: ClientCall) -> Finding | None:
    """The ``content`` of every message is a list, also where it is only a text."""
    for message in (messages := messages_of(call)):
        content = message.get("content")
        if not isinstance(content, list):
            hint = "" if "content" in message else misspelt(message, "content")
            return Broken("content", "a list of parts", shown(content), hint or "A picture is a part of its own.")
    return KEPT if messages else None


@CLIENT_CHECKS.each("request.part-type")
def parts_have_documented_types(call: ClientCall) -> Finding | None:
    """Every part is an object whose ``type`` is ``text`` or ``image_url``."""
    for part in (parts := parts_of(call)):
        if not isinstance(part, dict):
            return Broken("part", "an object with a type", shown(part))
        if part.get("type") not in KINDS:
            wrong = part.get("type")
            hint = misspelt([wrong], "image_url") or misspelt([wrong], "text") if "type" in part else ""
            return Broken("type", "text or image_url", shown(wrong), hint or _other_names(part))
    return KEPT if parts else None


@CLIENT_CHECKS.each("request.text")
def words_arrive_unchanged(call: ClientCall) -> Finding | None:
    """The job's words are in a text part, character by character; without words, ``text`` is a string where it is."""
    if not types_are_known(call):
        return None
    for part in call.question.parts("text"):
        if not isinstance(part.get("text", ""), str | None):
            return Broken("text", "a string", shown(part["text"]))
    wanted = call.job.parameters.get("text") if call.job is not None else None
    if wanted is None:
        return KEPT if call.question.texts else None
    found = call.question.texts
    if wanted in found:
        return KEPT
    names = [name for part in call.question.parts("text") for name in part if name != "type"]
    hint = "" if found else misspelt(names, "text") or "The words have to go with the picture."
    return Broken("text", shown(wanted), shown(found[0] if found else None), hint or _loss(found[0]))


def messages_of(call: ClientCall) -> list[dict[str, Any]]:
    """Return the messages of *call*, if it is a try and they are sound."""
    found = call.question.body.get("messages") if call.is_try else None
    return found if isinstance(found, list) and all(isinstance(one, dict) for one in found) else []


def parts_of(call: ClientCall) -> list[Any]:
    """Return the parts of all messages of *call*, if it is a try."""
    contents = [message.get("content") for message in messages_of(call)]
    return [part for content in contents if isinstance(content, list) for part in content]


def types_are_known(call: ClientCall) -> bool:
    """Tell whether every part of *call* is what it says: if not, nobody knows what is missing."""
    messages = messages_of(call)
    whole = bool(messages) and all(isinstance(message.get("content"), list) for message in messages)
    return whole and all(isinstance(part, dict) and part.get("type") in KINDS for part in parts_of(call))


def _other_names(part: dict[str, Any]) -> str:
    return "" if "type" in part else misspelt(part, "type")


def _loss(found: str) -> str:
    """Return the likely reason why the words arrived as *found*."""
    if "?" in found or "\ufffd" in found:
        return "Characters were lost in an encoding; use UTF-8 throughout."
    return ""
