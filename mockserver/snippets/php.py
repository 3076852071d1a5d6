"""PHP, with its curl extension."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING
from urllib.parse import quote_plus

from mockserver.snippets.literals import Notation, braced, quoted, written
from mockserver.snippets.model import Base64, Basic, Bearer, File, Json, Multipart, Raw, Urlencoded, all_fields, remarks

if TYPE_CHECKING:
    from mockserver.snippets.model import Body, Piece, Sketch, Text

_STEP = "    "
_ANSWER = """\
$answer = curl_exec($request);
if ($answer === false) {
    throw new RuntimeException(curl_error($request));
}
$status = curl_getinfo($request, CURLINFO_RESPONSE_CODE);
if ($status < 200 || $status > 299) {
    throw new RuntimeException("$status: $answer");
}
if (preg_match('~^image/([a-z0-9]+)~', (string) curl_getinfo($request, CURLINFO_CONTENT_TYPE), $picture)) {
    file_put_contents("result.$picture[1]", $answer);
} else {
    echo $answer, PHP_EOL;
}
"""


def literal(text: str) -> str:
    """Return *text* as an expression."""
    if text.isprintable():
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
    return quoted(text, braced, {"$": "\\$"})


def write(sketch: Sketch) -> str:
    """Return the program that sends *sketch*."""
    body = _sendable(sketch.body)
    fields = [literal(f"{name}: {value}") for name, value in all_fields(sketch, body)]
    if isinstance(body, Json):
        fields.append("'Content-Type: application/json'")
    if isinstance(body, Raw) and not body.media_type:
        fields.append("'Content-Type:'")  # or curl would make one up
    if isinstance(sketch.auth, Bearer):
        fields.insert(0, "'Authorization: Bearer ' . getenv('MATTEPROOF_API_KEY')")
    options = [f"CURLOPT_CUSTOMREQUEST => {literal(sketch.method)}"]
    if sketch.method == "HEAD":
        options.append("CURLOPT_NOBODY => true")
    if isinstance(sketch.auth, Basic):
        options.append(f"CURLOPT_USERPWD => {literal(f'{sketch.auth.user}:')} . getenv('MATTEPROOF_API_SECRET')")
    if fields:
        options.append(f"CURLOPT_HTTPHEADER => {_listed(fields)}")
    if body is not None:
        options.append(f"CURLOPT_POSTFIELDS => {_content(body)}")
    options.append("CURLOPT_RETURNTRANSFER => true")
    lines = "".join(f"{_STEP}{option},\n" for option in options)
    head = "".join(f"// {remark}\n" for remark in remarks(body))
    start = f"$request = curl_init({literal(sketch.url)});\ncurl_setopt_array($request, [\n{lines}]);\n"
    return f"<?php\n\n{head}{start}{_ANSWER}"


def _sendable(body: Body | None) -> Body | None:
    """Return *body* in a form that an array of PHP can have, in which no name stands twice."""
    if isinstance(body, Multipart) and len({name for name, _ in body.parts}) < len(body.parts):
        return body.raw
    return body


def _content(body: Body) -> str:
    """Return an expression for *body*."""
    if isinstance(body, Multipart):
        return _listed([f"{literal(name)} => {_part(value)}" for name, value in body.parts])
    if isinstance(body, Urlencoded):
        pairs = [f"{literal(quote_plus(name) + '=')} . urlencode({_text(value)})" for name, value in body.pairs]
        return f"implode('&', {_listed(pairs)})"
    if isinstance(body, Json):
        notation = Notation(literal, _text, arrow=" => ", braces=("[", "]"), empty="new stdClass()", step=_STEP)
        return f"json_encode({written(body.value, notation, _STEP)})"
    return " . ".join(map(_piece, body.pieces))


def _part(value: Text | File) -> str:
    if isinstance(value, File):
        kind = literal(value.media_type or "application/octet-stream")
        return f"new CURLFile({literal(value.name)}, {kind}, {literal(value.name)})"
    return _text(value)


def _text(text: Text) -> str:
    return " . ".join(map(_piece, text))


def _piece(piece: Piece) -> str:
    if isinstance(piece, str):
        return literal(piece)
    if isinstance(piece, bytes):
        return f"base64_decode('{base64.b64encode(piece).decode()}')"
    if isinstance(piece, Base64):
        return f"base64_encode(file_get_contents({literal(piece.file.name)}))"
    return f"file_get_contents({literal(piece.name)})"


def _listed(items: list[str]) -> str:
    return "[\n" + "".join(f"{_STEP * 2}{item},\n" for item in items) + f"{_STEP}]"
