"""Ruby, with net/http."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from mockserver.snippets.literals import Notation, braced, quoted, written
from mockserver.snippets.model import (
    URLENCODED,
    Base64,
    Basic,
    Bearer,
    File,
    Json,
    Multipart,
    Raw,
    Urlencoded,
    all_fields,
    remarks,
)

if TYPE_CHECKING:
    from mockserver.snippets.model import Body, Piece, Sketch, Text

_CLASSES = {name.upper(): name for name in ("Get", "Post", "Put", "Patch", "Delete", "Head", "Options")}
_ANSWER = """\
options = { use_ssl: uri.scheme == "https", read_timeout: 200 }
response = Net::HTTP.start(uri.hostname, uri.port, **options) { |http| http.request(request) }
abort "#{response.code}: #{response.body}" unless response.is_a?(Net::HTTPSuccess)
if (picture = %r{\\Aimage/([a-z0-9]+)}.match(response["Content-Type"].to_s))
  File.binwrite("result.#{picture[1]}", response.body)
else
  puts response.body
end
"""


def literal(text: str) -> str:
    """Return *text* as an expression."""
    return quoted(text, braced, {"#": "\\#"})


def write(sketch: Sketch) -> str:
    """Return the program that sends *sketch*."""
    body = sketch.body
    libraries = ["net/http", *(["json"] if isinstance(body, Json) else [])]
    lines = [f'require "{name}"' for name in sorted(libraries)]
    lines += ["", *(f"# {remark}" for remark in remarks(body)), f"uri = URI({literal(sketch.url)})"]
    lines.append(f"request = {_new(sketch.method)}")
    if isinstance(sketch.auth, Basic):
        lines.append(f'request.basic_auth({literal(sketch.auth.user)}, ENV.fetch("MATTEPROOF_API_SECRET"))')
    if isinstance(sketch.auth, Bearer):
        lines.append('request["Authorization"] = "Bearer " + ENV.fetch("MATTEPROOF_API_KEY")')
    lines += [f"request[{literal(name)}] = {literal(value)}" for name, value in all_fields(sketch, body)]
    return "".join(f"{line}\n" for line in [*lines, *_content(body)]) + _ANSWER


def _new(method: str) -> str:
    if method in _CLASSES:
        return f"Net::HTTP::{_CLASSES[method]}.new(uri)"
    return f"Net::HTTPGenericRequest.new({literal(method)}, true, true, uri)"


def _content(body: Body | None) -> list[str]:
    """Return the statements that give the request its *body*."""
    if body is None:
        return []
    if isinstance(body, Multipart):
        parts = [f"  [{literal(name)}, {_part(value)}]," for name, value in body.parts]
        return ["request.set_form([", *parts, '], "multipart/form-data")']
    if isinstance(body, Urlencoded):
        pairs = [f"  [{literal(name)}, {_text(value)}]," for name, value in body.pairs]
        kind = f'request.content_type = "{URLENCODED}"'
        return [kind, "request.body = URI.encode_www_form([", *pairs, "])"]
    if isinstance(body, Json):
        notation = Notation(literal, _text, "nil", arrow=" => ")
        return [
            'request.content_type = "application/json"',
            f"request.body = JSON.generate({written(body.value, notation)})",
        ]
    return _raw(body)


def _raw(body: Raw) -> list[str]:
    """Return the statements for a body of pieces, which Ruby would call a form if nothing else did."""
    kind = [] if body.media_type else ['request["Content-Type"] = ""']
    return [*kind, f"request.body = {' + '.join(f'{_piece(piece)}.b' for piece in body.pieces)}"]


def _part(value: Text | File) -> str:
    if isinstance(value, File):
        kind = f", content_type: {literal(value.media_type)}" if value.media_type else ""
        return f'File.open({literal(value.name)}, "rb"), {{ filename: {literal(value.name)}{kind} }}'
    return _text(value)


def _text(text: Text) -> str:
    return " + ".join(map(_piece, text))


def _piece(piece: Piece) -> str:
    if isinstance(piece, str):
        return literal(piece)
    if isinstance(piece, bytes):
        return f'"{base64.b64encode(piece).decode()}".unpack1("m")'
    if isinstance(piece, Base64):
        return f'[File.binread({literal(piece.file.name)})].pack("m0")'
    return f"File.binread({literal(piece.name)})"
