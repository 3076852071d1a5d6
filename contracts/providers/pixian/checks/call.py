"""An exchange with this provider as checks see it: what was asked, what came, and what it should have been about."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from contracts import checks
from contracts.forms import typed_values
from contracts.multipart import Field, FormError, read_form
from contracts.redaction import HIDDEN
from contracts.schemas import load, schema_at

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from contracts.model import Timeline

_FOLDER = Path(__file__).parent.parent
_V2, _V1 = (f"schemas/remove-background-{version}request.schema.json" for version in ("", "v1-"))
_REMOVAL, _REMOVAL_V1, _ACCOUNT = "/api/v2/remove-background", "/api/v1/remove-background", "/api/v2/account"
SOURCES = ("image", "image.base64", "image.url")
KINDS = frozenset({"bmp", "gif", "jpeg", "png", "tiff"})
_MOST_PIXELS, _MOST_BYTES = 32_000_000, 31_457_280
_NOT_ABOUT_THE_REQUEST = frozenset({401, 402, 403, 408, 413, 421, 425, 426, 429, 431, 451})
"""Statuses from 400 to 499 with which a server may refuse a request that is right in itself."""
_NUMBER = re.compile(r"[0-9]{1,18}")
_LENGTH = re.compile(r"([0-9]*\.?[0-9]+)(px|%)")


@dataclass(frozen=True, eq=False)
class Call(checks.Call):
    """One exchange with this provider."""

    @property
    def is_removal(self) -> bool:
        """Whether a background was to be removed, by version 2."""
        return self.asks("POST", _REMOVAL)

    @property
    def is_v1(self) -> bool:
        """Whether a background was to be removed, by version 1."""
        return self.asks("POST", _REMOVAL_V1)

    @property
    def is_account(self) -> bool:
        """Whether the account was asked for."""
        return self.asks("GET", _ACCOUNT)

    @property
    def is_operation(self) -> bool:
        """Whether it is one of the three things that can be asked for."""
        return self.is_removal or self.is_v1 or self.is_account

    @cached_property
    def credentials(self) -> tuple[str, str] | None:
        """API id and secret of the request, if it has any in the right form.

        In a recording the secret is :data:`contracts.redaction.HIDDEN`.
        """
        scheme, _, token = (self.request.headers.get("Authorization") or "").partition(" ")
        if token.endswith(f":{HIDDEN}"):
            return token.removesuffix(f":{HIDDEN}"), HIDDEN
        try:
            name, colon, secret = base64.b64decode(token, validate=True).decode().partition(":")
        except ValueError:
            return None
        return (name, secret) if scheme.lower() == "basic" and name and colon and secret else None

    @cached_property
    def fields(self) -> tuple[Field, ...] | None:
        """The fields of the form, ``None`` if the body is no form."""
        try:
            return read_form(self.request)
        except FormError:
            return None

    @cached_property
    def texts(self) -> Mapping[str, str]:
        """The parameters as they were sent, but for images and for what is no UTF-8, by the names of version 2."""
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

    def value(self, name: str) -> Any:  # noqa: ANN401  as the schema of the parameter has it
        """Return the parameter *name*, its default if it was not given, ``None`` if it has none."""
        schema = self._properties(_V2)[name]
        return typed_values(self.texts, {name: schema}).get(name, schema.get("default"))

    @property
    def is_test(self) -> bool:
        """Whether the request is a test, free of charge."""
        return self.value("test") is True

    @cached_property
    def sources(self) -> tuple[str, ...]:
        """By which of the three ways images were sent, by the names of version 2."""
        return tuple(name for field in self.fields or () if (name := self._v2_name(field.name)) in SOURCES)

    @cached_property
    def sent_picture(self) -> bytes | None:
        """The bytes of the one picture that was sent, if they are known."""
        if len(self.sources) != 1:
            return None
        (field,) = (field for field in self.fields or () if self._v2_name(field.name) in SOURCES)
        if self.sources[0] == "image":
            return field.data if field.filename is not None else None
        if self.sources[0] == "image.url":
            return self.pictures.get(field.data.decode(errors="replace"))
        try:
            return base64.b64decode(field.data, validate=True)
        except ValueError:
            return None

    @cached_property
    def url(self) -> str | None:
        """The URL of the picture, if that is the one way in which one was sent."""
        if self.sources != ("image.url",):
            return None
        (field,) = (field for field in self.fields or () if self._v2_name(field.name) == "image.url")
        return field.data.decode(errors="replace") if field.filename is None else None

    @cached_property
    def is_right(self) -> bool:
        """Whether nothing in the request leaves the provider a reason to refuse it.

        It has one readable picture of a documented kind and size, and only known parameters with right values, each
        once. Credentials do not count, for browsers take them out of what they save; what a server has against them it
        says with a status of its own.
        """
        return (
            self.is_well_put
            and self._picture_is_right()
            and not self.is_delta_of_shrunken
            and self.most_result_pixels <= _MOST_PIXELS
        )

    def is_wrong_only_in(self, name: str) -> bool:
        """Tell whether nothing but the value of the parameter *name* is wrong in the request."""
        return self._is_well_put(but=name) and not self.is_well_put and self._picture_is_right()

    @cached_property
    def is_well_put(self) -> bool:
        """Whether a background is to be removed, and the form has known parameters alone, right ones, each once.

        Which pictures there are, if any, does not matter.
        """
        return self._is_well_put()

    @property
    def is_shrunken(self) -> bool:
        """Whether the form is well put, and the picture that was sent has more pixels than ``max_pixels``."""
        if self.input is None or not self.is_well_put:
            return False
        return bool(self.input.size[0] * self.input.size[1] > self.value("max_pixels"))

    @property
    def is_delta_of_shrunken(self) -> bool:
        """Whether a delta PNG was asked for of a picture that is scaled down, which nobody could decode."""
        return self.format == "delta_png" and self.is_shrunken

    @property
    def most_result_pixels(self) -> float:
        """How many pixels the result can have at most, 0 where nothing can be said.

        What percentages refer to is open; the longest side there is makes the most of them.
        """
        if self.format == "delta_png" or self.input is None or not self.is_well_put:
            return 0
        target = self.value("result.target_size")
        width, height = (int(side) for side in target.split()) if target else self.input.size
        if target:
            return width * height
        lengths = _LENGTH.findall(self.value("result.margin"))
        margin = 2 * max(float(value) * (max(width, height) / 100 if unit == "%" else 1) for value, unit in lengths)
        return (width + margin) * (height + margin)

    @property
    def parameters(self) -> Mapping[str, Any]:
        """The schemas of all parameters, images included, by the names of version 2."""
        return self._properties(_V2)

    def without(self, names: Collection[str]) -> Call:
        """Return the same call as it would be if the request did not have the fields *names*."""
        other = Call(self.exchange, self.pictures)
        fields = tuple(field for field in self.fields or () if field.name not in names)
        other.__dict__["fields"] = fields  # in place of what this property would work out
        return other

    @property
    def is_served(self) -> bool:
        """Whether the request was right and answered with status 200."""
        return self.is_right and self.status == 200

    @property
    def is_refused(self) -> bool:
        """Whether the request was right, and yet it was said to be wrong."""
        return self.is_right and 400 <= self.status < 500 and self.status not in _NOT_ABOUT_THE_REQUEST

    def uses_only(self, *names: str) -> bool:
        """Tell whether, ``test`` and ``output.format`` aside, only parameters among *names* were given, to a file."""
        return self.sources == ("image",) and self.given <= {"test", "output.format", *names}

    @property
    def received_picture(self) -> bytes | None:
        """The bytes in the answer that are to be a picture: the body of any answer with status 200."""
        return self.response.body if self.response and self.status == 200 else None

    @property
    def is_pristine(self) -> bool:
        """Whether the pixels of the result can be looked at: no watermark is printed over them."""
        return self.is_served and not self.is_test and self.result is not None

    @property
    def format(self) -> str:
        """What the result is to be: ``png``, ``jpeg`` or ``delta_png``."""
        asked: str = self.value("output.format")
        if asked != "auto":
            return asked
        return "jpeg" if "background.color" in self.given else "png"

    def numbers(self, name: str, count: int) -> tuple[int, ...] | None:
        """Return the *count* whole numbers in the field *name* of the answer, or ``None`` if it holds anything else."""
        words = (self.header(name) or "").split()
        if len(words) != count or not all(_NUMBER.fullmatch(word) for word in words):
            return None
        return tuple(int(word) for word in words)

    @cached_property
    def error(self) -> Mapping[str, Any] | None:
        """The error object of an answer with status 400 or above, if it has one."""
        error = self.json.get("error") if self.status >= 400 and isinstance(self.json, dict) else None
        return error if isinstance(error, dict) else None

    @property
    def code(self) -> int | None:
        """The number of the error, if the answer's error object has one."""
        code = self.error.get("code") if self.error else None
        return code if isinstance(code, int) and not isinstance(code, bool) else None

    def _properties(self, schema: str) -> Mapping[str, Any]:
        properties: Mapping[str, Any] = load(_FOLDER / schema)["properties"]
        return properties

    def _v2_name(self, name: str) -> str:
        """Return what version 2 calls the parameter *name*; what version 1 does not know gets a name nobody knows."""
        if not self.is_v1:
            return name
        known = self._properties(_V1)
        v2_name: str = known[name].get("x-v2-name", name) if name in known else f"{name} (not of version 1)"
        return v2_name

    def _is_well_put(self, but: str = "") -> bool:
        """Tell whether the form is well put, whatever the value of the parameter *but* is."""
        if not (self.is_removal or self.is_v1) or not self.fields:
            return False
        names = [self._v2_name(field.name) for field in self.fields]
        known = self._properties(_V2).keys()
        return len(names) == len(set(names)) and set(names) <= known and self._values_are_right(but)

    def _values_are_right(self, but: str) -> bool:
        values = typed_values(self.texts, self._properties(_V2))
        return all(
            schema_at(_FOLDER, f"{_V2}#/properties/{name}").accepts(value)
            for name, value in values.items()
            if name not in SOURCES and name != but
        ) and not any(
            field.filename is not None and self._v2_name(field.name) != "image" for field in self.fields or ()
        )

    def _picture_is_right(self) -> bool:
        data, picture = self.sent_picture, self.input
        if data is None or picture is None or len(data) > _MOST_BYTES:
            return False
        if self.sources == ("image.base64",) and len(data) * 4 / 3 > 1_000_000:
            return False
        return picture.kind in KINDS and picture.size[0] * picture.size[1] <= _MOST_PIXELS


def read(timeline: Timeline) -> Sequence[Call]:
    """Return the calls of *timeline*."""
    return [Call(exchange, timeline.pictures) for exchange in timeline.exchanges]
