"""Comparing what two recordings of the same server look like."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contracts.drift.difference import Difference

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from contracts.drift.portrait import Portrait

_KINDS = (
    ("status", "statuses"),
    ("header", "headers"),
    ("media type", "media_types"),
    ("field", "fields"),
    ("error", "codes"),
)


def compare(before: Mapping[str, Portrait], after: Mapping[str, Portrait]) -> tuple[Difference, ...]:
    """Return what is different in *after*; an operation that only one of the two knows is one difference."""
    return tuple(_differences(before, after))


def _differences(before: Mapping[str, Portrait], after: Mapping[str, Portrait]) -> Iterator[Difference]:
    for name in sorted(before.keys() | after.keys()):
        if name not in before or name not in after:
            yield Difference(name, "operation", "" if name not in before else name, "" if name not in after else name)
            continue
        yield from _within(name, before[name], after[name])


def _within(name: str, before: Portrait, after: Portrait) -> Iterator[Difference]:
    for what, attribute in _KINDS:
        old, new = getattr(before, attribute), getattr(after, attribute)
        yield from (Difference(name, what, "", one) for one in sorted(new - old))
        yield from (Difference(name, what, one, "") for one in sorted(old - new))
    seen: set[Difference] = set()
    for fingerprint in before.values.keys() & after.values.keys():
        old, new = before.values[fingerprint], after.values[fingerprint]
        seen |= {
            Difference(name, f"value of {key}", old[key], new[key])
            for key in old.keys() & new.keys()
            if old[key] != new[key]
        }
    yield from sorted(seen, key=lambda one: (one.what, one.before, one.after))
