"""Hypothesis strategies for this provider; what they are is told by :mod:`contracts.strategies`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from hypothesis import strategies as st

from contracts.providers.xty.campaigns.conversation import body, chat, image, text
from contracts.schemas import load
from contracts.strategies import courses, pictures
from contracts.trials import status

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

    from contracts.model import Request
    from contracts.strategies import Picture

KINDS = ("png", "jpeg", "webp")
"""The documented kinds of pictures, the plainest first."""
QUOTED = 'a "red" cup \\ 100 % of the café, 🐕'
"""Words that have to be escaped in JSON, and in which many ways of doing that go wrong."""
_FOLDER = Path(__file__).parent
_LONGEST_TEXT = 40
_WORDS: tuple[object, ...] = (
    "ok",
    "429",
    {"fault": "close"},
    status(502, "html"),
    status(503, "empty"),
    status(500, "malformed"),
    {"fault": "reset"},
    {"fault": "truncate", "after": 100},
    {"fault": "stall", "seconds": 9},
    {"fault": "expire"},
    {"fault": "no-image"},
    status(200, "json"),
    status(200, "html"),
)
"""What may happen to a request besides the documented errors, the plainest first."""


def parameters(*, free: bool) -> SearchStrategy[dict[str, object]]:
    """Return a strategy for no parameters at the simplest, else ``text``; nothing is *free* here."""
    del free
    return st.fixed_dictionaries({}, optional={"text": _texts()})


def requests(*, free: bool) -> SearchStrategy[Request]:
    """Return a strategy for conversations with a picture in a data URL and :func:`parameters`."""
    return st.builds(_conversation, pictures(kinds=KINDS), parameters(free=free))


def scripts(*, longest: int) -> SearchStrategy[list[object]]:
    """Return a strategy for scripts of up to *longest* words."""
    return courses(_FOLDER, _WORDS, longest=longest)


def _texts() -> SearchStrategy[str]:
    """Return a strategy for words in any language, without control characters, and without blanks around them."""
    schema = load(_FOLDER / "schemas/chat-request.schema.json")["$defs"]["textPart"]["properties"]["text"]
    letters = st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp"))
    invented = st.text(letters, min_size=1, max_size=_LONGEST_TEXT).map(str.strip).filter(bool)
    return st.sampled_from((*schema["examples"], QUOTED)) | invented


def _conversation(picture: Picture, chosen: dict[str, object]) -> Request:
    words = [text(chosen["text"])] if "text" in chosen else []
    return chat(body(*words, image(picture)))
