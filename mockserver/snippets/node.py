"""Node.js from version 18 on, as a module."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mockserver.snippets.javascript import Platform, call, literal, sendable
from mockserver.snippets.model import Basic, Bearer, remarks

if TYPE_CHECKING:
    from mockserver.snippets.model import File, Sketch

_ANSWER = """\
if (!response.ok) {
  throw new Error(`${response.status}: ${await response.text()}`);
}
const picture = /^image\\/([a-z0-9]+)/.exec(response.headers.get("content-type") ?? "");
if (picture) {
  await writeFile(`result.${picture[1]}`, Buffer.from(await response.arrayBuffer()));
} else {
  console.log(await response.text());
}
"""


def write(sketch: Sketch) -> str:
    """Return the module that sends *sketch*."""
    remark = "".join(f"// {one}\n" for one in remarks(sendable(sketch.body)))
    code = call(sketch, _authorization(sketch), _PLATFORM)
    names = "readFile, writeFile" if "readFile(" in code else "writeFile"
    head = f'// As a file whose name ends in .mjs.\nimport {{ {names} }} from "node:fs/promises";\n\n'
    return f"{head}{remark}{code}{_ANSWER}"


def _authorization(sketch: Sketch) -> str:
    if isinstance(sketch.auth, Basic):
        pair = f"{literal(f'{sketch.auth.user}:')} + process.env.MATTEPROOF_API_SECRET"
        return f'"Basic " + Buffer.from({pair}).toString("base64")'
    return '"Bearer " + process.env.MATTEPROOF_API_KEY' if isinstance(sketch.auth, Bearer) else ""


def _content(file: File) -> str:
    return f"await readFile({literal(file.name)})"


def _blob(file: File) -> str:
    kind = f", {{ type: {literal(file.media_type)} }}" if file.media_type else ""
    return f"new Blob([{_content(file)}]{kind})"


_PLATFORM = Platform(
    blob=_blob,
    content=_content,
    base64=lambda file: f'await readFile({literal(file.name)}, "base64")',
    decoded=lambda text: f'Buffer.from({text}, "base64")',
)
