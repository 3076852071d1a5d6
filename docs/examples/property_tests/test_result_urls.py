"""The URL of a result in any course of events: the picture is there for an hour, and then it is not."""

from __future__ import annotations

from contextlib import ExitStack

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, rule

from contracts.strategies import Picture, pictures
from mockserver.testing import provider_mock, virtual_clock
from xty_client import fetch, order

HOUR = 3600


class ResultUrls(RuleBasedStateMachine):
    """Time passes only as told, and the results of several orders grow old side by side."""

    results = Bundle("results")

    def __init__(self) -> None:
        """Begin without results."""
        super().__init__()
        self._stack = ExitStack()
        self.mock = self._stack.enter_context(provider_mock("xty"))
        self.url, self.key = self.mock.url, self.mock.credentials
        self.clock = self._stack.enter_context(virtual_clock())
        self.ordered: dict[str, float] = {}
        self.seen: dict[str, bytes] = {}

    @rule(target=results, picture=pictures(longest=64))
    def order(self, picture: Picture) -> str:
        """Every order has a URL of its own, also for the same picture."""
        result = order(self.url, self.key, picture.data, picture.media_type)
        assert result not in self.ordered
        self.ordered[result] = self.clock.now
        return result

    @rule(minutes=st.sampled_from((1, 29, 30)))
    def wait(self, minutes: int) -> None:
        """Time passes."""
        self.clock.advance(60 * minutes)

    @rule(result=results)
    def fetch(self, result: str) -> None:
        """The same picture comes as often as it is fetched, until the hour is over."""
        picture = fetch(result)
        if self.clock.now - self.ordered[result] < HOUR:
            assert picture is not None
            assert picture == self.seen.setdefault(result, picture)
        else:
            assert picture is None

    def teardown(self) -> None:
        """Judge all requests by the provider's rules."""
        with self._stack:
            self.mock.assert_conforms(ignore=["xty.client.result.in-time"])


TestResultUrls = ResultUrls.TestCase
TestResultUrls.settings = settings(max_examples=20, stateful_step_count=12, deadline=None)
