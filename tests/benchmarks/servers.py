"""Servers in processes of their own: ours, and the bare route that it is measured against."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from contracts.clock import stopwatch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

_HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Running:
    """A server that answers: its origin, its process, and the seconds from the start until the first answer."""

    origin: str
    process: subprocess.Popen[bytes]
    ready: float

    def memory(self) -> float:
        """Return the resident memory of the process and its children, in megabytes."""
        listed = subprocess.run(["ps", "-eo", "pid=,ppid=,rss="], capture_output=True, text=True, check=True).stdout
        rows = [tuple(int(word) for word in line.split()) for line in listed.splitlines()]
        family = {self.process.pid}
        for pid, parent, _ in rows:
            if parent in family:
                family.add(pid)
        return sum(rss for pid, _, rss in rows if pid in family) / 1024


@contextmanager
def ours(*options: str) -> Iterator[Running]:
    """Run ``matteproof serve --quiet`` with *options*."""
    port = _free_port()
    command = [sys.executable, "-m", "mockserver", "serve", "--quiet", "--port", str(port), *options]
    with _running(command, port, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n") as running:
        yield running


@contextmanager
def bare() -> Iterator[Running]:
    """Run granian with one Flask route that does nothing but the same validation."""
    port = _free_port()
    options = "--interface wsgi --workers 1 --blocking-threads 1 --no-ws --log-level critical --port"
    command = [sys.executable, "-m", "granian", *options.split(), str(port), "bare:app"]
    with _running(command, port, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n") as running:
        yield running


@contextmanager
def libvips(source: bytes, result: bytes) -> Iterator[Callable[[], float]]:
    """Give a function that has libvips decode *source* and encode the pixels of *result*, and returns the seconds."""
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder, "source"), Path(folder, "result")]
        for path, data in zip(paths, (source, result), strict=True):
            path.write_bytes(data)
        command = [sys.executable, str(_HERE / "libvips.py"), *map(str, paths)]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
            questions, answers = process.stdin, process.stdout
            assert questions is not None  # both are pipes
            assert answers is not None

            def once() -> float:
                questions.write("\n")
                questions.flush()
                return float(answers.readline())

            yield once


@contextmanager
def _running(command: Sequence[str], port: int, question: str) -> Iterator[Running]:
    began = stopwatch()
    environment = {**os.environ, "PYTHONPATH": str(_HERE)}
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    try:
        _wait_for_answer(port, question.encode(), process)
        yield Running(f"http://127.0.0.1:{port}", process, stopwatch() - began)
    finally:
        process.terminate()
        process.wait(30)


def _wait_for_answer(port: int, question: bytes, process: subprocess.Popen[bytes]) -> None:
    while process.poll() is None:
        try:
            with socket.create_connection(("127.0.0.1", port), 5) as connection:
                connection.sendall(question)
                if connection.recv(100):
                    return
        except OSError:
            time.sleep(0.005)
    raise RuntimeError(f"{process.args!r} ended with status {process.returncode} before it answered")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
