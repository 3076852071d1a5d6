"""Markers that do nothing, since the test does not use what they are about, or since they are misspelt."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    import pytest

_MARKER, _SUFFIXES = "_mock", ("_mock", "_respx")
_LIKE = 0.75
"""Likeness from which on one name is probably meant to be the other; suites have marks of their own."""
_REQUEST = "request"
"""The fixture by which a test, or another fixture, can ask for any fixture while it runs."""


class Markers:
    """The markers of some *providers*, in a suite that has *others* of its own."""

    def __init__(self, providers: Iterable[str], others: Collection[str]) -> None:
        """Know them by their names."""
        self._providers = frozenset(providers)
        self._known = {f"{one}{_MARKER}" for one in self._providers}
        self._mistakes: dict[str, str] = dict.fromkeys((*others, *self._known), "")

    def before(self, item: pytest.Item) -> str:
        """Return what is wrong with a marker of *item* that is about to run, or nothing."""
        for mark in item.iter_markers():
            if trouble := self._misspelt(mark.name):
                return trouble
        fixtures = getattr(item, "fixturenames", ())
        own = [mark for mark in self._own(item) if _prepares(mark)]
        return "" if _REQUEST in fixtures else self._unused(own, fixtures)

    def after(self, item: pytest.Item, fixtures: Collection[str], providers: Collection[str]) -> str:
        """Return what is wrong with a marker of *item*, or nothing.

        It has used the *fixtures*, and mocks of the *providers*, if others as well.
        """
        own = list(self._own(item))
        idle = [mark for mark in own if not _prepares(mark) and mark.kwargs.get("conforms") is not False]
        trouble = self._unused([mark for mark in own if _prepares(mark)], fixtures)
        return trouble or self._unused(idle, [f"{one}{_MARKER}" for one in providers])

    def _own(self, item: pytest.Item) -> Iterator[pytest.Mark]:
        """Yield our markers of the function of *item* itself, and of its parameters.

        Those of classes and modules are for those of their tests that use a mock.
        """
        function, call = getattr(item, "function", None), getattr(item, "callspec", None)
        for mark in (*getattr(function, "pytestmark", ()), *getattr(call, "marks", ())):
            if mark.name in self._known:
                yield mark

    @staticmethod
    def _unused(marks: Iterable[pytest.Mark], fixtures: Collection[str]) -> str:
        """Return a sentence if one of *marks* is about none of *fixtures*."""
        for mark in marks:
            own = [f"{mark.name.removesuffix(_MARKER)}{suffix}" for suffix in _SUFFIXES]
            if not any(one in fixtures for one in own):
                return f"@pytest.mark.{mark.name} does nothing here: the test uses neither {' nor '.join(own)}."
        return ""

    def _misspelt(self, name: str) -> str:
        """Return a sentence if *name* is that of no marker, and like one of ours."""
        if name not in self._mistakes:
            suffix = next((one for one in _SUFFIXES if name.endswith(one)), "")
            meant = self._meant(name.removesuffix(suffix)) if suffix else ""
            trouble = f"@pytest.mark.{name}: There is no such marker. Did you mean '{meant}{_MARKER}'?"
            self._mistakes[name] = trouble if meant else ""
        return self._mistakes[name]

    def _meant(self, provider: str) -> str:
        """Return the provider that is probably meant by *provider*, or nothing."""
        from difflib import get_close_matches  # noqa: PLC0415  only needed for a mistake

        return next(iter(get_close_matches(provider, self._providers, n=1, cutoff=_LIKE)), "")


def conforms(item: pytest.Item, provider: str) -> bool | None:
    """Tell whether the markers of *item* want clients of *provider* judged; ``None`` if they do not say so."""
    for mark in item.iter_markers(f"{provider}{_MARKER}"):
        if "conforms" in mark.kwargs:
            return bool(mark.kwargs["conforms"])
    return None


def _prepares(mark: pytest.Mark) -> bool:
    """Tell whether *mark* says how a mock is to begin, which only a fixture knows, and not only whom to judge."""
    return mark.kwargs.keys() != {"conforms"}
