"""Kinds of files by their first bytes; no library is needed for that."""

from __future__ import annotations

_SIGNATURES = (
    (b"\xff\xd8\xff", "jpeg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"BM", "bmp"),
    (b"II*\x00", "tiff"),
    (b"MM\x00*", "tiff"),
    (b"II+\x00", "tiff"),
    (b"MM\x00+", "tiff"),
)


def kind_of(data: bytes) -> str:
    """Return the kind of picture that *data* begins like, or nothing if it begins like none that is read."""
    for signature, kind in _SIGNATURES:
        if data.startswith(signature):
            return kind
    return "webp" if data.startswith(b"RIFF") and data[8:12] == b"WEBP" else ""
