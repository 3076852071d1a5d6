"""What mutants of this provider share: errors in its form, and ways to look at requests."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from contracts.model import Headers, Response
from tests.mutants.changes import with_header, with_json

if TYPE_CHECKING:
    from collections.abc import Callable

    from contracts.model import Exchange, Request
    from tests.mutants.mutant import Ask

    Answer = Callable[[Request, Ask], Response]

CHAT, MODELS, FILES = "/v1/chat/completions", "/v1/models", "/files/"


def said(status: int, value: object) -> Response:
    """Return *value* as JSON with *status*."""
    data = json.dumps(value, ensure_ascii=False).encode()
    return Response(status, Headers((("Content-Type", "application/json"), ("Content-Length", str(len(data))))), data)


def error(status: int, message: str = "No.", code: str | None = None) -> Response:
    """Return an error object with *status*."""
    return said(status, {"error": {"message": message, "type": "invalid_request_error", "param": None, "code": code}})


def page(status: int) -> Response:
    """Return a web page."""
    return Response(status, Headers((("Content-Type", "text/html"),)), b"<!DOCTYPE html><p>Hello</p>")


def completion(url: str = "https://files.example/a.png") -> Response:
    """Return a completion out of thin air."""
    message = {"role": "assistant", "content": url}
    choice = {"index": 0, "finish_reason": "stop", "message": message}
    usage = {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}
    head = {"id": "xty-1704067200000", "object": "chat.completion", "created": 1704067200, "model": "remove-bg"}
    return said(200, {**head, "choices": [choice], "usage": usage})


def when(matches: Callable[[Request], bool], change: Callable[[Response], Response]) -> Answer:
    """Return the mock's answers, changed where the request *matches*."""

    def answer(request: Request, ask: Ask) -> Response:
        response = ask(request)
        return change(response) if matches(request) else response

    return answer


def instead(matches: Callable[[Request], bool], other: Response) -> Answer:
    """Return *other* where the request *matches*; the mock is asked all the same."""
    return when(matches, lambda _: other)


def completed(change: Callable[[Any], Any]) -> Answer:
    """Return the mock's answers with the JSON of completions changed."""

    def changed(response: Response) -> Response:
        whole = response.status == 200 and response.media_type == "application/json"
        return with_json(response, change) if whole else response

    return when(is_chat, changed)


def failed(change: Callable[[Any], Any], status: int | None = None) -> Answer:
    """Return the mock's answers with the JSON of errors changed, and perhaps their *status*."""

    def changed(response: Response) -> Response:
        if response.status < 400:
            return response
        other = with_json(response, change)
        return other if status is None else replace(other, status=status)

    return when(lambda _: True, changed)


def with_status(before: int, after: int) -> Answer:
    """Return the mock's answers, those of the status *before* with the status *after*."""
    return when(lambda _: True, lambda one: replace(one, status=after) if one.status == before else one)


def without_fields(*names: str) -> Answer:
    """Return the mock's answers without the header fields *names*."""

    def changed(response: Response) -> Response:
        for name in names:
            response = with_header(response, name, None)
        return response

    return when(lambda _: True, changed)


def is_chat(request: Request) -> bool:
    """Tell whether *request* is for a completion."""
    return request.method == "POST" and request.path == CHAT


def is_file(request: Request) -> bool:
    """Tell whether *request* fetches a result."""
    return request.path.startswith(FILES)


def holds(*words: str) -> Callable[[Request], bool]:
    """Return whether the body of a request for a completion has all of *words* in it."""
    return lambda request: is_chat(request) and all(word.encode() in request.body for word in words)


def lacks(word: str) -> Callable[[Request], bool]:
    """Return whether the body of a request for a completion has *word* nowhere in it."""
    return lambda request: is_chat(request) and word.encode() not in request.body


def later(seconds: float, *, files_only: bool) -> Callable[[Exchange], Exchange]:
    """Return how exchanges look that end *seconds* later; those that fetch results begin later as well."""

    def seen(exchange: Exchange) -> Exchange:
        if files_only and not is_file(exchange.request):
            return exchange
        shift = seconds if files_only else 0.0
        return replace(exchange, received=exchange.received + shift, ended=(exchange.ended or 0.0) + seconds)

    return seen
