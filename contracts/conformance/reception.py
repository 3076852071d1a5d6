"""How a server receives what is sent with the own credentials, and what to do where nothing ever succeeds."""

from __future__ import annotations

from collections import Counter
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from contracts.checks.finding import printable

if TYPE_CHECKING:
    from contracts.model import Exchange

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_FEW, _MANY = 3, 25
"""Answers after which nothing is hoped for any more: if all are alike and have a plain cause; and whatever they are."""
_TOLD = 4
"""Statuses that are told of."""


class Reception:
    """Counts the answers to requests with the own credentials to the server at ``origin``."""

    def __init__(self, origin: str) -> None:
        """Have no answers yet."""
        self._origin = origin
        self._statuses: Counter[int] = Counter()
        self._place = ""
        self.succeeded = False

    def note(self, exchange: Exchange) -> None:
        """Note how *exchange* was answered, if it was."""
        if exchange.response is None:
            return
        status = exchange.response.status
        self._statuses[status] += 1
        self._place = exchange.response.headers.get("Location") or self._place
        self.succeeded = self.succeeded or HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES

    @property
    def is_hopeless(self) -> bool:
        """Whether to go on would only bring more of the same."""
        count = self._statuses.total()
        return not self.succeeded and (count >= _MANY or (count >= _FEW and bool(self._cause())))

    def why(self) -> str:
        """Say why no operation ever succeeded, and what to do."""
        if not self._statuses:
            return "No operation ever succeeded."
        return f"No operation ever succeeded. {self._cause() or self._counts()}"

    def _cause(self) -> str:
        """Return what all answers have in common, and the next step, or nothing."""
        statuses = frozenset(self._statuses)
        said = " or ".join(map(str, sorted(statuses)))
        for known, cause in _CAUSES:
            if statuses <= known:
                return f"The server answers {said} every time: {cause}"
        if statuses <= _REDIRECTS and self._place:
            return f"The server redirects every request, to {self._target()}; check that one, with --url."
        if min(statuses) >= HTTPStatus.INTERNAL_SERVER_ERROR:
            return f"The server answers {said} every time: it is broken; look into its log."
        return ""

    def _target(self) -> str:
        """Return the origin that requests are redirected to."""
        try:
            parts = urlsplit(self._place)
        except ValueError:
            return printable(self._place)
        return printable(f"{parts.scheme}://{parts.netloc}" if parts.scheme and parts.netloc else self._place)

    def _counts(self) -> str:
        counts = ", ".join(f"{status} ({count} times)" for status, count in self._statuses.most_common(_TOLD))
        return f"The server answers {counts}. Look at what it says: --record keeps it."


_CAUSES = (
    (frozenset({401, 403}), "it refuses the credentials. Are they those of this server, and complete?"),
    (frozenset({402}), "it asks for payment. Give the account credits, or take another one."),
    (frozenset({404, 405, 410}), "it knows none of the paths. Is this the origin of the API, and nothing else?"),
    (frozenset({429}), "it limits how often it is asked. Wait some minutes, then run again."),
)
"""What statuses mean, if there are no others."""
