"""curl, for bash and zsh."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING
from urllib.parse import quote

from mockserver.snippets.literals import escaped
from mockserver.snippets.model import Base64, Basic, Bearer, File, Multipart, Raw, Urlencoded, all_fields, remarks

if TYPE_CHECKING:
    from mockserver.snippets.model import Body, Piece, Sketch, Text

_SAVED = {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp"}
_ANY_ANSWER = """\
told=$({call} \\
  --output result.tmp --write-out '%{{http_code}} %{{content_type}}')
case $told in
  2??' image/'*) type=${{told#*/}}; mv result.tmp "result.${{type%%[!a-z0-9]*}}" ;;
  2??*) cat result.tmp ;;
  *) echo "$told" >&2; [ ! -f result.tmp ] || cat result.tmp >&2; false ;;
esac
"""


def literal(text: str, *, lines: bool = False) -> str:
    """Return *text* as one word; it may go over several *lines*."""
    plain = text.replace("\n", "") if lines else text
    # Old shells that are typed into look for recollections of earlier commands in each line by itself, quoted or not.
    recalling = plain != text and ("!" in text or "^" in text)
    if "'" not in plain and not recalling and plain.isprintable():
        return f"'{text}'"
    named = {"\\": "\\\\", "'": "\\x27", "!": "\\x21", "^": "\\x5e", "\n": "\n" if lines else "\\n"}
    return f"$'{escaped(text, named, _bytes)}'"


def write(sketch: Sketch) -> str:
    """Return the command that sends *sketch*."""
    body = _sendable(sketch.body)
    before, source, options = _body(body)
    usual = "GET" if body is None else "POST"
    if sketch.method == "HEAD":
        options = ["--head", *options]
    elif sketch.method != usual:
        options = [f"--request {sketch.method if sketch.method.isalpha() else literal(sketch.method)}", *options]
    options = [*_head(sketch, body), *options]
    start = f"{source}curl --silent --show-error"
    return "".join(f"# {remark}\n" for remark in remarks(body)) + before + _answered(sketch, start, options)


def _answered(sketch: Sketch, start: str, options: list[str]) -> str:
    """Return the command with what becomes of the answer."""
    lines = [literal(sketch.url), *options]
    if not sketch.answer:
        return _ANY_ANSWER.format(call=" \\\n  ".join([f"{start} --globoff", *lines]))
    extension = _SAVED.get(sketch.answer, "bin" if sketch.answer.startswith("image/") else "")
    if extension:
        file = f"result.{extension}"
        lines.append(f"--output {file} || {{ [ ! -f {file} ] || cat {file} >&2; false; }}")
    return " \\\n  ".join([f"{start} --fail-with-body --globoff", *lines]) + "\n"


def _head(sketch: Sketch, body: Body | None) -> list[str]:
    """Return the options for credentials and header fields."""
    options = [f"--header {literal(f'{name}: {value}')}" for name, value in all_fields(sketch, body)]
    if isinstance(body, Raw) and not body.media_type:
        options.append("--header 'Content-Type:'")  # or curl would make one up
    if isinstance(sketch.auth, Basic):
        return [f'--user {literal(f"{sketch.auth.user}:")}"$MATTEPROOF_API_SECRET"', *options]
    if isinstance(sketch.auth, Bearer):
        return ['--header "Authorization: Bearer $MATTEPROOF_API_KEY"', *options]
    return options


def _sendable(body: Body | None) -> Body | None:
    """Return *body* in a form that curl has options for: no argument holds a NUL, no name of a part an equals sign."""
    if isinstance(body, Multipart):
        odd = any("=" in name or (isinstance(value, tuple) and _has_nul(value)) for name, value in body.parts)
        return body.raw if odd else body
    if isinstance(body, Urlencoded):
        return body.raw if any(not name or _has_nul(value) for name, value in body.pairs) else body
    return body.raw if body is not None else None


def _has_nul(text: Text) -> bool:
    return any(isinstance(piece, str) and "\0" in piece for piece in text)


def _body(body: Body | None) -> tuple[str, str, list[str]]:
    """Return commands that come before, what is piped into curl, and options."""
    before: list[str] = []
    if isinstance(body, Multipart):
        return _prepared(before, [_part(name, value, before) for name, value in body.parts])
    if isinstance(body, Urlencoded):
        return _prepared(before, [_pair(quote(name, safe=""), value, before) for name, value in body.pairs])
    if isinstance(body, Raw):
        match body.pieces:
            case (str() as text,) if "\0" not in text:
                return "", "", [f"--data-raw {literal(text, lines=True)}"]
            case (File() as file,):
                return "", "", [f"--data-binary @{file.name}"]
            case pieces:
                return "", f"{{ {'; '.join(map(_printed, pieces))}; }} | ", ["--data-binary @-"]
    return "", "", []


def _prepared(before: list[str], options: list[str]) -> tuple[str, str, list[str]]:
    return "".join(f"{command}\n" for command in dict.fromkeys(before)), "", options


def _part(name: str, value: Text | File, before: list[str]) -> str:
    if isinstance(value, File):
        kind = f";type={value.media_type}" if value.media_type else ""
        return f"--form {literal(f'{name}=@{value.name}{kind}')}"
    match value:
        case (str() as text,):
            return f"--form-string {literal(f'{name}={text}')}"
    return f"--form {literal(f'{name}=<{_file_of(value, before)}')}"


def _pair(name: str, value: Text, before: list[str]) -> str:
    match value:
        case (str() as text,):
            return f"--data-urlencode {literal(f'{name}={text}')}"
    return f"--data-urlencode {literal(f'{name}@{_file_of(value, before)}')}"


def _file_of(value: Text, before: list[str]) -> str:
    """Return the name of a file for a text made of files, once the command that is put *before* has written it."""
    name = next(piece.file.name for piece in value if isinstance(piece, Base64)) + f".{len(before)}.txt"
    before.append(f"{{ {'; '.join(map(_printed, value))}; }} > {name}")
    return name


def _printed(piece: Piece) -> str:
    """Return a command that prints *piece*."""
    if isinstance(piece, File):
        return f"cat {piece.name}"
    if isinstance(piece, Base64):
        return f"base64 < {piece.file.name} | tr -d '\\n'"
    if isinstance(piece, bytes):
        return f"printf '%s' '{base64.b64encode(piece).decode()}' | base64 --decode"
    if "\0" in piece:
        words = piece.replace("\\", "\\\\").replace("%", "%%").replace("\0", "\\000")
        return f"printf -- {literal(words, lines=True)}"
    return f"printf '%s' {literal(piece, lines=True)}"


def _bytes(character: str) -> str:
    return "".join(f"\\x{one:02x}" for one in character.encode())
