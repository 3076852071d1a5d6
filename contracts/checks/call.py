"""An exchange as checks see it: request and answer taken apart, and the pictures in them decoded."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from contracts.checks.raster import MOST_FOREIGN_PIXELS, OutsizeError, Raster, RasterError, decode

if TYPE_CHECKING:
    from collections.abc import Mapping

    from contracts.model import Exchange, Request, Response


@dataclass(frozen=True, eq=False)
class Call:
    """One exchange; ``pictures`` are those known to be at URLs. Everything else is worked out when it is asked for.

    A provider derives its own from this, and tells where the pictures of its requests and answers are.
    """

    exchange: Exchange
    pictures: Mapping[str, bytes]

    @property
    def request(self) -> Request:
        """The request."""
        return self.exchange.request

    @property
    def response(self) -> Response | None:
        """The answer."""
        return self.exchange.response

    @property
    def status(self) -> int:
        """The status of the answer, 0 if there was none."""
        return self.response.status if self.response else 0

    def asks(self, method: str, path: str) -> bool:
        """Tell whether the request has this *method* and *path*."""
        return self.request.method == method and self.request.path == path

    def header(self, name: str) -> str | None:
        """Return the field *name* of the answer."""
        return self.response.headers.get(name) if self.response else None

    @cached_property
    def json(self) -> Any:  # noqa: ANN401  any JSON value
        """The answer's body as JSON, ``None`` if it is none."""
        return json_in(self.response.body) if self.response else None

    @property
    def sent_picture(self) -> bytes | None:
        """The bytes of the one picture that was sent, if they are known."""
        return None

    @property
    def received_picture(self) -> bytes | None:
        """The bytes in the answer that are to be a picture, if there are any."""
        return None

    @property
    def most_received_pixels(self) -> float:
        """How many pixels the picture in the answer can have at most, generously; one of more is not looked at."""
        return MOST_FOREIGN_PIXELS

    @property
    def outsize(self) -> tuple[int, int] | None:
        """Width and height of the answer's picture, as its header has them, if that is too large to look at."""
        return self._result[2]

    @property
    def input(self) -> Raster | None:
        """The picture that was sent, decoded."""
        return self._input[0]

    @property
    def input_trouble(self) -> str:
        """Why the picture that was sent cannot be decoded, or nothing."""
        return self._input[1]

    @property
    def result(self) -> Raster | None:
        """The picture in the answer, decoded; ``None`` if there is none or it is damaged."""
        return self._result[0]

    @property
    def result_trouble(self) -> str:
        """Why the answer's picture cannot be decoded, or nothing."""
        return self._result[1]

    @cached_property
    def _input(self) -> tuple[Raster | None, str]:
        raster, trouble, _ = _decoded(self.sent_picture)
        return raster, trouble

    @cached_property
    def _result(self) -> tuple[Raster | None, str, tuple[int, int] | None]:
        data = self.received_picture
        return _decoded(data) if data is None else _decoded(data, self.most_received_pixels)


def json_in(text: str | bytes) -> Any:  # noqa: ANN401  any JSON value
    """Return the JSON value that *text* is, ``None`` if it is none."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _decoded(data: bytes | None, most_pixels: float | None = None) -> tuple[Raster | None, str, tuple[int, int] | None]:
    """Return the picture in *data*, or why there is none, and its size if that is the reason."""
    if data is None:
        return None, "there is no picture", None
    try:
        return decode(data) if most_pixels is None else decode(data, most_pixels), "", None
    except RasterError as error:
        return None, str(error), error.size if isinstance(error, OutsizeError) else None
