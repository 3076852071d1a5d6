"""Ctrl-C, and what a service manager sends in its place: the first ends the run in order, the second at once."""

from __future__ import annotations

import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

import click

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_STATUS = 3
"""The exit status that says that nothing is known."""


@contextmanager
def in_order() -> Iterator[None]:
    """Have both signals raise ``KeyboardInterrupt`` once, and then do what they do by themselves: end the process.

    Who does not handle that ends with the status of those of whom nothing is known.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {one: signal.signal(one, _interrupt) for one in _SIGNALS}
    try:
        yield
    except KeyboardInterrupt:
        click.echo("Stopped by the user.", err=True)
        raise click.exceptions.Exit(_STATUS) from None
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


def _interrupt(number: int, frame: FrameType | None) -> NoReturn:
    del number, frame
    for one in _SIGNALS:
        signal.signal(one, signal.SIG_DFL)
    raise KeyboardInterrupt
