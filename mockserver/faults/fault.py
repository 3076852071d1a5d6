"""What a fault is, and the kinds of it.

A fault comes in instead of an answer, before anything is done, or changes the answer that was made. Its fields are
those of the word that asks for it (see :mod:`mockserver.faults.words`).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, ClassVar, Literal

from contracts.behaviour import Answer
from contracts.model import Headers, Response
from contracts.replies import html_reply
from mockserver.wire import RESPOND, Close, Dribble, Reset, Stall, Truncate

if TYPE_CHECKING:
    from collections.abc import Mapping

    from contracts.behaviour import Behaviour, Rendering
    from contracts.model import ApiError
    from mockserver.wire import Action

Body = Literal["json", "html", "empty", "malformed"]

_NO_IMAGE = b"This was to be a picture.\n"


@dataclass(frozen=True, slots=True)
class Fault:
    """No misbehaviour at all; kinds of it override what they change."""

    kind: ClassVar[str] = "ok"

    @property
    def sentence(self) -> str:
        """What happens, in a few words."""
        return "nothing is changed"

    @property
    def delay(self) -> float:
        """Seconds of virtual time for which the answer is held back."""
        return 0.0

    @property
    def action(self) -> Action:
        """What happens on the connection."""
        return RESPOND

    @property
    def silent(self) -> bool:
        """Whether the client gets no answer at all."""
        return False

    def instead(self, behaviour: Behaviour, errors: Mapping[str, ApiError]) -> Answer | None:
        """Return what is answered before anything is done, or ``None`` if the request is worked on.

        *errors* are the documented ones of the provider.
        """
        del behaviour, errors
        return None

    def rendering(self, rendering: Rendering) -> Rendering:
        """Return the picture that takes the place of the finished *rendering*."""
        return rendering

    def lifetime(self, seconds: float) -> float:
        """Return how long a result that should live for *seconds* can be fetched."""
        return seconds

    def response(self, response: Response) -> Response:
        """Return what is sent in the place of *response*."""
        return response


@dataclass(frozen=True, slots=True)
class ErrorFault(Fault):
    """The documented error ``name``, perhaps with ``Retry-After`` in seconds."""

    kind: ClassVar[str] = "error"

    name: str
    retry_after: int | None = None

    @property
    def sentence(self) -> str:
        """What happens, in a few words."""
        return f"the documented error {self.name}"

    def instead(self, behaviour: Behaviour, errors: Mapping[str, ApiError]) -> Answer | None:
        """Return the error; a provider that does not know it works on the request."""
        return _late(behaviour.error(self.name), self.retry_after) if self.name in errors else None


@dataclass(frozen=True, slots=True)
class StatusFault(Fault):
    """Any ``status``. With the ``body`` ``json`` it is the first documented error of that status, if there is one."""

    kind: ClassVar[str] = "status"

    status: int
    body: Body = "json"
    retry_after: int | None = None

    @property
    def sentence(self) -> str:
        """What happens, in a few words."""
        return f"the status {self.status} with a body that is {self.body}"

    def instead(self, behaviour: Behaviour, errors: Mapping[str, ApiError]) -> Answer | None:
        """Return the answer with that status."""
        return _late(self._answer(behaviour, errors), self.retry_after)

    def _answer(self, behaviour: Behaviour, errors: Mapping[str, ApiError]) -> Answer:
        reason = f"status {self.status}"
        if self.body == "html":
            return Answer(html_reply(self.status, str(self.status), "The server has a problem."), reason)
        if self.body == "empty":
            return Answer(Response(self.status), reason)
        if self.body == "malformed":
            whole = behaviour.failure(self.status).response
            return Answer(replace(whole, body=whole.body[: len(whole.body) // 2]), reason)
        documented = next((name for name, error in errors.items() if error.status == self.status), None)
        return behaviour.error(documented) if documented else behaviour.failure(self.status)


@dataclass(frozen=True, slots=True)
class RedirectFault(Fault):
    """A redirect to ``location``."""

    kind: ClassVar[str] = "redirect"

    location: str
    status: int = 302

    @property
    def sentence(self) -> str:
        """What happens, in a few words."""
        return f"a redirect ({self.status}) to {self.location}"

    def instead(self, behaviour: Behaviour, errors: Mapping[str, ApiError]) -> Answer | None:
        """Return the redirect."""
        del behaviour, errors
        return Answer(Response(self.status, Headers((("Location", self.location),))), f"status {self.status}")


@dataclass(frozen=True, slots=True)
class HeadersFault(Fault):
    """Header fields that are wrong (``set``) or missing (``remove``)."""

    kind: ClassVar[str] = "headers"

    set: Mapping[str, str] = field(default_factory=dict)
    remove: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """What happens, in a few words."""
        changed = [*self.set, *(f"no {name}" for name in self.remove)]
        return f"changed header fields: {', '.join(changed)}"

    def response(self, response: Response) -> Response:
        """Return *response* with the changed fields."""
        gone = {name.lower() for name in (*self.set, *self.remove)}
        kept = tuple(pair for pair in response.headers if pair[0].lower() not in gone)
        return replace(response, headers=Headers((*kept, *self.set.items())))


@dataclass(frozen=True, slots=True)
class ContentTypeFault(Fault):
    """The wrong ``Content-Type``, or none where ``value`` is ``None``."""

    kind: ClassVar[str] = "content-type"

    value: str | None = None

    @property
    def sentence(self) -> str:
        """What happens, in a few words."""
        return f"the Content-Type {self.value}" if self.value else "no Content-Type"

    def response(self, response: Response) -> Response:
        """Return *response* with that type."""
        name = "Content-Type"
        fault = HeadersFault(set={name: self.value}) if self.value else HeadersFault(remove=(name,))
        return fault.response(response)


@dataclass(frozen=True, slots=True)
class StallFault(Fault):
    """Silence for ``seconds``: before the answer, or after the head and ``after`` bytes of the body."""

    kind: ClassVar[str] = "stall"

    seconds: float
    after: int | None = None

    @property
    def sentence(self) -> str:
        """What happens, in a few words."""
        place = "before the answer" if self.after is None else f"after {self.after} bytes of the body"
        return f"silence for {self.seconds:g} seconds {place}"

    @property
    def delay(self) -> float:
        """Seconds of virtual time for which the answer is held back."""
        return self.seconds if self.after is None else 0.0

    @property
    def action(self) -> Action:
        """What happens on the connection."""
        return RESPOND if self.after is None else Stall(self.after, self.seconds)


@dataclass(frozen=True, slots=True)
class DribbleFault(Fault):
    """The body comes ``bytes`` at a time, every so many seconds (``every``)."""

    kind: ClassVar[str] = "dribble"

    bytes: int = 1
    every: float = 1.0

    @property
    def sentence(self) -> str:
        """What happens, in a few words."""
        return f"{self.bytes} bytes of the body every {self.every:g} seconds"

    @property
    def action(self) -> Action:
        """What happens on the connection."""
        return Dribble(self.bytes, self.every)


@dataclass(frozen=True, slots=True)
class TruncateFault(Fault):
    """The body ends ``after`` so many bytes, although the head promises all of it."""

    kind: ClassVar[str] = "truncate"

    after: int = 0

    @property
    def sentence(self) -> str:
        """What happens, in a few words."""
        return f"the connection is closed after {self.after} bytes of the body"

    @property
    def action(self) -> Action:
        """What happens on the connection."""
        return Truncate(self.after)


@dataclass(frozen=True, slots=True)
class CloseFault(Fault):
    """The connection is closed without an answer, and nothing is done."""

    kind: ClassVar[str] = "close"

    @property
    def sentence(self) -> str:
        """What happens, in a few words."""
        return "the connection is closed without an answer"

    @property
    def action(self) -> Action:
        """What happens on the connection."""
        return Close()

    @property
    def silent(self) -> bool:
        """Whether the client gets no answer at all."""
        return True

    def instead(self, behaviour: Behaviour, errors: Mapping[str, ApiError]) -> Answer | None:
        """Return what is never sent."""
        del behaviour, errors
        return _never_sent(self)


@dataclass(frozen=True, slots=True)
class ResetFault(Fault):
    """A TCP reset: without an answer and with nothing done, or after the head and ``after`` bytes of the body."""

    kind: ClassVar[str] = "reset"

    after: int | None = None

    @property
    def sentence(self) -> str:
        """What happens, in a few words."""
        place = "without an answer" if self.after is None else f"after {self.after} bytes of the body"
        return f"the connection is reset {place}"

    @property
    def action(self) -> Action:
        """What happens on the connection."""
        return Reset(self.after)

    @property
    def silent(self) -> bool:
        """Whether the client gets no answer at all."""
        return self.after is None

    def instead(self, behaviour: Behaviour, errors: Mapping[str, ApiError]) -> Answer | None:
        """Return what is never sent, unless the reset comes in the middle of a true answer."""
        del behaviour, errors
        return _never_sent(self) if self.silent else None


@dataclass(frozen=True, slots=True)
class ExpireFault(Fault):
    """A hosted result can be fetched for ``after`` seconds only; with 0, never."""

    kind: ClassVar[str] = "expire"

    after: float = 0.0

    @property
    def sentence(self) -> str:
        """What happens, in a few words."""
        return f"the result can be fetched for {self.after:g} seconds only"

    def lifetime(self, seconds: float) -> float:
        """Return how long a result that should live for *seconds* can be fetched."""
        return min(seconds, self.after)


@dataclass(frozen=True, slots=True)
class NoImageFault(Fault):
    """What is declared to be a picture is a line of text."""

    kind: ClassVar[str] = "no-image"

    @property
    def sentence(self) -> str:
        """What happens, in a few words."""
        return "the result is no picture"

    def rendering(self, rendering: Rendering) -> Rendering:
        """Return *rendering* with text for its data."""
        return replace(rendering, data=_NO_IMAGE)


def _never_sent(fault: Fault) -> Answer:
    return Answer(Response(500), fault.sentence)


def _late(answer: Answer, seconds: int | None) -> Answer:
    """Return *answer* with ``Retry-After``, if that is wanted."""
    if seconds is None:
        return answer
    headers = answer.response.headers.with_fields(("Retry-After", str(seconds)))
    return replace(answer, response=replace(answer.response, headers=headers))
