"""Answers that come as streams of events."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from contracts.checks import Broken, demand, shown
from contracts.model import Ending
from contracts.providers.xty.checks.acceptance import refusal
from contracts.providers.xty.checks.answer import DONE
from contracts.providers.xty.checks.completions import is_url
from contracts.providers.xty.checks.registry import CHECKS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from contracts.checks import Finding
    from contracts.providers.xty.checks.answer import Answer
    from contracts.providers.xty.checks.call import Call

_COUNTS = ("prompt_tokens", "completion_tokens", "total_tokens")


@CHECKS.each("stream.events")
def events(call: Call) -> Finding | None:
    """A right request for a stream gets one; every event is a chunk, but for the last, which is the end.

    To refuse it is a fault if the same picture is accepted without a stream.
    """
    if not call.question.streams or not call.is_right:
        return None
    if call.is_refused and call.has_twin and not call.oddities - {"stream"}:
        return refusal(call, "The same picture is accepted without stream.")
    answer = call.answer
    if answer is None or not answer.is_success:
        return None
    if not answer.is_stream:
        return Broken("Content-Type", "text/event-stream", shown(call.header("Content-Type")))
    if not answer.events or answer.events[-1].strip() != DONE or len(answer.chunks) != len(answer.events) - 1:
        ends = shown(answer.events[-1]) if answer.events else "no event at all"
        return Broken("last event", f"{DONE}, once", ends)
    wrong = next((chunk for chunk in answer.chunks if not _is_chunk(chunk)), None)
    fit = wrong is None and all(map(_is_chunk, answer.chunks))
    return demand(fit, "event", "a chat.completion.chunk", shown(wrong))


@CHECKS.each("stream.content")
def content(call: Call) -> Finding | None:
    """The chunks share one id and one moment, and what they say is one URL."""
    answer = _whole_stream(call)
    if answer is None:
        return None
    chunks = [chunk for chunk in answer.chunks if isinstance(chunk, dict)]
    heads = [(chunk.get("id"), chunk.get("created")) for chunk in chunks]
    if any(head != heads[0] for head in heads):
        return Broken("id and created of the chunks", "the same in all", shown(heads))
    return demand(is_url(answer.streamed), "contents in order", "the URL of the result", shown(answer.streamed))


@CHECKS.each("stream.usage")
def usage(call: Call) -> Finding | None:
    """If it was asked for, the last chunk has no choices and three counts, and all before it have ``null`` there."""
    answer = _whole_stream(call)
    if answer is None or not call.question.wants_usage:
        return None
    *before, last = answer.chunks
    if not isinstance(last, dict) or last.get("choices") != [] or not _is_usage(last.get("usage")):
        return Broken("last chunk", "the usage, and no choices", shown(last))
    told = [chunk.get("usage", "nothing at all") for chunk in before if isinstance(chunk, dict)]
    return demand(all(one is None for one in told), "usage of the other chunks", "null in each", shown(told))


def _whole_stream(call: Call) -> Answer | None:
    """Return the answer if it is a stream with chunks that went to its end."""
    broken_off = call.exchange.ending in {Ending.CLOSE, Ending.RESET}
    if not call.is_completed or call.answer is None or broken_off or not call.answer.chunks:
        return None
    failed = any(isinstance(chunk, dict) and "error" in chunk for chunk in call.answer.chunks)
    return call.answer if call.answer.is_stream and not failed else None


def _is_chunk(chunk: Any) -> bool:  # noqa: ANN401  any JSON value
    if not isinstance(chunk, dict) or chunk.get("object") != "chat.completion.chunk":
        return False
    named = isinstance(chunk.get("id"), str) and isinstance(chunk.get("model"), str)
    made, choices = chunk.get("created"), chunk.get("choices")
    return named and isinstance(made, int) and isinstance(choices, list) and all(map(_is_choice, choices))


def _is_choice(choice: Any) -> bool:  # noqa: ANN401  any JSON value
    return isinstance(choice, dict) and isinstance(choice.get("index"), int) and isinstance(choice.get("delta"), dict)


def _is_usage(value: Any) -> bool:  # noqa: ANN401  any JSON value
    counts: Sequence[Any] = [value.get(name) for name in _COUNTS] if isinstance(value, dict) else [None]
    return all(isinstance(count, int) and not isinstance(count, bool) for count in counts)
