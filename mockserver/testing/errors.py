"""What can be wrong with a test, and with the client that it tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mockserver.testing.provider import ProviderMock


class MisuseError(Exception):
    """A mock is used in a way that makes no sense; the text says which, and what to change."""


class NonconformityError(AssertionError):
    """The client under test breaks rules of the provider; the text says which, where, and where they come from.

    ``mock`` is the one whose client it is.
    """

    def __init__(self, text: str, mock: ProviderMock) -> None:
        """Tell *text* of the client of *mock*."""
        super().__init__(text)
        self.mock = mock
