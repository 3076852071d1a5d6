"""What happened in a test: the calls of the code under test, in order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, overload

from contracts.model import Ending, Headers, Timeline

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from contracts.model import Exchange
    from mockserver.journal import Entry

__tracebackhide__ = True
"""A test that fails shows its own lines."""
_LONGEST = 60
"""Characters of a value that is shown."""


@dataclass(frozen=True, slots=True, repr=False)
class Call:
    """One request with its answer.

    ``parameters`` are the provider's, as they were sent; ``status`` is that of the answer, ``None`` if none has come.
    ``body`` is that of the answer. ``received`` and ``answered`` are moments of the mock's clock, in seconds since 1970
    UTC: when the request was complete, and when the answer began, or else the exchange ended. ``reasons`` say in
    sentences why the answer is as it is, and ``error`` which documented error it is, by name, or nothing. ``exchange``
    has all the rest; its request holds the credentials as they were sent.
    """

    exchange: Exchange
    parameters: Mapping[str, str]
    reasons: tuple[str, ...]
    error: str
    is_whole: bool
    """Whether all bodies are held; the mock lets go of the oldest after 256 MB, and never reads what is too large."""
    was_read: bool
    """Whether the request's body was not too large to be read."""
    size: int
    """The bytes of the request's body, as far as they are known."""
    real: tuple[float, float | None]
    """When the request was complete, and when the exchange ended, by the system's clock."""

    @classmethod
    def of(cls, entry: Entry, exchange: Exchange) -> Call:
        """Return the call that *entry* and *exchange* are about."""
        reasons = tuple(f"{reason.step}: {reason.text}" for reason in entry.reasons)
        body, real = entry.request_body, (entry.received_real, entry.ended_real)
        return cls(exchange, entry.parameters, reasons, entry.error, entry.is_whole, body.was_read, body.size, real)

    def as_before(self, moment: float) -> Call:
        """Return the same, but under way if the client left after *moment*, of the system's clock."""
        ended = self.real[1]
        if self.ending is not Ending.GONE or ended is None or ended < moment:
            return self
        exchange = replace(self.exchange, ended=None, ending=None)
        return replace(self, exchange=exchange, real=(self.real[0], None))

    @property
    def number(self) -> int:
        """The number of the exchange."""
        return self.exchange.number

    @property
    def method(self) -> str:
        """The method of the request."""
        return self.exchange.request.method

    @property
    def path(self) -> str:
        """The path of the request, percent-decoded."""
        return self.exchange.request.path

    @property
    def status(self) -> int | None:
        """The status of the answer, ``None`` also where the client had left before it began."""
        response, left = self.exchange.response, self.exchange.ending is Ending.GONE
        return None if response is None or (left and self.exchange.answered is None) else response.status

    @property
    def headers(self) -> Headers:
        """The header fields of the answer."""
        return self.exchange.response.headers if self.exchange.response is not None else Headers()

    @property
    def body(self) -> bytes:
        """The body of the answer."""
        return self.exchange.response.body if self.exchange.response is not None else b""

    @property
    def received(self) -> float:
        """When the request was complete."""
        return self.exchange.received

    @property
    def answered(self) -> float | None:
        """When the answer began; where none did, when the exchange ended, ``None`` while it has not."""
        return self.exchange.ended if self.exchange.answered is None else self.exchange.answered

    @property
    def ending(self) -> Ending | None:
        """How the answer ended; ``None`` while it is under way."""
        return self.exchange.ending

    def __repr__(self) -> str:
        """Show what was asked and what came, without credentials and pictures."""
        from contracts.checks.finding import printable  # noqa: PLC0415  the checks take a while to import

        parameters = " ".join(f"{name}={value[:_LONGEST]}" for name, value in self.parameters.items())
        came = "no answer" if self.status is None else str(self.status)
        return printable(f"<{' '.join(filter(None, (self.method, self.path, parameters)))} -> {came}>")


class Calls(Sequence[Call]):
    """The calls of one test so far, in the order in which they were received."""

    def __init__(self, calls: Sequence[Call], wait: Callable[[int, float], Calls]) -> None:
        """Hold *calls*; *wait* returns those that there are once they are so many, or after so many seconds."""
        self._calls = tuple(calls)
        self._wait = wait

    @property
    def statuses(self) -> list[int | None]:
        """The status of every answer; ``None`` where there was none."""
        return [call.status for call in self._calls]

    @property
    def pauses(self) -> list[float]:
        """The seconds of the mock's clock from each answer's beginning to the next request, to the millisecond.

        They are below 0 where that came before.
        """
        pairs = zip(self._calls, self._calls[1:], strict=False)
        return [round(after.received - (before.answered or before.received), 3) for before, after in pairs]

    @property
    def timeline(self) -> Timeline:
        """The exchanges."""
        return Timeline(tuple(call.exchange for call in self._calls))

    def wait(self, count: int, timeout: float = 5.0) -> Calls:
        """Return the calls as soon as *count* of them have been answered, made by whatever thread or process.

        Args:
            count: How many are expected, in all.
            timeout: Real seconds after which they are missed.

        Raises:
            AssertionError: there are fewer by then.
        """
        found = self._wait(count, timeout)
        answered = sum(call.ending is not None for call in found)
        if answered < count:
            text = f"{count} calls were expected within {timeout:g} s; {answered} were answered: {list(found)}"
            raise AssertionError(text)
        return found

    def as_before(self, moment: float) -> Calls:
        """Return the calls as they were before the client left any of them after *moment*, of the system's clock."""
        return Calls([call.as_before(moment) for call in self._calls], self._wait)

    def __len__(self) -> int:
        """Return how many calls there are."""
        return len(self._calls)

    @overload
    def __getitem__(self, place: int) -> Call: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Call]: ...
    def __getitem__(self, place: int | slice) -> Call | Sequence[Call]:
        """Return the call at *place*, counted from 0."""
        return self._calls[place]

    def __repr__(self) -> str:
        """Show all calls."""
        return repr(list(self._calls))
