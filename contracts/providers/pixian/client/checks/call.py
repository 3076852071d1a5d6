"""An exchange as the checks of clients see it: with the job that it was made for."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from contracts.model import Timeline
from contracts.providers.pixian.checks.call import Call

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, eq=False)
class ClientCall(Call):
    """A call; ``timeline`` is the whole of which it is a part."""

    timeline: Timeline = field(default_factory=lambda: Timeline(()))


def read(timeline: Timeline) -> Sequence[ClientCall]:
    """Return the calls of *timeline*."""
    return [ClientCall(exchange, timeline.pictures, timeline=timeline) for exchange in timeline.exchanges]
