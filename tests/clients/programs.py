"""The good clients: how each is started, and what it needs."""

from __future__ import annotations

import os
import subprocess
import sys
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


def _python(library: str) -> Runtime:
    return Runtime(sys.executable, ("-c", f"import {library}"), f"the Python package {library}")


RUNTIMES = {
    "aiohttp": _python("aiohttp"),
    "httpx": _python("httpx"),
    "openai": _python("openai"),
    "pillow": _python("PIL"),
    "requests": _python("requests"),
    "node": Runtime("node", ("-e", "fetch"), "node 18 or newer (Debian: nodejs)"),
    "php": Runtime(
        "php", ("-r", "exit(extension_loaded('curl') ? 0 : 1);"), "PHP with curl (Debian: php-cli and php-curl)"
    ),
    "ruby": Runtime("ruby", ("-e", "require 'net/http'"), "Ruby (Debian: ruby)"),
    "java": Runtime(
        "java",
        ("--list-modules",),
        "a JDK (Debian: default-jdk-headless)",
        ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"),
    ),
    "bash": Runtime("bash", ("-c", "curl --version && jq --version"), "bash, curl and jq (Debian: curl and jq)"),
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
        runtime = RUNTIMES[self.runtime]
        return runtime.command, *runtime.options, str(FOLDER / self.file)


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
    runtime = RUNTIMES[name]
    try:
        return subprocess.run((runtime.command, *runtime.probe), capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        return False
