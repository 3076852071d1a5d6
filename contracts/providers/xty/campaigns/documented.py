"""Requests made up from the OpenAPI document, right and wrong ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contracts.cases import Campaign, Case, Step
from contracts.providers.xty import PROVIDER
from contracts.strategies import Drawing, draw

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

_MOST_CREDITS = 1.0
"""What a request can cost at most that is not known to be a test."""


def _generated() -> SearchStrategy[Case]:
    from contracts.strategies.documented import documented  # noqa: PLC0415  Schemathesis is heavy

    requests = documented(PROVIDER.folder, [draw(Drawing()).data, draw(Drawing(kind="jpeg")).data])
    return requests.map(lambda request: Case("documented", (Step(request, credits=_MOST_CREDITS),), anywhere=False))


CAMPAIGN = Campaign(
    "documented",
    "requests made up from the OpenAPI document",
    ("error", "status", "media-type", "models", "completion"),
    tuple,
    _generated,
)
