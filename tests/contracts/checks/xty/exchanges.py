"""Exchanges made by hand, and what the checks say of them."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from contracts.model import Ending, Exchange, Headers, Request, Response, Timeline
from contracts.providers.xty.checks import CHECKS
from contracts.strategies import Drawing, draw
from tests.contracts.checks.found import found_by

if TYPE_CHECKING:
    from collections.abc import Mapping

    from contracts.strategies import Picture
    from tests.contracts.checks.found import Found

NOW = 1_704_067_200.0
ORIGIN, CDN = "https://api.example", "https://cdn.example"
PICTURE = draw(Drawing(width=80, height=64))
MISSING = "remove-bg模型需要图片,请在请求中包含图片"
KEY = ("Authorization", "Bearer sk-test")


def data_url(picture: Picture = PICTURE) -> str:
    """Return *picture* as a data URL."""
    return f"data:{picture.media_type};base64,{base64.b64encode(picture.data).decode()}"


def conversation(*parts: object, **keys: object) -> dict[str, Any]:
    """Return a body with one message of *parts*."""
    return {"model": "remove-bg", "messages": [{"role": "user", "content": list(parts)}], **keys}


def right(picture: Picture = PICTURE, words: str = "a person", **keys: object) -> dict[str, Any]:
    """Return a body with which nothing is wrong."""
    shown = {"type": "image_url", "image_url": {"url": data_url(picture)}}
    return conversation({"type": "text", "text": words}, shown, **keys)


def ask(body: object, *fields: tuple[str, str], key: bool = True) -> Request:
    """Return a request for a completion."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = Headers((*((KEY,) if key else ()), ("Content-Type", "application/json"), *fields))
    return Request("POST", "/v1/chat/completions", "", headers, data, ORIGIN)


def fetch(path: str = "/msk-bg.png", *fields: tuple[str, str], origin: str = CDN) -> Request:
    """Return a request for a result."""
    return Request("GET", path, "", Headers(fields), b"", origin)


def answer(status: int, body: object, kind: str = "application/json", *fields: tuple[str, str]) -> Response:
    """Return an answer; what is no bytes is sent as JSON."""
    data = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
    return Response(status, Headers((("Content-Type", kind), *fields)), data)


def completion(url: str = f"{CDN}/msk-bg.png", **changes: object) -> Response:
    """Return the documented completion with *changes*."""
    message = {"role": "assistant", "content": url}
    body = {
        "id": "xty-1704067200000",
        "object": "chat.completion",
        "created": 1704067200,
        "model": "remove-bg",
        "choices": [{"index": 0, "finish_reason": "stop", "message": message}],
        "usage": {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0},
    }
    return answer(200, {**body, **changes})


def refusal(status: int = 400, **changes: object) -> Response:
    """Return the documented error with *changes*."""
    error = {"message": MISSING, "type": "invalid_request_error", "param": None, "code": None}
    return answer(status, {"error": {**error, **changes}})


def judged(
    *pairs: tuple[Request, Response | None],
    after: float = 0.0,
    ending: Ending = Ending.DONE,
    pictures: Mapping[str, bytes] | None = None,
) -> Found:
    """Return what the checks find; the last exchange begins *after* seconds, and has this *ending*."""
    exchanges = [
        Exchange(number, 0, request, response, NOW + number, NOW + number + 0.5, Ending.DONE)
        for number, (request, response) in enumerate(pairs)
    ]
    last = exchanges[-1]
    shifted = replace(last, received=last.received + after, ended=(last.ended or 0.0) + after, ending=ending)
    return found_by(CHECKS, Timeline((*exchanges[:-1], shifted), pictures or {}))
