"""The form of a request: with which parameters a background is to be removed, and of which picture."""

from __future__ import annotations

import base64
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from contracts.forms import typed_values
from contracts.schemas import load, schema_at

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from contracts.multipart import Field

SOURCES = ("image", "image.base64", "image.url")
"""The three ways to send an image."""
_FOLDER = Path(__file__).parent.parent
_V2, _V1 = (f"schemas/remove-background-{version}request.schema.json" for version in ("", "v1-"))


@dataclass(frozen=True, eq=False)
class Form:
    """The fields of a form, ``None`` if the body is none; ``is_v1`` tells that they are named as version 1 does.

    Whatever they are named, all else here goes by the names of version 2.
    """

    fields: tuple[Field, ...] | None
    is_v1: bool

    @cached_property
    def texts(self) -> Mapping[str, str]:
        """The parameters as they were sent, but for images; what is no UTF-8 in them is replaced."""
        texts = {}
        for field in self.fields or ():
            name = self._v2_name(field.name)
            if field.filename is None and name not in SOURCES:
                texts[name] = field.data.decode(errors="replace")
        return texts

    @cached_property
    def given(self) -> frozenset[str]:
        """The names of all parameters that are no images."""
        return frozenset(self.texts)

    @property
    def parameters(self) -> Mapping[str, Any]:
        """The schemas of all parameters, images included."""
        return _properties(_V2)

    def value(self, name: str) -> Any:  # noqa: ANN401  as the schema of the parameter has it
        """Return the parameter *name*, its default if it was not given, ``None`` if it has none."""
        schema = self.parameters[name]
        return typed_values(self.texts, {name: schema}).get(name, schema.get("default"))

    @property
    def is_test(self) -> bool:
        """Whether the request is a test, free of charge."""
        return self.value("test") is True

    @property
    def format(self) -> str:
        """What the result is to be: ``png``, ``jpeg`` or ``delta_png``."""
        asked: str = self.value("output.format")
        if asked != "auto":
            return asked
        return "jpeg" if "background.color" in self.given else "png"

    @cached_property
    def sources(self) -> tuple[str, ...]:
        """By which of the three ways images were sent."""
        return tuple(name for field in self.fields or () if (name := self._v2_name(field.name)) in SOURCES)

    @cached_property
    def url(self) -> str | None:
        """The URL of the picture, if that is the one way in which one was sent."""
        if self.sources != ("image.url",):
            return None
        field = self._image()
        return field.data.decode(errors="replace") if field.filename is None else None

    def picture(self, pictures: Mapping[str, bytes]) -> bytes | None:
        """Return the bytes of the one picture that was sent, if they are known; *pictures* are those at URLs."""
        if len(self.sources) != 1:
            return None
        field = self._image()
        if self.sources[0] == "image":
            return field.data if field.filename is not None else None
        if self.sources[0] == "image.url":
            return pictures.get(field.data.decode(errors="replace"))
        try:
            return base64.b64decode(field.data, validate=True)
        except ValueError:
            return None

    def uses_only(self, *names: str) -> bool:
        """Tell whether, ``test`` and ``output.format`` aside, only parameters among *names* were given, to a file."""
        return self.sources == ("image",) and self.given <= {"test", "output.format", *names}

    def without(self, names: Collection[str]) -> Form:
        """Return the form as it would be if it did not have the fields *names*."""
        return replace(self, fields=tuple(field for field in self.fields or () if field.name not in names))

    def is_sound(self, but: str = "") -> bool:
        """Tell whether it has known parameters alone, each once, and right ones, whatever the value of *but* is.

        Which pictures there are, if any, does not matter.
        """
        names = [self._v2_name(field.name) for field in self.fields or ()]
        known = bool(names) and set(names) <= self.parameters.keys()
        return known and len(names) == len(set(names)) and self._values_are_right(but)

    def _values_are_right(self, but: str) -> bool:
        values = typed_values(self.texts, self.parameters)
        return all(
            schema_at(_FOLDER, f"{_V2}#/properties/{name}").accepts(value)
            for name, value in values.items()
            if name not in SOURCES and name != but
        ) and not any(
            field.filename is not None and self._v2_name(field.name) != "image" for field in self.fields or ()
        )

    def _image(self) -> Field:
        """Return the one field that has an image."""
        (field,) = (field for field in self.fields or () if self._v2_name(field.name) in SOURCES)
        return field

    def _v2_name(self, name: str) -> str:
        """Return what version 2 calls the parameter *name*; what version 1 does not know gets a name nobody knows."""
        if not self.is_v1:
            return name
        known = _properties(_V1)
        v2_name: str = known[name].get("x-v2-name", name) if name in known else f"{name} (not of version 1)"
        return v2_name


def _properties(schema: str) -> Mapping[str, Any]:
    properties: Mapping[str, Any] = load(_FOLDER / schema)["properties"]
    return properties
