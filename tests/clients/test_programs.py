"""Every good client does its job on the mock, with nothing but the environment to tell it what that is."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from pictures import decoded, disc, encoded, pixels
from tests.clients.programs import PROGRAMS, Program, require

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from mockserver.mock import Mock

SECONDS = 120
"""Real seconds after which a client hangs."""
BLUE = "#0055FF"
PARAMETERS: dict[str, dict[str, object]] = {
    "pixian": {"test": True, "background.color": BLUE, "output.format": "jpeg", "output.jpeg_quality": 90},
    "xty": {"text": 'a "red" disc \\ 圆盘'},
}
URL = "https://example.com/example.jpeg"
"""A picture that the mock has at hand."""


@dataclass(frozen=True)
class Stage:
    """A client's surroundings: a mock, a folder, and credentials of its own."""

    mock: Mock
    folder: Path
    program: Program
    name: str
    outputs: list[Path] = field(default_factory=list)

    def run(self, *inputs: str, parameters: Mapping[str, object]) -> subprocess.CompletedProcess[str]:
        """Run the client on *inputs*."""
        self.outputs[:] = [self.folder / f"result-{number}" for number in range(len(inputs))]
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "LANG": "C.UTF-8",
            "MATTEPROOF_BASE_URL": self.mock.url,
            "MATTEPROOF_API_ID": self.name,
            "MATTEPROOF_API_SECRET": "secret",
            "MATTEPROOF_API_KEY": f"sk-{self.name}",
            "MATTEPROOF_INPUT": "\n".join(inputs),
            "MATTEPROOF_OUTPUT": "\n".join(map(str, self.outputs)),
            "MATTEPROOF_PARAMETERS": json.dumps(parameters),
            "MATTEPROOF_THREADS": str(len(inputs)),
        }
        return subprocess.run(
            self.program.command, env=environment, capture_output=True, text=True, timeout=SECONDS, check=False
        )


@pytest.fixture(params=PROGRAMS, ids=str)
def stage(request: pytest.FixtureRequest, mock: Mock, tmp_path: Path) -> Stage:
    """Return the surroundings of each client in turn, with a picture in its folder."""
    program: Program = request.param
    require(program.runtime)
    (tmp_path / "picture.png").write_bytes(encoded(disc()))
    return Stage(mock, tmp_path, program, f"client{secrets.token_hex(12)}")


def test_a_picture_is_cut_out_as_the_parameters_say(stage: Stage) -> None:
    """The output is the result, its corner transparent or of the colour that was asked for; nothing else is left.

    What was asked for as a test is free.
    """
    done = stage.run(str(stage.folder / "picture.png"), parameters=PARAMETERS[stage.program.provider])
    assert (done.returncode, done.stderr) == (0, "")
    result = stage.outputs[0].read_bytes()
    assert decoded(result).size == (160, 120)
    corner = pixels(result)[2, 2].tolist()
    if stage.program.provider == "xty":
        assert corner[3] == 0
    else:
        assert all(abs(part - wanted) < 12 for part, wanted in zip(corner, (0, 0x55, 0xFF, 255), strict=True))
        assert stage.mock.state.tenants.get(stage.name).ledger.account.credits == 1000
    assert sorted(path.name for path in stage.folder.iterdir()) == ["picture.png", "result-0"]


@pytest.mark.thorough
def test_several_pictures_are_done_or_declined(stage: Stage) -> None:
    """A file and a URL have a result each, or the status is 77 and nothing is said on the wire."""
    done = stage.run(str(stage.folder / "picture.png"), URL, parameters={})
    if not stage.program.several:
        assert (done.returncode, done.stderr) == (77, "cannot do: several pictures\n")
        return
    assert (done.returncode, done.stderr) == (0, "")
    sizes = [decoded(output.read_bytes()).size for output in stage.outputs]
    assert sizes[0] == (160, 120)
    assert sizes[1] != sizes[0]


@pytest.mark.thorough
def test_what_the_server_refuses_is_told(stage: Stage) -> None:
    """The status is 1, the reason stands on standard error, and there is no output."""
    missing = stage.run(URL + "/missing", parameters={})
    assert missing.returncode == 1
    assert "status 4" in missing.stderr
    assert not stage.outputs[0].exists()
