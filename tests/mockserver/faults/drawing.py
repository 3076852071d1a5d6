"""Requests that rules draw faults for."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from contracts.model import Operation
from mockserver.faults import Occasion
from mockserver.mock import Mock
from still import StillClock
from tests.mockserver.faults.conftest import Stage
from tests.mockserver.wire.conftest import NOW

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.mockserver.faults.conftest import Caller

ACCOUNT = Operation("pixian", "getAccount", "GET", "/api/v2/account")
TRIES = 60


@contextmanager
def staged(seed: int) -> Iterator[Stage]:
    """A fresh mock that draws by *seed*, on a clock that stands still."""
    clock = StillClock(NOW)
    with Mock(clock=clock, seed=seed) as mock:
        stage = Stage(mock, clock, [])
        yield stage
        stage.close()


def looks(caller: Caller, times: int) -> list[int]:
    """Return the statuses of so many requests of *caller*, one after the other."""
    return [caller.look().status for _ in range(times)]


def by_chance(seed: int, *others: str, tries: int = TRIES, probability: float = 0.5) -> list[int]:
    """Return what anna meets on a fresh mock, by a rule with a *probability*; *others* ask in between."""
    with staged(seed) as stage:
        stage.rule("429", probability=probability)
        anna = stage.caller("anna")
        crowd = [stage.caller(name) for name in others]
        statuses = []
        for number in range(tries):
            for other in crowd[: number % (len(crowd) + 1)]:
                other.look()
            statuses.append(anna.look().status)
        return statuses


def occasion(tenant: str = "anna", **parameters: str) -> Occasion:
    """Return a request of *tenant* for its account, with *parameters*."""
    return Occasion(ACCOUNT, tenant, lambda: parameters)
