"""What a client makes of errors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contracts.checks import claims
from contracts.providers.pixian.client.checks.registry import CLIENT_CHECKS
from contracts.providers.pixian.client.checks.success import given

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from contracts.checks import Finding
    from contracts.checks.tries import Chain
    from contracts.providers.pixian.client.checks.call import ClientCall

    Found = Iterator[tuple[ClientCall, Finding]]

_KEYS = frozenset({"status", "code", "message"})


@CLIENT_CHECKS.together("error.exceptions")
def exceptions(calls: Sequence[ClientCall]) -> Found:
    """After a last answer of 400 to 599 with a usual error object the client ends, and claims no success."""
    return _endings(calls, usual=True)


@CLIENT_CHECKS.together("error.non-json")
def non_json(calls: Sequence[ClientCall]) -> Found:
    """After a last answer of 400 to 599 with any other body the client ends, and claims no success."""
    return _endings(calls, usual=False)


@CLIENT_CHECKS.together("error.message")
def message(calls: Sequence[ClientCall]) -> Found:
    """Where failure is reported after an error object as the last answer a message of the errors is in the report.

    A client that stops at the first failure of several reports but that one.
    """
    messages = {text for call in calls if (text := _message(call))}

    def judge(chain: Chain[ClientCall]) -> Finding | None:
        return claims.message_is_told(chain, messages) if _message(chain.tries[-1]) else None

    return claims.of_last_tries(calls, judge)


def _endings(calls: Sequence[ClientCall], *, usual: bool) -> Found:
    """Yield how the client ended after last answers that were *usual* error objects, or others."""

    def judge(chain: Chain[ClientCall]) -> Finding | None:
        if _is_usual(chain.tries[-1]) is not usual:
            return None
        return claims.failure_is_reported(chain, given(chain, calls))

    return claims.of_last_tries(calls, judge)


def _is_usual(call: ClientCall) -> bool:
    """Tell whether the documented error object with a positive code has come, whole, and nothing beside it."""
    if call.error is None or set(call.json) != {"error"} or not claims.is_whole(call.exchange):
        return False
    return set(call.error) == _KEYS and call.code is not None and call.code > 0


def _message(call: ClientCall) -> str:
    """Return the message that has come, nothing where part of the error is missing."""
    error = call.error if claims.is_whole(call.exchange) else None
    text = error.get("message") if error is not None else None
    return text if isinstance(text, str) else ""
