"""A fast clock for child processes, in tests."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from contracts.conformance.client.pace import NoFastClockError, Pace

if TYPE_CHECKING:
    from contracts.clock import Clock


def pace_of(clock: Clock) -> Pace:
    """Return what makes children follow *clock*; skip the test where that is impossible, unless nothing may be skipped.

    Raises:
        NoFastClockError: It is impossible, and must not be: ``MATTEPROOF_REQUIRE_SAMPLES`` is set.
    """
    try:
        return Pace(clock)
    except NoFastClockError as error:
        if os.environ.get("MATTEPROOF_REQUIRE_SAMPLES") == "1":
            raise
        pytest.skip(str(error))
