"""What a server is made with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ssl
    from wsgiref.types import WSGIApplication

    from contracts.clock import Clock
    from mockserver.wire.limits import Limits
    from mockserver.wire.response import OnError


@dataclass(frozen=True, slots=True)
class Settings:
    """The application and the terms on which it is served; see :class:`mockserver.wire.Server`."""

    app: WSGIApplication
    clock: Clock
    limits: Limits
    max_body: int
    threads: int
    on_error: OnError | None
    ssl_context: ssl.SSLContext | None
    prefer_uvloop: bool
