"""The pictures of an exchange: the one that was sent, and the one that came back."""

from __future__ import annotations

import re
from threading import Lock
from typing import TYPE_CHECKING

from flask import Response

from contracts.behaviour import ImageError, Work
from contracts.providers import ProviderError, kit_of
from mockserver.control.asked import parameters
from mockserver.control.journal import exchange
from mockserver.control.operation import NOT_FOUND, add, need_thread, query
from mockserver.control.refusal import RefusalError
from mockserver.control.work import makes_delta, situation, work_of
from mockserver.imaging import restored, shown
from mockserver.imaging.kinds import kind_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from flask import Blueprint

    from contracts.behaviour import Answer
    from contracts.cases import Kit
    from contracts.model import Operation, Request
    from mockserver.control.operation import Control
    from mockserver.engine import Service
    from mockserver.journal import Body, Entry

_ONE_AT_A_TIME = Lock()
"""To put a result together takes memory for the pixels of two pictures."""
_UNSEEN = frozenset({"tiff"})
"""Kinds of pictures that browsers do not show."""
_HEADERS = (
    ("X-Content-Type-Options", "nosniff"),
    ("Content-Security-Policy", "default-src 'none'; sandbox"),
    ("Cache-Control", "no-store"),
)
"""What was sent to the mock may be anything, and must not run in the control API's origin."""
_TEMPLATE_FIELD = re.compile(r"\\\{\w+\\\}")


def add_routes(blueprint: Blueprint, control: Control) -> None:
    """Add the operations on pictures to *blueprint*."""

    def sent(number: int) -> Response:
        wanted, pictures = _found("input", number)
        return _answer(pictures.sent(), in_browser=wanted["show"])

    def received(number: int) -> Response:
        wanted, pictures = _found("result", number)
        picture = pictures.put_together() if wanted["whole"] else pictures.received()
        return _answer(picture, in_browser=wanted["show"])

    def _found(name: str, number: int) -> tuple[Mapping[str, Any], _Pictures]:
        entry = exchange(control.journal, number)
        wanted = parameters(f"/journal/{{number}}/{name}", "get", query())
        need_thread()
        return wanted, _Pictures(control, entry)

    add(blueprint, "GET", "/journal/<int:number>/input", sent)
    add(blueprint, "GET", "/journal/<int:number>/result", received)


def _answer(picture: bytes, *, in_browser: bool) -> Response:
    """Return *picture* as it is, or, *in_browser*, in a form that browsers show."""
    kind = kind_of(picture)
    if in_browser and kind in _UNSEEN:
        picture, kind = shown(picture), "png"
        if not picture:
            raise RefusalError(NOT_FOUND, "The picture is too large, or damaged, and cannot be shown.", "show")
    return Response(picture, headers=_HEADERS, content_type=f"image/{kind}" if kind else "application/octet-stream")


class _Pictures:
    """The pictures of *entry*, each found or refused."""

    def __init__(self, control: Control, entry: Entry) -> None:
        self._control = control
        self._entry = entry
        self._service = control.engine.services[entry.operation.provider] if entry.operation else None

    def sent(self) -> bytes:
        """Return the picture that the request carried, or that its URL is known to lead to."""
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
        """Return the picture in the answer, or the one that it names, while that can be fetched."""
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
        """Return the same with the input's pixels wherever it only refers to them."""
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
