"""What came of a run, in a terminal: a summary."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape

from contracts.judge import Verdict

if TYPE_CHECKING:
    from contracts.conformance.run import Run
    from contracts.judge import Judgement

_MOST = 8
"""Rules that are told of one by one; reports have them all."""
_COLOURS = {"conforms": "green", "violates": "red", "inconclusive": "yellow"}


def summarise(run: Run) -> None:
    """Print what came of *run*: the broken rules with the way to see them, the counts, and the verdict."""
    console = Console()
    breaches = [one for one in run.judgements if one.is_breach]
    others = [one for one in run.judgements if one.verdict is Verdict.FAIL and not one.is_breach]
    for judgement in [*breaches, *others][:_MOST]:
        _tell(console, run, judgement)
    left = len(breaches) + len(others) - _MOST
    if left > 0:
        console.print(f"... and {left} more rules; --report html=report.html shows them all.\n", highlight=False)
    _tell_observed(console, run)
    for trouble in [text for one in run.judgements for text in one.troubles][:3]:
        console.print(f"[yellow]A check failed itself: {escape(trouble)}. Please report it.[/]", soft_wrap=True)
    counts = ", ".join(f"{run.count(verdict)} {verdict.replace('_', ' ')}" for verdict in Verdict)
    console.print(f"{len(run.judgements)} rules: {counts}", highlight=False)
    console.print(f"{run.requests} requests in {run.seconds:.1f} s, {run.cost}, seed {run.seed}", highlight=False)
    for note in (run.doubt, *run.notes):
        if note:
            console.print(escape(note), highlight=False, soft_wrap=True)
    colour = _COLOURS[run.conclusion]
    beside = f", but for {_counted(len(others))}" if others and run.conclusion == "conforms" else ""
    said = f"[bold {colour}]{run.conclusion}[/]{beside}: {escape(run.target)}, {run.provider.title}"
    console.print(said, highlight=False, soft_wrap=True)


def _counted(number: int) -> str:
    """Return so many rules that bind nobody, in words."""
    return "1 rule that is no must" if number == 1 else f"{number} rules that are no musts"


def _tell_observed(console: Console, run: Run) -> None:
    """Tell of the rules that are other than assumed, in a line each."""
    found = [one for one in run.judgements if one.verdict is Verdict.OBSERVED]
    for one in found[:_MOST]:
        said = f"observed: {one.rule.id} ({one.rule.level}, {one.rule.assurance}): {one.violations[0].summary}"
        console.print(escape(said), highlight=False, soft_wrap=True)
    if len(found) > _MOST:
        console.print(f"... and {len(found) - _MOST} more that were observed.", highlight=False)
    if found:
        console.print()


def _tell(console: Console, run: Run, judgement: Judgement) -> None:
    """Tell of one broken rule, and draw what a client and the provider said to each other."""
    rule, violation = judgement.rule, judgement.violations[0]
    colour = "red" if judgement.is_breach else "yellow"
    said = f"[bold {colour}]{rule.id}[/] ({rule.level}, {rule.assurance}): {escape(rule.text)}"
    console.print(said, highlight=False, soft_wrap=True)
    console.print(f"  {escape(violation.summary)}", highlight=False, soft_wrap=True)
    if violation.hint:
        console.print(f"  {escape(violation.hint)}", highlight=False, soft_wrap=True)
    asked = run.descriptions.get(violation.exchange, "")
    story = run.stories.get(violation.exchange)
    if asked:
        console.print(f"  {'trial' if story else 'request'}: {escape(asked)}", highlight=False, soft_wrap=True)
    if story is not None:
        from contracts.report import drawn  # noqa: PLC0415  only clients have stories

        for line in drawn(story.timeline, [violation]).splitlines():
            console.print(f"  {escape(line)}", highlight=False, soft_wrap=True)
    where = f"exchange {violation.exchange}, {judgement.broken} of {judgement.exercised} times; {rule.source}"
    console.print(f"  [dim]{escape(where)}[/]\n", highlight=False, soft_wrap=True)
