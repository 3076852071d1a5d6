"""How an answer is to be delivered: at once and whole, or otherwise.

An application finds a :class:`Delivery` in its environ and changes it as it likes. What happens on the connection is
said by an :class:`Action`; a new kind of fault is a new class with one method, and nothing else needs to change.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from contracts.model import Ending

if TYPE_CHECKING:
    from collections.abc import Callable


class Line(Protocol):
    """The way to the client. Both methods are cancelled when the client has gone."""

    async def send(self, data: bytes) -> None:
        """Send *data*; return when the operating system has taken all of it, so that it will reach the client."""

    async def wait(self, seconds: float) -> None:
        """Wait *seconds* of the server's clock, holding no thread."""


class Message(Protocol):
    """The answer of the application, as an action sees it."""

    def head(self) -> bytes:
        """Return the status line and the fields, with the empty line, dated now."""

    async def draw(self) -> bytes:
        """Return the next piece of the body without its framing, or nothing at the end."""

    def frame(self, piece: bytes) -> bytes:
        """Return *piece* as it goes over the wire: as it is, or as a chunk (RFC 9112, section 7.1)."""

    def end(self) -> bytes:
        """Return what marks the end of the body on the wire; empty unless it is chunked."""


class Action(Protocol):
    """What to do with an answer instead of simply sending it."""

    async def perform(self, line: Line, message: Message) -> Ending:
        """Send of *message* what is to be sent, and say how the connection goes on."""


@dataclass(frozen=True, slots=True)
class Respond:
    """Send the answer."""

    async def perform(self, line: Line, message: Message) -> Ending:
        """Send everything, as fast as the client takes it."""
        await line.send(message.head())
        await _finish(line, message)
        return Ending.DONE


@dataclass(frozen=True, slots=True)
class Close:
    """Close the connection without an answer."""

    async def perform(self, line: Line, message: Message) -> Ending:
        """Send nothing."""
        del line, message
        return Ending.CLOSE


@dataclass(frozen=True, slots=True)
class Reset:
    """Reset the connection: the client gets a TCP RST.

    That happens without an answer, or, if ``after`` is given, after the head and so many bytes of the body.

    Raises:
        ValueError: ``after`` is negative.
    """

    after: int | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot be."""
        _check(self.after or 0, "reset after 0 or more bytes")

    async def perform(self, line: Line, message: Message) -> Ending:
        """Send nothing, or no more than was asked for."""
        if self.after is not None:
            await _begin(line, message, self.after)
        return Ending.RESET


@dataclass(frozen=True, slots=True)
class Truncate:
    """Send the head and the first ``after`` bytes of the body, then close.

    The head promises the whole body. Of a chunked body the last chunk is missing, even where ``after`` is more than
    the body has.

    Raises:
        ValueError: ``after`` is negative.
    """

    after: int

    def __post_init__(self) -> None:
        """Refuse what cannot be."""
        _check(self.after, "truncated after 0 or more bytes")

    async def perform(self, line: Line, message: Message) -> Ending:
        """Send no more than was asked for."""
        await _begin(line, message, self.after)
        return Ending.CLOSE


@dataclass(frozen=True, slots=True)
class Stall:
    """Send the head and the first ``after`` bytes of the body, nothing for ``seconds`` of the clock, then the rest.

    Raises:
        ValueError: ``after`` or ``seconds`` is negative.
    """

    after: int
    seconds: float

    def __post_init__(self) -> None:
        """Refuse what cannot be."""
        _check(self.after, "stalled after 0 or more bytes")
        _check(self.seconds, "stalled for 0 or more seconds")

    async def perform(self, line: Line, message: Message) -> Ending:
        """Send everything, with one pause."""
        rest = await _begin(line, message, self.after)
        await line.wait(self.seconds)
        if rest:
            await line.send(message.frame(rest))
        await _finish(line, message)
        return Ending.DONE


@dataclass(frozen=True, slots=True)
class Dribble:
    """Send the head, and then the body ``size`` bytes at a time, every ``seconds`` of the clock.

    Raises:
        ValueError: ``size`` is not positive, or ``seconds`` is negative.
    """

    size: int
    seconds: float

    def __post_init__(self) -> None:
        """Refuse what cannot be."""
        _check(self.size - 1, "dribbled 1 or more bytes at a time")
        _check(self.seconds, "dribbled every 0 or more seconds")

    async def perform(self, line: Line, message: Message) -> Ending:
        """Send everything, slowly."""
        await line.send(message.head())
        while piece := await message.draw():
            for start in range(0, len(piece), self.size):
                await line.wait(self.seconds)
                await line.send(message.frame(piece[start : start + self.size]))
        await line.send(message.end())
        return Ending.DONE


async def _begin(line: Line, message: Message, after: int) -> bytes:
    """Send the head and the first *after* bytes of the body; return what was drawn beyond that."""
    await line.send(message.head())
    while after and (piece := await message.draw()):
        await line.send(message.frame(piece[:after]))
        if len(piece) > after:
            return piece[after:]
        after -= len(piece)
    return b""


async def _finish(line: Line, message: Message) -> None:
    """Send the rest of the body."""
    while piece := await message.draw():
        await line.send(message.frame(piece))
    await line.send(message.end())


def _check(value: float, sentence: str) -> None:
    if value < 0:
        raise ValueError(f"an answer is {sentence}")


RESPOND = Respond()
"""The action of every answer that nobody tampers with."""


@dataclass(slots=True)
class Delivery:
    """How one answer is delivered.

    ``delay`` counts seconds of the server's clock from the moment when the request was completely read; the answer, or
    whatever ``action`` makes of it, begins no earlier. ``on_end`` is called once, on the event loop, when it is known
    how the answer ended, also if the application was never called. ``sent`` is then how many bytes of the body were
    handed to the connection, without any framing; ``None`` if the answer was sent at once: then all. ``answered`` is
    the moment of the server's clock just before the answer, or whatever the action makes of it, begins.
    """

    delay: float = 0.0
    action: Action = RESPOND
    on_end: Callable[[Ending], None] | None = None
    sent: int | None = None
    answered: float | None = None

    def end(self, ending: Ending) -> None:
        """Tell whoever wants to know that the answer ended like this; a second time does nothing."""
        on_end, self.on_end = self.on_end, None
        if on_end is not None:
            on_end(ending)

    @property
    def plain(self) -> bool:
        """Whether the answer is to be sent at once and whole."""
        return self.delay <= 0 and self.action is RESPOND
