"""Where a request goes: origin, path and query, so that two ways to write them compare as one."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import unquote, urljoin, urlsplit

if TYPE_CHECKING:
    from contracts.model import Request

_PORTS = {"http": ":80", "https": ":443"}


@dataclass(frozen=True, slots=True)
class Place:
    """What a URL leads to; ``path`` and ``query`` are percent-decoded."""

    origin: str
    path: str
    query: str

    @property
    def name(self) -> str:
        """The last segment of the path."""
        return self.path.rpartition("/")[2]


def place_of(request: Request) -> Place:
    """Return where *request* goes."""
    return Place(plain_origin(request.origin), unquote(request.path), unquote(request.query))


def place_at(url: str, base: str = "") -> Place | None:
    """Return where *url* leads, seen from *base*, if it is one with a host."""
    try:
        parts = urlsplit(urljoin(base, url))
    except ValueError:
        return None
    if not parts.netloc:
        return None
    return Place(plain_origin(f"{parts.scheme}://{parts.netloc}"), unquote(parts.path) or "/", unquote(parts.query))


def plain_origin(origin: str) -> str:
    """Return *origin* in lower case and without a port that goes without saying."""
    lower = origin.lower().rstrip("/")
    return lower.removesuffix(_PORTS.get(lower.partition(":")[0], ""))


def is_loopback(origin: str) -> bool:
    """Tell whether *origin* is on the machine of whoever asks."""
    try:
        host = urlsplit(origin).hostname or ""
    except ValueError:
        return False
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
