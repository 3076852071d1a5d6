"""Moments and durations, and what is written of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from contracts.har.node import OWN

if TYPE_CHECKING:
    from contracts.har.node import Node
    from contracts.model import Exchange

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EARLIEST = -62_135_596_800  # the year 1
_LATEST = 253_402_300_798  # the year 9999
_LONGEST = 10**15
_MILLISECONDS = 1000


def written_moment(seconds: float) -> str:
    """Return the moment *seconds* after 1970 as an ISO date."""
    moment = _EPOCH + timedelta(seconds=seconds)
    return moment.replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"


def written_time(exchange: Exchange) -> float:
    """Return how many milliseconds *exchange* took; 0 if it is not over, or if the clock went backwards."""
    ended = exchange.received if exchange.ended is None else exchange.ended
    return max(0.0, round((ended - exchange.received) * _MILLISECONDS, 3))


def read_received(entry: Node) -> float:
    """Return when *entry* began, in seconds since 1970; a time without zone is in UTC."""
    exact = entry.member(OWN).member("received")
    if not exact.missing:
        return exact.number(_EARLIEST, _LATEST)
    started = entry.member("startedDateTime")
    try:
        moment = datetime.fromisoformat(started.text())
    except ValueError as error:
        raise started.error("a date and time as in 2026-01-31T12:00:00.000Z") from error
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    seconds = (moment - _EPOCH).total_seconds()
    if not _EARLIEST <= seconds <= _LATEST:
        raise started.error("a date within the years 1 to 9999")
    return seconds


def read_answered(entry: Node) -> float | None:
    """Return when the answer of *entry* began, which only our own files tell."""
    exact = entry.member(OWN).member("answered")
    return None if exact.missing else exact.number(_EARLIEST, _LATEST)


def read_ended(entry: Node) -> float | None:
    """Return when *entry* ended, if it has; a time below 0, as programs write of an unknown one, counts as 0."""
    own, time = entry.member(OWN), entry.member("time")
    if not own.missing:
        exact = own.member("ended")
        return None if exact.missing else exact.number(_EARLIEST, _LATEST)
    if time.missing:
        return None
    ended = read_received(entry) + max(0.0, time.number(-_LONGEST, _LONGEST)) / _MILLISECONDS
    if ended > _LATEST:
        raise time.error("an end before the year 10000")
    return ended
