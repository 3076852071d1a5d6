"""``matteproof check client`` as users call it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from command import run

if TYPE_CHECKING:
    from pathlib import Path

BEARER = """
import os, pathlib, sys, urllib.error, urllib.request
request = urllib.request.Request(
    os.environ["MATTEPROOF_BASE_URL"] + "/api/v2/remove-background",
    data=b"image.url=https%3A%2F%2Fexample.com%2Fa.png",
    headers={"Authorization": "Bearer " + os.environ["MATTEPROOF_API_SECRET"]},
)
try:
    urllib.request.urlopen(request, timeout=200)
except urllib.error.HTTPError as error:
    sys.exit(error.read().decode())
"""
QUICK = ("check", "client", "pixian", "--only", "auth", "--max-examples", "0")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("pixian",), ["COMMAND"]),
        (("pixain", "--", "true"), ["'pixain'", "Did you mean 'pixian'?"]),
        (("pixian", "--only", "bakoff", "--", "true"), ["'bakoff'", "about clients", "Did you mean 'backoff'?"]),
        (("pixian", "--speed", "fast", "--", "true"), ["'fast'", "from 1 to 60, or auto"]),
        (("pixian", "--speed", "0.5", "--", "true"), ["'0.5'"]),
        (("pixian", "--timeout", "0", "--", "true"), ["1<=x<=3600"]),
        (("pixian", "--report", "json=no/such/folder/x", "--", "true"), ["no/such/folder"]),
        (("pixian", "--report", "json=/dev/null/x", "--", "true"), ["/dev/null"]),
    ],
)
def test_wrong_usage_says_what_to_do(arguments: tuple[str, ...], words: list[str]) -> None:
    """Status 2, and a sentence with what is wrong and what would be right; nothing is started."""
    done = run("check", "client", *arguments)
    assert done.returncode == 2, done.stdout + done.stderr
    for word in words:
        assert word in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("command", "word"),
    [
        (("no-such-command-here",), "cannot be started"),
        pytest.param(("true",), "sent no request", marks=pytest.mark.thorough),
        (("sh", "-c", "echo because >&2; exit 3"), "It said: because"),
        pytest.param(("sleep", "1000"), "did not end within 2 seconds and sent no request", marks=pytest.mark.thorough),
        pytest.param(
            (
                sys.executable,
                "-c",
                "import os, urllib.request; urllib.request.urlopen(os.environ['MATTEPROOF_BASE_URL'])",
            ),
            "sent no request to the API at the address in MATTEPROOF_BASE_URL",
            marks=pytest.mark.thorough,
        ),
    ],
)
def test_a_command_that_is_no_client_ends_with_a_sentence(command: tuple[str, ...], word: str) -> None:
    """Status 3: nothing can be said of it."""
    done = run(*QUICK, "--timeout", "2", "--", *command)
    assert done.returncode == 3, done.stdout + done.stderr
    assert word in " ".join(done.stdout.split())


def test_a_client_is_caught_in_every_report(tmp_path: Path) -> None:
    """Status 1; the terminal, JSON, JUnit, Markdown and HTML tell the rule, and draw what was said."""
    reports = {form: tmp_path / f"report.{form}" for form in ("json", "junit", "markdown", "html")}
    asked = [word for form, path in reports.items() for word in ("--report", f"{form}={path}")]
    done = run(*QUICK, *asked, "--", sys.executable, "-c", BEARER)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "pixian.client.auth.basic" in done.stdout
    assert "◀── 401 Unauthorized" in done.stdout
    told = json.loads(reports["json"].read_text(encoding="utf-8"))
    assert (told["subject"], told["provider"], told["verdict"]) == ("client", "pixian", "violates")
    (violated,) = (rule for rule in told["rules"] if rule["id"] == "pixian.client.auth.basic")
    assert violated["verdict"] == "fail"
    assert "'Bearer'" in violated["violations"][0]["received"]
    assert any("──▶ POST /api/v2/remove-background" in line for line in violated["violations"][0]["sequence"])
    assert violated["violations"][0]["reproduce"].startswith("matteproof check client pixian")
    root = ET.fromstring(reports["junit"].read_text(encoding="utf-8"))  # noqa: S314  our own
    assert any("──▶" in (failure.text or "") for failure in root.iter("failure"))
    text = reports["markdown"].read_text(encoding="utf-8")
    assert "──▶ POST" in text
    assert "- trial: " in text
    page = reports["html"].read_text(encoding="utf-8")
    assert '<svg class="sequence"' in page
    for path in reports.values():
        assert "secret-of-client" not in path.read_text(encoding="utf-8")


def test_help_has_examples() -> None:
    """And the protocol in short."""
    told = run("check", "client", "--help").stdout
    assert "matteproof check client pixian -- python my_client.py" in told
    assert "MATTEPROOF_OUTPUT" in told


@pytest.mark.thorough
def test_nothing_is_left_in_the_users_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No tables of what generates trials."""
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, sys.path)))
    monkeypatch.chdir(tmp_path)
    done = run(*QUICK[:-1], "3", "--", sys.executable, "-c", BEARER)
    assert done.returncode == 1, done.stdout + done.stderr
    assert not list(tmp_path.iterdir())


def test_the_user_can_stop_a_run(tmp_path: Path) -> None:
    """Ctrl-C ends it in order, with status 3, the report, and no client left behind."""
    report = tmp_path / "report.json"
    client = """
import os, pathlib, urllib.error, urllib.request
try:
    urllib.request.urlopen(os.environ["MATTEPROOF_BASE_URL"] + "/api/v2/remove-background", b"x")
except urllib.error.HTTPError:
    pathlib.Path(os.environ["MATTEPROOF_OUTPUT"]).write_bytes(b"x")
"""
    command = [sys.executable, "-m", "mockserver", *QUICK[:3], "--report", f"json={report}", "--speed", "1", "--"]
    process = subprocess.Popen(
        [*command, sys.executable, "-c", client], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stderr is not None
    for line in process.stderr:
        if "fixed trials" in line:
            break
    os.kill(process.pid, signal.SIGINT)
    out, _ = process.communicate(timeout=60)
    assert process.returncode == 3
    assert "stopped by the user" in out
    assert "stopped by the user" in json.loads(report.read_text(encoding="utf-8"))["doubt"]
