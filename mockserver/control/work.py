"""The image work that an exchange has asked for, found again from its request."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from contracts.behaviour import Account, Situation, Work

if TYPE_CHECKING:
    from collections.abc import Callable

    from contracts.behaviour import Rendering
    from mockserver.control.operation import Control
    from mockserver.journal import Entry

_RICH = Account(Decimal(10**9), active=True, pack="matteproof", use_before=4_102_444_800.0)
"""Who asks about an answer that was given does not pay for it."""


def situation(control: Control, stored: Callable[[str], Rendering | None]) -> Situation:
    """Return the situation of somebody who can pay for anything, and for whom *stored* finds results."""
    return Situation(control.clock.now(), _RICH, {}, stored)


def work_of(control: Control, entry: Entry) -> Work | None:
    """Return what the request of *entry* asks for; ``None`` if that is no image work, or its body is no longer held."""
    operation, data = entry.operation, entry.request_body.data
    if operation is None or data is None:
        return None
    behaviour = control.engine.services[operation.provider].behaviour
    step = behaviour.perform(operation, replace(entry.request, body=data), situation(control, nothing_stored))
    return step if isinstance(step, Work) else None


def makes_delta(work: Work | None) -> bool:
    """Tell whether the result of *work* refers to the pixels of its input."""
    return work is not None and work.recipe.encoding == "delta_png"


def refers_to_input(control: Control, entry: Entry) -> bool:
    """Tell whether *entry* has a result that refers to the pixels of its input; both must still be held."""
    response, body = entry.response, entry.response_body
    if response is None or not response.is_success or body is None or not body.data:
        return False
    return makes_delta(work_of(control, entry))


def nothing_stored(token: str) -> None:
    """Know of no stored result."""
