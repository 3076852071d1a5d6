"""What a client passes off as the result."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contracts.checks import claims
from contracts.checks.tries import chains
from contracts.providers.pixian.client.checks.registry import CLIENT_CHECKS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from contracts.checks import Finding
    from contracts.checks.claims import Given
    from contracts.checks.tries import Chain
    from contracts.providers.pixian.client.checks.call import ClientCall

    Found = Iterator[tuple[ClientCall, Finding]]


@CLIENT_CHECKS.together("success.status")
def status(calls: Sequence[ClientCall]) -> Found:
    """Success is not claimed unless there was an answer with a status of 200 to 299."""
    return _judged(calls, claims.success_is_earned)


@CLIENT_CHECKS.together("success.output")
def output(calls: Sequence[ClientCall]) -> Found:
    """Where success is claimed every output is there, and not empty."""
    return claims.output_is_there(calls)


@CLIENT_CHECKS.together("success.error-body")
def error_body(calls: Sequence[ClientCall]) -> Found:
    """Where success is claimed no output is the body of an error."""
    return _judged(calls, claims.error_is_no_output)


@CLIENT_CHECKS.together("success.truncated")
def truncated(calls: Sequence[ClientCall]) -> Found:
    """Where an answer broke off success is not claimed without a whole one, nor with part of one as output."""
    return _judged(calls, claims.part_is_not_whole)


@CLIENT_CHECKS.together("success.not-image")
def not_image(calls: Sequence[ClientCall]) -> Found:
    """Where the body of a success was no picture success is not claimed without one that was."""
    return _judged(calls, claims.other_is_no_picture)


@CLIENT_CHECKS.together("success.own-picture")
def own_picture(calls: Sequence[ClientCall]) -> Found:
    """The output is a picture, and not the answer to another input; it may be converted."""
    answers = {chain.input: given(chain, calls).pictures for chain in chains(calls)}

    def judge(chain: Chain[ClientCall]) -> Finding | None:
        foreign = {body for number, bodies in answers.items() if number != chain.input for body in bodies}
        own = given(chain, calls)
        return claims.output_is_its_own(chain, own, foreign - set(own.pictures))

    return claims.of_last_tries(calls, judge)


def given(chain: Chain[ClientCall], calls: Iterable[ClientCall]) -> Given:
    """Return what the client was given for the picture of *chain*; where redirects led is known for one input only."""
    job = chain.tries[-1].job
    alone = job is not None and len(job.inputs) == 1
    led = [call for call in calls if call.is_led and not call.is_try] if alone else []
    return claims.Given.by(call.exchange for call in (*chain.tries, *led))


def _judged(calls: Sequence[ClientCall], judge: Callable[[Chain[ClientCall], Given], Finding | None]) -> Found:
    """Yield what *judge* finds of each chain and what was given for it."""
    return claims.of_last_tries(calls, lambda chain: judge(chain, given(chain, calls)))
