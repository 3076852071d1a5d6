"""``matteproof check`` and ``matteproof diff`` as users call them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from command import run, serving
from scripted import Scripted, read_head, read_request

if TYPE_CHECKING:
    import socket
    from pathlib import Path

CREDENTIALS = {"MATTEPROOF_API_ID": "tester", "MATTEPROOF_API_SECRET": "hush-hush-hush"}
QUICK = ("--only", "header", "--max-examples", "0")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("server",), ["PROVIDER"]),
        (("server", "pixain"), ["'pixain'", "Did you mean 'pixian'?"]),
        (("server", "pixian", "--only", "magrin"), ["'magrin'", "Did you mean 'margin'?", "matteproof rules"]),
        (("server", "pixian", "--url", "http://127.0.0.1:1"), ["--id", "MATTEPROOF_API_SECRET"]),
        (("server", "xty", "--url", "http://127.0.0.1:1"), ["--key", "MATTEPROOF_API_KEY"]),
        (("server", "pixian", "--url", "example.com"), ["https://api.example.com"]),
        (("server", "pixian", "--url", "https://api.example.com/v2"), ["https://api.example.com"]),
        (("server", "pixian", "--report", "jsn=x"), ["Did you mean 'json'?"]),
        (("server", "pixian", "--report", "json=no/such/folder/x"), ["no/such/folder"]),
        (("server", "pixian", "--max-credits", "many"), ["'many'"]),
        (("server", "pixian", "--max-requests", "0"), ["x>=1"]),
        (("server", "xty", "--url", "https://192.0.2.1", "--key", "sk-123456789"), ["no test mode", "--allow-charges"]),
        (
            ("server", "xty", "--url", "https://192.0.2.1", "--key", "sk-123456789", "--allow-charges"),
            ["--max-requests"],
        ),
        (
            ("server", "xty", "--url", "https://192.0.2.1", "--key", "sk-1", "--allow-charges", "--max-requests", "5"),
            ["--yes"],
        ),
        (("sever",), ["Did you mean 'server'?"]),
        (("capture", "no-such.har"), ["no-such.har"]),
    ],
)
def test_wrong_usage_says_what_to_do(arguments: tuple[str, ...], words: list[str]) -> None:
    """Status 2, and a sentence with what is wrong and what would be right; nothing is sent."""
    done = run("check", *arguments)
    assert done.returncode == 2, done.stderr
    for word in words:
        assert word in done.stderr
    assert "Traceback" not in done.stderr


def test_help_has_examples() -> None:
    """Every command shows how it is called."""
    for arguments in (("check", "server"), ("check", "capture"), ("diff",)):
        done = run(*arguments, "--help")
        assert done.returncode == 0
        assert done.stdout.count("matteproof ") >= 2


@pytest.mark.thorough
def test_the_mock_is_checked_without_an_address(tmp_path: Path) -> None:
    """All forms of report are written, with the same verdict, and the recording can be judged again."""
    reports = {form: tmp_path / f"report.{form}" for form in ("json", "junit", "html", "markdown")}
    options = [word for form, file in reports.items() for word in ("--report", f"{form}={file}")]
    recording = tmp_path / "run.har"
    done = run("check", "server", "pixian", *QUICK, *options, "--record", str(recording))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "conforms" in done.stdout
    assert len(done.stdout.splitlines()) < 24, "a summary fits a screen"
    document = json.loads(reports["json"].read_text())
    assert document["verdict"] == "conforms"
    assert ET.parse(reports["junit"]).getroot().get("failures") == "0"  # noqa: S314  our own file
    assert "conforms" in reports["html"].read_text()
    assert "conforms" in reports["markdown"].read_text()
    archive = json.loads(recording.read_text())
    assert len(archive["log"]["entries"]) == document["requests"]
    again = run("check", "capture", str(recording), "--report", f"json={tmp_path / 'again.json'}")
    verdicts = [
        {one["id"]: one["verdict"] for one in json.loads(file.read_text())["rules"] if one["verdict"] == "pass"}
        for file in (reports["json"], tmp_path / "again.json")
    ]
    assert again.returncode in {0, 3}
    assert verdicts[0].items() <= verdicts[1].items()
    assert run("diff", str(recording), str(recording)).stdout == "no differences\n"


def test_a_running_mock_is_checked_by_its_address() -> None:
    """With credentials from the environment, which appear nowhere."""
    with serving("--quiet") as origin:
        done = run("check", "server", "pixian", "--url", origin, *QUICK, env=CREDENTIALS)
    assert done.returncode == 0, done.stdout + done.stderr
    assert CREDENTIALS["MATTEPROOF_API_SECRET"] not in done.stdout + done.stderr


@pytest.mark.thorough
def test_a_broken_server_is_told_how(tmp_path: Path) -> None:
    """Status 1, the rule with its source, what was expected and received, and a command that repeats it."""

    def play(connection: socket.socket) -> None:
        while read_request(connection):
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\nContent-Length: 7\r\n\r\nno png!")

    report = tmp_path / "report.json"
    with Scripted(play) as server:
        done = run(
            "check", "server", "pixian", "--url", server.origin, "--max-examples", "0", "--report", f"json={report}",
            env=CREDENTIALS,
        )  # fmt: skip
    assert done.returncode == 1, done.stdout + done.stderr
    assert "pixian.server.endpoint.remove-background" in done.stdout
    document = json.loads(report.read_text())
    rules = {one["id"]: one for one in document["rules"]}
    (violation, *_) = rules["pixian.server.success.complete"]["violations"]
    assert violation["received"]
    assert "curl" in violation["reproduce"]
    assert "$MATTEPROOF_API_SECRET" in violation["reproduce"] or "${MATTEPROOF_API_SECRET}" in violation["reproduce"]
    assert CREDENTIALS["MATTEPROOF_API_SECRET"] not in report.read_text()


def test_nobody_there_is_no_verdict() -> None:
    """Status 3, with the likely cause."""
    with Scripted(read_head) as server:
        origin = server.origin
    done = run("check", "server", "pixian", "--url", origin, env=CREDENTIALS)
    assert done.returncode == 3
    assert "Is the server running" in done.stdout


def test_a_server_of_garbage_is_no_verdict() -> None:
    """What speaks no HTTP is given up after a few requests."""

    def play(connection: socket.socket) -> None:
        read_head(connection)
        connection.sendall(b"\0\1\2\3 SSH-2.0\r\n")

    with Scripted(play) as server:
        done = run("check", "server", "pixian", "--url", server.origin, env=CREDENTIALS)
    assert done.returncode == 3
    assert "speaks no HTTP" in done.stdout


def test_a_dry_run_sends_nothing() -> None:
    """It lists requests and costs, also for a server beyond this machine, and needs no credentials."""
    done = run("check", "server", "xty", "--url", "https://192.0.2.1", "--dry-run", "--allow-charges")
    assert done.returncode == 0, done.stderr
    assert "POST https://192.0.2.1/v1/chat/completions" in done.stdout
    assert "Nothing was sent" in done.stdout
    free = run("check", "server", "pixian", "--url", "https://192.0.2.1", "--dry-run")
    assert "at most 0 credits" in free.stdout
    assert "at most 32 credits" not in free.stdout
    assert "Without --dry-run" not in free.stdout
    assert "fetch what the answers name" not in free.stdout


def test_a_dry_run_says_what_the_command_itself_would_refuse() -> None:
    """At its head; and the total has the results that are fetched, and the generated cases."""
    done = run("check", "server", "xty", "--url", "https://192.0.2.1", "--dry-run", "--max-examples", "3")
    assert done.returncode == 0
    assert done.stdout.startswith("Without --dry-run this command sends nothing, but ends with: This provider has no")
    assert "fetch what the answers name" in done.stdout
    assert "generated cases" in done.stdout.splitlines()[-2]


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"log": 5}', "\ufeffnope", '{"log": {"entries": [{}]}}'])
def test_a_file_that_is_no_archive(tmp_path: Path, text: str) -> None:
    """Status 2, and what is wrong with it."""
    file = tmp_path / "x.har"
    file.write_text(text)
    for command in (("check", "capture", str(file)), ("diff", str(file), str(file))):
        done = run(*command)
        assert done.returncode == 2, done.stdout
        assert "Traceback" not in done.stderr
