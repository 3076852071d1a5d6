"""The fast clock of client processes: what makes it, how well it does, and whom it does not reach."""

from contracts.conformance.client.pace.library import NoFastClockError, faketime
from contracts.conformance.client.pace.pace import Pace
from contracts.conformance.client.pace.probe import Measurement, measured, obstacle
from contracts.conformance.client.pace.reach import session, survivors, unreached

__all__ = [
    "Measurement",
    "NoFastClockError",
    "Pace",
    "faketime",
    "measured",
    "obstacle",
    "session",
    "survivors",
    "unreached",
]
