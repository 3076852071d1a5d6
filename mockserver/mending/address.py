"""Where a request was meant to go."""

from __future__ import annotations

from dataclasses import replace
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from mockserver.mending.change import Change

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from contracts.model import Operation, Request

_LONGEST = 200
_LIKE = 0.7
"""How alike two paths are, from 0 to 1, of which one may stand for the other."""


def aimed(request: Request, operations: Iterable[Operation]) -> Iterator[tuple[Request, Operation, tuple[Change, ...]]]:
    """Yield *request* sent to those *operations* that it may have been meant for, the likeliest first."""
    path = request.path[:_LONGEST]
    near = [(SequenceMatcher(None, path, one.path).ratio(), one) for one in operations if "{" not in one.path]
    for likeness, operation in sorted(near, key=lambda one: -one[0]):
        if likeness >= _LIKE:
            yield _sent_to(operation, request)


def _sent_to(operation: Operation, request: Request) -> tuple[Request, Operation, tuple[Change, ...]]:
    told = (
        ("Method", request.method, operation.method, f"{operation.path} takes {operation.method}."),
        ("Path", request.path, operation.path, "There is nothing at this path."),
    )
    changes = tuple(Change(name, before, after, why) for name, before, after, why in told if before != after)
    return replace(request, method=operation.method, path=operation.path), operation, changes
