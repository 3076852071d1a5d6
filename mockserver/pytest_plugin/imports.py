"""Modules of the toolkit are imported as they are, and not rewritten as pytest does with those of plugins.

There is nothing to rewrite: none of them asserts. To read source for that takes time, and many are imported by the
threads of a mock, when a request first needs them. Where two threads read source at once, Python 3.11 before 3.11.8
may raise ``SystemError: AST constructor recursion depth mismatch`` (python/cpython#106905), and the request fails.
"""

from __future__ import annotations

import sys
from importlib.abc import MetaPathFinder
from importlib.machinery import PathFinder
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from importlib.machinery import ModuleSpec
    from types import ModuleType

_PACKAGES = ("contracts", "mockserver")


class PlainImports(MetaPathFinder):
    """A plugin that finds the toolkit's modules before pytest does, as Python itself finds them."""

    def __init__(self) -> None:
        """Be asked first, until pytest is unconfigured."""
        sys.meta_path.insert(0, self)

    def pytest_unconfigure(self) -> None:
        """Be asked no longer."""
        sys.meta_path.remove(self)

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return where the module is; None for those of others, which others have to find."""
        if fullname.partition(".")[0] not in _PACKAGES:
            return None
        return PathFinder.find_spec(fullname, path, target)
