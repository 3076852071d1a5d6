"""No secret leaves a run, whatever the server did with it."""

from __future__ import annotations

import base64
import html as pages
import json
from dataclasses import replace
from decimal import Decimal
from urllib.parse import quote, quote_plus

import pytest

from contracts import har
from contracts.cases import Credentials
from contracts.checks import quoting, shown
from contracts.conformance.client.story import Story
from contracts.conformance.run import Run
from contracts.conformance.secrets import Hider, without_secrets
from contracts.judge import Judgement
from contracts.model import (
    Claim,
    Ending,
    Exchange,
    Headers,
    Input,
    Job,
    Outcome,
    Request,
    Response,
    Timeline,
    Violation,
)
from contracts.providers import behaviour_of, discover
from contracts.report import as_json, html, junit, markdown
from contracts.rules import load_rules
from contracts.trials import Trial

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
    echoes = (("X-Echo", f"Basic {TOKEN}"), (f"x-{SECRET.title()}", "1"))
    response = Response(200, Headers(echoes), f"you are {SECRET}".encode())
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
        assert SECRET.title() not in text
        assert "redacted" in text
    assert SECRET in as_json(run, "1"), "the run itself has it, so the test can fail"


def test_short_words_are_left_alone() -> None:
    """A secret of two letters would take pieces out of ordinary words."""
    run = run_with_echo()
    clean = without_secrets(run, Credentials("me", "in"), behaviour_of(run.provider).without_secrets)
    assert "nothing" in as_json(clean, "1")


AWKWARD = ('q"uo\\te', "a b+c/d=", "höß ¥ 鍵", "<&'>;", "key\U0001f511end", "per%cent")


@pytest.mark.parametrize("secret", AWKWARD)
def test_a_secret_is_found_however_it_is_written(secret: str) -> None:
    """In JSON, once or twice, as programs print texts and bytes, in HTML, in URLs and forms, and in header fields."""
    octets = secret.encode()
    written = [
        secret,
        json.dumps(secret),
        json.dumps(secret, ensure_ascii=False),
        json.dumps(json.dumps(secret)),
        json.dumps(secret).replace("/", "\\/"),
        repr(secret),
        repr(octets),
        ascii(secret),
        pages.escape(secret),
        pages.escape(secret, quote=False),
        secret.encode("ascii", "xmlcharrefreplace").decode(),
        quote(secret),
        quote(secret, safe=""),
        quote_plus(secret),
        quote(quote(secret)),
        quote(secret, safe="").replace("%C3", "%c3").replace("%2F", "%2f"),
        octets.decode("latin-1"),
        base64.b64encode(octets).decode(),
        base64.urlsafe_b64encode(f"me:{secret}".encode()).decode(),
    ]
    hide = Hider(Credentials("me", secret))
    for text in written:
        assert hide.text(f"<{text}>").count("[redacted]") == 1, text
        assert len(hide.text(text)) <= len("[redacted]") + 8, text
        data = hide.data(f"<{text}>".encode())
        assert data.count(b"[redacted]") == 1, text


def test_what_is_no_secret_stays() -> None:
    """Other texts, and bytes that are no text at all, are as they were."""
    for secret in AWKWARD:
        hide = Hider(Credentials("me", secret))
        assert hide.text("q uote a-b höö key end per cent") == "q uote a-b höö key end per cent"
        assert hide.data(bytes(range(256))) == bytes(range(256))


@pytest.mark.parametrize("before", range(220, 260))
def test_a_secret_is_not_quoted_in_pieces(before: int) -> None:
    """Values are shortened for a finding; a secret where the cut is would not be found afterwards."""
    with quoting(Hider(Credentials("me", SECRET))):
        told = [shown("x" * before + SECRET), shown(b"x" * (before - 220) + SECRET.encode())]
    for text in told:
        assert SECRET[:4] not in text
    assert "a-ve" in shown(b"x" * 20 + SECRET.encode())


def test_what_a_client_says_is_told_without_the_secret_of_its_job() -> None:
    """Each job has credentials of its own, and clients write down what they send."""
    run = run_with_echo()
    inputs = (Input("a.png", b""),)
    job = Job(inputs, {}, "http://localhost", "it", "its-own-word")
    said = f"sent {base64.b64encode(b'it:its-own-word').decode()}, that is its-own-word, not {SECRET}"
    timeline = Timeline((run.exchanges[0],), job=job, outcome=Outcome(Claim.FAILURE, (None,), said, 2.0))
    told = replace(run, stories={0: Story(Trial("plain", inputs), timeline, 1.0, 1.0)})
    clean = without_secrets(told, Credentials("me", SECRET), behaviour_of(run.provider).without_secrets)
    outcome = clean.stories[0].timeline.outcome
    assert outcome is not None
    assert outcome.said == "sent [redacted], that is [redacted], not [redacted]"
