"""What was changed in a request."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from contracts.model import Operation, Request


@dataclass(frozen=True, slots=True)
class Change:
    """One difference.

    ``name`` is the field or the path to it, or a part of the request such as ``Content-Type``. ``before`` and ``after``
    are short texts, ``None`` where there is nothing. ``why`` says what was wrong, or is empty. ``new_name`` is where
    the value belongs, if that is elsewhere, or empty.
    """

    name: str
    before: str | None
    after: str | None
    why: str = ""
    new_name: str = ""


@dataclass(frozen=True, slots=True)
class Mended:
    """A request that its provider accepts, for the operation ``operation``, and the ``changes`` that have led to it."""

    request: Request
    operation: Operation
    changes: tuple[Change, ...]
