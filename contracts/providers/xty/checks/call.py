"""An exchange with this provider as checks see it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from contracts.model import Headers, Request

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from contracts.model import Exchange, Response, Timeline


@dataclass(frozen=True, eq=False)
class Call:
    """One exchange; ``pictures`` are those known to be at URLs. Everything else is worked out when it is asked for."""

    exchange: Exchange
    pictures: Mapping[str, bytes]

    @property
    def response(self) -> Response | None:
        """The answer."""
        return self.exchange.response

    @property
    def status(self) -> int:
        """The status of the answer, 0 if there was none."""
        return self.response.status if self.response else 0

    @cached_property
    def json(self) -> Any:  # noqa: ANN401  any JSON value
        """The answer's body as JSON, ``None`` if it is none."""
        try:
            return json.loads(self.response.body) if self.response else None
        except (ValueError, RecursionError):
            return None

    @cached_property
    def content(self) -> str | None:
        """The content of the first choice's message, if the answer is a completion that has one."""
        try:
            content = self.json["choices"][0]["message"]["content"]
        except (TypeError, KeyError, IndexError):
            return None
        return content if isinstance(content, str) else None

    def result_request(self) -> Request | None:
        """Return the request for the picture that the completion names, if it is an http or https URL."""
        if self.content is None:
            return None
        try:
            parts = urlsplit(self.content)
        except ValueError:
            return None
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            return None
        return Request("GET", parts.path or "/", parts.query, Headers(), b"", f"{parts.scheme}://{parts.netloc}")


def read(timeline: Timeline) -> Sequence[Call]:
    """Return the calls of *timeline*."""
    return [Call(exchange, timeline.pictures) for exchange in timeline.exchanges]
