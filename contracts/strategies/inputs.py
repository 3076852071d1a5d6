"""Pictures as inputs of jobs for clients."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contracts.cases import HOST
from contracts.model import Input
from contracts.strategies.pictures import draw

if TYPE_CHECKING:
    from contracts.strategies.pictures import Drawing, Picture


def file(drawing: Drawing) -> Input:
    """Return *drawing* as a file."""
    picture = draw(drawing)
    return Input(picture.filename, picture.data)


def hosted(picture: Picture) -> Input:
    """Return *picture* as one that is known by its URL."""
    return Input(picture.filename, picture.data, f"{HOST}/{picture.filename}")
