"""The report for the summary page of a build."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from contracts.judge import Verdict
from contracts.report.sequence import drawn

if TYPE_CHECKING:
    from collections.abc import Iterable

    from contracts.conformance.run import Run
    from contracts.judge import Judgement

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~])")
_TITLES = (
    ("Broken, and surely demanded", Verdict.FAIL, True),
    ("Broken, but not surely demanded", Verdict.FAIL, False),
    ("Observed: other than assumed", Verdict.OBSERVED, False),
)


def markdown(run: Run) -> str:
    """Return *run* as Markdown: the verdict, the counts, and what is broken with the way to see it."""
    counts = " · ".join(f"{run.count(verdict)} {verdict.replace('_', ' ')}" for verdict in Verdict)
    lines = [
        f"## matteproof: {_plain(run.target)} **{run.conclusion}** {_plain(run.provider.title)}",
        "",
        f"{counts} · {run.requests} requests · {run.seconds:.1f} s · {run.cost} · seed {run.seed}",
        "",
    ]
    lines += [f"> {_plain(note)}\n" for note in (run.doubt, *run.notes) if note]
    for title, verdict, breach in _TITLES:
        found = [one for one in run.judgements if one.verdict is verdict and one.is_breach == breach]
        lines += _section(title, run, found)
    silent = [one.rule.id for one in run.judgements if one.verdict is Verdict.NOT_EXERCISED]
    if silent:
        names = ", ".join(f"`{name}`" for name in silent)
        lines += [
            f"<details><summary>{len(silent)} rules were not exercised</summary>",
            "",
            names,
            "",
            "</details>",
            "",
        ]
    return "\n".join(lines)


def _section(title: str, run: Run, found: Iterable[Judgement]) -> list[str]:
    lines: list[str] = []
    for judgement in found:
        rule, violation = judgement.rule, judgement.violations[0]
        story = run.stories.get(violation.exchange)
        what = "trial" if story else "request"
        lines += [
            f"- **`{rule.id}`** ({rule.level}, {rule.assurance}): {_plain(rule.text)}",
            f"  - {_plain(violation.summary)}",
            *([f"  - {what}: {_plain(asked)}"] if (asked := run.descriptions.get(violation.exchange)) else []),
            *([f"  - {_plain(violation.hint)}"] if violation.hint else []),
            f"  - source: {_plain(str(rule.source))}; broken {judgement.broken} of {judgement.exercised} times",
        ]
        if story is not None:
            lines += [
                "",
                "  ```text",
                *(f"  {line}".replace("`", "'") for line in drawn(story.timeline, [violation]).splitlines()),
                "  ```",
            ]
        command = run.reproductions.get(violation.exchange, "")
        if command:
            fence = "`" * max(3, 1 + max(map(len, re.findall("`+", command)), default=0))
            lines += ["", f"  {fence}sh", f"  {command}", f"  {fence}"]
    return [f"### {title}", "", *lines, ""] if lines else []


def _plain(text: str) -> str:
    """Return *text* with nothing in it that Markdown or HTML would take for its own."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))
