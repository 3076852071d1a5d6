"""Requests made up from the documents: enough kinds, nothing that reaches the network, repeatable."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote_to_bytes

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings

from contracts.cases import HOST
from contracts.openapi import OpenApi
from contracts.providers import discover
from contracts.strategies import Drawing, draw
from contracts.strategies.documented import documented

if TYPE_CHECKING:
    from contracts.model import Request

PICTURE = draw(Drawing()).data


def made_up(name: str, examples: int = 40) -> list[Request]:
    """Return requests to the provider *name*, by a fixed seed."""
    requests: list[Request] = []

    @seed(1)
    @settings(
        max_examples=examples,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(documented(discover()[name].folder, [PICTURE]))
    def collect(request: Request) -> None:
        requests.append(request)

    collect()
    return requests


@pytest.mark.parametrize("name", sorted(discover()))
def test_requests_are_many_kinds_and_harmless(name: str) -> None:
    """Every operation is asked, credentials are left to the sender, and no URL leads to the network."""
    requests = made_up(name)
    provider = discover()[name]
    methods = {operation.method for operation in OpenApi(provider.folder, name).operations}
    assert {request.method for request in requests} == methods
    for request in requests:
        assert "Authorization" not in request.headers
        urls = re.findall(rb"https?:/+[^/\s\"'&\\]*", unquote_to_bytes(request.body))
        assert {url.lower() for url in urls} <= {HOST.encode()}


@pytest.mark.thorough
def test_real_pictures_are_among_the_files() -> None:
    """A file is the picture that was given, at least now and then, so that not every request is refused."""
    assert any(PICTURE in request.body for request in made_up("pixian", 300))


@pytest.mark.thorough
def test_a_seed_repeats_the_requests() -> None:
    """Boundaries of forms included."""
    assert made_up("pixian") == made_up("pixian")
