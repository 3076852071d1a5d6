"""An exchange with this provider as checks see it: what was asked, what came, and what it should have been about."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from contracts import checks
from contracts.checks.raster import MOST_FOREIGN_PIXELS
from contracts.multipart import FormError, read_form
from contracts.providers.pixian.checks.form import Form
from contracts.redaction import HIDDEN

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from contracts.model import Timeline

_REMOVAL, _REMOVAL_V1, _ACCOUNT = "/api/v2/remove-background", "/api/v1/remove-background", "/api/v2/account"
KINDS = frozenset({"bmp", "gif", "jpeg", "png", "tiff"})
_EASY_PIXELS, _GENEROUS = 4_000_000, 4
"""Pixels of a result that are always looked at, and how many times what can be right."""
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
    def form(self) -> Form:
        """The form in the body of the request."""
        try:
            return Form(read_form(self.request), self.is_v1)
        except FormError:
            return Form(None, self.is_v1)

    @cached_property
    def sent_picture(self) -> bytes | None:
        """The bytes of the one picture that was sent, if they are known."""
        return self.form.picture(self.pictures)

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
        return bool(self.input.size[0] * self.input.size[1] > self.form.value("max_pixels"))

    @property
    def is_delta_of_shrunken(self) -> bool:
        """Whether a delta PNG was asked for of a picture that is scaled down, which nobody could decode."""
        return self.form.format == "delta_png" and self.is_shrunken

    @property
    def most_result_pixels(self) -> float:
        """How many pixels the result can have at most, 0 where nothing can be said.

        What percentages refer to is open; the longest side there is makes the most of them.
        """
        if self.form.format == "delta_png" or self.input is None or not self.is_well_put:
            return 0
        target = self.form.value("result.target_size")
        width, height = (int(side) for side in target.split()) if target else self.input.size
        if target:
            return width * height
        lengths = _LENGTH.findall(self.form.value("result.margin"))
        margin = 2 * max(float(value) * (max(width, height) / 100 if unit == "%" else 1) for value, unit in lengths)
        return (width + margin) * (height + margin)

    @property
    def most_received_pixels(self) -> float:
        """How many pixels the result can have at most, generously: no server may fill the memory with others."""
        if self.input is None:
            return MOST_FOREIGN_PIXELS
        most = max(self.most_result_pixels, self.input.size[0] * self.input.size[1])
        return min(MOST_FOREIGN_PIXELS, max(_EASY_PIXELS, _GENEROUS * most))

    def without(self, names: Collection[str]) -> Call:
        """Return the same call as it would be if the request did not have the fields *names*."""
        other = Call(self.exchange, self.pictures)
        other.__dict__["form"] = self.form.without(names)  # in place of what this property would work out
        return other

    def asks_the_same_as(self, other: Call) -> bool:
        """Tell whether the parameters and the picture are those of the *other* call, by the names of version 2."""
        one, two = ((call.form.sources, call.form.texts, call.sent_picture) for call in (self, other))
        return one == two

    @property
    def is_served(self) -> bool:
        """Whether the request was right and answered with status 200."""
        return self.is_right and self.status == 200

    @property
    def is_refused(self) -> bool:
        """Whether the request was right, and yet it was said to be wrong."""
        return self.is_right and 400 <= self.status < 500 and self.status not in _NOT_ABOUT_THE_REQUEST

    @property
    def received_picture(self) -> bytes | None:
        """The bytes in the answer that are to be a picture: the body of any answer with status 200."""
        return self.response.body if self.response and self.status == 200 else None

    @property
    def is_pristine(self) -> bool:
        """Whether the pixels of the result can be looked at: no watermark is printed over them."""
        return self.is_served and not self.form.is_test and self.result is not None

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

    def _is_well_put(self, but: str = "") -> bool:
        """Tell whether the form is well put, whatever the value of the parameter *but* is."""
        return (self.is_removal or self.is_v1) and self.form.is_sound(but)

    def _picture_is_right(self) -> bool:
        data, picture = self.sent_picture, self.input
        if data is None or picture is None or len(data) > _MOST_BYTES:
            return False
        if self.form.sources == ("image.base64",) and len(data) * 4 / 3 > 1_000_000:
            return False
        return picture.kind in KINDS and picture.size[0] * picture.size[1] <= _MOST_PIXELS


def read(timeline: Timeline) -> Sequence[Call]:
    """Return the calls of *timeline*."""
    return [Call(exchange, timeline.pictures) for exchange in timeline.exchanges]
