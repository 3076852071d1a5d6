"""A picture in which the boundaries stand that programs use when they make up multipart forms by themselves."""

from __future__ import annotations

from zlib import crc32

from contracts.model import Input
from contracts.providers.pixian.client.campaigns.jobs import PLAIN
from contracts.strategies import draw

BOUNDARIES = (
    "----WebKitFormBoundary7MA4YWxkTrZu0gW",
    "----WebKitFormBoundary",
    "---------------------------9051914041544843365972754266",
    "---------------------------974767299852498929531610575",
    "----------ThIs_Is_tHe_bouNdaRY_$",
    "---011000010111000001101001",
    "-----011000010111000001101001",
    "gc0p4Jq0M2Yt08jU534c0p",
    "xxxxxxxxxxBOUNDARYxxxxxxxxxx",
    "----MyBoundary",
    "---boundary",
    "----boundary",
    "MyBoundary",
    "my_boundary",
    "myboundary",
    "my-boundary",
    "boundary",
    "Boundary",
    "BOUNDARY",
    "frontier",
    "foo_bar_baz",
    "AaB03x",
    "simple boundary",
    "*****",
    "XXX",
    "X",
)
"""Boundaries of samples in documents, answers and generators of code."""
_IHDR_END = 33
"""Bytes of a PNG up to the end of its first chunk."""


def with_boundaries() -> Input:
    """Return a PNG that has them all in a comment, each at the start of a line."""
    plain = draw(PLAIN).data
    lines = "".join(f"\r\n--{boundary}\r\n" for boundary in BOUNDARIES)
    return Input(
        "boundaries.png", plain[:_IHDR_END] + _chunk(b"tEXt", b"Comment\0" + lines.encode()) + plain[_IHDR_END:]
    )


def _chunk(kind: bytes, data: bytes) -> bytes:
    """Return a chunk of a PNG."""
    return len(data).to_bytes(4, "big") + kind + data + crc32(kind + data).to_bytes(4, "big")
