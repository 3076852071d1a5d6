"""One exchange as the journal keeps it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal, NamedTuple

from contracts.model import Exchange

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from decimal import Decimal

    from contracts.model import Ending, Operation, Request, Response

PAIR = 160
"""Bytes that Python takes for a pair of texts, besides their letters."""
_REASON = 120
"""The same for a reason, of which the step is a text that there is but once."""

Step = Literal["credentials", "script", "limits", "faults", "answer", "credits", "delivery"]
"""A stage on the way to an answer."""


class Reason(NamedTuple):
    """What a step decided, in a sentence."""

    step: Step
    text: str


@dataclass(slots=True)
class Body:
    """A body, whole while memory lasts: then ``data`` is ``None``, and size, hash and perhaps a thumbnail are left.

    One that was too large to be read has a size only, as far as the client has told it, and no hash. ``thumbnail`` is a
    small JPEG of the picture that the body is or holds.
    """

    size: int
    data: bytes | None
    digest: str = ""
    thumbnail: bytes = b""

    @classmethod
    def of(cls, data: bytes) -> Body:
        """Return the whole body *data*."""
        return cls(len(data), data)

    @classmethod
    def gone(cls, data: bytes) -> Body:
        """Return what is left of the body *data* when it is not to be kept."""
        body = cls.of(data)
        body.let_go()
        return body

    @property
    def was_read(self) -> bool:
        """Whether it was not too large for that."""
        return self.data is not None or bool(self.digest)

    @property
    def weight(self) -> int:
        """The bytes that are held."""
        return len(self.data or b"") + len(self.thumbnail)

    @property
    def sha256(self) -> str:
        """The hash of the whole body, in hexadecimal digits."""
        if not self.digest and self.data is not None:
            self.digest = hashlib.sha256(self.data).hexdigest()
        return self.digest

    def let_go(self) -> None:
        """Keep the hash and forget the content."""
        self.digest = self.sha256
        self.data = None


@dataclass(slots=True)
class Entry:
    """One exchange, from the moment when its request was complete.

    ``outline`` reads the parameters of a request, and ``grown`` is told when they are kept after the end. ``charge`` is
    what the exchange has cost in credits, 0 for a success that was free, ``None`` where nobody was to be charged.

    ``sent`` is how many bytes of the answer's body went out, ``answered`` the last moment before the first byte did.

    ``request`` and ``response`` have no bodies; those are beside them. ``response`` is ``None`` until there is one, and
    stays so where the client gets none. ``picture`` is what the request's body holds, until it is archived; a sample
    that its URL stands for is held in any case, and weighs nothing (``picture_is_shared``). ``shared`` is how many
    bytes the rest would weigh more if it had nothing in common with others. Moments are seconds since 1970,
    UTC: of the server's clock, or, with ``_real``, of the system's.
    """

    number: int
    connection: int
    request: Request
    request_body: Body
    received: float
    received_real: float
    operation: Operation | None = None
    tenant: str = ""
    response: Response | None = None
    response_body: Body | None = None
    error: str = ""
    ending: Ending | None = None
    sent: int | None = None
    answered: float | None = None
    ended: float | None = None
    ended_real: float | None = None
    charge: Decimal | None = None
    shared: int = 0
    outline: Callable[[Request], Mapping[str, str]] | None = None
    grown: Callable[[Entry], None] | None = None
    picture: bytes | None = None
    picture_is_shared: bool = False
    reasons: list[Reason] = field(default_factory=list)
    _parameters: Mapping[str, str] | None = None

    def add(self, step: Step, text: str) -> None:
        """Note why the answer will be as it is."""
        self.reasons.append(Reason(step, text))

    @property
    def parameters(self) -> Mapping[str, str]:
        """What the request asks for, as far as it can be read."""
        outline, data = self.outline, self.request_body.data  # another thread may let go of them
        if self._parameters is not None or outline is None or data is None:
            return self._parameters or {}
        found = self._parameters = outline(replace(self.request, body=data))
        if self.ending is not None and self.grown is not None:
            self.grown(self)
        return found

    @property
    def told(self) -> str:
        """All texts by which somebody may look for it, each on lines of its own."""
        parameters = self.parameters
        texts = [self.tenant, self.request.path, self.request.query, self.error, *parameters, *parameters.values()]
        texts += [reason.text for reason in self.reasons]
        if self.operation is not None:
            texts.append(self.operation.id)
        if self.response is not None:
            texts.append(str(self.response.status))
        return "\n".join(texts)

    def let_go(self) -> None:
        """Keep what is small, and forget the bodies."""
        self._parameters = self.parameters
        self.outline = self.picture = None
        self.request_body.let_go()
        if self.response_body is not None:
            self.response_body.let_go()

    @property
    def has_thumbnails(self) -> bool:
        """Whether small pictures are held."""
        return bool(self.request_body.thumbnail or (self.response_body and self.response_body.thumbnail))

    def let_go_of_thumbnails(self) -> None:
        """Forget the small pictures, too."""
        self.request_body.thumbnail = b""
        if self.response_body is not None:
            self.response_body.thumbnail = b""

    @property
    def weight(self) -> int:
        """The bytes that are held: of bodies, of what is kept without them, and of the objects that hold texts."""
        request, response = self.request, self.response
        pairs = [*request.headers, *(self._parameters or {}).items()]
        pairs += response.headers if response is not None else ()
        weight = sum(len(name) + len(value) + PAIR for name, value in pairs) + len(request.path) + len(request.query)
        return (
            weight
            - self.shared
            + sum(len(reason.text) + _REASON for reason in self.reasons)
            + self.request_body.weight
            + (0 if self.picture_is_shared else len(self.picture or b""))
            + (self.response_body.weight if self.response_body is not None else 0)
        )

    @property
    def is_whole(self) -> bool:
        """Whether all bodies are still held."""
        bodies = (self.request_body, self.response_body)
        return all(body is None or body.data is not None for body in bodies)

    def exchange(self) -> Exchange:
        """Return this as it is judged and exported; bodies that are no longer held are empty."""
        response = self.response
        if response is not None and self.response_body is not None:
            response = replace(response, body=self.response_body.data or b"")
        request = replace(self.request, body=self.request_body.data or b"")
        times = (self.received, self.ended, self.ending)
        return Exchange(self.number, self.connection, request, response, *times, self.sent, self.answered)
