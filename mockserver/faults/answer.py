"""Faults that are an answer of their own, which comes instead of the work."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar, Literal

from contracts.behaviour import Answer
from contracts.model import Headers, Response
from contracts.replies import html_reply
from mockserver.faults.fault import Fault

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from contracts.behaviour import Behaviour
    from contracts.model import ApiError

Body = Literal["json", "html", "empty", "malformed"]


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

    def missing(self, errors: Collection[str]) -> str:
        """Return that the provider does not have the error, if it does not."""
        return "" if self.name in errors else "the provider does not have"

    def instead(self, behaviour: Behaviour, errors: Mapping[str, ApiError]) -> Answer | None:
        """Return the error; a provider that does not know it works on the request."""
        return _late(behaviour.error(self.name), self.retry_after) if self.name in errors else None


_BODIES: Mapping[Body, str] = {
    "json": "",
    "html": " with an HTML page",
    "empty": " without a body",
    "malformed": " with half a body",
}


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
        return f"the status {self.status}{_BODIES[self.body]}"

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


def _late(answer: Answer, seconds: int | None) -> Answer:
    """Return *answer* with ``Retry-After``, if that is wanted."""
    if seconds is None:
        return answer
    headers = answer.response.headers.with_fields(("Retry-After", str(seconds)))
    return replace(answer, response=replace(answer.response, headers=headers))
