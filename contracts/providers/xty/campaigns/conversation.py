"""Chat requests, and cases made of them."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

from contracts.cases import Case, Sign, Step
from contracts.model import Headers, Request
from contracts.strategies import Drawing, draw

if TYPE_CHECKING:
    from contracts.strategies import Picture

CHAT, MODELS = "/v1/chat/completions", "/v1/models"
NOUN = "a person"
"""The text of the documents' request."""
INSTRUCTION = "请去除这张图片的背景"
"""The instruction in the documents; it names no subject, so that it fits every picture."""
_JSON = ("Content-Type", "application/json")
_MOST_CREDITS = 1.0
"""What is counted for every chat request with a good key. The price is not published, and there is no test mode; a
server that is wrong may even charge for what it refuses."""
PLAIN = Drawing(width=80, height=64, mark=(40, 60, 150))


def image(picture: Picture) -> dict[str, Any]:
    """Return a part with *picture* as a data URL."""
    return image_at(f"data:{picture.media_type};base64,{base64.b64encode(picture.data).decode()}")


def image_at(url: object) -> dict[str, Any]:
    """Return a part with the picture at *url*."""
    return {"type": "image_url", "image_url": {"url": url}}


def text(words: object = NOUN) -> dict[str, Any]:
    """Return a part with *words*."""
    return {"type": "text", "text": words}


def body(*parts: object, **keys: object) -> dict[str, Any]:
    """Return the body of a request with one message of *parts*, and with *keys* besides or instead."""
    return {"model": "remove-bg", "messages": [{"role": "user", "content": list(parts)}], **keys}


def chat(value: object, *fields: tuple[str, str]) -> Request:
    """Return the request with the body *value*, bytes as they are and all else as JSON, and more header *fields*."""
    data = value if isinstance(value, bytes) else json.dumps(value, ensure_ascii=False).encode()
    return Request("POST", CHAT, "", Headers((_JSON, *fields)), data)


def paid(request: Request) -> Step:
    """Return *request*, made with the own key, as a step that can cost what a picture costs."""
    return Step(request, credits=_MOST_CREDITS)


def free(request: Request, sign: Sign = Sign.OWN) -> Step:
    """Return *request* as a step that costs nothing: it asks for no picture, or without a good key."""
    return Step(request, sign)


def plain(picture: Picture | None = None) -> Step:
    """Return a request without anything unusual, beside which one with the same *picture* that is refused tells why."""
    return paid(chat(body(text(), image(picture or draw(PLAIN)))))


def case(name: str, *steps: Step, anywhere: bool = True) -> Case:
    """Return *steps* as a case."""
    return Case(name, steps, anywhere=anywhere)


def hosted(name: str, picture: Picture, *steps: Step) -> Case:
    """Return *steps* as a case, for servers that can fetch *picture* from this machine."""
    return Case(name, steps, {f"/{picture.filename}": picture.data}, anywhere=False)
