"""No secret leaves a run, whatever the server did with it."""

from __future__ import annotations

import base64
import json
from decimal import Decimal

from contracts import har
from contracts.cases import Credentials
from contracts.conformance.run import Run
from contracts.conformance.secrets import without_secrets
from contracts.judge import Judgement
from contracts.model import Ending, Exchange, Headers, Request, Response, Violation
from contracts.providers import behaviour_of, discover
from contracts.report import as_json, html, junit, markdown
from contracts.rules import load_rules

SECRET = "a-very-secret-word"  # noqa: S105  of nobody
TOKEN = base64.b64encode(f"me:{SECRET}".encode()).decode()


def run_with_echo() -> Run:
    """Return a run against a server that repeats the credentials in all places."""
    provider = discover()["pixian"]
    rule = load_rules(provider.folder, provider.name)[0]
    request = Request(
        "POST",
        "/api/v2/remove-background",
        f"key={SECRET}",
        Headers((("Authorization", f"Basic {TOKEN}"),)),
        SECRET.encode(),
    )
    response = Response(200, Headers((("X-Echo", f"Basic {TOKEN}"),)), f"you are {SECRET}".encode())
    exchange = Exchange(0, 0, request, response, 0.0, 1.0, Ending.DONE)
    violation = Violation(rule.id, 0, f"header {SECRET}", "nothing", f"Basic {TOKEN}", f"do not say {SECRET}")
    return Run(
        subject="server",
        provider=provider,
        target="http://localhost",
        seed=0,
        judgements=(Judgement(rule, 1, 1, (violation,), (f"ValueError: {SECRET}",)),),
        exchanges={0: exchange},
        requests=1,
        credits=Decimal(0),
        seconds=1.0,
        succeeded=True,
        stopped=f"stopped at {SECRET}",
        reproductions={0: f"curl -u me:{SECRET}"},
    )


def test_no_report_or_recording_has_the_secret() -> None:
    """Plain or as the token of HTTP Basic, in violations, commands, header fields and bodies."""
    run = run_with_echo()
    clean = without_secrets(run, Credentials("me", SECRET), behaviour_of(run.provider).without_secrets)
    pictures = {0: (None, None)}
    texts = [as_json(clean, "1"), junit(clean), markdown(clean), html(clean, pictures, "1")]
    recording = json.dumps(har.dump(clean.exchanges.values(), version="1"))
    for text in (*texts, recording):
        assert SECRET not in text
        assert TOKEN not in text
        assert "redacted" in text
    assert SECRET in as_json(run, "1"), "the run itself has it, so the test can fail"


def test_short_words_are_left_alone() -> None:
    """A secret of two letters would take pieces out of ordinary words."""
    run = run_with_echo()
    clean = without_secrets(run, Credentials("me", "in"), behaviour_of(run.provider).without_secrets)
    assert "nothing" in as_json(clean, "1")
