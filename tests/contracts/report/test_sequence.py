"""Sequences: what a client and the provider said to each other, as readers see it."""

from __future__ import annotations

from dataclasses import replace

from contracts.checks import claims
from contracts.model import Claim, Ending, Exchange, Headers, Outcome, Request, Response, Timeline, Violation
from contracts.report import drawn
from contracts.report.sequence import sequence

BUSY = Response(429, Headers((("Content-Type", "application/json"),)), b"{}")
DONE = Response(200, Headers((("Content-Type", "image/png"),)), b"x" * 2000)
END = Outcome(Claim.SUCCESS, (b"x" * 2000,), "", 1006.0)


def exchange(number: int, at: float, response: Response | None, **changes: object) -> Exchange:
    """Return an exchange that began *at* so many seconds after the first."""
    terms = {"ended": 1000.1 + at, "ending": Ending.DONE, "answered": 1000.1 + at, **changes}
    return Exchange(number, 1, Request("POST", "/remove", "a=b", body=b"123"), response, 1000.0 + at, **terms)  # type: ignore[arg-type]


def timeline(*exchanges: Exchange, outcome: Outcome | None = END) -> Timeline:
    """Return the timeline of *exchanges*."""
    return Timeline(exchanges, outcome=outcome)


def violation(number: int, where: str = "wait") -> Violation:
    """Return a violation at the exchange *number*."""
    return Violation("rule", number, where, "at least 5 s", "1.0 s")


def test_a_sequence_is_drawn_in_order_of_time() -> None:
    """Requests, answers, the time that passes, what is broken where it shows, and the end."""
    told = drawn(timeline(exchange(7, 0, BUSY), exchange(8, 1.1, DONE)), [violation(8)]).splitlines()
    assert [line.split(maxsplit=2) for line in told[1:]] == [
        ["0.00", "s", "──▶ POST /remove?a=b, 3 bytes"],
        ["0.10", "s", "◀── 429 Too Many Requests, application/json, 2 bytes"],
        ["⋮", "1.0", "s"],
        ["1.10", "s", "──▶ POST /remove?a=b, 3 bytes"],
        ["✗", "expected", "at least 5 s"],
        ["✗", "received", "1.0 s"],
        ["1.20", "s", "◀── 200 OK, image/png, 2,000 bytes"],
        ["⋮", "4.8", "s"],
        ["6.00", "s", "■  the client ends and claims success; written: 2,000 bytes"],
    ]


def test_what_shows_at_the_end_is_marked_there() -> None:
    """A false claim is one only when it is made, and a message is missing only then."""
    for where in (claims.CLAIM, claims.OUTPUT, claims.END, claims.SAID):
        rows = sequence(timeline(exchange(7, 0, BUSY)), [violation(7, where)])
        assert [row.kind for row in rows] == ["request", "answer", "pause", "end", "broken", "broken"]


def test_reasons_stand_below_the_answers() -> None:
    """They say why each is as it is."""
    told = drawn(timeline(exchange(7, 0, BUSY), outcome=None), reasons={7: ["script: word 1 of 1"]}).splitlines()
    assert told[2].endswith("429 Too Many Requests, application/json, 2 bytes")
    assert told[3].split(maxsplit=1) == ["script:", "word 1 of 1"]


def test_how_answers_end_is_told() -> None:
    """A client that leaves, a connection that is closed or reset, and answers in part."""
    cases = {
        "nothing: the client has left": exchange(0, 0, DONE, ending=Ending.GONE, sent=0, answered=None),
        "the connection is reset": exchange(0, 0, None, ending=Ending.RESET),
        "the connection is closed": exchange(0, 0, None, ending=Ending.CLOSE),
        "of which 10 come, then it is closed": exchange(0, 0, DONE, ending=Ending.CLOSE, sent=10),
        "of which 10 come, then the client has left": exchange(0, 0, DONE, ending=Ending.GONE, sent=10),
    }
    for words, one in cases.items():
        assert words in drawn(timeline(one), [violation(5)])


def test_long_sequences_are_cut_around_what_is_broken() -> None:
    """By whole exchanges, so that a reader sees what was asked and what came of it."""
    exchanges = (exchange(number, number / 5, BUSY) for number in range(100))
    rows = sequence(timeline(*exchanges, outcome=replace(END, ended=1100.0)), [violation(50)])
    assert len(rows) <= 27
    assert rows[0].text == "45 exchanges before are left out"
    assert [row.text for row in rows[-3:-1]] == ["45 exchanges after are left out", "89.1 s"]
    assert [row.kind for row in rows if row.kind in {"request", "answer"}] == ["request", "answer"] * 10
    assert any(row.kind == "broken" for row in rows)
    assert rows[-1].kind == "end"


def test_nothing_is_cut_where_little_is_saved() -> None:
    """Up to two exchanges on either side are drawn, though they take more rows than there should be."""
    for count, left in ((13, 0), (14, 0), (15, 3)):
        rows = sequence(timeline(*(exchange(number, number / 5, BUSY) for number in range(count)), outcome=None))
        assert sum(row.kind == "request" for row in rows) == count - left
        assert [row.text for row in rows if "left out" in row.text] == [f"{left} exchanges before are left out"][:left]


def test_a_long_reason_takes_several_lines() -> None:
    """But not for ever."""
    told = drawn(timeline(exchange(7, 0, BUSY), outcome=None), reasons={7: ["answer: " + "word " * 30, "x" * 1000]})
    lines = [line.strip() for line in told.splitlines()[3:]]
    assert " ".join(lines[:2]) == "answer: " + " ".join(["word"] * 30)
    assert all(len(line) <= 101 for line in lines)
    assert len("".join(lines[2:])) == 301


def test_no_secret_of_a_query_is_drawn() -> None:
    """Values whose names speak of one are hidden, wherever the exchange comes from."""
    one = exchange(0, 0, DONE)
    one = replace(one, request=replace(one.request, query="a=b&api_secret=hush&token=hush"))
    told = drawn(timeline(one))
    assert "?a=b&api_secret=[redacted]&token=[redacted]" in told
    assert "hush" not in told


def test_hosts_are_told_where_there_are_several() -> None:
    """As when the result lies elsewhere."""
    one, other = exchange(0, 0, DONE), exchange(1, 1, DONE)
    other = replace(other, request=replace(other.request, origin="https://cdn.example.com"))
    assert "POST /remove?" in drawn(timeline(one, one))
    assert "POST localhost/remove?" in drawn(timeline(one, other))
    assert "POST cdn.example.com/remove?" in drawn(timeline(one, other))


def test_what_the_client_says_of_its_failure_is_drawn() -> None:
    """The first line, or the last one of a trace; nothing where it claims success."""
    trace = "Traceback (most recent call last):\n  File x\nOSError: no\x1b picture\n"
    for said, shown in (("\nfirst\nsecond", "it says: first"), (trace, "it says: OSError: no\\x1b picture")):
        failed = drawn(timeline(exchange(0, 0, BUSY), outcome=replace(END, claim=Claim.FAILURE, said=said)))
        assert failed.splitlines()[-1].strip() == shown
    assert "first" not in drawn(timeline(exchange(0, 0, DONE), outcome=replace(END, said="first")))


def test_nothing_is_drawn_where_nothing_was_sent() -> None:
    """Nor does hostile text get to the terminal."""
    assert sequence(timeline(), [violation(0)]) == ()
    evil = Exchange(0, 1, Request("POST", "/\x1b[31m"), BUSY, 0.0, 0.0, Ending.DONE)
    assert "\x1b" not in drawn(timeline(evil), [violation(0)])
