"""Servers that share nothing with the mock, and keep the rules in ways of their own, conform."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from contracts.cases import Credentials
from contracts.conformance.pictures import PictureHost
from contracts.conformance.server import Options, ServerCheck
from contracts.conformance.transport import Transport
from contracts.judge import Verdict
from contracts.providers import discover, kit_of
from tests.independent import pixian, xty
from tests.independent.serving import served

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.independent.serving import Asked, Said

SEEDS = range(min(2, int(os.environ.get("MATTEPROOF_SEEDS", "1"))))
EXAMPLES = 8 if "MATTEPROOF_SEEDS" in os.environ else 2
"""Generated cases a campaign."""
SERVERS: dict[str, tuple[Callable[[], Callable[[Asked], Said]], Credentials]] = {
    "pixian": (pixian.Service, Credentials(pixian.NAME, pixian.SECRET)),
    "xty": (xty.Service, Credentials("", xty.KEY)),
}
FEWEST = {"pixian": 90, "xty": 30}
"""Rules that are kept at least, so that a server that is hardly looked at does not pass for one that conforms."""


@pytest.mark.thorough
@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", SERVERS)
def test_another_server_that_keeps_the_rules_conforms(name: str, seed: int) -> None:
    """No documented rule is said to be broken, no check fails itself, and most of them come into play."""
    service, credentials = SERVERS[name]
    provider = discover()[name]
    with served(service()) as origin, Transport(patience=30) as transport, PictureHost() as host:
        options = Options(seed=seed, examples=EXAMPLES)
        check = ServerCheck(provider, kit_of(provider), origin, credentials, transport, options=options, host=host)
        run = check.run()
    assert not run.stopped
    assert not {
        one.rule.id: one.violations or one.troubles for one in run.judgements if one.troubles or _fails(one.verdict)
    }
    assert sum(one.verdict is Verdict.PASS for one in run.judgements) >= FEWEST[name]


def _fails(verdict: Verdict) -> bool:
    return verdict is Verdict.FAIL
