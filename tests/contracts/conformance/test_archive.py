"""Exchanges are kept as they were, and take little memory."""

from __future__ import annotations

import tracemalloc
from dataclasses import replace

from contracts.conformance.archive import Archive
from contracts.model import Ending, Exchange, Headers, Request, Response

LARGE = bytes(range(256)) * 4096
"""A megabyte."""


def exchange(number: int, asked: bytes, answered: bytes | None) -> Exchange:
    """Return an exchange with these bodies."""
    response = None if answered is None else Response(200, Headers((("A", "b"),)), answered)
    return Exchange(number, 0, Request("POST", "/", body=asked), response, 0.0, 1.0, Ending.DONE)


def test_exchanges_come_back_as_they_were() -> None:
    """Small bodies, large ones, none, and no answer."""
    archive = Archive()
    some = [
        exchange(0, b"", None),
        exchange(3, b"small", b""),
        exchange(1, LARGE, b"x" + LARGE),
        exchange(2, LARGE, LARGE),
    ]
    for one in some:
        archive.add(one)
    assert dict(archive) == {one.number: one for one in some}
    archive.add(replace(some[0], connection=5))
    assert archive[0].connection == 5
    assert len(archive) == 4
    archive.keep_only({1, 7})
    assert list(archive) == [1]


def test_bodies_are_not_in_memory() -> None:
    """A hundred exchanges of a megabyte each take less than one."""
    archive = Archive()
    tracemalloc.start()
    try:
        for number in range(100):
            archive.add(exchange(number, b"%d" % number + LARGE, LARGE))
        assert tracemalloc.get_traced_memory()[0] < 1_000_000
    finally:
        tracemalloc.stop()
