"""The report for programs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from contracts.report.sequence import drawn

if TYPE_CHECKING:
    from contracts.conformance.run import Run
    from contracts.judge import Judgement
    from contracts.model import Violation


def as_json(run: Run, version: str) -> str:
    """Return *run* as the JSON document that users' programs read; *version* is that of this package."""
    document = {
        "tool": "matteproof",
        "version": version,
        "subject": run.subject,
        "provider": run.provider.name,
        "target": run.target,
        "seed": run.seed,
        "verdict": run.conclusion,
        "doubt": run.doubt,
        "notes": list(run.notes),
        "requests": run.requests,
        "credits": float(run.credits),
        "credits_at_most": run.credits_at_most,
        "seconds": round(run.seconds, 3),
        "speed": run.speed,
        "rules": [_rule(run, judgement) for judgement in run.judgements],
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _rule(run: Run, judgement: Judgement) -> dict[str, object]:
    rule = judgement.rule
    return {
        "id": rule.id,
        "level": rule.level,
        "assurance": rule.assurance,
        "verdict": judgement.verdict,
        "exercised": judgement.exercised,
        "broken": judgement.broken,
        "text": rule.text,
        "source": str(rule.source),
        "violations": [_violation(run, violation) for violation in judgement.violations],
        **({"troubles": list(judgement.troubles)} if judgement.troubles else {}),
    }


def _violation(run: Run, violation: Violation) -> dict[str, object]:
    story = run.stories.get(violation.exchange)
    return {
        "summary": violation.summary,
        "expected": violation.expected,
        "received": violation.received,
        "hint": violation.hint,
        "exchange": violation.exchange,
        "request": run.descriptions.get(violation.exchange, ""),
        "reproduce": run.reproductions.get(violation.exchange, ""),
        **({"sequence": drawn(story.timeline, [violation]).splitlines()} if story else {}),
    }
