"""Hypothesis strategies for version 2; what they are is told by :mod:`contracts.strategies`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from contracts.providers.pixian.campaigns.form import multipart
from contracts.schemas import load
from contracts.strategies import courses, pictures
from contracts.trials import status

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hypothesis.strategies import SearchStrategy

    from contracts.model import Request
    from contracts.strategies import Picture

KINDS = ("png", "jpeg", "bmp", "gif", "tiff")
"""The documented kinds of pictures, the plainest first."""
ANSWER_CUT = 120
"""Bytes of a result after which it breaks off; any result but the smallest is longer."""
_FOLDER = Path(__file__).parent
_WORDS: tuple[object, ...] = (
    "ok",
    "429",
    status(429, "empty"),
    status(500, "html"),
    status(502, "empty"),
    status(503, "malformed"),
    {"fault": "close"},
    {"fault": "reset"},
    {"fault": "truncate", "after": ANSWER_CUT},
    {"fault": "stall", "seconds": 100},
    {"fault": "no-image"},
    {"fault": "redirect", "location": "/elsewhere"},
    status(413, "html"),
    status(200, "html"),
)
"""What may happen to a request besides the documented errors, the plainest first."""
_LENGTHS = st.sampled_from(("0px", "1px", "12px", "2.5px", "5%", "7.5%"))
_SIDES = st.integers(20, 200)
_TEXTS: Mapping[str, SearchStrategy[object]] = {
    "background.color": st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06X}"),
    "result.margin": st.lists(_LENGTHS, min_size=1, max_size=4).map(" ".join),
    "result.target_size": st.tuples(_SIDES, _SIDES).map(lambda size: f"{size[0]} {size[1]}"),
}
"""Values of parameters with a form of their own; those of the others follow from their schemas."""


def parameters(*, free: bool) -> SearchStrategy[dict[str, object]]:
    """Return a strategy for parameters, none at the simplest, that make sense together; *free*: of tests."""
    properties = load(_FOLDER / "schemas/remove-background-request.schema.json")["properties"]
    known = {name: schema for name, schema in properties.items() if not name.startswith("image")}
    # Each on its own can be left out: so they shrink better than the optional keys of Hypothesis, which are counted.
    chosen = {name: st.none() | _values(name, schema) for name, schema in known.items()}
    if free:
        chosen["test"] = st.just(value=True)
    return st.fixed_dictionaries(chosen).map(_that_can_be_had)


def requests(*, free: bool) -> SearchStrategy[Request]:
    """Return a strategy for forms with a file and :func:`parameters`."""
    return st.builds(_form, pictures(kinds=KINDS), parameters(free=free))


def scripts(*, longest: int) -> SearchStrategy[list[object]]:
    """Return a strategy for scripts of up to *longest* words."""
    return courses(_FOLDER, _WORDS, longest=longest)


def _values(name: str, schema: Mapping[str, Any]) -> SearchStrategy[object]:
    """Return a strategy for values of the parameter *name* by its *schema*, the default at the simplest."""
    if name in _TEXTS:
        return _TEXTS[name]
    if schema["type"] == "boolean":
        return st.booleans()
    if "enum" in schema:
        return st.sampled_from(sorted(schema["enum"], key=lambda value: bool(value != schema["default"])))
    return st.just(schema["default"]) | st.integers(schema["minimum"], schema["maximum"])


def _that_can_be_had(chosen: dict[str, object]) -> dict[str, object]:
    """Return what of *chosen* is there, and goes together: a delta PNG is never of a picture that is scaled down.

    Whether ``max_pixels`` has that effect depends on the picture, so it is left out.
    """
    absent = {"max_pixels"} if chosen["output.format"] == "delta_png" else set()
    return {name: value for name, value in chosen.items() if value is not None and name not in absent}


def _form(picture: Picture, chosen: dict[str, object]) -> Request:
    return multipart({"image": (picture.filename, picture.media_type, picture.data), **chosen})
