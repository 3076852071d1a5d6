"""Claims of success: none after an error, and none without a whole picture that belongs to the input."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contracts.checks import claims
from contracts.checks.finding import KEPT, Broken, demand, shown
from contracts.checks.tries import status
from contracts.model import Claim
from contracts.providers.xty.client.checks.progress import Progress, each_progress, is_success
from contracts.providers.xty.client.checks.registry import CLIENT_CHECKS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from contracts.checks.finding import Finding
    from contracts.checks.tries import Chain
    from contracts.providers.xty.client.checks.call import ClientCall

    Judge = Callable[[Progress], Finding | None]

_FAILURE = "a reported failure"


def _of_progress(topic: str) -> Callable[[Judge], Judge]:
    """Register a function that judges the progress with one picture."""

    def register(judge: Judge) -> Judge:
        def over_all(calls: Sequence[ClientCall]) -> Iterator[tuple[ClientCall, Finding]]:
            return each_progress(calls, judge)

        over_all.__module__, over_all.__qualname__, over_all.__doc__ = judge.__module__, judge.__name__, judge.__doc__
        CLIENT_CHECKS.together(topic)(over_all)
        return judge

    return register


@_of_progress("success.status")
def status_is_looked_at(progress: Progress) -> Finding | None:
    """After a last answer of another status than success, success is not claimed, unless a result came before it."""
    seen = status(progress.last)
    if progress.claim is None or not seen or is_success(seen) or progress.is_served:
        return None
    return _is_failure(progress, f"success, after status {seen}", "Look at the status before the body.")


@_of_progress("success.error-object")
def error_object_is_looked_at(progress: Progress) -> Finding | None:
    """After an error object, which may come with any status, success is not claimed."""
    answer = progress.last.answer
    if progress.claim is None or answer is None or answer.error is None or progress.is_served:
        return None
    return _is_failure(progress, f"success, after the error {shown(answer.message)}", "Look for error before choices.")


@_of_progress("success.not-a-completion")
def completion_is_looked_at(progress: Progress) -> Finding | None:
    """After an answer with status 200 that came whole and has neither an error nor a URL, success is not claimed."""
    last = progress.last
    answer = last.answer
    if progress.claim is None or answer is None or not is_success(last.status) or progress.is_served:
        return None
    if answer.error is not None or last.result_request() is not None or not claims.is_whole(last.exchange):
        return None
    return _is_failure(progress, f"success, after {shown(answer.response.body)}", "Look for the URL before going on.")


@_of_progress("success.result-status")
def result_has_to_be_fetched(progress: Progress) -> Finding | None:
    """Where no answer to a GET of the result was one of success, success is not claimed."""
    if progress.claim is None or progress.is_served or not progress.fetches:
        return None
    seen = status(progress.fetches[-1])
    received = f"status {seen}" if seen else "no answer"
    return _is_failure(progress, f"success, though the result got {received}", "Look at the status of the result, too.")


@CLIENT_CHECKS.together("success.output-missing")
def outputs_are_there(calls: Sequence[ClientCall]) -> Iterator[tuple[ClientCall, Finding]]:
    """Where success is claimed, no output is missing or empty."""
    return claims.output_is_there(calls)


@CLIENT_CHECKS.together("success.output-not-image")
def outputs_are_pictures(calls: Sequence[ClientCall]) -> Iterator[tuple[ClientCall, Finding]]:
    """Where success is claimed, every output is a picture; one that is cut off is another rule's matter."""
    last = next((call for call in reversed(calls) if call.is_try), None)
    outcome = last.timeline.outcome if last is not None else None
    if last is None or outcome is None or outcome.claim is not Claim.SUCCESS:
        return
    bodies = [call.response.body for call in calls if call.fetched is not None and call.response is not None]
    for output in filter(None, outcome.outputs):
        if claims.is_picture(output):
            yield last, KEPT
        elif not any(claims.is_part(output, body) for body in bodies):
            yield last, Broken(claims.OUTPUT, "a picture", shown(output), _mistake(output))


@CLIENT_CHECKS.together("success.output-truncated")
def outputs_are_whole(calls: Sequence[ClientCall]) -> Iterator[tuple[ClientCall, Finding]]:
    """Where a result broke off, or the client kept only part of one, success is not claimed."""

    def judge(chain: Chain[ClientCall]) -> Finding | None:
        given, output = Progress(chain).given, claims.output_of(chain)
        body = next((one for one in given.pictures if output is not None and claims.is_part(output, one)), None)
        if output is not None and body is not None:
            return Broken(claims.OUTPUT, f"all {len(body)} bytes of the picture", f"the first {len(output)}")
        return claims.part_is_not_whole(chain, given)

    return claims.of_last_tries(calls, judge)


@CLIENT_CHECKS.together("success.own-result")
def outputs_are_their_inputs_own(calls: Sequence[ClientCall]) -> Iterator[tuple[ClientCall, Finding]]:
    """An output that is a picture is not the result of another input, and no input itself."""
    given = {call: call.response.body for call in calls if call.fetched is not None and call.response is not None}

    def judge(chain: Chain[ClientCall]) -> Finding | None:
        progress, output = Progress(chain), claims.output_of(chain)
        if output is None or not claims.is_picture(output):
            return None
        foreign = {body for call, body in given.items() if call not in progress.fetches}
        return claims.output_is_its_own(chain, progress.given, foreign - set(progress.given.pictures))

    return claims.of_last_tries(calls, judge)


def _is_failure(progress: Progress, received: str, hint: str) -> Finding:
    return demand(progress.claim is Claim.FAILURE, claims.CLAIM, _FAILURE, received, hint)


def _mistake(output: bytes) -> str:
    """Return what *output* seems to be."""
    start = output.lstrip()[:8].lower()
    if start.startswith(b"http"):
        return "This is a URL; the picture is behind it."
    if start.startswith(b"<"):
        return "This is a page; look at the status and at Content-Type."
    return "This is JSON; look at the status, and for the URL in it." if start.startswith((b"{", b"[")) else ""
