"""Running snippets, as far as this machine has what they need."""

from __future__ import annotations

import json
import os
import re
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

SECRET, KEY = "s3cret", "sk-snippets0123456789"
_SECONDS = 120

_BROWSER = """\
// Stands in for a browser: the files that its user has chosen, and the link by which a page saves one.
import { readFileSync, writeFileSync } from "node:fs";
import { File, resolveObjectURL } from "node:buffer";
globalThis.document = {
  querySelector: () => ({
    files: FILES.map(([name, type]) => new File([readFileSync(name)], name, { type })),
  }),
  createElement: () => ({
    async click() {
      writeFileSync(this.download, Buffer.from(await resolveObjectURL(this.href).arrayBuffer()));
    },
  }),
};
"""


@dataclass(frozen=True, slots=True)
class Tool:
    """What runs snippets of a language: ``probe`` succeeds where ``needs`` is installed.

    The code of each becomes the file ``source`` once ``adapted``; ``commands`` are run where the files are.
    """

    source: str
    commands: tuple[Sequence[str], ...]
    probe: Sequence[str]
    needs: str
    adapted: Callable[[str, Mapping[str, str]], str] = lambda code, _: code
    optional: bool = False


def _with_browser(code: str, files: Mapping[str, str]) -> str:
    """Return the *code* of a page behind what stands in for a browser with *files*, media types by names."""
    chosen = json.dumps([*files.items()])
    known = re.sub(
        'YOUR_SECRET = "put the (secret|key) here"',
        lambda what: f'YOUR_SECRET = "{KEY if what[1] == "key" else SECRET}"',
        code,
    )
    return _BROWSER.replace("FILES", chosen) + known


TOOLS = {
    "curl": Tool("snippet.sh", (("bash", "snippet.sh"),), ("curl", "--version"), "curl (Debian: curl)"),
    "fetch": Tool(
        "page.mjs", (("node", "page.mjs"),), ("node", "-e", "fetch"), "node 18 (Debian: nodejs)", _with_browser
    ),
    "node": Tool("snippet.mjs", (("node", "snippet.mjs"),), ("node", "-e", "fetch"), "node 18 (Debian: nodejs)"),
    "php": Tool(
        "snippet.php",
        (("php", "snippet.php"),),
        ("php", "-r", "exit(extension_loaded('curl') ? 0 : 1);"),
        "PHP with curl (Debian: php-cli and php-curl)",
    ),
    "java": Tool(
        "Example.java", (("java", "Example.java"),), ("javac", "--version"), "a JDK (Debian: default-jdk-headless)"
    ),
    "csharp": Tool(
        "Example.cs",
        (("mcs", "-langversion:latest", "-r:System.Net.Http.dll", "Example.cs"), ("mono", "Example.exe")),
        ("mcs", "--version"),
        "a C# compiler (Debian: mono-mcs and libmono-system-net-http4.0-cil)",
        optional=True,
    ),
    "ruby": Tool("snippet.rb", (("ruby", "snippet.rb"),), ("ruby", "--version"), "Ruby (Debian: ruby)"),
}


@dataclass(frozen=True, slots=True)
class Compiled:
    """How many programs of a language become one, since to compile takes long.

    Each is a class ``Example`` of which ``method`` is called as ``called`` by ``runner``, in place of CALLS; ``call``
    does so with the number of the class in place of NUMBER, tells of a failure, and survives it. ``commands`` have the
    names of all files in place of SOURCES.
    """

    extension: str
    method: tuple[str, str]
    call: str
    runner: str
    commands: tuple[Sequence[str], ...]

    def run(self, programs: Sequence[str], folder: Path) -> tuple[bool, str]:
        """Run *programs* one after the other; return whether all could be run, and what they printed."""
        texts = {}
        for number, program in enumerate(programs):
            own = program.replace("class Example", f"class Example{number}", 1).replace(*self.method, 1)
            texts[f"Example{number}.{self.extension}"] = own
        calls = "\n".join(self.call.replace("NUMBER", str(number)) for number in range(len(programs)))
        texts[f"Run.{self.extension}"] = self.runner.replace("CALLS", calls)
        for name, text in texts.items():
            (folder / name).write_text(text, encoding="utf-8", newline="")
        commands = [[*line[:-1], *texts] if line[-1] == "SOURCES" else line for line in self.commands]
        return run_all(commands, folder)


COMPILED = {
    "java": Compiled(
        "java",
        ("public static void main", "public static void main"),
        "try { ExampleNUMBER.main(none); } catch (IllegalStateException error) { System.out.println(error); }",
        "class Run { public static void main(String[] none) throws Exception { CALLS } }",
        (("javac", "-nowarn", "SOURCES"), ("java", "-XX:TieredStopAtLevel=1", "Run")),
    ),
    "csharp": Compiled(
        "cs",
        ("static async Task Main()", "internal static async Task Sent()"),
        "try { ExampleNUMBER.Sent().Wait(); } catch (System.Exception error) { System.Console.WriteLine(error); }",
        "class Run { static void Main() { CALLS } }",
        (("mcs", "-langversion:latest", "-r:System.Net.Http.dll", "-out:Run.exe", "SOURCES"), ("mono", "Run.exe")),
    ),
}


def require(name: str) -> Tool:
    """Return the tool for the language *name*; skip the test where there is none, or fail where there must be one."""
    tool = TOOLS[name]
    if not _installed(name):
        must = os.environ.get("MATTEPROOF_REQUIRE_SAMPLES") == "1" and not tool.optional
        (pytest.fail if must else pytest.skip)(f"needs {tool.needs}")
    return tool


def run(tool: Tool, code: str, folder: Path, files: Mapping[str, str] | None = None) -> tuple[bool, str]:
    """Run *code* in *folder*; return whether it succeeded, and what it printed."""
    (folder / tool.source).write_text(tool.adapted(code, files or {}), encoding="utf-8", newline="")
    return run_all(tool.commands, folder)


def run_all(commands: Sequence[Sequence[str]], folder: Path) -> tuple[bool, str]:
    """Run *commands* until one fails; return whether none did, and what they printed."""
    printed = ""
    for command in commands:
        done = _run(command, folder)
        printed += (done.stdout + done.stderr).decode(errors="replace")
        if done.returncode:
            return False, printed
    return True, printed


def output(command: Sequence[str], folder: Path, given: bytes = b"") -> bytes:
    """Return what *command* prints in *folder*; it must succeed."""
    done = _run(command, folder, given)
    assert done.returncode == 0, done.stderr.decode(errors="replace")
    return done.stdout


@cache
def _installed(name: str) -> bool:
    try:
        return _run(TOOLS[name].probe, Path.cwd()).returncode == 0
    except FileNotFoundError:
        return False


def _run(command: Sequence[str], folder: Path, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    # Nothing else of the environment is passed on: no proxy and no user's settings come between snippet and server.
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "LANG": "C.UTF-8",
        "MATTEPROOF_API_SECRET": SECRET,
        "MATTEPROOF_API_KEY": KEY,
    }
    return subprocess.run(
        command, cwd=folder, env=environment, input=given, capture_output=True, timeout=_SECONDS, check=False
    )
