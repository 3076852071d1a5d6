"""The good clients: how each is started, and what it needs."""

from __future__ import annotations

import atexit
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Runtime:
    """What programs run on. ``probe`` succeeds where what it ``needs`` is installed; ``options`` make it start fast."""

    command: str
    probe: tuple[str, ...]
    needs: str
    options: tuple[str, ...] = ()

    def start(self, program: Path) -> tuple[str, ...]:
        """Return the command that starts *program*."""
        what = ("-cp", _classes(program.parent), program.stem) if program.suffix == ".java" else (str(program),)
        return self.command, *self.options, *what


@cache
def _classes(folder: Path) -> str:
    """Compile the Java programs in *folder*; return where their classes are as long as this process lasts."""
    classes = tempfile.mkdtemp(prefix="matteproof-classes-")
    atexit.register(shutil.rmtree, classes, ignore_errors=True)
    subprocess.run(("javac", "-d", classes, *folder.glob("*.java")), check=True)
    return classes


def _python(library: str) -> Runtime:
    return Runtime(sys.executable, (sys.executable, "-c", f"import {library}"), f"the Python package {library}")


RUNTIMES = {
    "aiohttp": _python("aiohttp"),
    "httpx": _python("httpx"),
    "openai": _python("openai"),
    "pillow": _python("PIL"),
    "requests": _python("requests"),
    "node": Runtime("node", ("node", "-e", "fetch"), "node 18 or newer (Debian: nodejs)"),
    "php": Runtime(
        "php",
        ("php", "-r", "exit(extension_loaded('curl') ? 0 : 1);"),
        "PHP with curl (Debian: php-cli and php-curl)",
    ),
    "ruby": Runtime("ruby", ("ruby", "-e", "require 'net/http'"), "Ruby (Debian: ruby)"),
    "java": Runtime(
        "java",
        ("javac", "-version"),
        "a JDK (Debian: default-jdk-headless)",
        ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"),
    ),
    "bash": Runtime(
        "bash", ("bash", "-c", "curl --version && jq --version"), "bash, curl and jq (Debian: curl and jq)"
    ),
}


@dataclass(frozen=True, slots=True)
class Program:
    """A client. ``several`` tells whether it does jobs of several pictures."""

    provider: str
    runtime: str
    file: str
    several: bool = False

    def __str__(self) -> str:
        """Return provider and file, for the test's name."""
        return f"{self.provider}-{self.file.rpartition('/')[2]}"

    @property
    def command(self) -> tuple[str, ...]:
        """The command that starts it."""
        return RUNTIMES[self.runtime].start(FOLDER / self.file)


PROGRAMS = (
    Program("pixian", "requests", "python/pixian_requests.py", several=True),
    Program("pixian", "httpx", "python/pixian_httpx.py"),
    Program("pixian", "httpx", "python/pixian_httpx_async.py", several=True),
    Program("pixian", "aiohttp", "python/pixian_aiohttp.py", several=True),
    Program("pixian", "pillow", "python/pixian_buggy.py", several=True),
    Program("pixian", "node", "node/pixian.mjs", several=True),
    Program("pixian", "php", "php/pixian.php"),
    Program("pixian", "ruby", "ruby/pixian.rb"),
    Program("pixian", "java", "java/Pixian.java", several=True),
    Program("pixian", "bash", "bash/pixian.sh"),
    Program("xty", "requests", "python/xty_requests.py", several=True),
    Program("xty", "httpx", "python/xty_httpx.py"),
    Program("xty", "httpx", "python/xty_httpx_async.py", several=True),
    Program("xty", "aiohttp", "python/xty_aiohttp.py", several=True),
    Program("xty", "openai", "python/xty_openai.py"),
    Program("xty", "pillow", "python/xty_buggy.py", several=True),
    Program("xty", "node", "node/xty.mjs", several=True),
    Program("xty", "php", "php/xty.php"),
    Program("xty", "ruby", "ruby/xty.rb"),
    Program("xty", "java", "java/Xty.java", several=True),
    Program("xty", "bash", "bash/xty.sh"),
)
"""All that keep the rules. The buggy programs do, too, as long as no bug is asked for."""


def require(name: str) -> None:
    """Skip the test where the runtime *name* is not installed, or fail where it must be."""
    if not _installed(name):
        must = os.environ.get("MATTEPROOF_REQUIRE_SAMPLES") == "1"
        (pytest.fail if must else pytest.skip)(f"needs {RUNTIMES[name].needs}")


@cache
def _installed(name: str) -> bool:
    try:
        return subprocess.run(RUNTIMES[name].probe, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        return False
