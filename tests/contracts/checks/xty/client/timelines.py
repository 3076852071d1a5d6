"""Timelines of clients made by hand, and what the checks say of them."""

from __future__ import annotations

import base64
import io
import json
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from PIL import Image

from contracts.model import (
    Claim,
    Ending,
    Exchange,
    Handshakes,
    Headers,
    Input,
    Job,
    Outcome,
    Request,
    Response,
    Timeline,
)
from contracts.providers.xty.client.checks import CLIENT_CHECKS
from contracts.strategies import Drawing, Picture, draw
from tests.contracts.checks.found import topic

ORIGIN = "http://127.0.0.1:8080"
ELSEWHERE = "http://localhost:8080"
KEY = "sk-client1"
CHAT = "/v1/chat/completions"
PICTURE = draw(Drawing(width=80, height=64))
OTHER = draw(Drawing(width=96, height=48, foreground=(20, 90, 60), shape="ellipse"))
HOSTED = "http://pictures.example/a%20b.png?size=large"
JSON = ("Content-Type", "application/json")
BEARER = ("Authorization", f"Bearer {KEY}")
FIELDS = (BEARER, JSON)
MISSING = "remove-bg模型需要图片,请在请求中包含图片"


def result(width: int = 80, shade: int = 90) -> bytes:
    """Return a cut-out: an opaque box in a transparent picture."""
    image = Image.new("RGBA", (width, 64), (0, 0, 0, 0))
    image.paste((shade, 30, 40, 255), (20, 16, width - 20, 48))
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


RESULT = result()


def opaque(kind: str = "JPEG") -> bytes:
    """Return the cut-out without its transparency."""
    buffer = io.BytesIO()
    Image.open(io.BytesIO(RESULT)).convert("RGB").save(buffer, kind)
    return buffer.getvalue()


def converted(kind: str) -> bytes:
    """Return the cut-out in another format."""
    buffer = io.BytesIO()
    Image.open(io.BytesIO(RESULT)).save(buffer, kind, lossless=True)
    return buffer.getvalue()


def base64_of(data: bytes) -> str:
    """Return *data* in base64."""
    return base64.b64encode(data).decode()


def data_url(picture: Picture = PICTURE) -> str:
    """Return *picture* as a data URL."""
    return f"data:{picture.media_type};base64,{base64_of(picture.data)}"


def shown(url: object | None = None) -> dict[str, Any]:
    """Return a part with the picture at *url*."""
    return {"type": "image_url", "image_url": {"url": data_url() if url is None else url}}


def words(text: object = "a person") -> dict[str, Any]:
    """Return a part with words."""
    return {"type": "text", "text": text}


def body(*parts: object, **keys: object) -> dict[str, Any]:
    """Return a body with one message of *parts*, by default words and a picture, and with *keys* instead or besides."""
    content = list(parts) or [words(), shown()]
    return {"model": "remove-bg", "messages": [{"role": "user", "content": content}], **keys}


def message(**keys: object) -> dict[str, Any]:
    """Return a body whose message has *keys* instead or besides."""
    return {"model": "remove-bg", "messages": [{"role": "user", "content": [words(), shown()], **keys}]}


def ask(  # noqa: PLR0913  all that can be wrong with one, by keyword
    value: object = None,
    *,
    path: str = CHAT,
    query: str = "",
    fields: tuple[tuple[str, str], ...] = FIELDS,
    method: str = "POST",
    origin: str = ORIGIN,
) -> Request:
    """Return a request for a completion; a *value* that is no bytes is sent as JSON, without one all is right."""
    value = body() if value is None else value
    data = value if isinstance(value, bytes) else json.dumps(value, ensure_ascii=False).encode()
    return Request(method, path, query, Headers(fields), data, origin)


def get(
    path: str = "/files/abcdefghij0123456789.png",
    *fields: tuple[str, str],
    origin: str = ORIGIN,
    method: str = "GET",
    query: str = "",
) -> Request:
    """Return a request for a result."""
    return Request(method, path, query, Headers(fields), b"", origin)


def answer(status: int, content: object, kind: str = "application/json", *fields: tuple[str, str]) -> Response:
    """Return an answer; what is no bytes is sent as JSON."""
    data = content if isinstance(content, bytes) else json.dumps(content, ensure_ascii=False).encode()
    return Response(status, Headers((("Content-Type", kind), *fields)), data)


def completion(path: str = "/files/abcdefghij0123456789.png", origin: str = ORIGIN) -> Response:
    """Return a completion with the URL of a result."""
    said = {"role": "assistant", "content": f"{origin}{path}"}
    return answer(200, {"id": "xty-1", "choices": [{"index": 0, "finish_reason": "stop", "message": said}]})


def error(status: int, text: str = MISSING, code: str | None = None, *fields: tuple[str, str]) -> Response:
    """Return an error object."""
    found = {"message": text, "type": "invalid_request_error", "param": None, "code": code}
    return answer(status, {"error": found}, "application/json", *fields)


BUSY, LASTING = error(429), error(503, "no channel", "model_not_found")


def page(status: int, *fields: tuple[str, str]) -> Response:
    """Return a web page."""
    return answer(status, b"<!DOCTYPE html><title>Hello</title>", "text/html", *fields)


def png(data: bytes = RESULT) -> Response:
    """Return an answer with a picture."""
    return answer(200, data, "image/png")


def at(  # noqa: PLR0913  all that an exchange is, mostly by keyword
    moment: float,
    request: Request,
    response: Response | None,
    *,
    lasts: float = 0.5,
    ending: Ending | None = Ending.DONE,
    sent: int | None = None,
) -> Exchange:
    """Return the exchange whose request arrives at the second *moment*."""
    ended = None if ending is None else moment + lasts
    answered = None if ending is None or (ending is Ending.GONE and not sent) else moment + lasts
    return Exchange(0, 0, request, response, moment, ended, ending, sent, answered)


def gone(moment: float, request: Request, *, after: float) -> Exchange:
    """Return the exchange that the client left *after* so many seconds, before anything came."""
    return at(moment, request, completion(), lasts=after, ending=Ending.GONE, sent=0)


@cache
def job() -> Job:
    """Return a job of one file."""
    return Job((Input(PICTURE.filename, PICTURE.data),), {}, ORIGIN, "", KEY)


def with_words(text: str) -> Job:
    """Return a job with words."""
    return replace(job(), parameters={"text": text})


TWO = replace(job(), inputs=(Input("a.png", PICTURE.data), Input("b.png", OTHER.data)), threads=2)
"""A job of two pictures at once."""
SECOND_PATH, SECOND = "/files/zyxwvutsrq9876543210.png", result(96, 200)
"""Where the result of the second is, and what it is."""


@dataclass(frozen=True)
class Story:
    """What a client did and what it said: by default all went well."""

    exchanges: tuple[Exchange, ...]
    claim: Claim = Claim.SUCCESS
    outputs: tuple[bytes | None, ...] = (RESULT,)
    said: str = ""
    ended: float | None = None
    job: Job | None = field(default_factory=job)
    jitter: float = 0.0
    handshakes: Handshakes | None = None

    @property
    def timeline(self) -> Timeline:
        """The whole as the checks get it."""
        exchanges = tuple(replace(one, number=number) for number, one in enumerate(self.exchanges))
        end = max((one.ended or one.received for one in exchanges), default=0.0) + 0.1
        outcome = Outcome(self.claim, self.outputs, self.said, end if self.ended is None else self.ended)
        known = outcome if self.job is not None else None
        return Timeline(exchanges, {}, self.job, known, self.handshakes, self.jitter)


def served(request: Request | None = None, **changes: Any) -> Story:  # noqa: ANN401  fields of all types
    """Return the story in which *request* is answered, the result fetched and written."""
    return Story((at(0, request or ask(), completion()), at(1, get(), png())), **changes)


def failed(*exchanges: Exchange, **changes: Any) -> Story:  # noqa: ANN401  fields of all types
    """Return the story that ends with a reported failure."""
    fields = {"claim": Claim.FAILURE, "outputs": (None,), "said": f"Error: {MISSING}", **changes}
    return Story(exchanges, **fields)


def tries(*moments: float, refusal: Response = BUSY) -> Story:
    """Return the story in which tries at these *moments* fail, but for the last."""
    failures = tuple(at(one, ask(), refusal, lasts=0.0) for one in moments[:-1])
    return Story((*failures, at(moments[-1], ask(), completion()), at(moments[-1] + 1, get(), png())))


def both(*outputs: bytes) -> Story:
    """Return the story in which two pictures are cut out at once, and written as *outputs*."""
    exchanges = (
        at(0, ask(), completion()),
        at(0.1, ask(body(shown(data_url(OTHER)))), completion(SECOND_PATH)),
        at(1, get(), png()),
        at(1, get(SECOND_PATH), png(SECOND)),
    )
    return Story(exchanges, outputs=outputs, job=TWO)


def broken(story: Story) -> set[str]:
    """Return the topics of the rules that *story* breaks."""
    return {topic(one.rule) for one in _outcomes(story) if one.violation is not None}


def kept(story: Story) -> set[str]:
    """Return the topics of the rules that come into play in *story* and are kept."""
    return {topic(one.rule) for one in _outcomes(story) if one.violation is None} - broken(story)


def hints(story: Story) -> str:
    """Return all that the violations in *story* say, line by line."""
    found = [one.violation for one in _outcomes(story) if one.violation is not None]
    return "\n".join(f"{one.summary} {one.hint}" for one in found)


def _outcomes(story: Story) -> list[Any]:
    found = list(CLIENT_CHECKS.judge(story.timeline))
    troubles = [one.trouble for one in found if one.trouble]
    assert not troubles, troubles
    return found
