"""What the samples' languages need around a sample, and how its program is run."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Sequence

_CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
TOOLS = Path(os.environ.get("MATTEPROOF_SAMPLE_TOOLS") or _CACHE / "matteproof" / "sample-tools")
"""The folder in which ``.ci/install-sample-tools`` leaves what is no system package."""

_JARS = ("httpclient5-fluent", "httpclient5", "httpcore5", "httpcore5-h2", "slf4j-api")
_CLASS_PATH = os.pathsep.join([f"{TOOLS}/java/*", *(f"/usr/share/java/{jar}.jar" for jar in _JARS)])
_SECONDS = 120


@dataclass(frozen=True, slots=True)
class Language:
    """How to run a sample.

    ``source`` is the file that the sample is written to, between ``before`` and ``after``; ``commands`` are run in
    that file's folder. ``probe`` succeeds where ``needs`` is installed. Unless ``optional``, a machine on which
    ``MATTEPROOF_REQUIRE_SAMPLES`` is set must have it.
    """

    source: str
    commands: tuple[Sequence[str], ...]
    probe: Sequence[str]
    needs: str
    before: str = ""
    after: str = ""
    optional: bool = False


LANGUAGES = {
    "curl": Language(
        source="sample.sh",
        commands=(("bash", "sample.sh"),),
        probe=("curl", "--version"),
        needs="curl (Debian: curl)",
    ),
    "dotnet": Language(
        source="Sample.cs",
        commands=(("mcs", "-r:System.Net.Http.dll", "Sample.cs"), ("mono", "Sample.exe")),
        probe=("mcs", "--version"),
        needs="a C# compiler (Debian: mono-mcs and libmono-system-net-http4.0-cil)",
        before="""\
using System;
using System.IO;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Threading;

class Sample
{
static void Main()
{
""",
        # The sample leaves the copy of the result to a task; a program that ended at once would cut it off.
        after="""
for (int patience = 0; patience < 1000; patience++)
{
    try { new FileStream("pixian_result.png", FileMode.Open, FileAccess.Read, FileShare.None).Close(); return; }
    catch (IOException) { Thread.Sleep(10); }
}
}
}
""",
        optional=True,
    ),
    "java": Language(
        source="Sample.java",
        commands=(("java", "-cp", _CLASS_PATH, "Sample.java"),),
        probe=("javap", "-cp", _CLASS_PATH, "org.apache.hc.client5.http.fluent.Request"),
        needs="a JDK with httpclient5-fluent (Debian: default-jdk-headless and libhttpclient5-java; else jars in "
        f"{TOOLS}/java)",
        before="""\
import java.io.File;
import java.io.FileOutputStream;
import org.apache.hc.client5.http.entity.mime.MultipartEntityBuilder;
import org.apache.hc.client5.http.fluent.Request;
import org.apache.hc.core5.http.ClassicHttpResponse;

class Sample {
public static void main(String[] arguments) throws Exception {
""",
        after="""
}
}
""",
    ),
    "node-fetch": Language(
        source="sample.js",
        commands=(("node", "sample.js"),),
        probe=("node", "-e", "fetch"),
        needs="node 18 or newer (Debian: nodejs)",
        # Otherwise the console prints "[Object]" in place of the message with the URL.
        before="require('util').inspect.defaultOptions.depth = null;\n",
    ),
    "node-request": Language(
        source="sample.js",
        commands=(("node", "sample.js"),),
        probe=("node", "-e", "require('request')"),
        needs="node with the package request (.ci/install-sample-tools)",
    ),
    "php": Language(
        source="sample.php",
        commands=(("php", "sample.php"),),
        probe=("php", "-r", "exit(extension_loaded('curl') ? 0 : 1);"),
        needs="PHP with curl (Debian: php-cli and php-curl)",
        before="<?php\n",
    ),
    "python-openai": Language(
        source="sample.py",
        commands=((sys.executable, "sample.py"),),
        probe=(sys.executable, "-c", "import httpx, openai"),
        needs="the Python packages openai and httpx",
    ),
    "python-requests": Language(
        source="sample.py",
        commands=((sys.executable, "sample.py"),),
        probe=(sys.executable, "-c", "import requests"),
        needs="the Python package requests",
    ),
    "ruby": Language(
        source="sample.rb",
        commands=(("ruby", "sample.rb"),),
        probe=("ruby", "-e", "require 'httpclient'"),
        needs="Ruby with httpclient (Debian: ruby-httpclient)",
    ),
}


def require(name: str) -> Language:
    """Return the language *name*; skip the test where it cannot be run, or fail where it must be."""
    language = LANGUAGES[name]
    if not _installed(name):
        must = os.environ.get("MATTEPROOF_REQUIRE_SAMPLES") == "1" and not language.optional
        (pytest.fail if must else pytest.skip)(f"needs {language.needs}")
    return language


def run(language: Language, program: str, folder: Path) -> str:
    """Run *program* in *folder*; it must end with status 0. Return what it printed."""
    (folder / language.source).write_text(language.before + program + language.after, encoding="utf-8")
    printed = ""
    for command in language.commands:
        done = _run(command, folder)
        printed += done.stdout
        assert done.returncode == 0, f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout}\n{done.stderr}"
    return printed


@cache
def _installed(name: str) -> bool:
    try:
        return _run(LANGUAGES[name].probe, Path.cwd()).returncode == 0
    except FileNotFoundError:
        return False


def _run(command: Sequence[str], folder: Path) -> subprocess.CompletedProcess[str]:
    # Nothing else of the environment is passed on: no proxy and no user's settings come between sample and server.
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "LANG": "C.UTF-8",
        "NODE_PATH": str(TOOLS / "node_modules"),
    }
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=_SECONDS, check=False
    )
