"""Putting clients to the test: good ones, which are to conform, and buggy ones, which are to be caught."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from contracts.conformance.client.check import ClientCheck
from contracts.conformance.client.options import Options
from contracts.conformance.client.program import Program
from contracts.judge import Verdict
from contracts.providers import discover, kit_of
from contracts.rules import load_rules
from mockserver.stage import MockStage

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from contracts.conformance.client.stage import Stage
    from contracts.conformance.run import Run
    from tests.clients.bugs import Bug


@dataclass(frozen=True, slots=True)
class Catch:
    """What came of a bug: the rules that it was to break and did, those that it did not, and others that it did."""

    caught: tuple[str, ...]
    missed: tuple[str, ...]
    besides: tuple[str, ...]


def played(
    provider: str, command: Sequence[str], *, only: Collection[str] = (), examples: int = 0, threads: bool = True
) -> Run:
    """Return how the client *command* of *provider* does, by the rules whose ids begin as *only* says, or by all."""
    known = discover()[provider]
    kit = kit_of(known)

    def build(tls: bool) -> Stage:  # noqa: FBT001  the driver's own call
        return MockStage(known, tls=tls)

    rules = load_rules(known.folder, provider)
    chosen = frozenset(rule.id for rule in rules if rule.id.startswith(tuple(only)))
    options = Options(only=chosen, examples=examples, threads=threads)
    return ClientCheck(known, kit, Program(command), build, options).run()


def catch(bug: Bug) -> Catch:
    """Return what comes of *bug* when its rules alone are judged, in the trials that are about them."""
    run = played(bug.provider, bug.command, only=bug.breaks)
    broken = {one.rule.id for one in run.judgements if one.verdict in {Verdict.FAIL, Verdict.OBSERVED}}
    return Catch(
        tuple(rule for rule in bug.breaks if rule in broken),
        tuple(rule for rule in bug.breaks if rule not in broken),
        tuple(sorted(broken - set(bug.breaks))),
    )
