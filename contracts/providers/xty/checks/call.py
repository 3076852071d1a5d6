"""An exchange with this provider as checks see it: what was asked, what came, and what belongs together."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from contracts import checks
from contracts.checks.raster import MOST_FOREIGN_PIXELS
from contracts.model import Ending
from contracts.providers.xty.checks.address import address_of, request_for
from contracts.providers.xty.checks.answer import Answer
from contracts.providers.xty.checks.company import Company
from contracts.providers.xty.checks.question import MODEL, Form, Question

if TYPE_CHECKING:
    from collections.abc import Sequence

    from contracts.model import Request, Timeline

CHAT, MODELS = "/v1/chat/completions", "/v1/models"
UNKNOWN_KEY = "not-a-key-of-this-provider"
"""What a tester sends in place of a key that nobody has."""
KINDS = frozenset({"jpeg", "png", "webp"})
"""The documented kinds of pictures."""
MOST_BYTES = 10_000_000
"""The advised limit of a picture, in bytes."""
HOUR = 3600.0
LARGE = 1_000_000
"""Bytes from which a picture is no everyday one."""
_SHORTEST, _LONGEST = 48, 4096
"""Sides of pictures, in pixels, that nobody has reason to refuse."""
_NOT_ABOUT_THE_REQUEST = frozenset({401, 402, 403, 404, 405, 408, 421, 425, 426, 429, 431, 451})
"""Statuses from 400 to 499 with which a server may refuse a request that is right in itself, or does not know it."""
_MODERATION = "sensitive_words_detected"
"""The code with which gateways refuse a text for what it says."""
_EASY_PIXELS, _GENEROUS = 4_000_000, 16
"""Pixels of a result that are always looked at, and how many times those of the input: nobody documents its size."""
_PLAIN_TEXT = "a person"
"""The text in the documents' request."""
_BY_SDK = "X-Stainless-Lang"
"""A header field that OpenAI's SDKs send, and nobody else."""
_BACKGROUND = ("background", "背景")


@dataclass(frozen=True, eq=False)
class Call(checks.Call):
    """One exchange with this provider; ``company`` is what else there is in the timeline."""

    company: Company = field(default_factory=lambda: Company(()))

    @cached_property
    def answer(self) -> Answer | None:
        """The answer, read; ``None`` if there is none, or the client left before its end."""
        if self.response is None or self.exchange.ending is Ending.GONE:
            return None
        return Answer(self.response, self.json if isinstance(self.json, dict) else None)

    @property
    def is_chat(self) -> bool:
        """Whether a picture was to be made."""
        return self.asks("POST", CHAT)

    @property
    def is_in_api(self) -> bool:
        """Whether the path is one below ``/v1``."""
        return self.request.path.startswith("/v1/")

    @cached_property
    def question(self) -> Question:
        """The body of a chat request, read."""
        return Question(self.request)

    @property
    def key(self) -> str | None:
        """The key of the request, if it has one that somebody may have."""
        scheme, _, key = (self.request.headers.get("Authorization") or "").strip().partition(" ")
        key = key.strip()
        return key if scheme.lower() == "bearer" and key and key != UNKNOWN_KEY else None

    @cached_property
    def sent_picture(self) -> bytes | None:
        """The bytes of the one picture that was sent, if they are known."""
        url = self.question.web_url
        if url is not None:
            return self.pictures.get(url)
        return self.question.data_url.data if self.question.data_url is not None else None

    @cached_property
    def is_well_formed(self) -> bool:
        """Whether the request is as documented, and made with a key; the picture may be missing or bad."""
        right = self.question.form in {Form.RIGHT, Form.PICTURELESS} and self.question.model == MODEL
        return self.is_chat and self.key is not None and right

    @cached_property
    def is_right(self) -> bool:
        """Whether nothing in the request leaves the provider a reason to refuse it.

        It is as documented, made with a key, and has one picture of a documented kind and usual size in which a
        subject stands out clearly.
        """
        return self.is_well_formed and self.question.form is Form.RIGHT and self._picture_is_right()

    @property
    def is_completed(self) -> bool:
        """Whether the answer is a completion, whole or as a stream."""
        answer = self.answer
        return self.is_chat and answer is not None and answer.is_success and (answer.has_choices or answer.is_stream)

    @property
    def is_served(self) -> bool:
        """Whether the request was right, and answered with a completion."""
        return self.is_right and self.is_completed

    @property
    def is_judged_by_content(self) -> bool:
        """Whether the answer's status, of success or from 400 to 499, can be due to what the request holds."""
        status = self.status
        if self.answer is None or self.answer.code == _MODERATION:
            return False
        return 200 <= status < 300 or (400 <= status < 500 and status not in _NOT_ABOUT_THE_REQUEST)

    @property
    def is_refused(self) -> bool:
        """Whether the request was right, and yet it was said to be wrong.

        Nobody documents in which form base64 is written, so a ``data:`` URL proves nothing unless the same server
        accepts another one.
        """
        understood = self.question.data_url is None or self.company.data_urls_work
        return self.is_right and self.is_said_to_be_wrong and understood

    @property
    def has_twin(self) -> bool:
        """Whether another right request with the same picture was served, so that the picture is not to blame."""
        return self.sent_picture in self.company.served_pictures

    @property
    def is_said_to_be_wrong(self) -> bool:
        """Whether the server finds fault with what the request holds."""
        return self.status >= 400 and self.is_judged_by_content

    @cached_property
    def oddities(self) -> frozenset[str]:
        """What makes the request another one than that in the documents, a word each.

        A rule that something is accepted is only broken by a request that has nothing else unusual.
        """
        question, picture = self.question, self.sent_picture or b""
        messages = question.body.get("messages")
        odd = {
            "no-text": not question.texts,
            "text": any(text != _PLAIN_TEXT for text in question.texts),
            "several-texts": len(question.texts) > 1,
            "several-messages": isinstance(messages, list) and len(messages) > 1,
            "extra-keys": bool(question.extra_keys),
            "stream": question.streams,
            "sdk": _BY_SDK in self.request.headers,
            "large": len(picture) > LARGE,
            "turned": self.input is not None and self.input.orientation > 1,
        }
        return frozenset(name for name, is_so in odd.items() if is_so)

    @property
    def asks_for_background(self) -> bool:
        """Whether the text speaks of the background, and so names no subject that may not be in the picture."""
        words = " ".join(self.question.texts).lower()
        return any(word in words for word in _BACKGROUND)

    @property
    def result_url(self) -> str | None:
        """The URL that the completion names, if it does."""
        return self.answer.content if self.is_completed and self.answer is not None else None

    def result_request(self) -> Request | None:
        """Return the request for the picture that the completion names, if it is a plain URL of HTTP."""
        return request_for(self.result_url) if self.result_url is not None else None

    @cached_property
    def completion(self) -> Call | None:
        """The completion whose result this request fetches, if it does: the last one before it."""
        if self.request.method != "GET" or "Range" in self.request.headers:
            return None
        named = self.company.completions.get(address_of(self.request), ())
        earlier = [call for call in named if call.exchange.number < self.exchange.number]
        return earlier[-1] if earlier else None

    @property
    def age(self) -> tuple[float, float]:
        """How old the completion is, in seconds, when its result is fetched: at least, and at most."""
        if self.completion is None:
            return 0.0, 0.0
        exchange, now = self.completion.exchange, self.exchange.received
        return now - (exchange.received if exchange.ended is None else exchange.ended), now - exchange.received

    @property
    def result_bytes(self) -> bytes | None:
        """The body of a result that was handed out, ``None`` if none was, or it is not known."""
        if self.completion is None or self.answer is None or self.status != 200 or not self.answer.response.body:
            return None
        return self.answer.response.body

    @property
    def is_page(self) -> bool:
        """Whether the answer calls itself a text or JSON, and so no picture."""
        kind = self.response.media_type if self.response else ""
        return kind.startswith("text/") or kind.endswith("json")

    @property
    def received_picture(self) -> bytes | None:
        """The bytes in the answer that are to be a picture: those of a result, unless the answer is a page."""
        return None if self.is_page else self.result_bytes

    @property
    def most_received_pixels(self) -> float:
        """How many pixels a result can have at most, generously: no server may fill the memory with others."""
        given = self.completion.input if self.completion is not None else None
        if given is None:
            return MOST_FOREIGN_PIXELS
        return min(MOST_FOREIGN_PIXELS, max(_EASY_PIXELS, _GENEROUS * given.size[0] * given.size[1]))

    def _picture_is_right(self) -> bool:
        data, picture, source = self.sent_picture, self.input, self.question.data_url
        if data is None or picture is None or len(data) > MOST_BYTES or picture.kind not in KINDS:
            return False
        if source is not None and source.media_type != f"image/{picture.kind}":
            return False
        return min(picture.size) >= _SHORTEST and max(picture.size) <= _LONGEST and picture.scene is not None


def read(timeline: Timeline) -> Sequence[Call]:
    """Return the calls of *timeline*."""
    company = Company(())
    company.calls = [Call(exchange, timeline.pictures, company) for exchange in timeline.exchanges]
    return company.calls
