"""Java from version 11 on, with what comes with it."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING
from urllib.parse import quote_plus

from mockserver.snippets.literals import quoted
from mockserver.snippets.model import Base64, Basic, Bearer, File, Raw, Urlencoded, all_fields, remarks

if TYPE_CHECKING:
    from mockserver.snippets.model import Piece, Sketch, Text

_MOST_LINES = 200
"""Lines that a long text is split into; compilers cannot add up thousands."""
_STEP = " " * 8
_IMPORTS = """\
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
"""
_PROGRAM = """\
public class Example {{
{remarks}    public static void main(String[] arguments) throws Exception {{
{body}        HttpRequest request = HttpRequest.newBuilder(URI.create({url}))
{options}            .build();
        HttpResponse<byte[]> response = HttpClient.newHttpClient().send(request, BodyHandlers.ofByteArray());
        if (response.statusCode() / 100 != 2) {{
            throw new IllegalStateException(response.statusCode() + ": " + text(response.body()));
        }}
        String type = response.headers().firstValue("Content-Type").orElse("");
        Matcher picture = Pattern.compile("image/([a-z0-9]+)").matcher(type);
        if (picture.lookingAt()) {{
            Files.write(Path.of("result." + picture.group(1)), response.body());
        }} else {{
            System.out.println(text(response.body()));
        }}
    }}

    static byte[] bytes(String text) {{
        return text.getBytes(StandardCharsets.UTF_8);
    }}

    static String text(byte[] bytes) {{
        return new String(bytes, StandardCharsets.UTF_8);
    }}

    static String base64(byte[] bytes) {{
        return Base64.getEncoder().encodeToString(bytes);
    }}
}}
"""


def literal(text: str) -> str:
    """Return *text* as an expression.

    No sign that means something is written by its number, since Java reads numbers before anything else.
    """
    return quoted(text)


def write(sketch: Sketch) -> str:
    """Return the program that sends *sketch*."""
    body = sketch.body if sketch.body is None or isinstance(sketch.body, Urlencoded) else sketch.body.raw
    options = [f".header({literal(name)}, {literal(value)})" for name, value in all_fields(sketch, body)]
    if isinstance(body, Urlencoded):
        options.append('.header("Content-Type", "application/x-www-form-urlencoded")')
    if sketch.auth is not None:
        options.insert(0, f'.header("Authorization", {_authorization(sketch.auth)})')
    content = "noBody()" if body is None else "ofByteArray(body.toByteArray())"
    options.append(f".method({literal(sketch.method)}, BodyPublishers.{content})")
    code = _PROGRAM.format(
        remarks="".join(f"    // {remark}\n" for remark in remarks(body)),
        body="".join(f"{_STEP}{line}\n" for line in _statements(body)),
        url=literal(sketch.url),
        options="".join(f"{_STEP}    {option}\n" for option in options),
    )
    used = [line for line in _IMPORTS.splitlines() if line.rpartition(".")[2].rstrip(";") in code]
    return "".join(f"{line}\n" for line in used) + f"\n{code}"


def _authorization(auth: Basic | Bearer) -> str:
    """Return an expression for the field ``Authorization``."""
    if isinstance(auth, Basic):
        return f'"Basic " + base64(bytes({literal(f"{auth.user}:")} + System.getenv("MATTEPROOF_API_SECRET")))'
    return '"Bearer " + System.getenv("MATTEPROOF_API_KEY")'


def _statements(body: Raw | Urlencoded | None) -> list[str]:
    """Return the statements that put *body* together."""
    if body is None:
        return []
    made = ["ByteArrayOutputStream body = new ByteArrayOutputStream();"]
    if isinstance(body, Raw):
        return [*made, *(f"body.writeBytes({_piece(piece)});" for piece in body.pieces)]
    for number, (name, value) in enumerate(body.pairs):
        start = literal("&" * bool(number) + quote_plus(name) + "=")
        made.append(f"body.writeBytes(bytes({start} + URLEncoder.encode({_text(value)}, StandardCharsets.UTF_8)));")
    return made


def _text(text: Text) -> str:
    return " + ".join(literal(piece) if isinstance(piece, str) else _base64(piece) for piece in text)


def _piece(piece: Piece) -> str:
    """Return an expression for the bytes of *piece*."""
    if isinstance(piece, str):
        return f"bytes({in_lines(piece, f'{_STEP}    + ')})"
    if isinstance(piece, bytes):
        return f'Base64.getDecoder().decode("{base64.b64encode(piece).decode()}")'
    return _content(piece) if isinstance(piece, File) else f"bytes({_base64(piece)})"


def in_lines(text: str, start: str) -> str:
    """Return *text* as literals of a line each, the later ones behind *start*; C# has the same."""
    lines = text.split("\n")
    if len(lines) > _MOST_LINES:
        return literal(text)
    broken = [f"{line}\n" for line in lines[:-1]] + [line for line in lines[-1:] if line or len(lines) == 1]
    return f"\n{start}".join(map(literal, broken))


def _base64(piece: Base64) -> str:
    return f"base64({_content(piece.file)})"


def _content(file: File) -> str:
    return f"Files.readAllBytes(Path.of({literal(file.name)}))"
