"""What a test that fails shows, to the letter, and how bad use is told."""

from __future__ import annotations

import re

import pytest

_SIZES = re.compile(r"\d[\d,]* bytes")

SEQUENCE = """
------------------- pixian_mock: what was asked and answered -------------------
            client ─── provider
    0.00 s  ──▶ POST /api/v2/remove-background, N bytes
    0.00 s  ◀── 429 Too Many Requests, application/json, N bytes
                script: word 1 of 2: the status 429
                answer: error slow-down
             ⋮  2.0 s
    2.00 s  ──▶ POST /api/v2/remove-background, N bytes
             ✗  expected at least 5 s after the 1st 429
             ✗  received 2.0 s
    2.00 s  ◀── 503 Service Unavailable, application/json, N bytes
                script: word 2 of 2: the status 503
                answer: error workers-overloaded

pixian.client.backoff.first (must, seed): After a first 429 the thread waits at least 5 seconds before its next request.
  wait: expected at least 5 s after the 1st 429, received 2.0 s
  Wait 5 s after the first 429, and 5 s more after each further one in a row.
  source: pixian-v2.it, Limitazione di velocità
"""
VERDICT = """
>       pixian_mock.assert_conforms()
E       mockserver.testing.errors.NonconformityError: A rule about clients of Pixian.AI v2 is broken.
E       
E       pixian.client.backoff.first (must, seed): After a first 429 the thread waits at least 5 seconds before its next request.
E         wait: expected at least 5 s after the 1st 429, received 2.0 s
E         Wait 5 s after the first 429, and 5 s more after each further one in a row.
E         source: pixian-v2.it, Limitazione di velocità
E       
E                   client ─── provider
E           0.00 s  ──▶ POST /api/v2/remove-background, N bytes
E           0.00 s  ◀── 429 Too Many Requests, application/json, N bytes
E                       script: word 1 of 1: the status 429
E                       answer: error slow-down
E                    ⋮  2.0 s
E           2.00 s  ──▶ POST /api/v2/remove-background, N bytes
E                    ✗  expected at least 5 s after the 1st 429
E                    ✗  received 2.0 s
E           2.00 s  ◀── 200 OK, image/png, N bytes
E                       answer: picture made
"""  # noqa: E501, W291  to the letter


def shown(result: pytest.RunResult) -> str:
    """Return what pytest printed, with the sizes of bodies left out."""
    return _SIZES.sub("N bytes", result.stdout.str())


def test_a_failed_assertion_is_followed_by_what_happened(project: pytest.Pytester) -> None:
    """The exchanges, the reason of each answer, the broken rule, and its source."""
    project.makepyfile(
        """
        from client import remove

        def test_status(pixian_mock, virtual_clock, picture):
            pixian_mock.script("429", "503")
            assert remove(pixian_mock.url, pixian_mock.credentials, picture, 2).status_code == 200
        """
    )
    result = project.runpytest("--show-capture=no", "--junit-xml=junit.xml")
    assert "script: word 1 of 2" in (project.path / "junit.xml").read_text(encoding="utf-8")
    result.assert_outcomes(failed=1)
    error, _, below = shown(result).partition(SEQUENCE)
    assert below
    assert "E       AssertionError: assert 503 == 200" in error


def test_a_verdict_says_it_all_once(project: pytest.Pytester) -> None:
    """Rule, source and sequence stand in the error, and are not repeated below."""
    project.makepyfile(
        """
        from client import remove

        def test_verdict(pixian_mock, virtual_clock, picture):
            pixian_mock.script("429")
            remove(pixian_mock.url, pixian_mock.credentials, picture, 2)
            pixian_mock.assert_conforms()
        """
    )
    result = project.runpytest()
    result.assert_outcomes(failed=1)
    assert VERDICT in shown(result)
    assert "what was asked and answered" not in shown(result)


def test_a_test_that_passes_shows_nothing(project: pytest.Pytester) -> None:
    """Nor does one that fails without having asked for anything."""
    project.makepyfile(
        """
        def test_passes(pixian_mock): pass
        def test_fails(pixian_mock): assert not pixian_mock
        """
    )
    result = project.runpytest()
    result.assert_outcomes(passed=1, failed=1)
    assert "what was asked" not in shown(result)


def test_clients_are_judged_where_that_is_asked_for(project: pytest.Pytester) -> None:
    """By the marker, or for all tests by the project; the test fails then."""
    project.makepyfile(
        """
        import pytest
        from client import remove

        @pytest.mark.pixian_mock(script=["429"], conforms=True)
        def test_marked(pixian_mock, virtual_clock, picture):
            remove(pixian_mock.url, pixian_mock.credentials, picture, 2)

        @pytest.mark.pixian_mock(script=["429"])
        def test_not_marked(pixian_mock, virtual_clock, picture):
            remove(pixian_mock.url, pixian_mock.credentials, picture, 2)
        """
    )
    project.runpytest().assert_outcomes(failed=1, passed=1)
    project.makepyfile(
        test_unasked="def test_unasked(pixian_mock): pass",
        test_off="""
        import pytest
        from client import remove

        @pytest.mark.pixian_mock(script=["429"], conforms=False)
        def test_off(pixian_mock, virtual_clock, picture):
            remove(pixian_mock.url, pixian_mock.credentials, picture, 2)
        """,
    )
    project.runpytest("-o", "matteproof_conforms=true").assert_outcomes(failed=2, passed=2)


def test_markers_prepare_the_provider(project: pytest.Pytester) -> None:
    """What is nearer to the test counts; the rest is inherited."""
    project.makepyfile(
        """
        import pytest
        from client import remove

        pytestmark = pytest.mark.pixian_mock(credits=5, latency=2)

        def test_of_the_module(pixian_mock, virtual_clock, picture):
            assert pixian_mock.credits == 5
            remove(pixian_mock.url, pixian_mock.credentials, picture)
            assert virtual_clock.elapsed == pytest.approx(2, abs=0.1)

        @pytest.mark.pixian_mock(credits=7)
        def test_of_its_own(pixian_respx):
            assert pixian_respx.credits == 7

        @pytest.mark.pixian_mock(scenario="out-of-credits")
        def test_scenario(pixian_mock, picture):
            assert remove(pixian_mock.url, pixian_mock.credentials, picture).status_code in (200, 402)
        """
    )
    project.runpytest().assert_outcomes(passed=3)


def test_a_typo_is_told_with_the_likely_word(project: pytest.Pytester) -> None:
    """Of an option, a scenario, a value; and that options have names."""
    project.makepyfile(
        """
        import pytest

        @pytest.mark.pixian_mock(scenaro="busy")
        def test_option(pixian_mock): pass

        @pytest.mark.pixian_mock(scenario="bussy")
        def test_scenario(pixian_mock): pass

        @pytest.mark.pixian_mock(credits="many")
        def test_value(pixian_mock): pass

        @pytest.mark.pixian_mock("busy")
        def test_place(pixian_mock): pass

        @pytest.mark.pixian_mock(script="429")
        def test_script(pixian_mock): pass

        @pytest.mark.pixian_mock(conforms="yes")
        def test_conforms(pixian_mock): pass
        """
    )
    result = project.runpytest()
    result.assert_outcomes(errors=6)
    told = [line.removeprefix("@pytest.mark.pixian_mock") for line in result.outlines if line.startswith("@pytest")]
    assert told[0].startswith(": There is no option 'scenaro'. Did you mean 'scenario'? There are script, scenario, ")
    assert told[1].startswith(": There is no scenario 'bussy'. Did you mean 'busy'? There are almost-out-of-credits, ")
    assert told[2:] == [
        ': The change is wrong: credits: "many" does not have the required form, as in "99.5"',
        " takes options by keyword only, not ('busy',).",
        ": A script is a list of words, such as ['429', 'ok'], not '429'.",
        ": conforms is True or False, not 'yes'.",
    ]


def test_misuse_shows_the_line_of_the_test_alone(project: pytest.Pytester) -> None:
    """With a sentence that says what to change, and none of our own code."""
    project.makepyfile(
        """
        kept = []

        def test_word(pixian_mock):
            pixian_mock.script("429", "slow-dwn")

        def test_keeps(pixian_mock):
            kept.append(pixian_mock)

        def test_kept():
            kept[0].script("429")

        def test_clock_twice(virtual_clock):
            from mockserver.testing import virtual_clock
            with virtual_clock():
                pass
        """
    )
    result = project.runpytest()
    result.assert_outcomes(failed=3, passed=1)
    errors = [line.partition("MisuseError: ")[2] for line in result.outlines if "MisuseError: " in line]
    assert errors[0].startswith("Word 2 of the script: 'slow-dwn' is unknown. Did you mean 'slow-down'? ")
    assert "::test_keeps, which is over. Each test has a mock of its own: " in errors[1]
    assert errors[2].startswith("There is virtual time in this process already")
    assert "def fault_of" not in result.stdout.str()
    assert "mockserver/testing/provider.py" not in result.stdout.str()


@pytest.mark.thorough
def test_what_is_not_installed_is_told(project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the command that installs it; a mock on a socket needs no more than pytest."""
    (project.path / "missing").mkdir()
    for name in ("respx", "httpcore"):
        (project.path / "missing" / f"{name}.py").write_text(f"raise ModuleNotFoundError('no', name={name!r})")
    monkeypatch.setenv("PYTHONPATH", str(project.path / "missing"))
    project.makepyfile(
        """
        import urllib.request

        def test_inside(pixian_respx): pass

        def test_outside(pixian_mock):
            urllib.request.urlopen(pixian_mock.url)
        """
    )
    plain = ("-p", "no:respx", "-p", "no:schemathesis", "-p", "no:anyio", "-p", "no:pytest_httpserver")
    result = project.runpytest_subprocess(*plain)
    result.assert_outcomes(errors=1, passed=1)
    result.stdout.fnmatch_lines(["A mock without a socket needs respx: pip install 'matteproof*pytest*'"])
    wrong = project.runpytest_subprocess(*plain, "--matteproof-url", "pixian=http://localhost:1")
    assert wrong.ret == pytest.ExitCode.USAGE_ERROR
    wrong.stderr.fnmatch_lines(["ERROR: --matteproof-url needs httpcore: pip install 'matteproof*check*'*"])


def test_a_port_that_is_taken_is_told(project: pytest.Pytester) -> None:
    """With what to change."""
    project.makepyfile(
        """
        import socket

        def test_port(request, pixian_mock):
            with socket.socket() as taken:
                taken.bind(("127.0.0.1", int(request.config.getoption("matteproof_port"))))
                taken.listen()
                pixian_mock.url
        """
    )
    result = project.runpytest("--matteproof-port", "18793")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*MisuseError: *18793*Leave --matteproof-port out, and a free one is taken*"])


RERUN = """
    import pytest
    from _pytest.runner import runtestprotocol

    def pytest_runtest_protocol(item, nextitem):
        for _ in range(2):
            item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
            reports = runtestprotocol(item, nextitem=nextitem, log=False)
            if not any(one.failed for one in reports):
                break
            item._initrequest()
        for one in reports:
            item.ihook.pytest_runtest_logreport(report=one)
        return True
"""
"""A plugin that runs a test that fails once more, as others do."""


def test_a_test_that_runs_again_has_new_mocks(project: pytest.Pytester) -> None:
    """What came before is neither judged nor shown, and markers hold again."""
    project.makepyfile(
        rerun=RERUN,
        test_again="""
        import pytest
        from client import remove

        runs = []

        @pytest.mark.pixian_mock(script=["429"], conforms=True)
        def test_passes_then(pixian_mock, virtual_clock, picture):
            runs.append(1)
            remove(pixian_mock.url, pixian_mock.credentials, picture, 5 if len(runs) == 2 else 1)

        @pytest.mark.pixian_mock(script=["429"], conforms=True)
        def test_fails_again(pixian_mock, virtual_clock, picture):
            remove(pixian_mock.url, pixian_mock.credentials, picture, 1)
            assert False
        """,
    )
    project.syspathinsert()
    result = project.runpytest("-p", "rerun")
    result.assert_outcomes(passed=1, failed=1)
    assert result.stdout.str().count("script: word 1 of 1") == 1
    assert "which is over" not in result.stdout.str()


def test_what_happened_is_shown_in_all_phases(project: pytest.Pytester) -> None:
    """Also where a fixture fails before the test, or after it when the mock is closed; but once."""
    project.makepyfile(
        """
        import pytest
        from client import remove

        def ask(mock, picture):
            remove(mock.url, mock.credentials, picture)

        @pytest.fixture
        def first():
            yield
            assert False, "after"

        @pytest.fixture
        def bad(pixian_mock, picture):
            ask(pixian_mock, picture)
            assert False, "before"

        def test_before(bad): pass
        def test_after(first, pixian_mock, picture): ask(pixian_mock, picture)

        def test_both(first, pixian_mock, picture):
            ask(pixian_mock, picture)
            assert False, "within"
        """
    )
    result = project.runpytest()
    result.assert_outcomes(errors=3, passed=1, failed=1)
    sections = shown(result).split("pixian_mock: what was asked and answered")
    assert len(sections) == 4
    assert all("POST /api/v2/remove-background" in one for one in sections[1:])


def test_what_finalizers_ask_is_judged(project: pytest.Pytester) -> None:
    """Once the test has passed, as an error of its teardown at the place of the test."""
    project.makepyfile(
        """
        import pytest
        from client import remove

        @pytest.fixture
        def late(pixian_mock, picture):
            yield
            remove(pixian_mock.url, pixian_mock.credentials, picture, 1)

        @pytest.mark.pixian_mock(script=["ok", "429"], conforms=True)
        def test_late(late, virtual_clock, pixian_mock, picture):
            remove(pixian_mock.url, pixian_mock.credentials, picture)

        @pytest.mark.pixian_mock(script=["429", "429"], conforms=True)
        def test_wrong_before(late, virtual_clock, pixian_mock, picture):
            remove(pixian_mock.url, pixian_mock.credentials, picture, 1)

        @pytest.mark.pixian_mock(script=["429"], conforms=False)
        def test_not_judged(late, virtual_clock): pass
        """
    )
    result = project.runpytest("--tb=line")
    result.assert_outcomes(errors=1, passed=2, failed=1)
    assert "what was asked and answered" not in result.stdout.str()
    result.stdout.fnmatch_lines(
        [
            "*ERROR at teardown of test_late*",
            "A rule about*",
            "*.py:13: 2 rules about clients of Pixian.AI v2 are broken.",
        ]
    )


def test_a_verdict_that_comes_by_itself_stands_at_the_test(project: pytest.Pytester) -> None:
    """No line of ours is in it, nor in reports for machines; the sequence is there once."""
    project.makepyfile(
        """
        import pytest
        from client import remove

        @pytest.mark.pixian_mock(script=["429"], conforms=True)
        def test_hasty(pixian_mock, virtual_clock, picture):
            remove(pixian_mock.url, pixian_mock.credentials, picture, 2)
        """
    )
    result = project.runpytest("--junit-xml=junit.xml")
    result.assert_outcomes(failed=1)
    for told in (result.stdout.str(), (project.path / "junit.xml").read_text(encoding="utf-8")):
        assert "A rule about clients of Pixian.AI v2 is broken." in told
        assert told.count("POST /api/v2/remove-background") == 2
        for ours in ("pytest_plugin", "mockserver/", "self = ", "def judge"):
            assert ours not in told
    line = project.runpytest("--tb=line")
    line.stdout.fnmatch_lines(["*/test_a_verdict_that_comes_by_itself_stands_at_the_test.py:4: *is broken."])


def test_one_of_two_ways_to_the_provider_is_enough(project: pytest.Pytester) -> None:
    """A test that has both is judged by that which was used; if neither was, both are named."""
    project.makepyfile(
        """
        import pytest
        from client import remove

        @pytest.mark.pixian_mock(conforms=True)
        def test_one(pixian_mock, pixian_respx, picture):
            remove(pixian_respx.url, pixian_respx.credentials, picture)

        @pytest.mark.pixian_mock(conforms=True)
        def test_neither(pixian_mock, pixian_respx): pass

        @pytest.mark.pixian_mock(conforms=True)
        def test_other_provider(pixian_mock, xty_mock, picture):
            remove(pixian_mock.url, pixian_mock.credentials, picture)
        """
    )
    result = project.runpytest()
    result.assert_outcomes(failed=1, passed=2)
    result.stdout.fnmatch_lines(
        ["Pixian.AI v2 was asked for nothing*Does it go to the .url of pixian_mock or pixian_respx?"]
    )


def test_mocks_that_a_test_makes_itself_are_its_own(project: pytest.Pytester) -> None:
    """They are shown when it fails, and judged where all are."""
    project.makepyfile(
        """
        import pytest
        from client import remove
        from mockserver.testing import provider_mock, provider_respx, virtual_clock

        def ask(mock, picture):
            with virtual_clock():
                mock.script("429")
                remove(mock.url, mock.credentials, picture, 2)

        def test_hasty(picture):
            with provider_mock("pixian") as mock:
                ask(mock, picture)

        @pytest.mark.pixian_mock(conforms=False)
        def test_not_judged(picture):
            with provider_respx("pixian") as mock:
                ask(mock, picture)

        def test_fails(picture):
            with provider_mock("pixian") as mock:
                ask(mock, picture)
                assert False

        @pytest.mark.pixian_mock(conforms=True)
        def test_judged(picture):
            with provider_mock("pixian") as mock:
                ask(mock, picture)
        """
    )
    result = project.runpytest()
    result.assert_outcomes(failed=2, passed=2)
    result.stdout.fnmatch_lines(["*provider_mock('pixian'): what was asked and answered*"])
    project.runpytest("-o", "matteproof_conforms=true").assert_outcomes(failed=3, passed=1)


def test_no_secret_is_shown(project: pytest.Pytester) -> None:
    """Whatever the test has sent as one, and wherever: its author may have used true ones."""
    project.makepyfile(
        """
        import base64, httpx, pytest

        URL = "/api/v2/remove-background"
        SECRET = "REALSECRET123"

        @pytest.mark.parametrize("path", [
            f"{URL}?api_secret={SECRET}", f"{URL}?sneaky={SECRET}", f"/{SECRET}", f"{URL}/x?token=ANOTHER99",
            f"{URL}?image.url=https://me:{SECRET}@example.com/a.jpg",
        ], ids="abcde")
        def test_ours(pixian_mock, path):
            httpx.post(pixian_mock.url + path, auth=("realid", SECRET), data={SECRET: "x", "format": SECRET})
            pixian_mock.assert_conforms()

        def test_fails(pixian_mock):
            httpx.get(pixian_mock.url + f"{URL}?token=ANOTHER99", headers={"Authorization": f"Basic realid:{SECRET}"})
            assert 0

        def test_other_provider(xty_mock):
            httpx.get(xty_mock.url + f"/v1/chat/completions?x={SECRET}", headers={"Authorization": f"Bearer {SECRET}"})
            xty_mock.assert_conforms(level="should")

        def test_elsewhere(pixian_respx):
            httpx.get(f"https://other.example.com/?token={SECRET}")
        """
    )
    result = project.runpytest("--tb=short", "--junit-xml=junit.xml")
    result.assert_outcomes(failed=8)
    for told in (result.stdout.str(), (project.path / "junit.xml").read_text(encoding="utf-8")):
        assert "POST /api/v2/remove-background?api_secret=[redacted]" in told
        for secret in ("REALSECRET123", "ANOTHER99", "realid:"):
            assert secret not in told.replace('f"{URL}?token=ANOTHER99"', "")  # the line of the test


def test_a_long_reason_is_told_whole(project: pytest.Pytester) -> None:
    """With advice that can be followed in a test."""
    project.makepyfile(
        """
        import httpx

        def test_far(pixian_mock):
            form = {"image.url": "https://my.cdn.example/a.jpg"}
            httpx.post(pixian_mock.url + "/api/v2/remove-background", auth=pixian_mock.credentials, data=form)
            assert 0
        """
    )
    result = project.runpytest()
    told = " ".join(result.stdout.str().partition("what was asked and answered")[2].split())
    assert (
        "https://my.cdn.example is not on this machine's loopback; send a file or a data: URL instead; a server" in told
    )
    assert "a server of your own fetches it if started with --fetch public or --fetch all." in told
