"""Pictures to measure with: a textured object on an uneven background, as a camera would save it."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image


def photograph(width: int, height: int, seed: int = 0) -> bytes:
    """Return a JPEG of *width* by *height* pixels with a third of its area in the foreground."""
    noise = np.random.default_rng(seed)
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    background = 225 + 15 * x / width - 10 * y / height
    inside = ((x / width - 0.5) / 0.33) ** 2 + ((y / height - 0.5) / 0.33) ** 2 < 1
    texture = 90 + 50 * np.sin(x / 17) + 40 * np.cos(y / 11)
    grey = np.where(inside, texture, background)
    colours = np.stack([grey, np.where(inside, grey * 0.6, grey), np.where(inside, grey * 0.4, grey)], axis=2)
    colours += noise.normal(0, 2.5, (height, width, 1)).astype(np.float32)
    buffer = io.BytesIO()
    Image.fromarray(colours.clip(0, 255).astype(np.uint8)).save(buffer, "JPEG", quality=90)
    return buffer.getvalue()


def variant(picture: bytes, number: int) -> bytes:
    """Return *picture* with bytes behind its end, so that no cache knows it and nothing else changes."""
    return picture + number.to_bytes(8, "big")
