"""However a check ends, what it has found is told, and it takes no longer than it should."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from typing import TYPE_CHECKING

import pytest

from command import run
from contracts.clock import stopwatch
from scripted import Scripted, read_head, read_request

if TYPE_CHECKING:
    import socket
    from pathlib import Path

SECRET = "hush-hush-hush"  # noqa: S105  of nobody
CREDENTIALS = {"MATTEPROOF_API_ID": "tester", "MATTEPROOF_API_SECRET": SECRET, "MATTEPROOF_API_KEY": "sk-" + SECRET}


def answers(head: str, body: bytes = b"") -> bytes:
    """Return an answer."""
    return f"HTTP/1.1 {head}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_keeps_what_it_has_found(tmp_path: Path, number: signal.Signals) -> None:
    """Status 3, with summary, report and recording of what was sent until then."""
    busy = threading.Event()
    heard: list[int] = []

    def play(connection: socket.socket) -> None:
        while read_request(connection):
            heard.append(1)
            if len(heard) == 6:
                busy.set()
                threading.Event().wait(10)
            connection.sendall(answers("200 OK\r\nContent-Type: image/png", b"no png!"))

    report, recording = tmp_path / "report.json", tmp_path / "run.har"
    with Scripted(play) as server:
        words = ("--url", server.origin, "--report", f"json={report}", "--record", str(recording))
        process = subprocess.Popen(
            [sys.executable, "-m", "mockserver", "check", "server", "pixian", *words],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, **CREDENTIALS},
        )
        assert busy.wait(30)
        process.send_signal(number)
        out, errors = process.communicate(timeout=30)
    assert process.returncode == 3, out + errors
    assert "stopped by the user" in out
    assert "Traceback" not in errors
    document = json.loads(report.read_text())
    assert "stopped by the user" in document["doubt"]
    assert any(rule["broken"] for rule in document["rules"])
    assert len(json.loads(recording.read_text())["log"]["entries"]) >= 4


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("401 Unauthorized", "credentials"),
        ("404 Not Found", "origin of the API"),
        ("302 Found\r\nLocation: https://www.example.com/login", "redirects every request, to https://www.example.com"),
        ("502 Bad Gateway", "log"),
        ("400 Bad Request", "400 ("),
    ],
)
@pytest.mark.parametrize("provider", ["pixian", pytest.param("xty", marks=pytest.mark.thorough)])
def test_a_server_that_only_refuses_is_given_up_early(provider: str, status: str, words: str) -> None:
    """Status 3, with the cause and what to do, after the first campaigns and not after hundreds of requests."""
    count: list[int] = []

    def play(connection: socket.socket) -> None:
        while read_request(connection):
            count.append(1)
            connection.sendall(answers(status))

    with Scripted(play) as server:
        done = run("check", "server", provider, "--url", server.origin, env=CREDENTIALS)
    assert done.returncode == 3, done.stdout + done.stderr
    assert "No operation ever succeeded" in done.stdout
    assert words in done.stdout
    assert len(count) < 70


def test_an_answer_without_end_is_called_that() -> None:
    """And not a server that hangs."""

    def play(connection: socket.socket) -> None:
        read_head(connection)
        connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        piece = b"100000\r\n" + bytes(0x100000) + b"\r\n"
        while True:
            connection.sendall(piece)

    with Scripted(play) as server:
        done = run("check", "server", "pixian", "--url", server.origin, env=CREDENTIALS)
    assert done.returncode == 3
    assert "no end; it was given up after 128 MB" in done.stdout


@pytest.mark.thorough
def test_a_server_that_hangs_is_given_up_soon() -> None:
    """The first request has less patience, and the user is told that an answer is waited for."""
    done = threading.Event()

    def play(connection: socket.socket) -> None:
        read_head(connection)
        done.wait(40)

    began = stopwatch()
    with Scripted(play) as server:
        ended = run("check", "server", "pixian", "--url", server.origin, env=CREDENTIALS)
        done.set()
    assert stopwatch() - began < 25
    assert ended.returncode == 3
    assert "hangs" in ended.stdout
    assert "waiting for the first answer of http://127.0.0.1:" in ended.stderr


def test_files_are_looked_at_before_anything_is_sent(tmp_path: Path) -> None:
    """Status 2 for a file that cannot be written, or is named twice; nothing is sent, and nothing is left behind."""
    folder = tmp_path / "folder"
    folder.mkdir()
    same = tmp_path / "same"
    for words in (
        ("--report", f"json={folder}"),
        ("--record", "/proc/nothing.har"),
        ("--report", f"json={same}", "--report", f"html={tmp_path}/./same"),
        ("--report", f"json={same}", "--record", str(same)),
    ):
        done = run("check", "server", "pixian", "--url", "http://127.0.0.1:1", *words, env=CREDENTIALS)
        assert done.returncode == 2, done.stdout + done.stderr
        assert "Traceback" not in done.stderr
    assert not same.exists()


@pytest.mark.thorough
def test_a_full_disk_leaves_the_summary(tmp_path: Path) -> None:
    """Status 3, the summary, the reason, and the other files."""
    other = tmp_path / "report.xml"
    words = ("--only", "header", "--max-examples", "0", "--report", "json=/dev/full", "--report", f"junit={other}")
    done = run("check", "server", "pixian", *words)
    assert done.returncode == 3, done.stdout + done.stderr
    assert "conforms" in done.stdout
    assert "No space left" in done.stderr
    assert other.exists()


@pytest.mark.thorough
def test_nothing_is_left_in_the_users_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No tables of what generates cases."""
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, sys.path)))
    monkeypatch.chdir(tmp_path)
    done = run("check", "server", "pixian", "--only", "header", "--max-examples", "3")
    assert done.returncode == 0, done.stdout + done.stderr
    assert not list(tmp_path.iterdir())
