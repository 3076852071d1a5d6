"""URLs of pictures, taken apart so strictly that no two readers can understand them differently."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import IPv6Address
from typing import NoReturn
from urllib.parse import SplitResult, quote, urlsplit

from contracts.behaviour import ImageError, Trouble

MAX_LENGTH = 8_192
"""The longest accepted URL in characters, our own choice; servers commonly stop at 8 KB."""

_DEFAULT_PORTS = {"http": 80, "https": 443}
_MAX_NAME_LENGTH = 253
_AMBIGUOUS = re.compile(r"[\x00-\x20\x7f-\x9f\\]")
_MAX_PORT = 65_535
_NETLOC = re.compile(r"(?:\[(?P<ipv6>[0-9A-Fa-f:.]+)\]|(?P<name>[^\[\]:]+))(?::(?P<port>[0-9]{0,5}))?")
_NAME = re.compile(r"[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*\.?")
_UNTOUCHED = "!$%&'()*+,/:;=?@[]~"


@dataclass(frozen=True, slots=True)
class Target:
    """Where a picture is.

    ``scheme`` is ``http`` or ``https``. ``host`` is a name in ASCII and lower case, perhaps with the dot of the root
    at its end, or an IP address without brackets. ``path`` includes the query and is percent-encoded.
    """

    scheme: str
    host: str
    port: int
    path: str

    @property
    def name(self) -> str:
        """The host as certificates, SNI and ``Host`` spell it: without the dot of the root (RFC 6066, section 3)."""
        return self.host.removesuffix(".")

    @property
    def is_localhost(self) -> bool:
        """Whether the host is a name that always means this machine (RFC 6761, section 6.3)."""
        return self.name == "localhost" or self.name.endswith(".localhost")

    @property
    def authority(self) -> str:
        """The value of the ``Host`` field: the name, and the port unless it is the scheme's own."""
        name = f"[{self.name}]" if ":" in self.name else self.name
        return name if self.port == _DEFAULT_PORTS[self.scheme] else f"{name}:{self.port}"

    @property
    def origin(self) -> str:
        """The scheme and the authority, safe to show: path and query may hold secrets and are left out."""
        return f"{self.scheme}://{self.authority}"


def parse(url: str) -> Target:
    """Take *url* apart.

    What browsers, libraries and this function might read differently is refused rather than guessed at: control
    characters, spaces and backslashes; and so are credentials, which would never be sent on.

    Raises:
        ImageError: ``URL_INVALID``, with the reason.
    """
    if len(url) > MAX_LENGTH:
        _refuse(f"is longer than {MAX_LENGTH} characters")
    if _AMBIGUOUS.search(url):
        _refuse("contains a space, a control character or a backslash")
    try:
        parts = urlsplit(url)
    except ValueError:
        _refuse("cannot be parsed")
    if parts.scheme not in _DEFAULT_PORTS:
        _refuse("does not begin with http:// or https://")
    if "@" in parts.netloc:
        _refuse("contains credentials, which are never sent on")
    place = _NETLOC.fullmatch(parts.netloc)
    if place is None:
        _refuse("names no host and port that can be read")
    host = _ipv6(place["ipv6"]) if place["ipv6"] else _name(place["name"])
    port = int(place["port"] or _DEFAULT_PORTS[parts.scheme])
    if not 1 <= port <= _MAX_PORT:
        _refuse(f"names a port that is not between 1 and {_MAX_PORT}")
    return Target(parts.scheme, host, port, _path(parts))


def _ipv6(text: str) -> str:
    try:
        return IPv6Address(text).compressed
    except ValueError:  # urlsplit itself raises from Python 3.11.4 on
        _refuse("has a malformed IPv6 address")


def _name(text: str) -> str:
    if len(text) > _MAX_NAME_LENGTH:
        _refuse(f"has a host name longer than {_MAX_NAME_LENGTH} characters")
    try:
        name = text if text.isascii() else text.encode("idna").decode("ascii")
    except UnicodeError:
        _refuse("has a host name that IDNA does not allow")
    if not _NAME.fullmatch(name.lower()):
        _refuse("has a malformed host name")
    return name.lower()


def _path(parts: SplitResult) -> str:
    query = f"?{parts.query}" if parts.query else ""
    try:
        return quote((parts.path or "/") + query, safe=_UNTOUCHED)
    except UnicodeEncodeError:
        _refuse("contains half of a surrogate pair")


def _refuse(reason: str) -> NoReturn:
    raise ImageError(Trouble.URL_INVALID, f"The image URL {reason}.")
