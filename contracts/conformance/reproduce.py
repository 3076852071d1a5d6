"""A request as a command that anyone can repeat, with the credentials left to the environment."""

from __future__ import annotations

import base64
import shlex
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from contracts.model import Request

_LARGEST = 24_000
"""Bytes of a body that still fit a command that somebody pastes."""
_UNSAID = {"authorization", "content-length", "host", "user-agent"}


def curl(request: Request, credentials: str) -> str:
    """Return *request* as a ``curl`` command; *credentials* are the options that sign it, or nothing.

    A body is written as base64, so that every byte is the same; one that is too long for that is left to the recording.
    """
    url = f"{request.origin}{request.path}{'?' if request.query else ''}{request.query}"
    words = ["curl", "--include", "--globoff", "-X", request.method, shlex.quote(url)]
    if credentials:
        words.append(credentials)
    for name, value in request.headers:
        if name.lower() not in _UNSAID:
            words += ["-H", shlex.quote(f"{name}: {value}")]
    if not request.body:
        return " ".join(words)
    if len(request.body) > _LARGEST:
        words += [
            "--data-binary",
            "@body.bin",
            f"# body.bin: the {len(request.body)} bytes of this request, see --record",
        ]
        return " ".join(words)
    text = request.body.decode("ascii", errors="replace")
    if request.body.isascii() and text.isprintable():
        return " ".join([*words, "--data-binary", shlex.quote(text)])
    encoded = base64.b64encode(request.body).decode()
    return f"echo {encoded} | base64 -d | {' '.join(words)} --data-binary @-"
