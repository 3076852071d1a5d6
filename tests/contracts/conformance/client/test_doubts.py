"""What is looked at again before it counts."""

from __future__ import annotations

from dataclasses import replace

from contracts.checks.registry import Outcome as Found
from contracts.conformance.client.doubts import Doubts
from contracts.conformance.client.story import Story
from contracts.model import Claim, Outcome, Timeline, Violation
from tests.contracts.conformance.client.acting import PLAIN, RULE


def test_a_rule_that_is_looked_at_again_is_so_by_one_hand_only() -> None:
    """What others see meanwhile does not count, and once it is settled nobody asks again."""
    doubts = Doubts(usual=0.1)
    story = Story(PLAIN, Timeline((), outcome=Outcome(Claim.NONE, (None,), "", 0.0)), 60.0, 1.0)
    found = [Found(RULE, 0, Violation(RULE, 0, "", "", ""))]
    first, second = doubts.about(story, found), doubts.about(story, found)
    assert (first.rules, first.hang, first.withheld) == (frozenset({RULE}), True, frozenset())
    assert (second.is_open, second.withheld) == (False, frozenset({RULE}))
    assert doubts.settle(first, story, found)
    assert doubts.hangs
    assert not doubts.about(story, found).is_open


def test_a_doubt_that_was_wrong_is_free_again() -> None:
    """Somebody else may ask the same later."""
    doubts = Doubts(usual=0.1)
    story = Story(PLAIN, Timeline((), outcome=Outcome(Claim.NONE, (None,), "", 0.0)), 60.0, 1.0)
    ended = replace(story, timeline=replace(story.timeline, outcome=Outcome(Claim.SUCCESS, (b"x",), "", 0.0)))
    found = [Found(RULE, 0, Violation(RULE, 0, "", "", ""))]
    assert not doubts.settle(doubts.about(story, found), ended, [])
    assert doubts.about(story, found).rules == {RULE}
    assert not doubts.hangs
