"""What a client under test has to go through, before it does: a job, and how the provider behaves meanwhile."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from contracts.model import Input

SPEED = 60.0
"""Virtual seconds a real second at which most trials can be judged."""
_FIRST_WAIT = 5.0
"""Virtual seconds of the first wait, which grow by as much."""
PATIENCE = 600.0
"""Virtual seconds after which a client that has not ended is too late."""
HERE, ELSEWHERE = "http://here.invalid", "http://elsewhere.invalid"
"""Stand, in faults, for the provider's origin, and for that of another host, which answers as the provider does."""


def status(code: int, body: str = "json", **fields: object) -> dict[str, Any]:
    """Return the word for an answer with the status *code* and a *body* of that kind."""
    return {"fault": "status", "status": code, "body": body, **fields}


@dataclass(frozen=True, slots=True)
class Trial:
    """A job for one client, and a tenant's script and faults for it, in the words of the control API.

    The words of ``script`` meet the requests that ask for work, one each, in order; then all is normal. ``faults`` are
    rules for whoever asks, also without credentials. ``latency`` is how many virtual seconds the work on a picture
    takes. ``speed`` is the most virtual seconds a real second at which the trial can be judged. With ``tls`` the
    provider speaks HTTPS. The URL of an input begins with :data:`contracts.cases.HOST`.
    """

    name: str
    inputs: tuple[Input, ...]
    parameters: Mapping[str, object] = field(default_factory=dict)
    script: tuple[object, ...] = ()
    faults: tuple[Mapping[str, object], ...] = ()
    threads: int = 1
    latency: float = 0.0
    speed: float = SPEED
    tls: bool = False

    @property
    def lasts(self) -> float:
        """About how many virtual seconds a client that keeps the rules takes, if it takes every word for a 429."""
        words = len(self.script) + len(self.faults)
        silences = sum(float(word.get("seconds", 0)) for word in self.script if isinstance(word, dict))
        return _FIRST_WAIT * words * (words + 1) / 2 + silences + self.latency * len(self.inputs)

    @property
    def silence(self) -> float:
        """For how many virtual seconds nothing arrives at the most, where the provider takes its time."""
        silences = [float(word.get("seconds", 0)) for word in self.script if isinstance(word, dict)]
        return max([self.latency, *silences])

    def told(self) -> str:
        """Return what is special about the trial, in a line."""
        words = [self.name]
        if self.script:
            words.append(f"the provider answers {json.dumps(self.script, ensure_ascii=False)}, then as always")
        if self.parameters:
            words.append(f"the parameters are {json.dumps(self.parameters, ensure_ascii=False)}")
        if len(self.inputs) > 1:
            words.append(f"{len(self.inputs)} pictures in {self.threads} threads")
        return "; ".join(words)

    @property
    def weight(self) -> int:
        """How much a reader has to look at: the smaller of two trials shows a fault better."""
        return (
            1000 * (len(self.script) + len(self.faults) + len(self.parameters))
            + 500 * (len(self.inputs) - 1)
            + sum(len(one.data) for one in self.inputs) // 100
        )
