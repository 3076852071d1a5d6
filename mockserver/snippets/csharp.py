"""C#, with HttpClient."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING
from urllib.parse import quote_plus

from mockserver.snippets.java import in_lines
from mockserver.snippets.literals import quoted
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
    remarks,
)

if TYPE_CHECKING:
    from mockserver.snippets.model import Body, Piece, Sketch, Text

_STEP = " " * 12
_PROGRAM = """\
using System;
using System.IO;
using System.Net;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;
using System.Threading.Tasks;

class Example
{{
{remarks}    static async Task Main()
    {{
        using (var client = new HttpClient {{ Timeout = TimeSpan.FromSeconds(200) }})
        using (var request = new HttpRequestMessage(new HttpMethod({method}), {url}))
        {{
{statements}            var response = await client.SendAsync(request);
            var answer = await response.Content.ReadAsByteArrayAsync();
            if (!response.IsSuccessStatusCode)
            {{
                throw new Exception((int)response.StatusCode + ": " + Encoding.UTF8.GetString(answer));
            }}
            var picture = Regex.Match(response.Content.Headers.ContentType?.MediaType ?? "", "^image/([a-z0-9]+)");
            if (picture.Success)
            {{
                File.WriteAllBytes("result." + picture.Groups[1].Value, answer);
            }}
            else
            {{
                Console.WriteLine(Encoding.UTF8.GetString(answer));
            }}
        }}
    }}
}}
"""


def literal(text: str) -> str:
    """Return *text* as an expression."""
    return quoted(text)


def write(sketch: Sketch) -> str:
    """Return the program that sends *sketch*."""
    body = _sendable(sketch.body)
    fields = [(literal(name), literal(value)) for name, value in sketch.fields]
    if sketch.auth is not None:
        fields.insert(0, ('"Authorization"', _authorization(sketch.auth)))
    statements = [f"request.Headers.TryAddWithoutValidation({name}, {value});" for name, value in fields]
    return _PROGRAM.format(
        remarks="".join(f"    // {remark}\n" for remark in remarks(body)),
        method=literal(sketch.method),
        url=literal(sketch.url),
        statements="".join(f"{_STEP}{line}\n" for line in [*statements, *_content(body)]),
    )


def _authorization(auth: Basic | Bearer) -> str:
    """Return an expression for the field ``Authorization``."""
    if isinstance(auth, Basic):
        pair = f'{literal(f"{auth.user}:")} + Environment.GetEnvironmentVariable("MATTEPROOF_API_SECRET")'
        return f'"Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes({pair}))'
    return '"Bearer " + Environment.GetEnvironmentVariable("MATTEPROOF_API_KEY")'


def _sendable(body: Body | None) -> Multipart | Urlencoded | Raw | None:
    """Return *body* in a form that C# sends as it is: it encodes names of fields that are not ASCII."""
    if isinstance(body, Multipart) and not all(name.isascii() for name, _ in body.parts):
        return body.raw
    return body.raw if isinstance(body, Json) else body


def _content(body: Multipart | Urlencoded | Raw | None) -> list[str]:
    """Return the statements that give the request its *body*."""
    if body is None:
        return []
    if isinstance(body, Multipart):
        parts = [_part(name, value) for name, value in body.parts]
        return ["var form = new MultipartFormDataContent();", *parts, "request.Content = form;"]
    if isinstance(body, Urlencoded):
        start = f"\n{_STEP}    + "
        pairs = start.join(_pair(number, name, value) for number, (name, value) in enumerate(body.pairs))
        return [f'request.Content = new StringContent({pairs}, Encoding.UTF8, "{URLENCODED}");']
    if len(body.pieces) == 1:
        made = [f"request.Content = new ByteArrayContent({_piece(body.pieces[0])});"]
    else:
        pieces = [f"body.Write({_piece(piece)});" for piece in body.pieces]
        made = ["var body = new BinaryWriter(new MemoryStream());", *pieces]
        made.append("request.Content = new ByteArrayContent(((MemoryStream)body.BaseStream).ToArray());")
    fields = [(literal(name), literal(value)) for name, value in body.fields]
    return made + [f"request.Content.Headers.TryAddWithoutValidation({name}, {value});" for name, value in fields]


def _part(name: str, value: Text | File) -> str:
    """Return the statement that adds a part; its name has quotes of its own, or it would be sent without any."""
    called = literal(f'"{name}"')
    if not isinstance(value, File):
        return f"form.Add(new StringContent({_text(value)}), {called});"
    kind = f" {{ Headers = {{ ContentType = new MediaTypeHeaderValue({literal(value.media_type)}) }} }}"
    content = f"new ByteArrayContent({_read(value)}){kind if value.media_type else ''}"
    file = literal(f'"{value.name}"')
    return f"form.Add({content}, {called}, {file});"


def _pair(number: int, name: str, value: Text) -> str:
    start = literal("&" * bool(number) + quote_plus(name) + "=")
    return f"{start} + WebUtility.UrlEncode({_text(value)})"


def _text(text: Text) -> str:
    return " + ".join(literal(piece) if isinstance(piece, str) else _base64(piece) for piece in text)


def _piece(piece: Piece) -> str:
    """Return an expression for the bytes of *piece*."""
    if isinstance(piece, str):
        return f"Encoding.UTF8.GetBytes({in_lines(piece, f'{_STEP}    + ')})"
    if isinstance(piece, bytes):
        return f'Convert.FromBase64String("{base64.b64encode(piece).decode()}")'
    return _read(piece) if isinstance(piece, File) else f"Encoding.ASCII.GetBytes({_base64(piece)})"


def _base64(piece: Base64) -> str:
    return f"Convert.ToBase64String({_read(piece.file)})"


def _read(file: File) -> str:
    return f"File.ReadAllBytes({literal(file.name)})"
