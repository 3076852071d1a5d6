"""What a client and the provider said to each other, drawn from top to bottom in virtual time."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from textwrap import wrap
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

from contracts.checks.claims import CLAIM, END, OUTPUT, SAID
from contracts.checks.finding import printable, telling
from contracts.model import Claim, Ending
from contracts.redaction import in_query

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from contracts.model import Exchange, Outcome, Timeline, Violation

Kind = Literal["request", "answer", "reason", "pause", "broken", "end"]

_MOST = 24
"""Rows that are drawn; of longer sequences the exchanges far from the broken rule are left out."""
_FEW = 3
"""Exchanges that it takes to leave any out."""
_PAUSE = 0.5
"""Virtual seconds between two events from which on the time that passes is told."""
_SEEN_AT_THE_END = frozenset({CLAIM, OUTPUT, END, SAID})
_LONGEST = 100
"""Characters of a line."""
_LONGEST_REASON = 300
"""Characters of a sentence, which takes as many lines as it needs."""
_CLAIMS = {
    Claim.SUCCESS: "the client ends and claims success",
    Claim.FAILURE: "the client ends and reports failure",
    Claim.UNABLE: "the client ends and says that it cannot do this job",
    Claim.NONE: "the client had not ended, and was stopped",
}
_ARROWS = {"request": "──▶", "answer": "◀──", "reason": "   ", "pause": " ⋮ ", "broken": " ✗ ", "end": " ■ "}
_TIMELESS = frozenset({"reason", "pause", "broken"})


@dataclass(frozen=True, slots=True)
class Row:
    """One event: ``at`` so many virtual seconds after the first one."""

    kind: Kind
    at: float
    text: str

    @property
    def moment(self) -> str:
        """When it was, for a reader."""
        return "" if self.kind in _TIMELESS else f"{self.at:.2f} s"


def sequence(
    timeline: Timeline, violations: Sequence[Violation] = (), reasons: Mapping[int, Sequence[str]] | None = None
) -> tuple[Row, ...]:
    """Return the rows of *timeline*, with what *violations* say at the exchanges that they are about.

    *reasons* say why the answers of exchanges, by number, are as they are.
    """
    if not timeline.exchanges:
        return ()
    start = timeline.exchanges[0].received
    at_the_end = [one for one in violations if timeline.outcome is not None and one.where in _SEEN_AT_THE_END]
    several = timeline.job is not None and len(timeline.job.inputs) > 1
    elsewhere = len({one.request.origin for one in timeline.exchanges}) > 1
    blocks = []
    for exchange in timeline.exchanges:
        marks = _marks(one for one in violations if one.exchange == exchange.number and one not in at_the_end)
        name = f"#{exchange.number} " if several else ""
        host = urlsplit(exchange.request.origin).netloc if elsewhere else ""
        blocks.append(_rows(exchange, start, marks, (name, host), (reasons or {}).get(exchange.number, ())))
    end = _end(timeline.outcome, start, _marks(at_the_end)) if timeline.outcome is not None else []
    rows = [*_shortened(blocks, _MOST - len(end)), *end]
    rows.sort(key=lambda row: row.at)  # what happens at one moment stays in order
    return tuple(_with_pauses(rows))


def drawn(
    timeline: Timeline, violations: Sequence[Violation] = (), reasons: Mapping[int, Sequence[str]] | None = None
) -> str:
    """Return the same as text, a line each."""
    lines = [f"{'':>12}client ─── provider"]
    lines += [f"{row.moment:>10}  {_ARROWS[row.kind]} {row.text}" for row in sequence(timeline, violations, reasons)]
    return "\n".join(lines)


def _marks(violations: Iterable[Violation]) -> list[str]:
    return [text for one in violations for text in (f"expected {one.expected}", f"received {one.received}")]


def _rows(
    exchange: Exchange, start: float, marks: Iterable[str], place: tuple[str, str], reasons: Iterable[str]
) -> list[Row]:
    """Return what happened in one *exchange*; *place* is its name among several at once, and its host among several."""
    request, (name, host) = exchange.request, place
    query = f"?{in_query(request.query)}" if request.query else ""
    asked = _cut(f"{name}{request.method} {host}{request.path}{query}, {len(request.body):,} bytes")
    rows = [Row("request", exchange.received - start, asked)]
    rows += [Row("broken", exchange.received - start, text) for text in marks]
    if exchange.ended is not None:
        began = exchange.ended if exchange.answered is None else exchange.answered
        at = exchange.ended if exchange.ending is Ending.GONE else began
        rows.append(Row("answer", at - start, _cut(name + _answered(exchange))))
        rows += [row for text in reasons for row in _reason(at - start, text)]
    return rows


def _end(outcome: Outcome, start: float, marks: Iterable[str]) -> list[Row]:
    """Return what happened at the end."""
    ended = max(0.0, outcome.ended - start)
    rows = [Row("end", ended, _ending(outcome))]
    if outcome.claim is not Claim.SUCCESS and (said := telling(outcome.said)):
        rows += _reason(ended, f"it says: {said}")
    return [*rows, *(Row("broken", ended, text) for text in marks)]


def _reason(at: float, text: str) -> list[Row]:
    """Return *text* as rows, as many as it takes."""
    return [Row("reason", at, line) for line in wrap(_cut(text, _LONGEST_REASON), _LONGEST, subsequent_indent="  ")]


def _answered(exchange: Exchange) -> str:
    """Return what came of *exchange*, in a line."""
    response, whole = exchange.response, exchange.response.body if exchange.response else b""
    if exchange.ending is Ending.GONE and not exchange.sent:
        return "nothing: the client has left"
    if response is None:
        return "the connection is reset" if exchange.ending is Ending.RESET else "the connection is closed"
    said = f"{response.status} {_phrase(response.status)}".strip()
    said += f", {response.media_type or 'of no type'}, {len(whole):,} bytes"
    if exchange.sent is not None and exchange.sent < len(whole):
        left = {Ending.GONE: "the client has left", Ending.RESET: "the connection is reset"}
        said += f", of which {exchange.sent:,} come, then {left.get(exchange.ending or Ending.CLOSE, 'it is closed')}"
    return said


def _ending(outcome: Outcome) -> str:
    outputs = ["nothing" if one is None else f"{len(one):,} bytes" for one in outcome.outputs]
    return f"{_CLAIMS[outcome.claim]}; written: {', '.join(outputs)}"


def _with_pauses(rows: list[Row]) -> list[Row]:
    """Return *rows* with the time that passes where nothing happens for a while."""
    told: list[Row] = []
    for row in rows:
        if told and row.at - told[-1].at >= _PAUSE:
            told.append(Row("pause", row.at, f"{row.at - told[-1].at:.1f} s"))
        told.append(row)
    return told


def _shortened(blocks: Sequence[list[Row]], most: int) -> list[Row]:
    """Return the rows of *blocks*, an exchange each; if they are more than *most*, of those around what is broken."""
    broken = (number for number, rows in enumerate(blocks) if any(row.kind == "broken" for row in rows))
    first = last = next(broken, len(blocks) - 1)
    room = most - len(blocks[first])
    nearest = sorted(range(len(blocks)), key=lambda number: abs(number - first))
    for number in nearest[1:]:
        room -= len(blocks[number])
        if room < 0:
            break
        first, last = min(first, number), max(last, number)
    first = first if first >= _FEW else 0
    last = last if len(blocks) - 1 - last >= _FEW else len(blocks) - 1
    rows = [row for block in blocks[first : last + 1] for row in block]
    times = [row.at for row in rows]
    before = [Row("pause", min(times), f"{first} exchanges before are left out")] if first else []
    after = len(blocks) - 1 - last
    return [*before, *rows, *([Row("pause", max(times), f"{after} exchanges after are left out")] if after else [])]


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""


def _cut(text: str, longest: int = _LONGEST) -> str:
    text = printable(text)
    return text if len(text) <= longest else f"{text[:longest]}…"
