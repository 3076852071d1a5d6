"""What becomes of an answer: a wait and another try, a picture, or a failure with a reason."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path

from job import Failure

_STEP = 5.0
"""Seconds that each further 429 adds to the wait."""
_MOST_LIMITED = 6
"""Waits because of 429, 105 seconds in all, before a picture is given up."""
_MOMENT = 1.0
"""Seconds to wait after 500 to 599."""
_MOST_FAILED = 3
"""Answers of 500 to 599 after which a picture is given up."""
_PNG_END = b"\x00\x00\x00\x00IEND\xaeB`\x82"
_TOO_MANY, _SERVER_FAILED = 429, 500


class Backoff:
    """The waits of one picture's chain of tries, which has nothing to do with those of other pictures."""

    def __init__(self) -> None:
        """Begin a chain."""
        self._limited = 0
        self._failed = 0

    def after(self, status: int, retry_after: str | None = None) -> float | None:
        """Return the seconds to wait before the next try, ``None`` if there is to be none after *status*."""
        if status == _TOO_MANY:
            self._limited += 1
            return max(_STEP * self._limited, _seconds(retry_after)) if self._limited <= _MOST_LIMITED else None
        if status >= _SERVER_FAILED:
            self._failed += 1
            return max(_MOMENT, _seconds(retry_after)) if self._failed < _MOST_FAILED else None
        return None


def _seconds(retry_after: str | None) -> float:
    return float(retry_after) if retry_after and retry_after.isdecimal() else 0.0


def picture_in(status: int, content_type: str | None, body: bytes) -> bytes:
    """Return *body*, which is a whole picture.

    Raises:
        Failure: it is not.
    """
    if not is_success(status):
        raise Failure(reason(status, body))
    kind = media_type(content_type)
    if kind == "image/png" and body.startswith(b"\x89PNG\r\n\x1a\n") and body.endswith(_PNG_END):
        return body
    if kind == "image/jpeg" and body.startswith(b"\xff\xd8\xff") and body.endswith(b"\xff\xd9"):
        return body
    raise Failure(f"the answer is no whole picture: {kind or 'no type'}, {len(body)} bytes")


def is_success(status: int) -> bool:
    """Return whether *status* tells of success."""
    return 200 <= status < 300


def media_type(content_type: str | None) -> str:
    """Return the media type in the header *content_type*, without what follows it."""
    return (content_type or "").partition(";")[0].strip().lower()


def reason(status: int, body: bytes) -> str:
    """Return what the error in *body* says, in whatever form it is."""
    try:
        answer = json.loads(body)
    except ValueError:
        return f"status {status}: {body[:200].decode('utf-8', 'replace').strip() or 'nothing else is said'}"
    error = answer.get("error") if isinstance(answer, dict) else None
    message = error.get("message") if isinstance(error, dict) else error
    return f"status {status}: {message or answer}"


def save(output: Path, data: bytes) -> None:
    """Write *data* to *output*, where it appears at once and as a whole."""
    handle, temporary = tempfile.mkstemp(dir=output.parent, prefix=f".{output.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(temporary).replace(output)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
