"""Every rule about clients that can be seen has a check, and a trial in which it comes into play."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, find, given, settings
from hypothesis import strategies as st

from contracts.checks.raster import decode
from contracts.model import Subject
from contracts.providers.pixian import PROVIDER
from contracts.providers.pixian.client.campaigns import CLIENT_CAMPAIGNS
from contracts.providers.pixian.client.campaigns.generated import JOBS, SCRIPTS
from contracts.providers.pixian.client.campaigns.hidden import BOUNDARIES, with_boundaries
from contracts.providers.pixian.client.checks import CLIENT_CHECKS
from contracts.rules import load_errors, load_rules
from contracts.schemas import schema_at
from contracts.trials import SPEED, Trial
from mockserver.faults.words import check, fault_of

_SCHEMA = "schemas/remove-background-request.schema.json#/properties/"
_FIXED = [trial for campaign in CLIENT_CAMPAIGNS for trial in campaign.cases()]
_RULES = [rule for rule in load_rules(PROVIDER.folder, PROVIDER.name) if rule.subject is Subject.CLIENT]


def test_every_observable_rule_has_a_check() -> None:
    """No other rule has one."""
    assert {rule.id for rule in _RULES if rule.observable} == CLIENT_CHECKS.rules


def test_every_observable_rule_comes_into_play() -> None:
    """Some campaign with fixed trials is about it; no topic is about nothing."""
    topics = {rule.id.split(".", 2)[2] for rule in _RULES if rule.observable}
    fixed = [campaign for campaign in CLIENT_CAMPAIGNS if campaign.cases()]
    assert {topic for topic in topics if not any(one.exercises(topic) for one in fixed)} == set()
    for campaign in CLIENT_CAMPAIGNS:
        for named in campaign.topics:
            assert any(topic == named or topic.startswith(f"{named}.") for topic in topics), named


def test_fixed_trials_are_few_small_and_well_named() -> None:
    """Each starts a process, and reports tell them apart by their names; the first one is the plainest."""
    trials = [trial for campaign in CLIENT_CAMPAIGNS for trial in campaign.cases()]
    names = [trial.name for trial in trials]
    assert len(names) == len(set(names)) <= 50
    assert not trials[0].script
    assert all(sum(len(one.data) for one in trial.inputs) < 1_100_000 for trial in trials)
    assert all(trial.speed <= SPEED for trial in trials)


def test_the_picture_with_boundaries_is_a_picture() -> None:
    """And it has each of them at the start of a line."""
    data = with_boundaries().data
    assert decode(data).size == (100, 80)
    assert all(f"\r\n--{boundary}\r\n".encode() in data for boundary in BOUNDARIES)


@pytest.mark.parametrize("trial", _FIXED, ids=lambda trial: trial.name)
def test_fixed_trials_are_possible(trial: Trial) -> None:
    """The mock knows the words, and the parameters are documented ones with documented values."""
    _assert_possible(trial)


@given(st.data())
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
def test_generated_trials_are_possible(data: st.DataObject) -> None:
    """Whatever comes out."""
    for campaign in (JOBS, SCRIPTS):
        assert campaign.generated is not None
        _assert_possible(data.draw(campaign.generated()))


def test_scripts_shrink_to_the_shortest() -> None:
    """Of all scripts with two 429 in a row the one with nothing else is left."""
    assert SCRIPTS.generated is not None
    found = find(SCRIPTS.generated(), lambda trial: trial.script.count("429") >= 2)
    assert found.script == ("429", "429")


@pytest.mark.thorough
def test_jobs_shrink_to_the_plainest() -> None:
    """Of all jobs with a margin the one with nothing else is left."""
    assert JOBS.generated is not None
    found = find(JOBS.generated(), lambda trial: "result.margin" in trial.parameters)
    assert found.parameters == {"result.margin": "0px"}
    assert not found.inputs[0].url


def _assert_possible(trial: Trial) -> None:
    errors = set(load_errors(PROVIDER.folder))
    for word in trial.script:
        fault_of(word, errors)
    for rule in trial.faults:
        check("FaultRule", rule)
        fault_of(rule["fault"], errors)
    for name, value in trial.parameters.items():
        schema = schema_at(PROVIDER.folder, f"{_SCHEMA}{name}")
        assert schema.accepts(value), name
