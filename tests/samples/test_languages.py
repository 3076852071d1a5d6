"""A language that a machine lacks is skipped by name, or demanded."""

from __future__ import annotations

import sys
from dataclasses import replace

import pytest

from tests.samples.languages import LANGUAGES, require

MISSING = replace(LANGUAGES["curl"], probe=("no-such-program",), needs="a program that nobody has")
BROKEN = replace(MISSING, probe=(sys.executable, "-c", "import no_such_module"))


@pytest.fixture(params=[MISSING, BROKEN], ids=["no program", "no library"])
def missing(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return the name of a language that is not installed."""
    monkeypatch.delenv("MATTEPROOF_REQUIRE_SAMPLES", raising=False)
    monkeypatch.setitem(LANGUAGES, request.node.name, request.param)
    name: str = request.node.name
    return name


def test_a_missing_language_is_skipped_by_name(missing: str) -> None:
    """The reason names what to install."""
    with pytest.raises(pytest.skip.Exception, match="needs a program that nobody has"):
        require(missing)


def test_a_missing_language_fails_where_all_are_demanded(missing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """With ``MATTEPROOF_REQUIRE_SAMPLES=1`` nothing is skipped silently."""
    monkeypatch.setenv("MATTEPROOF_REQUIRE_SAMPLES", "1")
    with pytest.raises(pytest.fail.Exception, match="needs a program that nobody has"):
        require(missing)


def test_an_optional_language_is_skipped_all_the_same(missing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not every system offers a C# compiler, so none is demanded."""
    monkeypatch.setenv("MATTEPROOF_REQUIRE_SAMPLES", "1")
    monkeypatch.setitem(LANGUAGES, missing, replace(LANGUAGES[missing], optional=True))
    with pytest.raises(pytest.skip.Exception):
        require(missing)


def test_an_installed_language_is_returned() -> None:
    """Python, which runs this test, is there."""
    assert require("python-requests") is LANGUAGES["python-requests"]
