"""What is left of a client that never came as far as a request."""

from __future__ import annotations

from contracts.model import Ending, Exchange, Request, Timeline


def exchanges_of(timeline: Timeline) -> tuple[Exchange, ...]:
    """Return the exchanges of *timeline*, or one that stands for handshakes that went wrong, if there is nothing else.

    Its number is -1, which no exchange has.
    """
    shakes, job = timeline.handshakes, timeline.job
    if timeline.exchanges or shakes is None or job is None or not shakes.plain + shakes.nameless:
        return timeline.exchanges
    moment = timeline.outcome.ended if timeline.outcome is not None else 0.0
    return (Exchange(-1, 0, Request("CONNECT", "", origin=job.origin), None, moment, moment, Ending.CLOSE),)
