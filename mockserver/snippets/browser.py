"""``fetch`` in a browser: in a module, or in the console. The files are those that the user of the page has chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mockserver.snippets.javascript import Platform, call, literal, sendable
from mockserver.snippets.model import Basic, Bearer, files_of, remarks

if TYPE_CHECKING:
    from mockserver.snippets.model import Sketch

_CONSTANT = """\
// Whoever opens the page can read this; real secrets belong on a server.
const YOUR_SECRET = "put the {what} here";

"""
_BASIC = """\
function basic(user, secret) {
  // As UTF-8, since btoa alone takes no letters beyond Latin-1.
  const bytes = new TextEncoder().encode(`${user}:${secret}`);
  return "Basic " + btoa(String.fromCharCode(...bytes));
}

"""
_BASE64 = """\
async function base64(file) {
  const bytes = new Uint8Array(await file.arrayBuffer());
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}

"""
_ANSWER = """\
if (!response.ok) {
  throw new Error(`${response.status}: ${await response.text()}`);
}
const picture = /^image\\/([a-z0-9]+)/.exec(response.headers.get("content-type") ?? "");
if (picture) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await response.blob());
  link.download = `result.${picture[1]}`;
  link.click();
} else {
  console.log(await response.text());
}
"""


def write(sketch: Sketch) -> str:
    """Return the statements that send *sketch*."""
    body = sendable(sketch.body)
    places = {file.name: f"files[{number}]" for number, file in enumerate(files_of(body))}
    platform = Platform(
        blob=lambda file: places[file.name],
        content=lambda file: places[file.name],
        base64=lambda file: f"await base64({places[file.name]})",
        decoded=lambda text: f"Uint8Array.from(atob({text}), (one) => one.charCodeAt(0))",
    )
    code = call(sketch, _authorization(sketch), platform)
    secret = _CONSTANT.format(what="key" if isinstance(sketch.auth, Bearer) else "secret") if sketch.auth else ""
    chosen = "const { files } = document.querySelector('input[type=\"file\"]');\n"
    remark = "".join(f"// files[{number}], {one}\n" for number, one in enumerate(remarks(body)))
    files = f"{remark}{chosen}\n" if "files[" in code else ""
    basic = _BASIC if isinstance(sketch.auth, Basic) else ""
    return "".join([secret, basic, _BASE64 if "await base64(" in code else "", files, code, _ANSWER])


def _authorization(sketch: Sketch) -> str:
    if isinstance(sketch.auth, Basic):
        return f"basic({literal(sketch.auth.user)}, YOUR_SECRET)"
    return '"Bearer " + YOUR_SECRET' if isinstance(sketch.auth, Bearer) else ""
