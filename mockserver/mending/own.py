"""What a request holds of its sender's own, wherever it stands: a picture, the URL of one, and words."""

from __future__ import annotations

import base64
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_plus

from mockserver.imaging.kinds import kind_of
from mockserver.mending.encoded import kind_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from contracts.model import Request

_MOST = 2_000_000
"""Characters of a request that are looked through."""
_URL = re.compile(r"https?://[^\s\"'<>\\^`{|}]+", re.IGNORECASE)
_BASE64 = re.compile(r"(?:[A-Za-z0-9+/]{4}){16,}(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?")
_MOST_VALUES = 10_000
"""Of a JSON body, in which words are looked for."""
_WORDS = frozenset({"text", "content", "prompt", "input"})


@dataclass(frozen=True, slots=True)
class Own:
    """The ``url`` of a picture, the picture ``data``, and ``words``; each may be empty."""

    url: str = ""
    data: bytes = b""
    words: str = ""

    @property
    def as_data_url(self) -> str:
        """The picture as a ``data:`` URL."""
        return f"data:image/{kind_of(self.data)};base64,{base64.b64encode(self.data).decode()}"

    def adapted(self, examples: Iterable[Any]) -> list[tuple[Any, bool]]:
        """Return *examples* with all that is known instead of what they have; of each is told whether anything is."""
        pairs = [(self.put_into(one), one) for one in examples]
        return [(example, example != one) for example, one in pairs]

    def put_into(self, example: Any, name: str = "") -> Any:  # noqa: ANN401  any JSON value
        """Return *example*, which may stand under *name*, with all that is known instead of what it has."""
        if isinstance(example, list):
            return [self.put_into(one, name) for one in example]
        if isinstance(example, dict):
            return {key: self.put_into(one, key) for key, one in example.items()}
        return self._instead_of(example, name) if isinstance(example, str) else example

    def _instead_of(self, text: str, name: str) -> str:
        if name == "text":
            return self.words or text
        if text.startswith("http"):
            return self.url or (self.as_data_url if self.data and name == "url" else text)
        if text.startswith("data:image/"):
            return self.as_data_url if self.data else (self.url or text)
        if self.data and kind_in(text):
            return base64.b64encode(self.data).decode()
        return text


def own_of(request: Request) -> Own:
    """Return what *request* holds, however it is written."""
    text = request.body[:_MOST].decode(errors="replace").replace("\\/", "/")
    if ("%3A" in text or "%3a" in text) and not text.lstrip().startswith(("{", "[")):
        text = unquote_plus(text)
    places = (unquote_plus(request.query), text)
    url = next((found[0].rstrip(".,;)") for place in places for found in _URL.finditer(place)), "")
    return Own(url, _picture_in(text), _words_in(request.body))


def _picture_in(text: str) -> bytes:
    for match in _BASE64.finditer(text):
        if kind_in(match[0]):
            return base64.b64decode(match[0])
    return b""


def _words_in(body: bytes) -> str:
    """Return the first words in the JSON *body* that are meant as such."""
    if len(body) > _MOST:
        return ""
    try:
        return next((one for one in _texts(json.loads(body)) if not _URL.match(one) and not kind_in(one)), "")
    except (ValueError, RecursionError):
        return ""


def _texts(value: object) -> Iterator[str]:
    """Yield the texts in the JSON *value* under names of words, in their order."""
    waiting = [("", value)]
    for _ in range(_MOST_VALUES):
        if not waiting:
            return
        name, one = waiting.pop()
        if isinstance(one, str) and name in _WORDS and one and not one.startswith("data:"):
            yield one
        elif isinstance(one, list):
            waiting += [(name, item) for item in reversed(one)]
        elif isinstance(one, dict):
            waiting += reversed(one.items())
