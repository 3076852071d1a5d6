"""From the completion to the output: the URL, the GET of it, and the picture that comes."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from contracts.checks import claims
from contracts.checks.finding import KEPT, Broken, demand
from contracts.checks.raster import RasterError, decode
from contracts.checks.tries import chains
from contracts.model import Claim
from contracts.providers.xty.checks.call import HOUR
from contracts.providers.xty.client.checks.place import place_of
from contracts.providers.xty.client.checks.progress import Progress, each_progress
from contracts.providers.xty.client.checks.registry import CLIENT_CHECKS
from contracts.providers.xty.client.checks.run import url_of
from contracts.trials import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from contracts.checks.finding import Finding
    from contracts.checks.raster import Raster
    from contracts.checks.tries import Chain
    from contracts.providers.xty.client.checks.call import ClientCall
    from contracts.providers.xty.client.checks.place import Place

_LIKE = 0.75
"""Likeness of two paths, from 0 to 1, of which one was probably meant to be the other."""
_CLEARLY_LATE = PATIENCE / 2
"""Seconds without a GET of the result, before its time was over, in which every client gets round to it."""


@CLIENT_CHECKS.together("completion.url")
def url_is_taken_from_the_first_choice(calls: Sequence[ClientCall]) -> Iterator[tuple[ClientCall, Finding]]:
    """A client that has got a completion, and has ended, has asked for what the URL in it names, or nearly that."""

    def judge(progress: Progress) -> Finding | None:
        if not progress.completions:
            return None
        if progress.fetches or any(_attempts(one) for one in progress.completions):
            return KEPT
        settled = progress.claim is Claim.SUCCESS or (progress.claim is Claim.FAILURE and progress.is_alone)
        if not settled or progress.last not in progress.completions:
            return None
        expected = f"a GET of {progress.last.result_url}"
        return Broken("choices[0].message.content", expected, "none", "The URL of the result is in there.")

    return each_progress(calls, judge)


@CLIENT_CHECKS.together("result.fetch")
def result_is_fetched_by_its_exact_url(calls: Sequence[ClientCall]) -> Iterator[tuple[ClientCall, Finding]]:
    """The URL in the completion is asked for with GET, and as it is, without anything added or left out."""
    for call in calls:
        if call.fetched is not None:
            yield call, KEPT
    for completion in (one for some in (calls[0].run.completed.values() if calls else ()) for one in some):
        if not completion.run.fetches.get(completion):
            for attempt in _attempts(completion)[:1]:
                received = f"{attempt.request.method} {url_of(attempt)}"
                yield attempt, Broken("request of the result", f"GET {completion.result_url}", received)


@CLIENT_CHECKS.together("result.in-time")
def result_is_fetched_within_the_hour(calls: Sequence[ClientCall]) -> Iterator[tuple[ClientCall, Finding]]:
    """The first GET of a result comes within the hour; a client that has to be stopped before it comes is too late."""

    def judge(progress: Progress) -> Finding | None:
        if not progress.completions:
            return None
        completed = _end_of(progress.completions[-1])
        if progress.fetches:
            first = progress.fetches[0]
            waited = first.exchange.received - _end_of(first.fetched or first)
            return demand(
                waited <= HOUR, "GET of the result", "within 3600 s of the completion", f"after {waited:.0f} s"
            )
        outcome = progress.outcome
        late = outcome is not None and outcome.claim is Claim.NONE and outcome.ended - completed >= _CLEARLY_LATE
        if outcome is None or not late or any(_attempts(one) for one in progress.completions):
            return None
        received = f"none within {outcome.ended - completed:.0f} s"
        return Broken("GET of the result", "soon after the completion", received, "The URL lives for an hour.")

    for chain in chains(calls):
        progress = Progress(chain)
        finding = judge(progress)
        if finding is not None:
            yield (*progress.fetches[:1], progress.last)[0], finding


@CLIENT_CHECKS.together("result.transparency")
def output_stays_transparent(calls: Sequence[ClientCall]) -> Iterator[tuple[ClientCall, Finding]]:
    """An output is transparent somewhere if the result is."""

    def judge(chain: Chain[ClientCall]) -> Finding | None:
        output, pictures = claims.output_of(chain), Progress(chain).given.pictures
        if output is None or not pictures or not _is_transparent(pictures[-1]):
            return None
        job = chain.tries[-1].job
        if _raster(output) is None or (job is not None and any(output == one.data for one in job.inputs)):
            return None  # what it is instead is another rule's matter
        kept = output in pictures or _is_transparent(output)
        hint = "Formats such as JPEG have no transparency; store the bytes as they came."
        return demand(kept, claims.OUTPUT, "the transparency of the result", "an opaque picture", hint)

    return claims.of_last_tries(calls, judge)


def _attempts(completion: ClientCall) -> list[ClientCall]:
    """Return the requests that were probably to fetch the result of *completion*, but ask for something else."""
    place, number = completion.result_place, completion.exchange.number
    if place is None:
        return []
    return [call for call in completion.run.strays if call.exchange.number > number and _is_meant_for(call, place)]


def _is_meant_for(call: ClientCall, place: Place) -> bool:
    """Tell whether the stray *call* was probably to fetch what is at *place*."""
    asked = place_of(call.request)
    if asked.path == place.path or (place.name and place.name in f"{asked.path}?{asked.query}"):
        return True
    # Names of results are long and by chance, so that no two are alike.
    return asked not in call.run.completed and SequenceMatcher(None, asked.path, place.path).ratio() >= _LIKE


def _end_of(completion: ClientCall) -> float:
    exchange = completion.exchange
    return exchange.received if exchange.ended is None else exchange.ended


def _raster(data: bytes) -> Raster | None:
    try:
        return decode(data)
    except RasterError:
        return None


def _is_transparent(data: bytes) -> bool:
    raster = _raster(data)
    return raster is not None and bool((raster.alpha < 255).any())
