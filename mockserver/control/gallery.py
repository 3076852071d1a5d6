"""The pictures of an exchange: the one that was sent, and the one that came back."""

from __future__ import annotations

import re
from threading import Lock
from typing import TYPE_CHECKING

from contracts.behaviour import ImageError, Work
from contracts.providers import ProviderError, kit_of
from mockserver.control.operation import NOT_FOUND
from mockserver.control.refusal import RefusalError
from mockserver.control.work import makes_delta, situation, work_of
from mockserver.imaging import restored
from mockserver.imaging.kinds import kind_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from contracts.behaviour import Answer
    from contracts.cases import Kit
    from contracts.model import Operation, Request
    from mockserver.control.operation import Control
    from mockserver.engine import Service
    from mockserver.journal import Body, Entry

_ONE_AT_A_TIME = Lock()
"""To put a result together takes memory for the pixels of two pictures."""
_TEMPLATE_FIELD = re.compile(r"\\\{\w+\\\}")


class Gallery:
    """The pictures of *entry*, each found or refused."""

    def __init__(self, control: Control, entry: Entry) -> None:
        """Look for those of *entry*, with the help of what *control* controls."""
        self._control = control
        self._entry = entry
        self._service = control.engine.services[entry.operation.provider] if entry.operation else None

    def sent(self) -> bytes:
        """Return the picture that the request carried, or that its URL is known to lead to.

        Raises:
            RefusalError: there is none, or it is no longer held.
        """
        entry = self._entry
        picture = entry.picture
        if picture is not None:
            return picture
        if entry.request_body.data is None:
            raise _gone("request", entry.request_body)
        picture = self._asked(self._service) if self._service is not None else None
        if picture is None:
            raise _missing("The request has no picture, or one of which only the URL is known.")
        return picture

    def received(self) -> bytes:
        """Return the picture in the answer, or the one that it names, while that can be fetched.

        Raises:
            RefusalError: there is none, or it is no longer held.
        """
        entry = self._entry
        response, body = entry.response, entry.response_body
        if response is None or body is None:
            raise _missing(f"Exchange {entry.number} has no answer.")
        if body.data is None:
            raise _gone("answer", body)
        if response.media_type.startswith("image/") or kind_of(body.data):
            return body.data
        picture = self._named(self._service) if self._service is not None else None
        if picture is None:
            problem = (
                "The answer is no picture, and names none that can be fetched here, or it cannot be fetched any more."
            )
            raise _missing(problem)
        return picture

    def put_together(self) -> bytes:
        """Return the same with the input's pixels wherever it only refers to them.

        Raises:
            RefusalError: there is none, it is no longer held, or the two do not fit together.
        """
        result = self.received()
        work = work_of(self._control, self._entry)
        if work is None and self._entry.request_body.data is None:
            raise _gone("request", self._entry.request_body)
        if work is None or not makes_delta(work):
            return result
        source = self.sent()
        try:
            with _ONE_AT_A_TIME:
                return restored(result, source, work.recipe)
        except ImageError as error:
            raise RefusalError(NOT_FOUND, f"The result cannot be put together. {error.detail}", "whole") from error

    @property
    def told(self) -> dict[str, bool]:
        """Which pictures there are."""
        return {"input": _is_there(self.sent), "result": _is_there(self.received)}

    def _asked(self, service: Service) -> bytes | None:
        """Return the picture that the request is about, if its bytes are known."""
        work = work_of(self._control, self._entry)
        if work is not None:
            return work.source if isinstance(work.source, bytes) else self._control.engine.sample(work.source)
        # A request that is refused may still have a picture.
        kit = _kit(service)
        return kit.pictures(self._entry.exchange())[0] if kit is not None else None

    def _named(self, service: Service) -> bytes | None:
        """Return the stored picture that the answer names."""
        kit = _kit(service)
        following = kit.follow(self._entry.exchange()) if kit is not None else None
        operation = _addressed(service, following) if following is not None else None
        if following is None or operation is None:
            return None
        now = situation(self._control, self._control.state.results.get)
        answer = service.behaviour.perform(operation, following, now)
        return None if isinstance(answer, Work) else _picture_in(answer)


def _is_there(picture: Callable[[], bytes]) -> bool:
    try:
        return bool(picture())
    except RefusalError:
        return False


def _picture_in(answer: Answer) -> bytes | None:
    response = answer.response
    return response.body if response.media_type.startswith("image/") else None


def _kit(service: Service) -> Kit | None:
    """Return what the provider has for conformance checks, if anything: it knows where pictures are."""
    try:
        return kit_of(service.provider)
    except ProviderError:
        return None


def _addressed(service: Service, request: Request) -> Operation | None:
    """Return the operation that *request* is for."""
    for operation in service.openapi.operations:
        template = _TEMPLATE_FIELD.sub("[^/]+", re.escape(operation.path))
        if operation.method == request.method and re.fullmatch(template, request.path):
            return operation
    return None


def _missing(problem: str) -> RefusalError:
    return RefusalError(NOT_FOUND, problem, "number")


def _gone(whose: str, body: Body) -> RefusalError:
    """Return the refusal for a *body*, of the request or of the answer, that is no longer held."""
    more = " The details of the exchange have a thumbnail." if body.thumbnail else ""
    return _missing(f"The body of the {whose} is no longer held.{more}")
