"""Calls that belong together: the same picture, the same credentials, the same parameters but for some."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from contracts.providers.pixian.checks.call import Call


def alike(calls: Sequence[Call], *free: str) -> Iterator[list[Call]]:
    """Yield the served calls in groups that differ in nothing but the parameters *free*."""
    groups: dict[object, list[Call]] = {}
    for call in calls:
        if call.is_served and call.result is not None:
            fixed = frozenset((name, text) for name, text in call.form.texts.items() if name not in free)
            asked = (call.exchange.request.path, call.form.sources, call.sent_picture, call.credentials, fixed)
            groups.setdefault(asked, []).append(call)
    yield from groups.values()
