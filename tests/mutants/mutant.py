"""Servers that break one rule: the conforming mock, with a small change to what it is asked or to what it says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from contracts.clock import system_time
from contracts.model import Ending, Exchange, Response

if TYPE_CHECKING:
    from collections.abc import Callable

    from contracts.conformance.server import Sender
    from contracts.model import Request

    Ask = Callable[[Request], Response]
    """Asks the conforming mock."""


@dataclass(frozen=True)
class Mutant:
    """A server that breaks the rule ``rule``, an id.

    ``answer`` is given a request and the means to ask the mock, and returns what the server answers.
    """

    rule: str
    name: str
    answer: Callable[[Request, Ask], Response]
    seen: Callable[[Exchange], Exchange] = lambda exchange: exchange
    """Changes what is seen of an exchange, such as its times."""

    def __str__(self) -> str:
        """Name rule and change."""
        return f"{self.rule}: {self.name}"


class MutantSender:
    """Sends requests to a mutant."""

    connections = 0

    def __init__(self, mutant: Mutant, mock: Sender) -> None:
        """Put *mutant* in front of the server that *mock* sends to."""
        self._mutant = mutant
        self._mock = mock
        self.sent = 0

    def send(self, request: Request) -> Exchange:
        """Return the mutant's answer to *request*."""
        began = system_time()
        answer = self._mutant.answer(request, self._ask)
        response = answer if answer.status else None
        number, self.sent = self.sent, self.sent + 1
        return self._mutant.seen(Exchange(number, 0, request, response, began, system_time(), Ending.DONE))

    def _ask(self, request: Request) -> Response:
        return self._mock.send(request).response or Response(0)
