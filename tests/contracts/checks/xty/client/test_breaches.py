"""Every rule is broken by somebody, and then it alone."""

from __future__ import annotations

import pytest

from contracts.model import Claim, Subject
from contracts.providers import discover
from contracts.providers.xty.client.campaigns import CLIENT_CAMPAIGNS
from contracts.providers.xty.client.checks import CLIENT_CHECKS
from contracts.rules import load_rules
from tests.contracts.checks.xty.client.breaches import BREACHES
from tests.contracts.checks.xty.client.timelines import (
    Story,
    ask,
    at,
    broken,
    completion,
    error,
    failed,
    get,
    hints,
    png,
)

_RULES = [
    rule for rule in load_rules(discover()["xty"].folder, "xty") if rule.subject is Subject.CLIENT and rule.observable
]
_TOPICS = {rule.id.split(".", 2)[2] for rule in _RULES}


@pytest.mark.parametrize(
    ("topic", "story"),
    [pytest.param(topic, story, id=f"{topic}: {name}") for topic, name, story in BREACHES],
)
def test_a_breach_is_noticed_and_no_other_rule_is_blamed(topic: str, story: Story) -> None:
    """Each story breaks just the rule that it is about."""
    assert broken(story) == {topic}, hints(story)


def test_every_observable_rule_has_a_check_and_a_breach() -> None:
    """What has none says in rules.yaml why nobody can see it."""
    assert {f"xty.client.{topic}" for topic in _TOPICS} == CLIENT_CHECKS.rules
    assert {topic for topic, _, _ in BREACHES} == _TOPICS


def test_every_observable_rule_is_exercised_by_a_campaign() -> None:
    """What is in no campaign's topics would never be asked for."""
    asked = {topic for topic in _TOPICS if any(one.exercises(topic) for one in CLIENT_CAMPAIGNS)}
    assert asked == _TOPICS


def test_every_topic_of_a_campaign_is_a_rule_or_the_beginning_of_some() -> None:
    """A misspelt topic would exercise nothing."""
    for campaign in CLIENT_CAMPAIGNS:
        for topic in campaign.topics:
            assert any(one == topic or one.startswith(f"{topic}.") for one in _TOPICS), topic


def test_a_result_that_is_fetched_late_is_blamed_on_that_request() -> None:
    """Where a sequence is drawn, the mark stands there; where nothing was fetched, at the completion."""
    late = Story((at(0, ask(), completion()), at(1, ask(), error(429)), at(7200, get(), png()), at(7300, get(), png())))
    never = failed(at(0, ask(), completion()), claim=Claim.NONE, ended=600)
    for story, number in ((late, 2), (never, 0)):
        found = CLIENT_CHECKS.judge(story.timeline, only={"xty.client.result.in-time"})
        assert [one.violation.exchange for one in found if one.violation is not None] == [number]
