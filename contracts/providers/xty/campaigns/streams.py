"""Requests for streams."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import strategies as st

from contracts.cases import Campaign
from contracts.providers.xty.campaigns.conversation import PLAIN, body, case, chat, image, paid, plain, text
from contracts.strategies import draw, pictures

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

    from contracts.cases import Case, Step
    from contracts.strategies import Picture


def _cases() -> tuple[Case, ...]:
    picture = draw(PLAIN)
    return (case("streams", plain(), _stream(picture, usage=False), _stream(picture, usage=True)),)


def _generated() -> SearchStrategy[Case]:
    kinds = pictures(kinds=("jpeg", "png", "webp"), shortest=48, longest=128, orientations=(1,))

    def both(picture: Picture, usage: bool) -> Case:  # noqa: FBT001  Hypothesis gives arguments by place
        return case("generated", plain(picture), _stream(picture, usage=usage))

    return st.builds(both, kinds, st.booleans())


def _stream(picture: Picture, *, usage: bool) -> Step:
    options = {"stream_options": {"include_usage": True}} if usage else {}
    return paid(chat(body(text(), image(picture), stream=True, **options)))


CAMPAIGN = Campaign("streams", "answers in chunks", ("stream",), _cases, _generated)
