"""Fetching pictures: samples first, then, where the policy lets it, the network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol
from urllib.parse import urljoin

from contracts.behaviour import ImageError, Trouble
from mockserver.fetch.deadline import Deadline
from mockserver.fetch.policy import refusal
from mockserver.fetch.target import Target, parse

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mockserver.fetch.connection import Internet
    from mockserver.fetch.download import Redirect
    from mockserver.fetch.network import Network
    from mockserver.fetch.policy import Policy

MAX_REDIRECTS = 5
_MAX_BYTES = 32 * 1024 * 1024


class Picture(Protocol):
    """A bundled picture: a path, or whatever else has the method."""

    def read_bytes(self) -> bytes:
        """Return the encoded picture."""


class Fetcher:
    """Gets the picture behind a URL, as the providers do, but only from where the policy allows.

    A host is looked up once. Each of its addresses is checked, and the connection goes to a checked address, so no
    second answer of a name server can lead elsewhere. Redirects are followed and each is checked like the first URL;
    one that leads from https to http is refused under every policy. May be used from several threads.
    """

    def __init__(
        self,
        policy: Policy,
        samples: Mapping[str, Picture],
        timeout: float = 30.0,
        internet: Internet | None = None,
    ) -> None:
        """Fetch under *policy*, with the bundled *samples* by their URLs.

        *timeout*, in seconds of real time, is for a whole fetch with all its
        redirects. *internet* takes the place of the system's name lookup and TCP connections.
        """
        self._policy = policy
        self._samples = samples
        self._read: dict[str, bytes] = {}
        self._timeout = timeout
        self._internet = internet

    def sample(self, url: str) -> bytes | None:
        """Return the bundled picture that stands for *url*, or ``None``; no network is ever asked."""
        if url not in self._read and url in self._samples:
            self._read[url] = self._samples[url].read_bytes()
        return self._read.get(url)

    def fetch(self, url: str, max_bytes: int = _MAX_BYTES) -> bytes:
        """Return the bytes found at *url*, at most *max_bytes*, which may be no picture at all.

        Raises:
            ImageError: One of the ``URL_`` troubles.
        """
        deadline = Deadline(self._timeout)
        origin = ""
        for _ in range(MAX_REDIRECTS + 1):
            if (sample := self.sample(url)) is not None:
                return sample
            target = _target(url, origin)
            origin = target.origin
            found = self._network(target, max_bytes).get(target, deadline)
            if isinstance(found, bytes):
                return found
            url = _next(target, url, found)
        raise ImageError(Trouble.URL_STATUS, f"{target.origin} redirected once more after {MAX_REDIRECTS} redirects.")

    def _network(self, target: Target, max_bytes: int) -> Network:
        if self._policy == "fixtures":
            known = ", ".join(self._samples)
            reason = (
                f"has no bundled picture at this address (there are {known})" if known else "has no bundled picture"
            )
            raise refusal(target.origin, reason, "loopback", "public", "all")
        # Imported here because most servers never leave their samples, and sockets and TLS cost time to load.
        from mockserver.fetch.network import Network  # noqa: PLC0415  see above

        return Network(self._policy, max_bytes, self._internet)


def _target(url: str, redirected_by: str) -> Target:
    """Return where *url* leads; what is wrong with the target of a redirect is no fault of the URL that was given."""
    try:
        return parse(url)
    except ImageError as error:
        if not redirected_by:
            raise
        detail = f"{redirected_by} redirects to a URL that is not followed. {error.detail}"
        raise ImageError(Trouble.URL_UNREACHABLE, detail) from error


def _next(target: Target, url: str, redirect: Redirect) -> str:
    try:
        following = urljoin(url, redirect.location)
    except ValueError:
        raise ImageError(
            Trouble.URL_UNREACHABLE, f"{target.origin} redirects to a URL that cannot be parsed."
        ) from None
    if target.scheme == "https" and not following.lower().startswith("https:"):
        raise ImageError(Trouble.URL_REFUSED, f"{target.origin} redirects away from https, which is not followed.")
    return following
