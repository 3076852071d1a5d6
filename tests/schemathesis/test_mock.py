"""Schemathesis makes requests from both OpenAPI documents and finds nothing wrong with the mock's answers."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from contracts.providers import discover
from tests.schemathesis.engine import PHASES, examine
from tests.schemathesis.knowledge import teach
from tests.schemathesis.terms import ALLOWANCES, CREDENTIALS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mockserver.mock import Mock
    from tests.schemathesis.engine import Examination

teach()

EXAMPLES = int(os.environ.get("MATTEPROOF_SCHEMATHESIS_EXAMPLES", "5"))
"""Generated requests an operation. Set the variable to look deeper."""

OPERATIONS = {
    "pixian": {"POST /api/v2/remove-background", "GET /api/v2/account", "POST /api/v1/remove-background"},
    "xty": {"POST /v1/chat/completions", "GET /v1/models", "GET /files/{name}"},
}

APPLICABLE = {
    "pixian": {"examples", "coverage", "fuzzing"},  # no answer holds what another request could take up
    "xty": set(PHASES),
}


def examined(mock: Mock, provider: str, phases: Sequence[str] = PHASES, examples: int = EXAMPLES) -> Examination:
    """Return what a run in *phases* came to."""
    return examine(
        discover()[provider],
        mock.url,
        credentials=CREDENTIALS[provider],
        allowances=ALLOWANCES,
        phases=phases,
        examples=examples,
    )


@pytest.mark.parametrize("provider", ["pixian", "xty"])
def test_nothing_is_found(mock: Mock, provider: str) -> None:
    """No check objects, in any phase; and the run is not vacuous: every operation has both succeeded and refused."""
    examination = examined(mock, provider)
    assert examination.troubles == []
    assert not examination.findings, "\n\n".join(map(str, examination.findings))
    assert {phase for phase, _, _ in examination.answers} == APPLICABLE[provider]
    assert {operation for _, operation, status in examination.answers if status == 200} == OPERATIONS[provider]
    assert {operation for _, operation, status in examination.answers if status >= 400} == OPERATIONS[provider]


@pytest.mark.thorough
def test_a_second_run_makes_the_same_requests(mock: Mock) -> None:
    """The seed is fixed: both runs get as many answers of every kind."""
    first, second = (examined(mock, "xty", ("fuzzing", "stateful"), 3) for _ in range(2))
    assert first.answers == second.answers
