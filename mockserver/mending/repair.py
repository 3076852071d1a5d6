"""Putting a draft right, a change at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from contracts.clock import labour
from mockserver.mending.change import Change
from mockserver.mending.values import like, stated

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from contracts.behaviour import SentField
    from contracts.model import Request
    from mockserver.mending.draft import Draft

_MOST_CHANGES = 20
_MOST_LOOKS = 400
"""How often a request is looked at, at most."""
_PATIENCE = 1.0
"""Seconds of work after which it is not looked at any more: JSON with many values takes long to read."""
_WHOLE = ""
"""What the body as a whole is called."""
_EXAMPLE = "The documents' own example stands here; put in what is yours."
_OWN = "It belongs here."


class Oracle(Protocol):
    """Knows what is right."""

    def problems(self, request: Request) -> Mapping[str, SentField]:
        """Return the fields of *request* with which something is wrong, by their names."""

    def accepts(self, request: Request) -> bool:
        """Tell whether *request* would be answered with what it asks for."""


def repaired(draft: Draft, oracle: Oracle) -> tuple[Draft, tuple[Change, ...]] | None:
    """Return *draft* in a form that *oracle* accepts, and all changes to it; ``None`` if there is no way."""
    return _Repair(oracle).whole(draft)


@dataclass(frozen=True, slots=True)
class _Edit:
    """What a draft becomes by a change of what ``names`` lead to; if there is a ``new_name``, the value goes there."""

    draft: Draft
    names: tuple[str, ...]
    why: str = ""
    new_name: str = ""
    leaves_out: bool = False

    def changes(self, before: Draft) -> tuple[Change, ...]:
        """Return how the draft differs from that *before*."""
        if self.leaves_out:
            return tuple(Change(one, before.shown(one), None, self.why) for one in self.names)
        if self.new_name:
            (name,) = self.names
            return (Change(name, before.shown(name), self.draft.shown(self.new_name), self.why, self.new_name),)
        return tuple(Change(one, before.shown(one), self.draft.shown(one), self.why) for one in self.names)


class _TiredError(Exception):
    """It has been looked for long enough."""


class _Repair:
    def __init__(self, oracle: Oracle) -> None:
        self._oracle = oracle
        self._looks = _MOST_LOOKS
        self._end = labour() + _PATIENCE

    def whole(self, draft: Draft) -> tuple[Draft, tuple[Change, ...]] | None:
        changes: list[Change] = []
        try:
            while len(changes) < _MOST_CHANGES and (edit := self._edit(draft)) is not None:
                changes += edit.changes(draft)
                draft = edit.draft
            is_fine = self._accepts(draft)
        except _TiredError:
            return None
        return (draft, tuple(changes)) if is_fine else None

    def _edit(self, draft: Draft) -> _Edit | None:
        """Return what makes *draft* better; ``None`` if it is good enough, or nothing does."""
        wrong, is_fine = self._problems(draft), self._accepts(draft)
        # What is wrong deeper down may be why something is wrong above.
        for field in sorted(wrong.values(), key=lambda field: (not field.known, -len(draft.steps(field.name)))):
            for edits in (_edits(draft, field, is_fine=is_fine), _last_resorts(draft, field, is_fine=is_fine)):
                best = self._best(edits, field, wrong)
                if best is not None:
                    return best
        return None if is_fine else next((one for one in _completed(draft) if self._helps(one, wrong)), None)

    def _best(self, edits: Iterable[_Edit], field: SentField, wrong: Mapping[str, SentField]) -> _Edit | None:
        """Return the first of *edits* after which the fewest fields are wrong, not *field*, and fewer than *wrong*."""
        best, most = None, len(wrong)
        for one in edits:
            left = self._problems(one.draft)
            if field.name not in left and len(left) < most and (_WHOLE not in left or _WHOLE in wrong):
                best, most = one, len(left)
            if not most:
                break
        return best

    def _helps(self, one: _Edit, wrong: Mapping[str, SentField]) -> bool:
        return self._accepts(one.draft) or len(self._problems(one.draft)) < len(wrong)

    def _problems(self, draft: Draft) -> Mapping[str, SentField]:
        return self._oracle.problems(self._looked_at(draft))

    def _accepts(self, draft: Draft) -> bool:
        return self._oracle.accepts(self._looked_at(draft))

    def _looked_at(self, draft: Draft) -> Request:
        self._looks -= 1
        if self._looks < 0 or labour() > self._end:
            raise _TiredError
        return draft.request


def _edits(draft: Draft, field: SentField, *, is_fine: bool) -> Iterator[_Edit]:
    """Yield what may make *draft* better, in which *field* is wrong, the likeliest first.

    What the documents do not know has no effect; nothing but a name that is meant is put in its place while the request
    is fine.
    """
    known = draft.beside(field.name)
    name = (draft.steps(field.name) or [_WHOLE])[-1]
    within = [one for one in known if one.startswith(f"{name}.")]
    if field.known:
        schemas = draft.content.schemas(draft.steps(field.name))
        yield from _put(draft, field, draft.meant(field.name, schemas))
        yield from _moved(draft, field, within)
        yield from _left_out(draft, field, field.name)
        return
    yield from _moved(draft, field, [*within, *(one for one in like(name, known) if one not in within)])
    if not is_fine:
        yield from _moved(draft, field, draft.content.pictures)
        yield from _left_out(draft, field, field.name)


def _last_resorts(draft: Draft, field: SentField, *, is_fine: bool) -> Iterator[_Edit]:
    """Yield what may make *draft* better at the price of more than *field*, which is wrong in it."""
    if not field.known or is_fine:
        return
    yield from _put(draft, field, draft.exemplary(field.name))
    yield from _put(draft, field, stated(draft.content.schemas(draft.steps(field.name))))
    steps = draft.steps(field.name)
    for number in range(len(steps) - 1, 0, -1):
        if steps[number].isdecimal():
            yield from _left_out(draft, field, ".".join(steps[: number + 1]))


def _put(draft: Draft, field: SentField, values: Iterable[object]) -> Iterator[_Edit]:
    """Yield *draft* with each of *values* in the place of *field*."""
    for value in values:
        try:
            yield _Edit(draft.put(field.name, value), (field.name,), field.problem)
        except LookupError:
            continue


def _moved(draft: Draft, field: SentField, names: Iterable[str]) -> Iterator[_Edit]:
    """Yield *draft* with what is in *field* under other *names*, where nothing is yet."""
    beside = draft.beside(field.name)
    for place in (beside[name] for name in names if name in beside):
        for value in draft.meant(field.name, draft.content.schemas(draft.steps(place))):
            try:
                yield _Edit(draft.without(field.name).put(place, value), (field.name,), field.problem, place)
            except LookupError:
                continue


def _left_out(draft: Draft, field: SentField, place: str) -> Iterator[_Edit]:
    """Yield *draft* with nothing at *place*, since *field* is wrong."""
    try:
        yield _Edit(draft.without(place), (place,), field.problem, leaves_out=True)
    except LookupError:
        return


def _completed(draft: Draft) -> Iterator[_Edit]:
    """Yield *draft* with what is its sender's own in its place; with what examples have besides: one thing, or all."""
    for name, value in draft.own.items():
        yield _Edit(draft.put(name, value), (name,), _OWN)
    for example, is_own in draft.examples:
        missing = [name for name in example if name not in draft.names]
        for names in (*([one] for one in missing), missing):
            candidate = draft
            for name in names:
                candidate = candidate.put(name, example[name])
            yield _Edit(candidate, tuple(names), _OWN if is_own else _EXAMPLE)
