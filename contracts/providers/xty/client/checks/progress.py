"""How far a client came with one picture: its tries, the completions that arrived, and the results that it fetched."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from contracts.checks.claims import Given
from contracts.checks.tries import chains
from contracts.model import Claim

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from contracts.checks.finding import Finding
    from contracts.checks.tries import Chain
    from contracts.model import Outcome
    from contracts.providers.xty.client.checks.call import ClientCall

_SUCCESSES, _REDIRECTS = range(200, 300), range(300, 400)


@dataclass(frozen=True, eq=False)
class Progress:
    """One chain of tries, and what followed from it."""

    chain: Chain[ClientCall]

    @property
    def last(self) -> ClientCall:
        """The last try."""
        return self.chain.tries[-1]

    @property
    def outcome(self) -> Outcome | None:
        """What became of the job, ``None`` if that is not known or the client cannot do jobs of this kind."""
        outcome = self.last.timeline.outcome
        return None if outcome is None or outcome.claim is Claim.UNABLE else outcome

    @property
    def claim(self) -> Claim | None:
        """Success or failure, ``None`` where the client has claimed neither."""
        return None if self.outcome is None or self.outcome.claim is Claim.NONE else self.outcome.claim

    @property
    def is_alone(self) -> bool:
        """Whether the job has no other input, which might have made the client give up."""
        job = self.last.job
        return job is not None and len(job.inputs) == 1

    @cached_property
    def completions(self) -> tuple[ClientCall, ...]:
        """The tries whose completions arrived whole."""
        return tuple(one for one in self.chain.tries if one.result_place is not None)

    @cached_property
    def fetches(self) -> tuple[ClientCall, ...]:
        """The requests that fetched the results, in order."""
        run = self.last.run
        return tuple(fetch for one in self.completions for fetch in run.fetches.get(one, ()))

    @cached_property
    def given(self) -> Given:
        """What came when the results were fetched. Redirects are left out: what they led to is not known."""
        return Given.by(one.exchange for one in self.fetches if one.status not in _REDIRECTS)

    @property
    def is_served(self) -> bool:
        """Whether a result arrived, or was redirected to where nobody sees what came of it."""
        return self.given.succeeded or any(one.status in _REDIRECTS for one in self.fetches)


def each_progress(
    calls: Sequence[ClientCall], judge: Callable[[Progress], Finding | None]
) -> Iterator[tuple[ClientCall, Finding]]:
    """Yield what *judge* finds of each chain among *calls*, with the chain's last try."""
    for chain in chains(calls):
        progress = Progress(chain)
        finding = judge(progress)
        if finding is not None:
            yield progress.last, finding


def is_success(status: int) -> bool:
    """Tell whether *status* is one of success."""
    return status in _SUCCESSES
