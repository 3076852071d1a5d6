"""Values that somebody may have meant who wrote another one."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from mockserver.mending.encoded import encoded_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

_YES, _NO = frozenset({"1", "true", "yes", "on", "y", "t"}), frozenset({"0", "false", "no", "off", "n", "f"})
_LONGEST = 200
"""Characters of a text that are taken for a slip of the pen."""
_LONGEST_NUMBER = 30
_NUMBER = re.compile(r"[-+]?\d{1,15}(?:\.\d{0,15})?(?:[eE]\+?\d)?")
_THOUSANDS = re.compile(r"(?<=\d)[,_ '](?=\d{3}(?!\d))")
_SHORT_COLOUR = re.compile(r"#?([0-9A-Fa-f])([0-9A-Fa-f])([0-9A-Fa-f])")
_HOST = re.compile(
    r"(?://)?(?![^/]*\.(?:bmp|gif|jpe?g|png|tiff?|webp)$)[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+(?::\d+)?(?:[/?]\S*)?$",
    re.IGNORECASE,
)
_RGB = re.compile(r"(?:rgba?\()?\s*(\d{1,3})\s*,\s*(\d{1,3})\s*,\s*(\d{1,3})\s*(?:,\s*[\d.]+%?\s*)?\)?", re.IGNORECASE)
_LONG_COLOUR = re.compile(r"(?:#|0x)?([0-9A-Fa-f]{6})(?:[0-9A-Fa-f]{2})?")
_COLOURS = {
    "aqua": "#00ffff",
    "black": "#000000",
    "blue": "#0000ff",
    "fuchsia": "#ff00ff",
    "gray": "#808080",
    "grey": "#808080",
    "green": "#008000",
    "lime": "#00ff00",
    "maroon": "#800000",
    "navy": "#000080",
    "olive": "#808000",
    "orange": "#ffa500",
    "pink": "#ffc0cb",
    "purple": "#800080",
    "red": "#ff0000",
    "silver": "#c0c0c0",
    "teal": "#008080",
    "white": "#ffffff",
    "yellow": "#ffff00",
}
"""The names of colours that are most often used in CSS."""
_SIZE = re.compile(r"(?:[\d.\s,;:/x\u00d7*]|px)+", re.IGNORECASE)
_PIXELS = re.compile("px", re.IGNORECASE)
_PERCENT, _BRIGHTEST = 100, 255
_BARE_NUMBER = re.compile(r"(?<![\w.%#])\d+(?:\.\d+)?(?![\w.%])")
_SEPARATOR = re.compile(r"(?<=\w)\s*[,;:/x\u00d7*]\s*(?=\d)|(?<=[%])\s*[,;]\s*(?=\d)")


def near(value: object, schemas: Sequence[Mapping[str, Any]]) -> Iterator[object]:
    """Yield what may have been meant by *value*, the likeliest first, where *schemas* say what there can be.

    Whether it is allowed remains to be asked.
    """
    for schema in schemas:
        yield from _choices(value, schema)
    kinds = {kind for schema in schemas for kind in _types(schema)}
    if "boolean" in kinds:
        yield from _booleans(value)
    if kinds & {"integer", "number"}:
        yield from _numbers(value, schemas)
    if "object" in kinds and not isinstance(value, dict):
        yield from ({name: value} for schema in schemas for name in schema.get("required", ())[:1])
    if "array" in kinds and not isinstance(value, list):
        yield [value]
    if isinstance(value, dict | list) and len(value) == 1:
        yield next(iter(value.values() if isinstance(value, dict) else value))
    if "string" in kinds:
        yield from _texts(value)


def stated(schemas: Iterable[Mapping[str, Any]]) -> Iterator[object]:
    """Yield the values that *schemas* themselves name: constants, defaults, examples, choices."""
    known = list(schemas)
    for schema in known:
        if "const" in schema:
            yield schema["const"]
    for schema in known:
        if "default" in schema:
            yield schema["default"]
        yield from [*schema.get("examples", ())[:1], *schema.get("enum", ())[:1]]


def like(name: str, known: Iterable[str]) -> list[str]:
    """Return those of the names *known* that *name* can stand for, the likeliest first."""
    plain: dict[str, list[str]] = {}
    for one in known:
        plain.setdefault(_plain(one), []).append(one)
    close = get_close_matches(_plain(name[:_LONGEST]), list(plain), n=3)
    return [one for match in close for one in plain[match]]


def _plain(name: str) -> str:
    """Return *name* as it is apart from how words are set off: camelCase, dots, dashes or underscores."""
    return re.sub(r"[\W_]", "", name).lower()


def _types(schema: Mapping[str, Any]) -> tuple[str, ...]:
    kinds = schema.get("type", ())
    return (kinds,) if isinstance(kinds, str) else tuple(kinds)


def _choices(value: object, schema: Mapping[str, Any]) -> Iterator[object]:
    """Yield the one of the choices that is most like the text *value*."""
    choices = [schema["const"]] if "const" in schema else schema.get("enum", ())
    words = [one for one in choices if isinstance(one, str)]
    if isinstance(value, str):
        yield from like(value, words)[:1]
    if "const" in schema:
        yield schema["const"]


def _booleans(value: object) -> Iterator[bool]:
    word = str(value).strip().lower()[:_LONGEST]
    if word in _YES | _NO:
        yield word in _YES


def _numbers(value: object, schemas: Iterable[Mapping[str, Any]]) -> Iterator[object]:
    """Yield the number that *value* is, brought into range; a share may be meant in percent."""
    text = _THOUSANDS.sub("", str(value).strip()[:_LONGEST_NUMBER])
    match = _NUMBER.fullmatch(text.removesuffix("%").removesuffix("px").strip())
    if isinstance(value, bool) or match is None:
        return
    number = float(match[0])
    for schema in schemas:
        least, most = schema.get("minimum", number), schema.get("maximum", number)
        meant = number * most if 0 < number < 1 <= least and most == _PERCENT else number
        within = max(least, min(most, meant))
        yield round(within) if "integer" in _types(schema) or within == round(within) else within


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, int | float):
        yield str(value).lower()
    if not isinstance(value, str):
        return
    if (picture := encoded_in(value)) is not None:
        yield picture.digits
        yield f"data:image/{picture.kind};base64,{picture.digits}"
    elif len(value) <= _LONGEST:
        yield from _notations(value.strip())


def _notations(text: str) -> Iterator[str]:
    """Yield other ways of writing the short *text*: letters, colours, sizes, lengths, addresses."""
    yield text
    yield from (text.lower(), text.upper())
    yield from _colours(text)
    plain = _PIXELS.sub(" ", text) if _SIZE.fullmatch(text) else text
    for one in dict.fromkeys([_SEPARATOR.sub(" ", text), " ".join(_SEPARATOR.sub(" ", plain).split())]):
        yield one
        yield _BARE_NUMBER.sub(lambda number: f"{number[0]}px", one)
    if _HOST.match(text):
        yield f"https://{text.removeprefix('//')}"


def _colours(text: str) -> Iterator[str]:
    """Yield the colour that *text* may mean, in the ways of CSS."""
    if text.lower() in _COLOURS:
        yield _COLOURS[text.lower()]
    if short := _SHORT_COLOUR.fullmatch(text):
        yield "#" + "".join(2 * digit for digit in short.groups())
    if long := _LONG_COLOUR.fullmatch(text):
        yield f"#{long[1]}"
    if (parts := _RGB.fullmatch(text)) and all(int(part) <= _BRIGHTEST for part in parts.groups()):
        yield "#" + "".join(f"{int(part):02x}" for part in parts.groups())
