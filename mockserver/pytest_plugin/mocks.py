"""The mocks of one test: whose clients are judged, and what is shown of them when the test fails."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Collection

    from mockserver.testing import ProviderMock
    from mockserver.testing.story import Story


class Mocks:
    """The mocks that one run of a test uses, by the names of their fixtures, or what else readers know them by.

    ``providers`` are the names of theirs; ``error`` is the last one that came from judging a client, if any did.
    """

    def __init__(self) -> None:
        """Begin with none."""
        self.providers: set[str] = set()
        self.error: BaseException | None = None
        self._mocks: dict[str, ProviderMock] = {}
        self._open: dict[str, ProviderMock] = {}
        self._stories: dict[str, Story] = {}
        self._judged: dict[str, bool] = {}
        self._counted: dict[str, int] = {}
        self._shown: set[tuple[str, str]] = set()

    def begin(self, name: str, mock: ProviderMock) -> None:
        """Have *mock* from now on."""
        self._stories.pop(name, None)
        self._mocks[name] = self._open[name] = mock
        self.providers.add(mock.provider.name)

    @property
    def fixtures(self) -> Collection[str]:
        """The names of all that there are, or were."""
        return self._mocks.keys()

    def watch(self, name: str, *, strictly: bool) -> None:
        """Have the client of the mock *name* judged; *strictly* also if it has asked for nothing."""
        self._judged[name] = strictly

    def judge(self) -> None:
        """Assert at the end of the test that clients conform.

        Raises:
            NonconformityError: one does not.
        """
        watched = {name: self._open[name] for name in self._judged if name in self._open}
        counted = {name: len(one.journal) for name, one in watched.items()}
        for provider in dict.fromkeys(one.provider for one in watched.values()):
            own = {name: one for name, one in watched.items() if one.provider == provider}
            asked = {name: one for name, one in own.items() if counted[name]}
            if not asked and any(self._judged[name] for name in own):
                raise self._nothing(own)
            for one in asked.values():
                self.assert_conforms(one)
        self._counted = counted

    def end(self, name: str) -> None:
        """Keep what is to be shown of the mock *name*, which is about to be closed.

        Raises:
            NonconformityError: its client did conform, and does no longer with what it did after the test.
        """
        mock = self._open[name]
        calls = self.keep(name)
        if calls > self._counted.get(name, calls):
            self.assert_conforms(mock)

    def keep(self, name: str) -> int:
        """Keep what is to be shown of the mock *name*, which is about to be closed; return how many calls it had."""
        self._stories[name] = story = self._open.pop(name).story()
        return len(story.calls)

    def assert_conforms(self, mock: ProviderMock) -> None:
        """Assert that the client of *mock* conforms.

        Raises:
            NonconformityError: it does not.
        """
        try:
            mock.assert_conforms()
        except AssertionError as error:
            self.error = error
            raise

    def sections(self, error: BaseException) -> list[tuple[str, str]]:
        """Return what is to be shown below the report of *error*, with titles; nothing twice."""
        told = getattr(error, "mock", None)  # of an error that shows it all itself
        stories: dict[str, ProviderMock | Story] = {**self._stories, **self._open}
        texts = {name: one.told(error) for name, one in stories.items() if self._mocks[name] is not told}
        found = [(f"{name}: what was asked and answered", text) for name, text in texts.items() if text]
        fresh = [one for one in found if one not in self._shown]
        self._shown.update(fresh)
        return fresh

    def _nothing(self, mocks: dict[str, ProviderMock]) -> AssertionError:
        """Return the error that none of *mocks*, of one provider, was asked for anything."""
        from mockserver.testing import NonconformityError  # noqa: PLC0415  takes a while to import

        first = next(iter(mocks.values()))
        self.error = error = NonconformityError(
            f"{first.provider.title} was asked for nothing in this test, so that nothing can be said of the client. "
            f"Does it go to the .url of {' or '.join(mocks)}?",
            first,
        )
        return error


_MOCKS = pytest.StashKey[Mocks]()


def mocks_of(item: pytest.Item) -> Mocks:
    """Return the mocks that *item* uses."""
    return item.stash.setdefault(_MOCKS, Mocks())


def forget_mocks(item: pytest.Item) -> None:
    """Have *item* begin with no mocks, as when it runs again."""
    item.stash[_MOCKS] = Mocks()
