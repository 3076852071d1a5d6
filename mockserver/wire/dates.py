"""The form of dates in HTTP."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache

# strftime would follow the process's locale.
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_FIRST, _LAST = -62_135_596_800, 253_402_300_799
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@lru_cache(maxsize=8)
def http_date(second: int) -> str:
    """Return the moment *second* (since 1970, UTC) as an IMF-fixdate (RFC 9110, section 5.6.7).

    Before the year 1 and after the year 9999, which it cannot express, it is the first or the last moment of those.
    """
    moment = datetime.fromtimestamp(min(max(second, _FIRST), _LAST), UTC)
    day, month = _DAYS[moment.weekday()], _MONTHS[moment.month - 1]
    return f"{day}, {moment.day:02} {month} {moment.year:04} {moment:%H:%M:%S} GMT"
