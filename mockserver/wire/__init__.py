"""An HTTP/1.1 server for any WSGI application, with full control of what goes over the wire.

It knows nothing of what it serves. What it adds to WSGI is described in :mod:`mockserver.wire.environ`. The event loop
is imported when a server starts, not before.
"""

from __future__ import annotations

from contracts.model import Ending
from mockserver.wire.delivery import (
    RESPOND,
    Action,
    Close,
    Delivery,
    Dribble,
    Line,
    Message,
    Reset,
    Respond,
    Stall,
    Truncate,
)
from mockserver.wire.errors import ApplicationError, ListenError, PortTakenError, WouldBlock
from mockserver.wire.limits import Limits
from mockserver.wire.server import Server

__all__ = [
    "RESPOND",
    "Action",
    "ApplicationError",
    "Close",
    "Delivery",
    "Dribble",
    "Ending",
    "Limits",
    "Line",
    "ListenError",
    "Message",
    "PortTakenError",
    "Reset",
    "Respond",
    "Server",
    "Stall",
    "Truncate",
    "WouldBlock",
]
