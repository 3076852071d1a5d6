"""Who is connected with a clock that libfaketime does not reach."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from contracts.clock import Clock
from contracts.conformance.client.pace import reach, session, unreached
from fast_clock import pace_of

if TYPE_CHECKING:
    from collections.abc import Mapping

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux tells")

TABLE = """  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 70 1 0 100 0 0 10 0
   1: 0100007F:A001 0100007F:1F90 01 00000000:00000000 00:00000000 00000000     0        0 77 1 0 20 4 30 10 -1
"""


def connected(environment: Mapping[str, str], listener: socket.socket) -> frozenset[str]:
    """Return who is unreached in the session of a child that connects to *listener* by a child of its own."""
    code = f"import socket, time; s = socket.create_connection(('127.0.0.1', {listener.getsockname()[1]})); s.recv(1)"
    command = ["sh", "-c", f'"$0" -c "{code}"; true', sys.executable]
    with subprocess.Popen(command, env=environment, start_new_session=True) as process:
        peer, _ = listener.accept()
        with peer:
            processes = session(process.pid)
            found = unreached(listener.getsockname()[1], processes)
            assert process.pid in processes
            assert len(processes) == 2
            assert not unreached(1, processes)
    return found


def test_a_process_without_libfaketime_is_named() -> None:
    """By the file that it runs; the shell that started it is not connected."""
    environment = {name: value for name, value in os.environ.items() if name != "LD_PRELOAD"}
    with socket.create_server(("127.0.0.1", 0)) as listener:
        assert connected(environment, listener) == {Path(sys.executable).resolve().name}


def test_a_process_with_libfaketime_is_not_named() -> None:
    """Its clock is reached."""
    with pace_of(Clock(speed=10)) as pace, socket.create_server(("127.0.0.1", 0)) as listener:
        assert not connected(pace.environment(os.environ, ["sh"]), listener)


@pytest.mark.parametrize(
    ("content", "maps", "names"),
    [
        (b"\x7fELF", "7f00 r-xp /usr/lib/faketime/libfaketime.so.1\n", set()),
        (b"\x7fELF", "7f00 r-xp /usr/lib/libc.so.6\n", {"client"}),
        (b"\x7fELF", "", set()),
        (
            b"\x7fELF\x04\0\0\0S\0\0\0\x04\0\0\0Go\0\0ABC",
            "7f00 r-xp /usr/lib/faketime/libfaketime.so.1\n",
            {"client"},
        ),
    ],
    ids=["reached", "static", "not to be seen", "Go with libc"],
)
def test_whose_clock_is_reached(
    content: bytes, maps: str, names: set[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever has loaded libfaketime, but for programs of Go; of what cannot be seen nothing is claimed."""
    monkeypatch.setattr(reach, "_PROC", tmp_path)
    process = tmp_path / "12"
    for folder in ("net", "fd"):
        (process / folder).mkdir(parents=True)
    (tmp_path / "client").write_bytes(content)
    (process / "exe").symlink_to(tmp_path / "client")
    (process / "fd" / "3").symlink_to("socket:[77]")
    (process / "fd" / "4").symlink_to("/dev/null")
    (process / "net" / "tcp").write_text(TABLE, encoding="ascii")
    (process / "maps").write_text(maps, encoding="ascii")
    (process / "stat").write_text("12 (a) client) S 1 12 12 0 -1\n", encoding="ascii")
    assert session(12) == {12}
    assert session(13) == frozenset()
    assert unreached(8080, [12, 13]) == names
    assert not unreached(8081, [12])
