"""Scenarios break contracts on purpose."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def _answers_keep_the_contract() -> None:
    """Take the place of the watch over all answers: here, some are wrong by design."""
