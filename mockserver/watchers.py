"""Who watches the mocks that tests of this process make for themselves, such as the plugin of a test runner.

This is apart from the mocks, so that a watcher can come before any of what they need is loaded.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    Watcher = Callable[[str, Any], AbstractContextManager[None]]
    """Is given a name for readers and a mock, and is entered and left with it."""

WATCHERS: list[Watcher] = []
"""All watchers; the last one is told."""
