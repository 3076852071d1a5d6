"""The guides are run: their examples do what they say they do."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

import mockserver
from command import run
from inner_pytest import pytest_at
from mockserver.mock import Mock
from mockserver.testing.provider import CHANGES

if TYPE_CHECKING:
    from collections.abc import Mapping

DOCS = Path(__file__).parent.parent / "docs"
SCENARIOS = Path(mockserver.__file__).parent / "scenarios" / "shipped"
TESTING, LIVE, BARE = (DOCS / f"{name}.md" for name in ("testing-a-client", "checks-in-ci", "unittest"))
PROPERTIES = DOCS / "strategies.md"
STEADY = """
from hypothesis import Phase, settings
settings.register_profile("steady", derandomize=True, database=None, phases=(Phase.generate, Phase.shrink))
settings.load_profile("steady")
"""
"""What goes before property tests, so that they always make the same examples, and take no time to explain them."""


def blocks(guide: Path, language: str) -> list[str]:
    """Return the code blocks of *guide* in *language*, in order."""
    return re.findall(rf"```{language}\n(.*?)```", guide.read_text(encoding="utf-8"), re.DOTALL)


def printed(example: str, folder: Path | None = None) -> str:
    """Return what the *example* prints, run in a *folder*."""
    command = [sys.executable, "-c", example]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=100, check=True).stdout


def failures() -> list[tuple[str, str]]:
    """Return the tests of the guide that fail, each with the output that stands below it."""
    text = TESTING.read_text(encoding="utf-8")
    return re.findall(r"```python\n((?:(?!```).)*)```\n\n```text\n(.*?)```", text, re.DOTALL)


@pytest.fixture
def cutouts(tmp_path: Path) -> Path:
    """A folder with the clients of the guide."""
    (client,) = [block for block in blocks(TESTING, "python") if block.startswith('"""cutouts.py')]
    (tmp_path / "cutouts.py").write_text(client, encoding="utf-8")
    shutil.copy(DOCS / "clients" / "careful.py", tmp_path)
    (tmp_path / "pytest.ini").write_text(
        "[pytest]\naddopts = --strict-markers\nfilterwarnings = error\nasyncio_default_fixture_loop_scope = function\n",
        encoding="utf-8",
    )
    return tmp_path


def verdicts(client: str, folder: Path) -> Mapping[str, Any]:
    """Return what is said of the *client* of the guide, by the rules about success, without generated trials."""
    report = folder / "report.json"
    command = (sys.executable, str(DOCS / "clients" / client))
    done = run(
        *("check", "client", "pixian", "--only", "success", "--max-examples", "0"),
        *("--report", f"json={report}", "--", *command),
    )
    assert done.returncode in {0, 1}, done.stdout + done.stderr
    told: Mapping[str, Any] = json.loads(report.read_text(encoding="utf-8"))
    return {"verdict": told["verdict"]} | {rule["id"]: rule["verdict"] for rule in told["rules"]}


@pytest.mark.thorough
def test_the_sample_of_the_documentation_is_caught(tmp_path: Path) -> None:
    """It ends as if all were well when the provider has refused."""
    found = verdicts("sample.py", tmp_path)
    assert found["verdict"] == "violates"
    assert found["pixian.client.success.status"] == "fail"
    assert found["pixian.client.success.truncated"] == "pass"


@pytest.mark.thorough
def test_the_careful_client_of_the_guide_conforms(tmp_path: Path) -> None:
    """It is the same client once it keeps the rules."""
    found = verdicts("careful.py", tmp_path)
    assert found["verdict"] == "conforms"
    assert "fail" not in found.values()


def test_the_python_example_of_the_guide_runs() -> None:
    """It tests a function that sends no credentials, and says so."""
    (example,) = blocks(DOCS / "checking-clients.md", "python")
    assert printed(example).startswith(
        "violates\npixian.client.auth.basic fail Authorization: expected the scheme Basic"
    )


@pytest.mark.thorough
@pytest.mark.parametrize("number", range(4))
def test_the_examples_about_strategies_run(number: int, tmp_path: Path) -> None:
    """All hold but the last: there the client is blamed, in the words of the guide, for what it does wrong."""
    examples = blocks(PROPERTIES, "python")
    (expected,) = blocks(PROPERTIES, "text")
    assert len(examples) == 4
    told = printed(STEADY + examples[number], tmp_path)
    assert all(line in told for line in expected.splitlines()) if number == 3 else told == ""


@pytest.mark.parametrize("guide", sorted(DOCS.glob("*.md")), ids=lambda path: path.name)
def test_links_lead_somewhere(guide: Path) -> None:
    """Every link to a file does."""
    for link in re.findall(r"\]\(([^)#:]+)\)", guide.read_text(encoding="utf-8")):
        assert (guide.parent / link).exists(), link


@pytest.mark.thorough
def test_the_tests_of_the_guide_pass(cutouts: Path) -> None:
    """All do but those below which the output of a failure stands."""
    wrong = {test for test, _ in failures()}
    tests = [block for block in blocks(TESTING, "python") if "def test_" in block and block not in wrong]
    for number, test in enumerate(tests):
        (cutouts / f"test_{number}.py").write_text(test, encoding="utf-8")
    outcomes = pytest_at(cutouts, asyncio=True)
    assert set(outcomes.counts) == {"passed"}, outcomes.text
    assert outcomes.counts["passed"] > len(tests)


@pytest.mark.thorough
@pytest.mark.parametrize(("test", "output"), failures())
def test_a_failure_looks_like_that_of_the_guide(cutouts: Path, test: str, output: str) -> None:
    """But for the size of the picture, which is a matter of the encoder."""
    (cutouts / "test_it.py").write_text(test, encoding="utf-8")
    outcomes = pytest_at(cutouts, asyncio=True)
    assert outcomes.counts == {"failed": 1}
    assert without_sizes(output) in without_sizes(outcomes.text)


def without_sizes(text: str) -> str:
    """Return *text* without numbers of bytes, and without spaces at the ends of its lines."""
    return re.sub(r" +$", "", re.sub(r"[\d,]+ bytes", "... bytes", text), flags=re.MULTILINE)


@pytest.mark.thorough
def test_a_misspelt_option_is_told_as_in_the_guide(cutouts: Path) -> None:
    """The likely one is named."""
    (told,) = [block for block in blocks(TESTING, "text") if "skript" in block]
    (cutouts / "test_it.py").write_text(
        "import pytest\n\n@pytest.mark.pixian_mock(skript=['429'])\ndef test(pixian_mock): pass\n", encoding="utf-8"
    )
    assert told.strip() in pytest_at(cutouts, asyncio=True).text


def test_the_guide_has_all_scenarios_and_options() -> None:
    """What it lists is what there is."""
    text = TESTING.read_text(encoding="utf-8")
    (scenarios,) = re.findall(r"\*\*Scenarios\*\* .*?: (.*?)\.", text, re.DOTALL)
    (options,) = re.findall(r"\nOptions are (.*?)\.", text, re.DOTALL)
    assert set(re.findall("`(.*?)`", scenarios)) == {path.stem for path in SCENARIOS.glob("*.yaml")}
    assert set(re.findall("`(.*?)`", options)) == {"script", "scenario", "conforms", *CHANGES}


@pytest.mark.parametrize("number", range(2))
def test_tests_without_pytest_pass(number: int, tmp_path: Path) -> None:
    """Each of the two modules runs by itself."""
    (tmp_path / "test_it.py").write_text(blocks(BARE, "python")[number], encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-W", "error", "test_it.py"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert re.search(r"Ran 2 tests in .*\n\nOK\n", done.stderr), done.stderr


@pytest.mark.thorough
def test_the_workflow_checks_a_server(tmp_path: Path) -> None:
    """Its command, with the address of a mock in place of the provider's, tests all rules and writes its report."""
    (text,) = blocks(LIVE, "yaml")
    workflow = yaml.safe_load(text)
    assert set(workflow) >= {"name", True, "permissions", "jobs"}  # YAML takes the word "on" for true
    assert set(workflow[True]) == {"schedule", "workflow_dispatch"}
    steps = workflow["jobs"]["rules"]["steps"]
    (check,) = [step for step in steps if step.get("name") == "Check the rules"]
    (keep,) = [step for step in steps if step.get("name") == "Keep the report"]
    assert all(value.startswith("${{ secrets.") for value in check["env"].values())
    with Mock() as mock:
        command = check["run"].replace("https://api.pixian.ai", mock.url)
        assert mock.url in command
        done = shell(command, tmp_path, dict.fromkeys(check["env"], "me"))
        assert done.returncode == 0, done.stdout
        assert mock.journal.next_number <= int(re.findall(r"max-requests (\d+)", command)[0])
    report = ET.parse(tmp_path / keep["with"]["path"]).getroot()  # noqa: S314  our own
    verdicts = {item.get("value") for item in report.iterfind(".//property[@name='verdict']")}
    assert verdicts == {"pass", "not_exercised"}


def shell(command: str, folder: Path, env: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """Run *command* as a step of a workflow does, with the programs of this environment."""
    with tempfile.TemporaryDirectory() as empty:
        own = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "COV_"))}
        path = os.pathsep.join([str(Path(sys.executable).parent), own["PATH"]])
        return subprocess.run(
            ["bash", "-ec", command],
            cwd=folder,
            env={**own, "PATH": path, "RUNNER_TEMP": empty, **env},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )


COMMANDS = [line for block in blocks(LIVE, "sh") for line in block.replace("\\\n", "").splitlines()]


@pytest.mark.parametrize(
    "command", [COMMANDS[0], *(pytest.param(one, marks=pytest.mark.thorough) for one in COMMANDS[1:])]
)
def test_the_commands_of_the_guide_are_right(command: str, tmp_path: Path) -> None:
    """Each of them collects rules of its provider; no request is sent."""
    command = command.partition("#")[0]
    done = shell(
        f"{command} --collect-only --quiet",
        tmp_path,
        {"MATTEPROOF_API_ID": "me", "MATTEPROOF_API_SECRET": "hush", "MATTEPROOF_API_KEY": "sk-me"},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "matteproof::" in done.stdout


@pytest.mark.thorough
def test_the_numbers_of_requests_are_right() -> None:
    """The guide says how many a live Pixian.AI gets."""
    (number,) = re.findall(r"(\d+) requests are made", LIVE.read_text(encoding="utf-8"))
    env = {"MATTEPROOF_API_ID": "me", "MATTEPROOF_API_SECRET": "hush"}
    done = run("check", "server", "pixian", "--url", "https://api.pixian.ai", "--dry-run", env=env)
    assert f": {number} in all; " in done.stdout
