"""Putting a mutant on trial: is the rule that it breaks reported as broken?"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from contracts.cases import Credentials
from contracts.conformance.pictures import PictureHost
from contracts.conformance.server import Options, ServerCheck
from contracts.conformance.transport import Transport
from contracts.judge import Verdict
from contracts.providers import discover, kit_of
from tests.mutants.mutant import MutantSender

if TYPE_CHECKING:
    from contracts.conformance.run import Run
    from tests.mutants.mutant import Mutant

EXAMPLES = (0, 20)
"""Generated cases: at first none, for the fixed ones find most; then some."""


def credentials(provider: str) -> Credentials:
    """Return credentials that nobody used before, so that every trial has a tenant of its own."""
    name = uuid.uuid4().hex[:12]
    return Credentials("" if provider == "xty" else name, f"sk-{name}")


def judge(mutant: Mutant, origin: str, examples: int, seed: int = 0) -> Run:
    """Check *mutant*, a change to the mock at *origin*, for the rule that it breaks."""
    provider = discover()[mutant.rule.split(".", maxsplit=1)[0]]
    options = Options(seed=seed, examples=examples, only=frozenset({mutant.rule}))
    with Transport(patience=30) as transport, PictureHost() as host:
        check = ServerCheck(
            provider,
            kit_of(provider),
            origin,
            credentials(provider.name),
            MutantSender(mutant, transport),
            options=options,
            host=host,
        )
        return check.run()


def is_killed(mutant: Mutant, origin: str) -> bool:
    """Tell whether the rule that *mutant* breaks is found broken."""
    for examples in EXAMPLES:
        run = judge(mutant, origin, examples)
        if run.judgements[0].verdict in {Verdict.FAIL, Verdict.OBSERVED}:
            return True
    return False
