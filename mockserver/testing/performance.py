"""Delivering an answer without a connection: what an action would send, and when, as a series of steps."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Generator

    from contracts.model import Ending
    from mockserver.wire import Action

HEAD = b"the head of the answer"
"""Stands for the status line and the fields."""

Step = bytes | float
"""Bytes that arrive, or virtual seconds in which nothing does."""


def perform(action: Action, body: bytes) -> Generator[Step, None, Ending]:
    """Yield what comes of an answer with *body* by *action*: first, mostly, :data:`HEAD`; return how it ends.

    An action waits for its line only, so that no event loop is needed: whoever takes the steps is the line.
    """
    performance = action.perform(_Line(), _Whole(body))
    try:
        while True:
            yield performance.send(None)
    except StopIteration as stop:
        ending: Ending = stop.value
        return ending
    finally:
        performance.close()


class _Line:
    """A :class:`mockserver.wire.Line` that hands every step over."""

    async def send(self, data: bytes) -> None:
        """Hand *data* over, if there is any."""
        if data:
            await _Handover(data)

    async def wait(self, seconds: float) -> None:
        """Hand *seconds* over."""
        await _Handover(float(seconds))


class _Handover:
    def __init__(self, step: Step) -> None:
        self._step = step

    def __await__(self) -> Generator[Step, None, None]:
        yield self._step


class _Whole:
    """A :class:`mockserver.wire.Message` that is all there."""

    def __init__(self, body: bytes) -> None:
        self._pieces = [body]

    def head(self) -> bytes:
        """Return what stands for it."""
        return HEAD

    async def draw(self) -> bytes:
        """Return the body, and then nothing."""
        return self._pieces.pop() if self._pieces else b""

    def frame(self, piece: bytes) -> bytes:
        """Return *piece* as it is."""
        return piece

    def end(self) -> bytes:
        """Return nothing: the length was told."""
        return b""
