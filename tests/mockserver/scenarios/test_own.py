"""Scenario files of one's own: what they do, and what is said of a wrong one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest

from command import run
from contracts.providers import discover
from mockserver.mock import Mock
from mockserver.scenarios.library import ScenarioError

if TYPE_CHECKING:
    from pathlib import Path

ACCOUNT = "/api/v2/account"

WRONG = [
    ("", "its top", "an object with a description"),
    ("[]", "its top", "an object with a description"),
    ("tenant: {}", "its top", "'description' is a required property"),
    ("{description: ''}", "description", "shorter than 1"),
    ("{description: x, tennant: {}}", "its top", '"tennant"; allowed are description, tenant, script, faults'),
    ("{description: x, tenant: []}", "tenant", "not of the type object"),
    ("{description: x, tenant: {credit: 1}}", "tenant", 'no "credit"; allowed are credits, credits_by, state, pack'),
    ("{description: x, tenant: {credits: -1}}", "tenant.credits", "minimum of 0"),
    ("{description: x, tenant: {credits: .inf}}", "tenant.credits", "inf is no number"),
    ("{description: x, tenant: {state: asleep}}", "tenant.state", "active, dormant"),
    ("{description: x, tenant: {use_before: tomorrow}}", "tenant.use_before", "2026-01-31T12:00:00Z"),
    ("{description: x, tenant: {latency: -1}}", "tenant.latency", ""),
    ("{description: x, tenant: {limits: {concurency: 1}}}", "tenant.limits", "allowed are concurrency, rate, ramp"),
    ("{description: x, tenant: {limits: {concurrency: -1}}}", "tenant.limits.concurrency", "minimum of 0"),
    ("{description: x, tenant: {limits: {rate: {burst: 2}}}}", "tenant.limits.rate", "'per_second' is a required"),
    ("{description: x, tenant: {limits: {error: slow-dwon}}}", "tenant.limits.error", "Did you mean 'slow-down'?"),
    ("{description: x, tenant: {settings: {pric: 1}}}", "tenant.settings.pric", "allowed are several_images"),
    ("{description: x, tenant: {settings: {accept_webp: 1}}}", "tenant.settings.accept_webp", "false, true"),
    ("{description: x, tenant: {settings: {price: -1}}}", "tenant.settings.price", "a number from 0 on"),
    ("{description: x, script: ok}", "script", "it is a list"),
    ("{description: x, script: [ok, 600]}", "script[1]", "between 200 and 599, not 600"),
    ("{description: x, script: [slow-dwon]}", "script[0]", "Did you mean 'slow-down'?"),
    ("{description: x, script: [{fault: stal}]}", "script[0].fault", "Did you mean 'stall'? Allowed is one of: ok,"),
    ("{description: x, script: [{fault: stall}]}", "script[0]", "'seconds' is a required"),
    ("{description: x, faults: {}}", "faults", "it is a list"),
    ("{description: x, faults: [5]}", "faults[0]", "a rule is an object"),
    ("{description: x, faults: [{}]}", "faults[0]", "'fault' is a required"),
    ("{description: x, faults: [{fault: 429, probability: 2}]}", "faults[0].probability", "maximum of 1"),
    ("{description: x, faults: [{fault: ok}, {fault: {fault: dribble, every: -1}}]}", "faults[1].fault.every", "of 0"),
    ("{description: x, faults: [{fault: 429, match: {tenants: me}}]}", "faults[0].match", "allowed are tenant,"),
]


def written(folder: Path, text: str, name: str = "own.yaml") -> Path:
    """Return a file of that *name* and *text*."""
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


@pytest.mark.parametrize("name", ["own.yaml", "own.yml", "own.json"])
def test_a_file_is_a_scenario_by_its_name(tmp_path: Path, name: str) -> None:
    """Settings, script and rules of it hold for every tenant, and the control API lists it."""
    text = '{"description": "Mine.", "tenant": {"credits": "12.5"}, "script": [429], "faults": [{"fault": 503}]}'
    with Mock(scenario=str(written(tmp_path, text, name))) as mock:
        with httpx.Client(base_url=mock.url, trust_env=False) as client:
            for user in ("anna", "berta"):
                tenant = client.get(f"/_mock/v1/tenants/{user}").json()
                assert (tenant["credits"], tenant["script"], tenant["scenario"]) == ("12.5", ["429"], "own")
                assert client.get(ACCOUNT, auth=(user, "secret")).status_code == 503
            listed = client.get("/_mock/v1/scenarios").json()
        assert listed["scenario"] == "own"
        assert {"name": "own", "description": "Mine."} in listed["scenarios"]


def test_a_file_takes_the_place_of_a_shipped_scenario_of_its_name(tmp_path: Path) -> None:
    """Who writes a ``busy.yaml`` means that one."""
    with Mock(scenario=str(written(tmp_path, "{description: Idle.}", "busy.yaml"))) as mock:
        assert mock.engine.library.get("busy").description == "Idle."


@pytest.mark.parametrize(("text", "place", "said"), WRONG)
def test_a_wrong_file_is_refused_with_its_place_and_what_is_allowed(
    tmp_path: Path, text: str, place: str, said: str
) -> None:
    """The sentence names the file, the field and what may stand there."""
    file = written(tmp_path, text)
    with pytest.raises(ScenarioError) as refusal:
        Mock(scenario=str(file))
    sentence = str(refusal.value)
    assert sentence.startswith(f"The scenario {file} is wrong at {place}")
    assert said in sentence


def test_what_is_no_yaml_is_refused_with_the_line(tmp_path: Path) -> None:
    """The parser's own words say where."""
    with pytest.raises(ScenarioError, match=r"is no YAML: (?s:.)*line 2"):
        Mock(scenario=str(written(tmp_path, "description: x\ntenant: [")))


def test_yaml_cannot_run_code(tmp_path: Path) -> None:
    """A tag that would make an object of any class is refused."""
    with pytest.raises(ScenarioError, match="is no YAML"):
        Mock(scenario=str(written(tmp_path, "description: !!python/object/apply:os.getcwd []")))


@pytest.mark.parametrize("kind", ["missing", "folder", "binary"])
def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path, kind: str) -> None:
    """A file that is missing, a folder or no text is told apart from a wrong one."""
    file = tmp_path / "own.yaml"
    if kind == "folder":
        file.mkdir()
    elif kind == "binary":
        file.write_bytes(b"\xff\xfe")
    with pytest.raises(ScenarioError, match="cannot be read"):
        Mock(scenario=str(file))


def test_the_command_ends_with_the_sentence(tmp_path: Path) -> None:
    """A wrong file is wrong usage: status 2, the field, what is allowed, and no traceback."""
    file = written(tmp_path, "{description: x, tenant: {state: asleep}}")
    done = run("serve", "--port", "0", "--scenario", str(file))
    assert done.returncode == 2
    assert "tenant.state" in done.stderr
    assert "active, dormant" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_unknown_name_suggests_the_nearest() -> None:
    """A typing error is guessed, and all names are listed."""
    done = run("serve", "--port", "0", "--scenario", "flakey-network")
    assert done.returncode == 2
    assert "Did you mean 'flaky-network'?" in done.stderr
    assert "black-friday, broken-pictures, busy" in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr


def test_a_name_like_no_other_is_refused_without_a_guess() -> None:
    """Where nothing is near, nothing is suggested."""
    with pytest.raises(ScenarioError, match=r"There is no scenario 'xyz'\. There are almost-out-of-credits"):
        Mock(scenario="xyz")


@pytest.mark.parametrize("stem", ["My_Scenario", "load test 2", "Last (2)"])
def test_a_file_may_have_any_name_that_can_be_sent(tmp_path: Path, stem: str) -> None:
    """What is listed can be chosen through the control API."""
    with Mock(scenario=str(written(tmp_path, "{description: Mine.}", f"{stem}.yaml"))) as mock:
        base = f"{mock.url}/_mock/v1"
        for path in ("scenario", "tenants/anna/scenario"):
            assert httpx.put(f"{base}/{path}", json={"name": stem}, trust_env=False).status_code == 200
        assert httpx.get(f"{base}/scenarios/{stem}", trust_env=False).json() == {"description": "Mine."}


def test_a_file_of_a_name_that_cannot_be_sent_is_refused(tmp_path: Path) -> None:
    """The sentence says that it is the name of the file."""
    with pytest.raises(ScenarioError, match="needs another file name"):
        Mock(scenario=str(written(tmp_path, "{description: Mine.}", f"{'x' * 101}.yaml")))


@pytest.mark.parametrize("damage", ["gone", "wrong"])
def test_a_file_that_changes_later_does_not_matter(tmp_path: Path, damage: str) -> None:
    """The scenario is as it was when the server read it, and is shown so."""
    file = written(tmp_path, "{description: Mine.}")
    with Mock(scenario=str(file)) as mock:
        if damage == "gone":
            file.unlink()
        else:
            file.write_text("description: [", encoding="utf-8")
        answer = httpx.get(f"{mock.url}/_mock/v1/scenarios/own", trust_env=False)
    assert (answer.status_code, answer.json()) == (200, {"description": "Mine."})


def test_a_match_of_a_provider_that_is_not_served_says_so(tmp_path: Path) -> None:
    """It is known and installed; the sentence says how to have it served."""
    text = "{description: Mine., faults: [{fault: 429, match: {provider: xty}}]}"
    with pytest.raises(ScenarioError, match=r"installed, but not served; serve it as well \(--provider xty\)"):
        Mock([discover()["pixian"]], scenario=str(written(tmp_path, text)))
