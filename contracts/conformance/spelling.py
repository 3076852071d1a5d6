"""All the ways in which a text is found again in what somebody sends back."""

from __future__ import annotations

import html
import re
from urllib.parse import quote

_PLAIN = re.compile(r"[A-Za-z0-9._~-]")
"""Characters that nobody writes in another way."""
_BACKSLASHES = r"\\{0,8}"
"""JSON in JSON, and texts as programs print them, double the backslashes each time."""


def pattern_of(text: str) -> str:
    """Return a regular expression for *text* as it is, or in JSON, HTML, URLs, forms or the syntax of programs."""
    return "".join(map(_character, text))


def octets_of(text: str) -> bytes:
    """Return the same for bytes: those of *text* in UTF-8, or in Latin-1 where it has them."""
    return "".join(map(_octets, text)).encode("latin-1")


def _character(one: str) -> str:
    """Return a regular expression for the character *one*, or for its bytes where each was taken for a character."""
    if _PLAIN.fullmatch(one):
        return re.escape(one)
    return f"(?:{'|'.join((*_escapes(one), *_raw(one), *_mistaken(one)))})"


def _octets(one: str) -> str:
    """Return the same for bytes, each written as the character of that number."""
    if _PLAIN.fullmatch(one):
        return re.escape(one)
    return f"(?:{'|'.join((*_escapes(one), *_mistaken(one), *_mistaken_twice(one), *_latin(one)))})"


def _raw(one: str) -> tuple[str, ...]:
    return (_BACKSLASHES + re.escape(one),)


def _latin(one: str) -> tuple[str, ...]:
    return _raw(one) if ord(one) < 256 else ()  # noqa: PLR2004  the characters of Latin-1


def _mistaken(one: str) -> tuple[str, ...]:
    """Return the bytes of *one*, each taken for a character, if they are not the character itself."""
    data = one.encode(errors="surrogatepass")
    return () if len(data) == 1 else (re.escape(data.decode("latin-1")),)


def _mistaken_twice(one: str) -> tuple[str, ...]:
    """Return the bytes of *one*, each taken for a character and written in UTF-8 again."""
    data = one.encode(errors="surrogatepass")
    return () if len(data) == 1 else (re.escape(data.decode("latin-1").encode().decode("latin-1")),)


def _escapes(one: str) -> tuple[str, ...]:
    """Return the ways to write *one* in ASCII, without regard to the case of digits."""
    data = one.encode(errors="surrogatepass")
    halves = one.encode("utf-16-be", errors="surrogatepass")
    pairs = [halves[place : place + 2].hex() for place in range(0, len(halves), 2)]
    percent = [f"%(?:25){{0,3}}{byte:02x}" for byte in data]
    slash = r"\\{1,8}"
    ways = [
        "".join(percent),
        "".join(f"{slash}u{pair}" for pair in pairs),
        "".join(f"{slash}x{byte:02x}" for byte in data),
        rf"{slash}U{ord(one):08x}",
        rf"&(?:amp;)?\#0*{ord(one)};",
        rf"&(?:amp;)?\#x0*{ord(one):x};",
        *([rf"{slash}x{ord(one):02x}"] if ord(one) < 256 else []),  # noqa: PLR2004  see above
        *_NAMED.get(one, ()),
    ]
    return (f"(?i:{'|'.join(ways)})",)


def _named() -> dict[str, tuple[str, ...]]:
    """Return what else stands for single characters."""
    entities = {one: [re.escape(html.escape(one))] for one in "&<>\"'"}
    entities |= {"\t": [r"\\{1,8}t"], "\n": [r"\\{1,8}n"], "\r": [r"\\{1,8}r"], " ": [r"\+"]}
    entities["'"] += ["&apos;", re.escape(quote("'", safe="")), """'"'"'"""]
    # Base64 has an alphabet for URLs as well.
    entities |= {"+": [re.escape("-")], "/": [re.escape("_")]}
    return {one: tuple(ways) for one, ways in entities.items()}


_NAMED = _named()
