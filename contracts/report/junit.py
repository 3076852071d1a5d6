"""The report for build servers, in the form of JUnit: a test case for every rule."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from contracts.judge import Verdict
from contracts.report.sequence import drawn

if TYPE_CHECKING:
    from contracts.conformance.run import Run
    from contracts.judge import Judgement
    from contracts.model import Violation

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that no XML document may have, not even escaped."""


def junit(run: Run) -> str:
    """Return *run* as JUnit XML. Only a breach of what is surely demanded is a failure; the rest is told in words."""
    name = f"matteproof {run.subject} {run.provider.name}"
    breaches = sum(judgement.is_breach for judgement in run.judgements)
    skipped = run.count(Verdict.NOT_EXERCISED)
    counts = {
        "tests": str(len(run.judgements)),
        "failures": str(breaches),
        "errors": str(int(bool(run.doubt))),
        "skipped": str(skipped),
        "time": f"{run.seconds:.3f}",
    }
    root = Element("testsuites", counts)
    suite = SubElement(root, "testsuite", {"name": name, **counts})
    properties = SubElement(suite, "properties")
    for key, value in (("target", run.target), ("seed", str(run.seed)), ("requests", str(run.requests))):
        SubElement(properties, "property", {"name": key, "value": _clean(value)})
    for judgement in run.judgements:
        _case(suite, run, judgement)
    if run.doubt:
        case = SubElement(suite, "testcase", {"classname": name, "name": "the run itself", "time": "0"})
        SubElement(case, "error", {"message": _clean(run.doubt)})
        suite.set("tests", str(len(run.judgements) + 1))
        root.set("tests", str(len(run.judgements) + 1))
    indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def _case(suite: Element, run: Run, judgement: Judgement) -> None:
    rule = judgement.rule
    attributes = {"classname": f"matteproof.{rule.provider}.{rule.subject}", "name": rule.id, "time": "0"}
    case = SubElement(suite, "testcase", attributes)
    if judgement.verdict is Verdict.NOT_EXERCISED:
        SubElement(case, "skipped", {"message": "not exercised"})
    told = "\n\n".join(
        "\n".join(filter(None, (violation.summary, violation.hint, _seen(run, violation))))
        for violation in judgement.violations
    )
    if judgement.is_breach:
        message = judgement.violations[0].summary
        failure = SubElement(case, "failure", {"message": _clean(message), "type": rule.level})
        failure.text = _clean(f"{rule.text}\n({rule.source})\n\n{told}")
    elif told:
        SubElement(case, "system-out").text = _clean(f"{judgement.verdict}: {rule.text}\n\n{told}")


def _seen(run: Run, violation: Violation) -> str:
    """Return how to see *violation*: the command that repeats its request, or what was said in its trial."""
    story = run.stories.get(violation.exchange)
    return drawn(story.timeline, [violation]) if story else run.reproductions.get(violation.exchange, "")


def _clean(text: str) -> str:
    return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text)
