"""An account in any course of events: pictures that are paid for, tests, refills, and nothing left."""

from __future__ import annotations

from contextlib import ExitStack
from decimal import Decimal

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from contracts.strategies import Picture, pictures
from mockserver.testing import provider_mock
from pixian_client import OutOfCreditsError, PixianClient

FIRST = Decimal("0.02")
"""Credits, enough for a few small pictures."""
photos = pictures(kinds=("jpeg",), orientations=(1,))


class Credits(RuleBasedStateMachine):
    """What the client says it has spent is what the account has lost."""

    def __init__(self) -> None:
        """Begin with little."""
        super().__init__()
        self._stack = ExitStack()
        self.mock = self._stack.enter_context(provider_mock("pixian"))
        self.mock.credits = FIRST
        self.client = PixianClient(self.mock.url, self.mock.credentials)
        self.bought = FIRST

    @rule(photo=photos)
    def order(self, photo: Picture) -> None:
        """A picture comes, and is charged, or there is 402, and nothing is."""
        before = self.client.spent
        try:
            self.client.cut_out(photo.data)
        except OutOfCreditsError:
            assert self.mock.journal[-1].status == 402
            assert self.client.spent == before
        else:
            charged = Decimal(self.mock.journal[-1].headers.get("X-Credits-Charged") or 0)
            assert charged > 0
            assert self.client.spent == before + charged

    @rule(photo=photos)
    def try_out(self, photo: Picture) -> None:
        """A test is served whatever is left, and costs nothing."""
        before = self.client.spent
        self.client.cut_out(photo.data, test="true")
        assert self.client.spent == before

    @rule(thousandths=st.integers(1, 40))
    def refill(self, thousandths: int) -> None:
        """Credits are bought."""
        more = Decimal(thousandths) / 1000
        self.mock.credits += more
        self.bought += more

    @precondition(lambda self: self.mock.credits == 0)
    @rule(photo=photos)
    def order_with_nothing_left(self, photo: Picture) -> None:
        """No picture is given away."""
        with pytest.raises(OutOfCreditsError):
            self.client.cut_out(photo.data)

    @rule()
    def lose_all(self) -> None:
        """Somebody else spends what is left."""
        self.bought -= self.mock.credits
        self.mock.credits = 0

    @invariant()
    def nothing_is_lost(self) -> None:
        """What was bought has been spent, or is there."""
        assert self.bought == self.client.spent + self.mock.credits

    def teardown(self) -> None:
        """Judge all requests by the provider's rules."""
        with self._stack:
            self.mock.assert_conforms()


TestCredits = Credits.TestCase
TestCredits.settings = settings(max_examples=20, stateful_step_count=10, deadline=None)
