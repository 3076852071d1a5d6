"""Schemathesis, run against one provider's document. No other module knows its names, because they change often."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import schemathesis
from schemathesis.engine import events, from_schema

from contracts.model import Headers, Response

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from schemathesis.core.failures import Failure
    from schemathesis.core.transport import Response as Received
    from schemathesis.engine.recorder import ScenarioRecorder
    from schemathesis.hooks import HookContext

    from contracts.model import Provider
    from tests.schemathesis.terms import Allowance

PHASES = ("examples", "coverage", "fuzzing", "stateful")
"""Every way in which Schemathesis makes requests."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check says against one answer. ``title`` is Schemathesis's name for this kind of fault."""

    check: str
    title: str
    operation: str
    answer: Response
    message: str
    reproduce: str = ""

    def __str__(self) -> str:
        """Return the whole story, for a person."""
        status = self.answer.status
        return f"{self.operation}: {self.check}: {self.title}\n{self.message}\n{self.reproduce}\n-> {status}"


@dataclass(slots=True)
class Examination:
    """What a run came to: how many answers there were by phase, operation and status, and the findings.

    ``troubles`` are the errors of Schemathesis itself; with any of them the run proves nothing. ``unfinished`` counts
    what was begun and has not ended: a thread of Schemathesis that fails takes its scenario along in silence.
    """

    findings: list[Finding] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)
    answers: Counter[tuple[str, str, int]] = field(default_factory=Counter)
    unfinished: int = 0

    def note(self, event: events.EngineEvent) -> None:
        """Take in what happened."""
        if isinstance(event, events.ScenarioStarted):
            self.unfinished += 1
        elif isinstance(event, events.ScenarioFinished):
            self.unfinished -= 1
            self.answers.update(_answers(event.phase.value, event.recorder))
            self.findings.extend(_findings(event.recorder))
        elif isinstance(event, events.NonFatalError):
            self.troubles.append(f"{event.label}: {event.value!r}")
        elif isinstance(event, events.FatalError):
            self.troubles.append(repr(event.exception))
        elif isinstance(event, events.EngineFinished) and (self.unfinished or event.stop_reason != "completed"):
            self.troubles.append(f"{event.stop_reason}, with {self.unfinished} scenarios that never ended")


def examine(  # noqa: PLR0913  the terms of the run, by keyword
    provider: Provider,
    origin: str,
    *,
    credentials: Mapping[str, Mapping[str, str]],
    allowances: Sequence[Allowance] = (),
    phases: Iterable[str] = PHASES,
    examples: int = 1,
) -> Examination:
    """Run all checks in *phases* on the server at *origin*, with *examples* generated requests an operation.

    *credentials* are given by security scheme. What one of *allowances* covers is no finding. A second run makes the
    same requests.
    """
    config = _config(origin, credentials, frozenset(phases), examples)
    schema = schemathesis.openapi.from_path(provider.folder / "openapi.yaml", config=config)
    _allow(schema, [allowance for allowance in allowances if allowance.provider == provider.name])
    examination = Examination()
    for event in from_schema(schema).execute():
        examination.note(event)
    return examination


def _config(
    origin: str, credentials: Mapping[str, Mapping[str, str]], phases: frozenset[str], examples: int
) -> schemathesis.Config:
    settings: dict[str, Any] = {
        "base-url": origin,
        "auth": {"openapi": credentials},
        "checks": {"enabled": True},
        "phases": {phase: {"enabled": phase in phases} for phase in PHASES},
        "generation": {
            "mode": "all",
            "max-examples": examples,
            "deterministic": True,
            "database": "none",
            "with-security-parameters": False,  # random credentials would hide what is wrong with a body
        },
        "seed": 0,
        "workers": 1,
        "warnings": False,
    }
    return schemathesis.Config.from_dict(settings)


def _allow(schema: schemathesis.BaseSchema, allowances: Sequence[Allowance]) -> None:
    def filter_failure(
        context: HookContext, failure: Failure, case: schemathesis.Case[Any], response: Received
    ) -> bool:
        del context
        findings = [_finding(check, failure, case, response) for check in failure.checks]
        return not any(allowance.covers(finding) for finding in findings for allowance in allowances)

    schema.hook(filter_failure)


def _answers(phase: str, recorder: ScenarioRecorder) -> Iterator[tuple[str, str, int]]:
    for name, interaction in recorder.interactions.items():
        status = interaction.response.status_code if interaction.response else 0
        yield phase, recorder.cases[name].value.operation.label, status


def _findings(recorder: ScenarioRecorder) -> Iterator[Finding]:
    for name, checks in recorder.checks.items():
        for check in checks:
            if check.failure_info is not None:
                response = recorder.interactions[name].response
                case = recorder.cases[name].value
                sample = check.failure_info.code_sample
                yield _finding(check.name, check.failure_info.failure, case, response, sample)


def _finding(
    check: str, failure: Failure, case: schemathesis.Case[Any], received: Received | None, reproduce: str = ""
) -> Finding:
    answer = Response(0)
    if received is not None:
        pairs = ((name, value) for name, values in received.headers.items() for value in values)
        answer = Response(received.status_code, Headers.of(pairs), received.content or b"")
    return Finding(check, failure.title, case.operation.label, answer, failure.message, reproduce)
