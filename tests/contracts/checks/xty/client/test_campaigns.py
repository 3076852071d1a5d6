"""What clients have to go through: sound, small, and no trial twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.checks.claims import is_picture
from contracts.providers import discover
from contracts.providers.xty.client.campaigns import CLIENT_CAMPAIGNS
from contracts.rules import load_errors
from contracts.trials import PATIENCE
from mockserver.faults import FaultRule
from mockserver.faults.words import fault_of

if TYPE_CHECKING:
    from contracts.trials import Trial

_ERRORS = load_errors(discover()["xty"].folder)
_FIXED = [trial for campaign in CLIENT_CAMPAIGNS for trial in campaign.cases()]
_LARGEST = 20_000


def _check(trial: Trial) -> None:
    for word in trial.script:
        fault_of(word, _ERRORS)
    for rule in trial.faults:
        FaultRule.read("1", dict(rule), _ERRORS)
    pictures = [one.data for one in trial.inputs]
    assert all(is_picture(data) and len(data) < _LARGEST for data in pictures)
    assert len(set(pictures)) == len({one.name for one in trial.inputs}) == len(pictures)
    assert trial.lasts < PATIENCE


@pytest.mark.parametrize("trial", _FIXED, ids=[trial.name for trial in _FIXED])
def test_a_fixed_trial_can_be_played(trial: Trial) -> None:
    """The provider knows its words; its pictures are small and differ; a patient client ends in time."""
    _check(trial)


def test_no_two_fixed_trials_have_the_same_name() -> None:
    """A report names what it speaks of."""
    assert len({trial.name for trial in _FIXED}) == len(_FIXED)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.data())
def test_generated_trials_can_be_played(data: st.DataObject) -> None:
    """They are no different from fixed ones in that, and their words can be handed over in any environment."""
    for campaign in CLIENT_CAMPAIGNS:
        if campaign.generated is not None:
            trial = data.draw(campaign.generated())
            _check(trial)
            assert "\n" not in str(trial.parameters.get("text", ""))
