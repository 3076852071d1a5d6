"""The fixtures in projects as users have them: synchronous, asynchronous, in threads, in parallel."""

from __future__ import annotations

from pathlib import Path

import pytest

_TOY = Path(__file__).parents[2] / "toy"
"""A folder with a provider in a package of its own."""


def test_a_client_is_tested_in_a_few_lines(project: pytest.Pytester) -> None:
    """The provider, its misbehaviour, instant time, and the verdict."""
    project.makepyfile(
        """
        from client import remove

        def test_retry(pixian_mock, virtual_clock, picture):
            pixian_mock.script("429", "429", "ok")
            assert remove(pixian_mock.url, pixian_mock.credentials, picture).status_code == 200
            assert virtual_clock.waits == [5, 10]
            assert pixian_mock.journal.statuses == [429, 429, 200]
            pixian_mock.assert_conforms()

        def test_without_a_socket(pixian_respx, virtual_clock, picture):
            pixian_respx.script("429", "429", "ok")
            assert remove(pixian_respx.url, pixian_respx.credentials, picture).status_code == 200
            assert virtual_clock.waits == [5, 10]
            pixian_respx.assert_conforms()

        def test_the_next_test_begins_anew(pixian_mock, picture):
            assert len(pixian_mock.journal) == 0
            assert pixian_mock.credits == 1000
            assert remove(pixian_mock.url, pixian_mock.credentials, picture).status_code == 200
        """
    )
    project.runpytest().assert_outcomes(passed=3)


def test_time_comes_before_or_after_the_mock(project: pytest.Pytester) -> None:
    """The order of the fixtures does not matter, nor does a mock that is asked for within the test."""
    project.makepyfile(
        """
        import time
        from client import remove

        def test_before(virtual_clock, pixian_mock, picture):
            pixian_mock.script("429")
            remove(pixian_mock.url, pixian_mock.credentials, picture)
            assert virtual_clock.waits == [5]

        def test_within(virtual_clock, request, picture):
            time.sleep(100)
            mock = request.getfixturevalue("pixian_mock")
            mock.script("429")
            remove(mock.url, mock.credentials, picture)
            assert virtual_clock.waits == [100, 5]

        def test_alone(virtual_clock):
            time.sleep(3600)
            assert virtual_clock.elapsed == 3600
        """
    )
    project.runpytest("-p", "no:xdist").assert_outcomes(passed=3)


def test_asynchronous_tests_have_the_same(project: pytest.Pytester) -> None:
    """With the plugins of pytest-asyncio and anyio; trio keeps the true time."""
    project.makepyfile(
        """
        import asyncio
        import anyio
        import httpx
        import pytest

        async def remove(mock, picture):
            async with httpx.AsyncClient() as client:
                for wait in (5, 10, 15):
                    answer = await client.post(
                        mock.url + "/api/v2/remove-background", files={"image": picture}, auth=mock.credentials
                    )
                    if answer.status_code != 429:
                        return answer.status_code
                    await anyio.sleep(wait)

        @pytest.mark.asyncio
        async def test_asyncio(pixian_mock, virtual_clock, picture):
            pixian_mock.script("429", "429")
            assert await remove(pixian_mock, picture) == 200
            assert virtual_clock.waits == [5, 10]

        @pytest.mark.asyncio
        async def test_asyncio_without_a_socket(pixian_respx, virtual_clock, picture):
            pixian_respx.script("429")
            assert await asyncio.gather(*(remove(pixian_respx, picture) for _ in range(3))) == [200, 200, 200]
            assert virtual_clock.elapsed == 5

        @pytest.mark.anyio
        @pytest.mark.parametrize("anyio_backend", ["asyncio"])
        async def test_anyio(pixian_mock, virtual_clock, picture, anyio_backend):
            pixian_mock.script("429")
            assert await remove(pixian_mock, picture) == 200
            assert virtual_clock.waits == [5]
        """
    )
    project.runpytest().assert_outcomes(passed=3)


def test_an_sdk_is_answered_without_a_socket(project: pytest.Pytester) -> None:
    """OpenAI's, of whatever version of httpx it is made."""
    pytest.importorskip("openai")
    project.makepyfile(
        """
        import httpx
        import openai
        import pytest

        def messages():
            url = {"url": "https://file.xty.app/docs/msk.jpg"}
            return [{"role": "user", "content": [{"type": "image_url", "image_url": url}]}]

        def test_completion(xty_respx, virtual_clock):
            client = openai.OpenAI(base_url=xty_respx.url + "/v1", api_key=xty_respx.credentials, max_retries=0)
            answer = client.chat.completions.create(model="remove-bg", messages=messages())
            assert httpx.get(answer.choices[0].message.content).content.startswith(b"\\x89PNG")
            xty_respx.assert_conforms()

        def test_busy(xty_respx):
            xty_respx.script("429")
            client = openai.OpenAI(base_url=xty_respx.url + "/v1", api_key=xty_respx.credentials, max_retries=0)
            with pytest.raises(openai.RateLimitError):
                client.chat.completions.create(model="remove-bg", messages=messages())
        """
    )
    project.runpytest_subprocess().assert_outcomes(passed=2)


def test_programs_are_told_by_the_environment(project: pytest.Pytester) -> None:
    """A client in a process of its own is judged as well; its time is real."""
    project.makepyfile(
        program="""
        import os, pathlib, sys
        from client import remove
        own = os.environ
        auth = own["MATTEPROOF_API_ID"], own["MATTEPROOF_API_SECRET"]
        picture = pathlib.Path("picture.png").read_bytes()
        sys.exit(remove(own["MATTEPROOF_BASE_URL"], auth, picture, 0.01).status_code != 200)
        """,
        test_program="""
        import os, subprocess, sys
        import pytest

        def test_program(pixian_mock):
            pixian_mock.script("429")
            environment = {**os.environ, **pixian_mock.environment}
            subprocess.run([sys.executable, "program.py"], env=environment, check=True)
            assert pixian_mock.journal.statuses == [429, 200]
            with pytest.raises(AssertionError, match="backoff.first"):
                pixian_mock.assert_conforms()
        """,
    )
    project.runpytest().assert_outcomes(passed=1)


@pytest.mark.thorough
def test_workers_in_parallel_have_servers_of_their_own(project: pytest.Pytester) -> None:
    """Under pytest-xdist no test sees another's calls."""
    project.makepyfile(
        """
        import pytest
        from client import remove

        @pytest.mark.parametrize("number", range(8))
        def test_one_call(pixian_mock, virtual_clock, picture, number):
            pixian_mock.script(*["429"] * (number % 3))
            assert remove(pixian_mock.url, pixian_mock.credentials, picture).status_code == 200
            assert len(pixian_mock.journal) == 1 + number % 3
            pixian_mock.assert_conforms()
        """
    )
    project.runpytest_subprocess("-n", "2").assert_outcomes(passed=8)


@pytest.mark.thorough
def test_every_installed_provider_has_fixtures(project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also one of another package; what it has no kit for is said when it is used."""
    info = project.path / "toy_provider-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: toy-provider\nVersion: 1\n")
    (info / "entry_points.txt").write_text("[matteproof.providers]\ntoy = toy_provider:PROVIDER\n")
    monkeypatch.setenv("PYTHONPATH", f"{project.path}:{_TOY}")
    project.makepyfile("def test_toy(toy_mock): pass")
    listed = project.runpytest_subprocess("--fixtures", "-q")
    for name in ("pixian_mock", "pixian_respx", "toy_mock", "toy_respx", "xty_mock", "xty_respx", "virtual_clock"):
        assert any(line.startswith(name) for line in listed.outlines)
    run = project.runpytest_subprocess()
    run.assert_outcomes(errors=1)
    run.stdout.fnmatch_lines(["*There are no conformance checks for toy*"])


def test_a_suite_without_a_use_for_it_loads_next_to_nothing(project: pytest.Pytester) -> None:
    """No server, no framework, no Hypothesis strategies of ours."""
    project.makepyfile(
        """
        import sys

        def test_nothing_heavy_is_there():
            heavy = {"flask", "numpy", "pyvips", "uvloop", "mockserver.testing", "contracts.model", "schemathesis"}
            assert not heavy & set(sys.modules)
        """
    )
    result = project.runpytest_subprocess("-p", "no:schemathesis", "-p", "no:hypothesispytest")
    result.assert_outcomes(passed=1)


def test_fixtures_and_context_managers_go_by_one_clock(project: pytest.Pytester) -> None:
    """A mock of either kind with a clock of the other one."""
    project.makepyfile(
        """
        import pytest
        from client import remove
        from mockserver.testing import provider_mock, virtual_clock as keep_virtual_time

        def judge(mock, clock, picture):
            mock.script("429", "429")
            assert remove(mock.url, mock.credentials, picture).status_code == 200
            assert clock.elapsed == 15
            assert mock.journal.pauses == [5, 10]
            mock.assert_conforms()

        def test_mock_by_hand(virtual_clock, picture):
            with provider_mock("pixian") as mock:
                judge(mock, virtual_clock, picture)

        def test_clock_by_hand(pixian_mock, picture):
            with keep_virtual_time() as clock:
                judge(pixian_mock, clock, picture)

        def test_both_by_hand(picture):
            with provider_mock("pixian") as mock, keep_virtual_time() as clock:
                judge(mock, clock, picture)
        """
    )
    project.runpytest().assert_outcomes(passed=3)
