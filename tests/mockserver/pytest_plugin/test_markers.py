"""Markers that do nothing are told, and those that may do something are left alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest


def told(result: pytest.RunResult) -> list[str]:
    """Return what is said of markers."""
    return [line for line in result.outlines if line.startswith("@pytest.mark.")]


def test_a_marker_without_its_fixture_is_told(project: pytest.Pytester) -> None:
    """Before the test runs, so that it does not ask the true provider."""
    project.makepyfile(
        """
        import pytest

        @pytest.mark.pixian_mock(script=["429"])
        def test_script(): raise SystemExit("it runs")

        @pytest.mark.parametrize("number", [pytest.param(1, marks=pytest.mark.xty_mock(credits=1)), 2])
        def test_parameter(number): assert number == 2, "it runs"
        """
    )
    result = project.runpytest()
    result.assert_outcomes(errors=2, passed=1)
    assert told(result) == [
        "@pytest.mark.pixian_mock does nothing here: the test uses neither pixian_mock nor pixian_respx.",
        "@pytest.mark.xty_mock does nothing here: the test uses neither xty_mock nor xty_respx.",
    ]


def test_what_only_the_run_tells_is_told_after_it(project: pytest.Pytester) -> None:
    """Whether a fixture is asked for while the test runs, and whether there is anything to be judged."""
    project.makepyfile(
        """
        import pytest, unittest
        from mockserver.testing import provider_mock

        @pytest.mark.pixian_mock(credits=5)
        def test_asked_for(request):
            assert request.getfixturevalue("pixian_respx").credits == 5

        @pytest.mark.pixian_mock(credits=5)
        def test_not_asked_for(request): pass

        @pytest.mark.pixian_mock(conforms=True)
        def test_nothing_to_judge(): pass

        @pytest.mark.pixian_mock(credits=5)
        def test_prepared_by_nobody(request):
            with provider_mock("pixian"): pass

        @pytest.mark.pixian_mock(latency=3)
        def test_other_provider(xty_mock): pass

        class TestCase(unittest.TestCase):
            @pytest.mark.pixian_mock(credits=5)
            def test_method(self): pass
        """
    )
    result = project.runpytest()
    result.assert_outcomes(passed=1, failed=5)
    assert len(told(result)) == 5


def test_markers_of_classes_and_modules_are_for_those_who_need_them(project: pytest.Pytester) -> None:
    """As are those that a conftest gives to all; fixtures by usefixtures, autouse and of fixtures count."""
    project.makepyfile(
        test_module="""
        import pytest
        pytestmark = pytest.mark.pixian_mock(credits=5, conforms=True)
        def test_without(): pass

        @pytest.mark.xty_mock(credits=5)
        class TestClass:
            def test_without(self): pass
            def test_with(self, xty_mock): assert xty_mock.credits == 5
        """,
        test_fixtures="""
        import pytest, unittest

        @pytest.fixture
        def mine(pixian_respx): return pixian_respx

        @pytest.mark.pixian_mock(credits=5)
        def test_of_fixture(mine): assert mine.credits == 5

        @pytest.mark.pixian_mock(credits=5)
        @pytest.mark.usefixtures("pixian_mock")
        def test_used(): pass

        class TestCase(unittest.TestCase):
            @pytest.fixture(autouse=True)
            def mocks(self, pixian_mock): self.mock = pixian_mock

            @pytest.mark.pixian_mock(credits=5)
            def test_method(self): assert self.mock.credits == 5
        """,
    )
    with (project.path / "conftest.py").open("a") as file:
        file.write("\ndef pytest_collection_modifyitems(items):\n    for one in items:\n")
        file.write("        one.add_marker(pytest.mark.xty_mock(latency=1))\n")
    project.runpytest().assert_outcomes(passed=6)


def test_a_misspelt_marker_is_told_with_the_likely_one(project: pytest.Pytester) -> None:
    """One that a suite has of its own is none."""
    project.makepyfile(
        """
        import pytest

        @pytest.mark.pixan_mock(script=["429"])
        def test_misspelt(pixian_mock): pass

        @pytest.mark.pixian_respx(script=["429"])
        def test_as_the_fixture(pixian_respx): pass

        @pytest.mark.pixie_mock
        @pytest.mark.requests_mock
        def test_own(): pass
        """
    )
    lenient = ("-o", "addopts=-p no:randomly", "-W", "ignore::pytest.PytestUnknownMarkWarning")
    result = project.runpytest(*lenient, "-o", "markers=pixie_mock: of this suite")
    result.assert_outcomes(errors=2, passed=1)
    assert told(result) == [
        "@pytest.mark.pixan_mock: There is no such marker. Did you mean 'pixian_mock'?",
        "@pytest.mark.pixian_respx: There is no such marker. Did you mean 'pixian_mock'?",
    ]


def test_tests_that_are_skipped_stay_so(project: pytest.Pytester) -> None:
    """Nothing is wrong with what does not run."""
    project.makepyfile(
        """
        import pytest

        @pytest.mark.skip
        @pytest.mark.pixian_mock(script=["429"])
        def test_never(): pass

        @pytest.mark.pixian_mock(script=["429"])
        def test_left(request): pytest.skip("not here")
        """
    )
    project.runpytest().assert_outcomes(skipped=2)
