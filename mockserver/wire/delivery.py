"""How an answer is to be delivered: at once and whole, or otherwise.

An application finds a :class:`Delivery` in its environ and changes it as it likes. What happens on the connection is
said by an :class:`Action`; a new kind of fault is a new class with one method, and nothing else needs to change.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Protocol


class Ending(Enum):
    """What becomes of the connection after an answer."""

    DONE = "done"
    """The answer was sent as HTTP has it; the connection is kept or closed as request and answer say."""
    CLOSE = "close"
    """Closed in order (FIN), whatever was promised."""
    RESET = "reset"
    """Torn down (RST), dropping what has not been sent."""


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
        while piece := await message.draw():
            await line.send(message.frame(piece))
        await line.send(message.end())
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
    """Reset the connection without an answer: the client gets a TCP RST."""

    async def perform(self, line: Line, message: Message) -> Ending:
        """Send nothing."""
        del line, message
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
        if self.after < 0:
            raise ValueError(f"an answer is truncated after 0 or more bytes, not after {self.after}")

    async def perform(self, line: Line, message: Message) -> Ending:
        """Send no more than was asked for."""
        await line.send(message.head())
        left = self.after
        while left and (piece := await message.draw()):
            await line.send(message.frame(piece[:left]))
            left -= len(piece[:left])
        return Ending.CLOSE


RESPOND = Respond()


@dataclass(slots=True)
class Delivery:
    """How one answer is delivered.

    ``delay`` counts seconds of the server's clock from the moment when the request was completely read; the answer, or
    whatever ``action`` makes of it, begins no earlier.
    """

    delay: float = 0.0
    action: Action = RESPOND

    @property
    def plain(self) -> bool:
        """Whether the answer is to be sent at once and whole."""
        return self.delay <= 0 and self.action is RESPOND
