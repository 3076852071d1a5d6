"""The campaign that every provider with an OpenAPI document can have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contracts.cases import Campaign, Case, Step
from contracts.strategies.pictures import Drawing, draw

if TYPE_CHECKING:
    from pathlib import Path

    from hypothesis.strategies import SearchStrategy


def documented_campaign(folder: Path, topics: tuple[str, ...], most_credits: float) -> Campaign[Case]:
    """Return the campaign of requests made up from the OpenAPI document in *folder*, for the rules about *topics*.

    Any of them may cost *most_credits*, for nobody knows beforehand which are served; none goes to a live server.
    """

    def generated() -> SearchStrategy[Case]:
        from contracts.strategies.documented import documented  # noqa: PLC0415  Schemathesis is heavy

        requests = documented(folder, [draw(Drawing()).data, draw(Drawing(kind="jpeg")).data])
        return requests.map(lambda request: Case("documented", (Step(request, credits=most_credits),), anywhere=False))

    return Campaign("documented", "requests made up from the OpenAPI document", topics, tuple, generated)
