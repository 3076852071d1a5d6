"""Reports say what a run found, in forms that programs and people can read, whatever the server sent."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import pytest

from contracts.conformance.run import Run
from contracts.judge import Judgement
from contracts.model import (
    Assurance,
    Ending,
    Exchange,
    Headers,
    Level,
    Request,
    Response,
    Rule,
    Source,
    Subject,
    Violation,
)
from contracts.providers import discover
from contracts.report import as_json, html, junit, markdown
from contracts.strategies import Drawing, draw

HOSTILE = '<script>alert(1)</script> ]]> \x00\ufffe `| **x** \n# y & "q"'
PICTURE = draw(Drawing(kind="tiff")).data


def rule(topic: str, level: Level = Level.MUST, assurance: Assurance = Assurance.SEED) -> Rule:
    """Return a rule."""
    return Rule(
        f"pixian.server.{topic}", "pixian", Subject.SERVER, level, assurance, f"About {topic}.", Source("D", "S")
    )


def judgement(one: Rule, *, broken: bool = False, exercised: int = 1) -> Judgement:
    """Return a judgement on the rule *one*."""
    violation = Violation(one.id, 3, HOSTILE, "a", HOSTILE, HOSTILE)
    return Judgement(one, exercised, int(broken), (violation,) if broken else ())


def run(*judgements: Judgement, stopped: str = "") -> Run:
    """Return a run with *judgements*, and the exchange of every violation."""
    response = Response(200, Headers((("X-Evil", HOSTILE),)), b"no picture")
    exchange = Exchange(3, 0, Request("POST", "/<b>"), response, 0.0, 1.0, Ending.DONE)
    return Run(
        subject="server",
        provider=discover()["pixian"],
        target="http://localhost:1",
        seed=7,
        judgements=judgements,
        exchanges={3: exchange},
        requests=12,
        credits=Decimal("0.25"),
        seconds=1.5,
        succeeded=True,
        stopped=stopped,
        reproductions={3: "curl ``` <x> ]]>"},
    )


PASS = judgement(rule("kept"))
BREACH = judgement(rule("broken"), broken=True)
WEAK = judgement(rule("weak", Level.SHOULD), broken=True)
GUESS = judgement(rule("guess", assurance=Assurance.ASSUMED), broken=True)
MAY = judgement(rule("free", Level.MAY), broken=True)
SILENT = judgement(rule("silent"), exercised=0)
ALL = run(PASS, BREACH, WEAK, GUESS, MAY, SILENT)


@pytest.mark.parametrize(
    ("judgements", "conclusion"),
    [
        ((PASS,), "conforms"),
        ((PASS, BREACH), "violates"),
        ((PASS, WEAK), "conforms"),
        ((PASS, GUESS), "conforms"),
        ((PASS, MAY), "conforms"),
        ((PASS, SILENT), "conforms"),
        ((SILENT, SILENT, PASS), "inconclusive"),
    ],
)
def test_only_what_is_surely_demanded_decides(judgements: tuple[Judgement, ...], conclusion: str) -> None:
    """A broken should, guess or may is told, but does not decide; too little exercised decides nothing."""
    assert run(*judgements).conclusion == conclusion


def test_a_run_that_was_stopped_is_inconclusive_unless_it_found_something() -> None:
    """What was found stays found."""
    assert run(PASS, stopped="out of time").conclusion == "inconclusive"
    assert run(PASS, BREACH, stopped="out of time").conclusion == "violates"


def test_json_has_what_programs_rely_on() -> None:
    """Every key of the documented form, with verdicts by rule and violations with their exchange."""
    document = json.loads(as_json(ALL, "1.2.3"))
    expected = {"tool": "matteproof", "version": "1.2.3", "subject": "server", "provider": "pixian", "seed": 7}
    assert expected.items() <= document.items()
    assert document["verdict"] == "violates"
    assert (document["requests"], document["credits"], document["seconds"], document["speed"]) == (12, 0.25, 1.5, 1.0)
    verdicts = {one["id"].rpartition(".")[2]: one["verdict"] for one in document["rules"]}
    assert verdicts == {
        "kept": "pass",
        "broken": "fail",
        "weak": "fail",
        "guess": "observed",
        "free": "observed",
        "silent": "not_exercised",
    }
    (violation,) = document["rules"][1]["violations"]
    assert set(violation) == {"summary", "expected", "received", "hint", "exchange", "request", "reproduce"}
    assert violation["exchange"] == 3
    assert violation["received"] == HOSTILE


def test_junit_fails_where_the_run_does() -> None:
    """One failure for the breach; what was not exercised is skipped; the XML is well-formed whatever was sent."""
    root = ET.fromstring(junit(ALL))  # noqa: S314  our own text
    cases = {str(case.get("name")).rpartition(".")[2]: case for case in root.iter("testcase")}
    assert [name for name, case in cases.items() if case.find("failure") is not None] == ["broken"]
    assert [name for name, case in cases.items() if case.find("skipped") is not None] == ["silent"]
    assert root.get("failures") == "1"
    assert root.get("tests") == str(len(cases))
    failure = cases["broken"].find("failure")
    assert failure is not None
    assert "<script>" in str(failure.text)


def test_junit_tells_why_nothing_can_be_said() -> None:
    """A run without a verdict is an error, so that no build is green by accident."""
    root = ET.fromstring(junit(run(SILENT, stopped="nobody there")))  # noqa: S314  our own text
    errors = [error.get("message") for error in root.iter("error")]
    assert errors == ["nobody there"]


def test_markdown_is_not_taken_over() -> None:
    """What a server sent stays text: no HTML, no new lines or headings, no way out of a code block."""
    text = markdown(ALL)
    assert "<script>" not in text
    assert "\n# y" not in text
    assert "````sh\n  curl ``` <x> ]]>\n  ````" in text
    assert "pixian.server.broken" in text
    assert "1 rules were not exercised" in text


class Page(HTMLParser):
    """What elements a page has, and where they lead."""

    def __init__(self, text: str) -> None:
        """Read *text*."""
        super().__init__()
        self.tags: list[str] = []
        self.addresses: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag."""
        self.tags.append(tag)
        self.addresses += [value or "" for name, value in attrs if name in {"src", "href", "action"}]


def test_html_stands_alone_and_runs_nothing() -> None:
    """No script, nothing from elsewhere, a strict policy; pictures are in the page, TIFF turned into PNG."""
    text = html(ALL, {3: (PICTURE, b"no picture")}, "1.2.3")
    page = Page(text)
    assert "script" not in page.tags
    assert "link" not in page.tags
    assert page.addresses
    assert all(address.startswith("data:image/png;base64,") for address in page.addresses)
    assert "default-src 'none'" in text
    assert "64 x 48 tiff" in text
    assert "result: the bytes are no picture" in text
    assert re.search(r"&lt;script&gt;alert\(1\)&lt;/script&gt;", text)
    for name in ("broken", "weak", "guess"):
        assert f"<h3>pixian.server.{name}</h3>" in text
