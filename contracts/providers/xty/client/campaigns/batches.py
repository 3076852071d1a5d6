"""Several pictures at once."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from contracts.cases import Campaign
from contracts.providers.xty.client.campaigns.jobs import PLAIN
from contracts.strategies.inputs import file
from contracts.trials import Trial

if TYPE_CHECKING:
    from contracts.model import Input

_COLOURS = ((200, 30, 40), (20, 90, 60), (40, 40, 110))


def _three() -> tuple[Input, ...]:
    """Return three pictures that nobody can take for each other."""
    shown = (replace(PLAIN, width=80 + 16 * number, foreground=colour) for number, colour in enumerate(_COLOURS))
    return tuple(replace(file(one), name=f"picture-{number}.png") for number, one in enumerate(shown, 1))


def _cases() -> tuple[Trial, ...]:
    return (
        Trial("three pictures", _three(), threads=3, latency=1.0),
        Trial("three pictures, one of them later", _three(), script=("429",), threads=3, latency=1.0),
    )


CAMPAIGN = Campaign("batches", "several pictures at once", ("success.own-result", "timeout.no-second-post"), _cases)
