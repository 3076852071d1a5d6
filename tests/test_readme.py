"""The README is run: its commands give what it says they give."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from command import needs
from inner_pytest import pytest_at
from mockserver.mock import Mock
from pictures import decoded

README = Path(__file__).parent.parent / "README.md"


def blocks(language: str) -> list[str]:
    """Return the code blocks in *language*, in order."""
    return re.findall(rf"```{language}\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)


@needs("curl")
@pytest.mark.parametrize("name", ["pixian", "xty"])
def test_the_curl_gives_a_picture(name: str, mock: Mock, tmp_path: Path) -> None:
    """Pasted as it is, but for the port, the command leaves a transparent picture."""
    (command,) = [block for block in blocks("sh") if f"{name}_result.png" in block]
    subprocess.run(  # noqa: S602  it is a shell command that users paste
        command.replace("http://127.0.0.1:8080", mock.url),
        shell=True,
        cwd=tmp_path,
        check=True,
        capture_output=True,
        timeout=60,
    )
    assert decoded((tmp_path / f"{name}_result.png").read_bytes()).mode == "RGBA"


@needs("curl")
def test_the_tour_ends_where_it_began(tmp_path: Path) -> None:
    """Its commands give two refusals, two pictures and the reasons, and leave a clock that runs and a caller as new."""
    tour = [block for block in blocks("sh") if "/_mock/v1/" in block]
    with Mock() as mock:
        done = subprocess.run(
            ["bash", "-ec", "\n".join(tour).replace("http://127.0.0.1:8080", mock.url)],
            cwd=tmp_path,
            check=True,
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert "429\n429\n200\n" in done.stdout
        assert "slow: 200" in done.stdout
        assert "word 2 of 3" in done.stdout
        assert mock.clock.mode == "real"
        tenant = mock.state.tenants.get("me")
        assert (tenant.latency, tenant.script, tenant.requests) == (None, (), 0)


def test_the_python_example_runs() -> None:
    """The example prints the credits of a new account."""
    (example,) = [block for block in blocks("python") if "def test_" not in block]
    done = subprocess.run([sys.executable, "-c", example], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout == "1000\n"


def test_the_test_passes(tmp_path: Path) -> None:
    """The test for pytest does, beside the client of the example project and its photo."""
    (test,) = [block for block in blocks("python") if "def test_" in block]
    (tmp_path / "test_it.py").write_text(test, encoding="utf-8")
    example = README.parent / "docs" / "examples" / "sync"
    for file in (example / "shop_photos.py", example / "tests" / "conftest.py"):
        shutil.copy(file, tmp_path)
    outcomes = pytest_at(tmp_path)
    assert outcomes.counts == {"passed": 1}, outcomes.text


def test_the_options_are_those_of_the_command() -> None:
    """Every option that the README lists exists, and every option is listed."""
    from mockserver.cli.serve import command  # noqa: PLC0415  only this test needs the command's inside

    listed = set(re.findall(r"--[a-z-]+", next(block for block in blocks("text") if "matteproof serve" in block)))
    assert listed == {name for parameter in command.params for name in parameter.opts}
