"""Every mutant is found out, and the mock itself is blamed for nothing."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from contracts.conformance.pictures import PictureHost
from contracts.conformance.server import EXAMPLES, Options, ServerCheck
from contracts.conformance.transport import Transport
from contracts.providers import discover, kit_of
from mockserver.mock import Mock
from tests.mutants import pixian, xty
from tests.mutants.trial import credentials, sentence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.mutants.mutant import Mutant

SEEDS = range(int(os.environ.get("MATTEPROOF_SEEDS", "1")))
"""Seeds of the runs against the mock itself. Set the variable to how many there shall be."""
MOST = 5
"""Other rules that a mutant is blamed for at most: rules overlap, and one fault can break several of them."""
WIDE = frozenset(
    {
        "pixian.server.auth.status: any secret will do",
        "pixian.server.request.query-ignored: parameters from the query",
        "pixian.server.image.file: no files",
        "pixian.server.image.frames: the last frame",
        "pixian.server.test.default: everything is a test",
        "pixian.server.margin.uncropped: only when cropped",
        "pixian.server.margin.cropped: only when not cropped",
        "pixian.server.delta.foreground: an ordinary PNG",
        "pixian.server.delta.size: half the size",
        "pixian.server.test.watermark-production: in production, too",
    }
)
"""Mutants whose answers are altogether other ones, so that they break many rules."""
MOST_OF_WIDE = 9
MUTANTS = (*pixian.MUTANTS, *xty.MUTANTS)
SAMPLE = 16
"""One mutant in so many is tried even where not all tests are run."""


@pytest.fixture(scope="module")
def origin() -> Iterator[str]:
    """The conforming mock, which may fetch pictures from this machine."""
    with Mock(fetch="loopback") as mock:
        yield mock.url


@pytest.mark.parametrize(
    "mutant",
    [
        pytest.param(mutant, marks=[pytest.mark.thorough] if number % SAMPLE else [])
        for number, mutant in enumerate(MUTANTS)
    ],
    ids=str,
)
def test_a_mutant_is_killed(origin: str, mutant: Mutant) -> None:
    """A server that breaks one rule is told so, and is not blamed for many others."""
    found = sentence(mutant, origin)
    assert found.is_killed, f"nobody noticed: {mutant}"
    most = MOST_OF_WIDE if str(mutant) in WIDE else MOST
    assert len(found.others) <= most, f"{mutant} is blamed for {found.others}"


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.thorough
@pytest.mark.parametrize("name", ["pixian", "xty"])
def test_the_mock_is_blamed_for_nothing(origin: str, name: str, seed: int) -> None:
    """On a server that keeps every rule, no check raises a violation or fails itself."""
    provider = discover()[name]
    with Transport(patience=30) as transport, PictureHost() as host:
        options = Options(seed=seed, examples=8 if len(SEEDS) == 1 else EXAMPLES)
        run = ServerCheck(
            provider, kit_of(provider), origin, credentials(name), transport, options=options, host=host
        ).run()
    blamed = {one.rule.id: one.violations or one.troubles for one in run.judgements if one.violations or one.troubles}
    assert not blamed
    assert not run.stopped
