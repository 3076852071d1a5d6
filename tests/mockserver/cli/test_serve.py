"""``matteproof serve``: what it prints, what it refuses, how it ends."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from typing import TYPE_CHECKING

import httpx
import pytest

from command import needs, run, serving
from contracts.providers import discover
from pictures import decoded

if TYPE_CHECKING:
    from pathlib import Path


def test_the_first_line_printed_is_a_url_that_answers() -> None:
    """The page at the printed origin lists every operation."""
    with serving() as origin:
        page = httpx.get(origin, trust_env=False)
    assert page.status_code == 200
    assert f"{origin}/api/v2/remove-background" in page.text
    assert f"{origin}/v1/chat/completions" in page.text


@needs("curl")
@pytest.mark.parametrize("name", ["pixian", "xty"])
def test_the_printed_command_gives_a_picture(name: str, tmp_path: Path) -> None:
    """The curl that the start-up prints can be pasted as it is."""
    with serving() as origin:
        command = discover()[name].example.replace("{origin}", origin)
        subprocess.run(  # noqa: S602  it is a shell command that users paste
            command, shell=True, cwd=tmp_path, check=True, capture_output=True, timeout=60
        )
    (picture,) = tmp_path.iterdir()
    assert decoded(picture.read_bytes()).mode == "RGBA"


def test_with_tls_everything_that_is_printed_names_localhost() -> None:
    """No line leads to an IP address, for which clients send no server name and are refused."""
    with subprocess.Popen(
        [sys.executable, "-m", "mockserver", "serve", "--port", "0", "--tls"], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline()]
        while "chat/completions" not in lines[-1]:
            lines.append(process.stdout.readline())
        process.send_signal(signal.SIGINT)
        lines += process.communicate(timeout=20)[0].splitlines()
    text = "".join(lines)
    assert "listening on https://localhost:" in lines[0]
    assert "https://127.0.0.1" not in text
    assert "POST https://localhost:" in text


def test_a_port_in_use_is_told_with_the_way_out() -> None:
    """The error names the port and the option."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = run("serve", "--port", port)
    assert done.returncode != 0
    assert port in done.stderr
    assert "choose another port, or 0 for a free one" in done.stderr
    assert "Errno" not in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--provider", "remove-bg"), "pixian, xty"),
        (("--latency", "soon"), "'none', 'documented' or a number"),
        (("--latency", "-1"), "'none', 'documented' or a number"),
        (("--latency", "nan"), "'none', 'documented' or a number"),
        (("--fetch", "everything"), "fixtures"),
        (("--port", "70000"), "65535"),
        (("--prot", "80"), "--port"),
        (("--allow-origin", "rubbish"), "such as http://localhost:3000"),
        (("--allow-origin", "http://me:hush@localhost"), "'http://***@localhost' is no origin"),
    ],
)
def test_wrong_options_are_explained(arguments: tuple[str, ...], said: str) -> None:
    """Wrong usage ends with status 2 and lists what is allowed."""
    done = run("serve", *arguments)
    assert done.returncode == 2
    assert said in done.stderr


def test_an_unknown_command_is_guessed() -> None:
    """A typing error names the likely command."""
    done = run("srve")
    assert done.returncode == 2
    assert "Did you mean 'serve'?" in done.stderr


def test_latency_holds_the_answer_back() -> None:
    """Image work takes as long as was asked for; other answers come at once."""
    with serving("--latency", "1.5", "--provider", "xty") as origin:
        client = httpx.Client(base_url=origin, headers={"Authorization": "Bearer sk-x"}, trust_env=False)
        with client:
            url = "https://file.xty.app/docs/msk.jpg"
            part = {"type": "image_url", "image_url": {"url": url}}
            body = {"model": "remove-bg", "messages": [{"role": "user", "content": [part]}]}
            worked = client.post("/v1/chat/completions", json=body)
            listed = client.get("/v1/models")
    assert worked.status_code == 200
    assert worked.elapsed.total_seconds() >= 1.5
    assert listed.elapsed.total_seconds() < 1.5


def test_every_call_is_reported_with_its_reason_unless_quiet(tmp_path: Path) -> None:
    """A line tells method, path, status and why; what a client sends cannot forge a line or show a secret."""
    for options, expected in (((), 2), (("--quiet",), 0)):
        log = tmp_path / f"log{len(options)}"
        with log.open("w") as errors, serving(*options, errors=errors) as origin:
            httpx.get(f"{origin}/api/v2/account", auth=("me", "hidden"), trust_env=False)
            httpx.get(f"{origin}/forged%0A200 OK", trust_env=False)
        lines = log.read_text().splitlines()
        assert len(lines) == expected, lines
        assert "hidden" not in log.read_text()
        if lines:
            assert lines[0].endswith("GET '/api/v2/account' 200 account described")


def test_a_path_that_no_provider_claims_is_a_page() -> None:
    """With one provider alone, paths of others get a plain HTML page and not that provider's error object."""
    with serving("--provider", "xty") as origin:
        response = httpx.post(f"{origin}/api/v2/remove-background", trust_env=False)
    assert response.status_code == 404
    assert response.headers["Content-Type"].startswith("text/html")
    assert response.reason_phrase == "Not Found"
