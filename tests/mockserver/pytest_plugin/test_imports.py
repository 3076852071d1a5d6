"""How a test run with the plugin imports the modules of the toolkit."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

LOADERS = """
import importlib
import assertive

def loader_of(name):
    return type(importlib.import_module(name).__spec__.loader).__name__

def test_loaders():
    assert loader_of("mockserver.mending.form") == "SourceFileLoader"
    assert loader_of("contracts.report") == "SourceFileLoader"
    assert loader_of("test_loaders") == loader_of("assertive") == "AssertionRewritingHook"
"""


def test_modules_of_the_toolkit_are_not_rewritten(pytester: pytest.Pytester) -> None:
    """Those that a thread imports later included; tests and other plugins are rewritten as ever."""
    pytester.makepyfile(test_loaders=LOADERS, assertive="")
    pytester.makeconftest("import pytest\npytest.register_assert_rewrite('assertive')")
    pytester.runpytest_subprocess("-p", "no:cacheprovider").assert_outcomes(passed=1)


def test_imports_are_as_before_afterwards(pytester: pytest.Pytester) -> None:
    """A program that runs pytest within itself keeps nothing of it."""
    pytester.makepyfile(
        program="""
        import sys
        import pytest

        before = list(sys.meta_path)
        assert pytest.main(["-q", "--collect-only", "-p", "no:cacheprovider"]) == pytest.ExitCode.NO_TESTS_COLLECTED
        left = {type(one).__name__ for one in sys.meta_path if one not in before}
        assert "PlainImports" not in left, left
        """
    )
    assert pytester.runpython(pytester.path / "program.py").ret == 0
