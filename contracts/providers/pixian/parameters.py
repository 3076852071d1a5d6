"""From a form to the picture that was sent and the parameters that say what to make of it."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from contracts.addresses import is_ipv6
from contracts.behaviour import Length, Margin, Recipe
from contracts.forms import typed_values
from contracts.multipart import Field, FormError, read_form
from contracts.schemas import load, schema_at

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from contracts.model import Request
    from contracts.providers.pixian.settings import Settings

MAX_FILE_BYTES = 31_457_280
_MAX_PIXELS = 32_000_000
_FOLDER = Path(__file__).parent
_FORMATS = frozenset({"bmp", "gif", "jpeg", "png", "tiff"})
_LENGTH = re.compile(r"([0-9.]+)(%|px)")
_IPV6 = re.compile(r"//\[([^]]*)\]")
_WATERMARK = "TEST"


class ParameterError(Exception):
    """The form cannot be accepted: ``error`` names the provider's error, ``detail`` says why in a sentence."""

    def __init__(self, error: str, detail: str) -> None:
        """Keep the name of the *error* and the sentence *detail*."""
        super().__init__(detail)
        self.error = error
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Dialect:
    """One version of the API: ``schema`` is the file that describes its form.

    A property of that schema that version 2 spells in another way names that way as ``x-v2-name``.
    """

    schema: str

    @property
    def properties(self) -> Mapping[str, Any]:
        """The schemas of the parameters, by this version's own names."""
        properties: Mapping[str, Any] = load(_FOLDER / self.schema)["properties"]
        return properties

    def v2_name(self, name: str) -> str:
        """Return what version 2 calls the parameter *name*."""
        v2_name: str = self.properties.get(name, {}).get("x-v2-name", name)
        return v2_name


V2 = Dialect("schemas/remove-background-request.schema.json")
V1 = Dialect("schemas/remove-background-v1-request.schema.json")


@dataclass(frozen=True, slots=True)
class Order:
    """What one request asks for: the picture (its bytes, or the URL of it), whether it is a test, and the recipe."""

    source: bytes | str
    test: bool
    recipe: Recipe


def read_order(request: Request, dialect: Dialect, settings: Settings) -> Order:
    """Return what *request* asks for.

    Raises:
        ParameterError: the form is malformed, has no image, or a parameter is wrong.
    """
    fields = _unique_fields(request, dialect)
    images = {dialect.v2_name(name): field for name, field in fields.items() if dialect.v2_name(name) in _IMAGES}
    parameters = _parameters(fields, dialect, settings)
    source = _source(images, settings)
    return Order(source, bool(parameters["test"]), _recipe(parameters, settings))


def _unique_fields(request: Request, dialect: Dialect) -> dict[str, Field]:
    """Return the fields by name. A parameter comes once; of what is no parameter the last one stands for all."""
    try:
        fields = read_form(request)
    except FormError as error:
        raise ParameterError("parameter-invalid", str(error)) from error
    unique = {field.name: field for field in fields}
    repeated = {field.name for field in fields if unique[field.name] is not field} & dialect.properties.keys()
    if repeated:
        raise ParameterError("parameter-invalid", f"Given more than once: {', '.join(sorted(repeated))}.")
    return unique


def _parameters(fields: Mapping[str, Field], dialect: Dialect, settings: Settings) -> dict[str, Any]:
    """Return all parameters but the images, under version 2's names and with the defaults filled in."""
    properties = dialect.properties
    unknown = sorted(fields.keys() - properties.keys())
    if unknown and settings.unknown_parameters == "refuse":
        raise ParameterError("parameter-invalid", f"Unknown parameters: {', '.join(unknown)}.")
    known = {name: schema for name, schema in properties.items() if dialect.v2_name(name) not in _IMAGES}
    texts = {name: _text(fields[name]) for name in known if name in fields}
    values = typed_values(texts, properties, any_case=settings.boolean_case == "any")
    for name, value in values.items():
        _check(dialect, name, value)
    defaults = {name: schema["default"] for name, schema in known.items() if "default" in schema}
    return {dialect.v2_name(name): value for name, value in {**defaults, **values}.items()}


def complaint(field: Field, dialect: Dialect) -> str:
    """Return what is wrong with the documented *field* by itself, in a sentence, or nothing; booleans are exact."""
    try:
        reader = _READERS.get(dialect.v2_name(field.name))
        if reader is not None:
            reader(field)
        else:
            value = typed_values({field.name: _text(field)}, dialect.properties)[field.name]
            _check(dialect, field.name, value)
    except ParameterError as error:
        return error.detail
    return ""


def _check(dialect: Dialect, name: str, value: object) -> None:
    """Raise a :class:`ParameterError` if the parameter *name* cannot have this *value*."""
    errors = schema_at(_FOLDER, f"{dialect.schema}#/properties/{name}").errors(value)
    if errors:
        raise ParameterError("parameter-invalid", f"The parameter {name} is wrong: {errors[0]}.")


def _text(field: Field) -> str:
    try:
        return field.text
    except FormError as error:
        raise ParameterError("parameter-invalid", str(error)) from error


def _source(images: Mapping[str, Field], settings: Settings) -> bytes | str:
    """Return the picture that was sent, or the URL of it; every way that was used must be right."""
    given = [name for name in _IMAGES if name in images]
    if not given:
        raise ParameterError("image-missing", f"Send the picture as one of {', '.join(_IMAGES)}.")
    if len(given) > 1 and settings.several_images == "refuse":
        raise ParameterError("parameter-invalid", f"Send one picture, not several: {', '.join(given)}.")
    sources = [_READERS[name](images[name]) for name in given]
    return sources[0]


def _uploaded(field: Field) -> bytes:
    # A file name is usual but optional (RFC 7578, section 4.2); a part that is declared not to be text is a file.
    declared = (field.content_type or "text/plain").lower()
    if field.filename is None and declared.startswith("text/"):
        detail = "Send the field image as a file, with a file name, in multipart/form-data."
        raise ParameterError("image-as-string", detail)
    if len(field.data) > MAX_FILE_BYTES:
        raise ParameterError("too-many-bytes", f"It has {len(field.data)} bytes; at most {MAX_FILE_BYTES} are read.")
    return field.data


def _decoded(field: Field) -> bytes:
    text = _text(field)
    errors = schema_at(_FOLDER, f"{V2.schema}#/properties/image.base64").errors(text)
    if errors:
        raise ParameterError("parameter-invalid", f"The parameter image.base64 is wrong: {errors[0]}.")
    try:
        return base64.b64decode(text, validate=True)
    except ValueError as error:  # binascii.Error, or a plain ValueError where the text is not even ASCII
        reason = "it has spaces or line breaks; mind that '+' means a space unless it is sent as %2B"
        if not any(letter.isspace() for letter in text):
            reason = str(error)
        raise ParameterError("unreadable-image", f"The parameter image.base64 is not base64: {reason}.") from error


def _located(field: Field) -> str:
    text = _text(field)
    errors = schema_at(_FOLDER, f"{V2.schema}#/properties/image.url").errors(text)
    if errors:
        # The value is not repeated: URLs carry passwords and signatures.
        raise ParameterError("url-invalid", "Send an http or https URL with a host and without a user name.")
    if (address := _IPV6.search(text)) and not is_ipv6(address[1]):
        raise ParameterError("url-invalid", f"{address[1]} is no IPv6 address.")
    return text


_READERS: Mapping[str, Callable[[Field], bytes | str]] = {
    "image": _uploaded,
    "image.base64": _decoded,
    "image.url": _located,
}
_IMAGES = tuple(_READERS)
"""The ways to send a picture; when several are used the first of them counts, and the others must be right."""


def _recipe(parameters: Mapping[str, Any], settings: Settings) -> Recipe:
    colour = parameters.get("background.color")
    encoding = parameters["output.format"]
    if encoding == "auto":
        encoding = "jpeg" if colour else "png"
    target = parameters.get("result.target_size")
    return Recipe(
        accepted=_FORMATS | {"webp"} if settings.accept_webp else _FORMATS,
        max_input_bytes=MAX_FILE_BYTES,
        max_input_pixels=_MAX_PIXELS,
        shrink_to_pixels=parameters["max_pixels"],
        may_shrink=encoding != "delta_png",
        encoding=encoding,
        background=_colour(colour) if colour else None,
        crop=parameters["result.crop_to_foreground"],
        margin=_margin(parameters["result.margin"], settings),
        target=_size(target) if target else None,
        vertical_alignment=parameters["result.vertical_alignment"],
        jpeg_quality=parameters["output.jpeg_quality"],
        watermark=_WATERMARK if parameters["test"] else None,
    )


def _colour(text: str) -> tuple[int, int, int]:
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)


def _size(text: str) -> tuple[int, int]:
    width, height = text.split()
    return int(width), int(height)


def _margin(text: str, settings: Settings) -> Margin:
    """Read one to four lengths in the order of CSS."""
    lengths = [Length(float(value), "%" if unit == "%" else "px") for value, unit in _LENGTH.findall(text)]
    top = lengths[0]
    right = lengths[1] if len(lengths) > 1 else top
    bottom = lengths[2] if len(lengths) > 2 else top  # noqa: PLR2004  CSS: [top] [left/right] [bottom]
    left = lengths[3] if len(lengths) > 3 else right  # noqa: PLR2004  CSS: [top] [right] [bottom] [left]
    return Margin(top, right, bottom, left, settings.margin_percent_of)
