"""Names for the files that code reads, made of names that clients sent, which may be anything."""

from __future__ import annotations

import re

from mockserver.snippets.model import File

_ODD = re.compile(r"[^A-Za-z0-9-]+")
_LONGEST = 60
_RESERVED = re.compile(r"result|body|con|prn|aux|nul|com[0-9]|lpt[0-9]", re.IGNORECASE)
"""Names that the code itself writes or reads, and those of devices."""
_BEGINNINGS = (
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpg"),
    (b"GIF8", "gif"),
    (b"BM", "bmp"),
    (b"II*\x00", "tif"),
    (b"MM\x00*", "tif"),
    (b"%PDF-", "pdf"),
)
_ALIASES = {"jpg": {"jpeg", "jpe", "jfif"}, "tif": {"tiff"}, "bmp": {"dib"}, "heic": {"heif"}}
"""Other extensions for the same kinds: who has such a file shall find it under its own name."""
_KNOWN = frozenset({"bmp", "gif", "jpeg", "jpg", "png", "tif", "tiff", "webp"})
_CONTAINERS = (
    (0, b"RIFF", {b"WEBP": "webp"}),
    (4, b"ftyp", {b"avif": "avif", b"heic": "heic", b"heix": "heic"}),
)
"""Where a kind of container is named, and what the four bytes from the eighth on make of it."""


class Files:
    """Gives each file of one request a name of its own."""

    def __init__(self) -> None:
        """Begin with none."""
        self._found: dict[str, File] = {}

    def of(self, called: str, data: bytes, media_type: str = "") -> File:
        """Return a file for *data* that is named much like *called*; the same data under the same name is one file."""
        stem, extension = _stem(called), extension_of(data)
        own = called.rpartition(".")[2].lower()
        # Of what is empty its sender knows best what it should have been.
        extension = own if own in _ALIASES.get(extension, ()) or (not data and own in _KNOWN) else extension
        name, number = f"{stem}.{extension}", 1
        while name in self._found and self._found[name].data != data:
            number += 1
            name = f"{stem}-{number}.{extension}"
        found = File(name, data, media_type)
        self._found.setdefault(name, found)
        return found

    def raw(self, data: bytes) -> File:
        """Return a file for a whole body."""
        return File("body.bin", data)


def _stem(called: str) -> str:
    """Return the name of the file *called* so, without folders and extension, in harmless characters."""
    name = re.split(r"[/\\]", called[-1000:])[-1]
    stem = _ODD.sub("-", name.rpartition(".")[0] or name).strip("-")[:_LONGEST].strip("-") or "file"
    return f"sent-{stem}" if _RESERVED.fullmatch(stem) else stem


def extension_of(data: bytes) -> str:
    """Return the extension that fits what *data* begins with, ``bin`` if that says nothing."""
    for beginning, extension in _BEGINNINGS:
        if data.startswith(beginning):
            return extension
    for place, kind, brands in _CONTAINERS:
        if data[place : place + 4] == kind:
            return brands.get(data[8:12], "bin")
    return "bin"
