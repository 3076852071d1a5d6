"""What pictures cost: nothing before the first one, and no memory after the last."""

from __future__ import annotations

import subprocess
import sys

import pytest

LIGHT = """
import sys
import mockserver.imaging
print(sorted({"numpy", "pyvips", "PIL"} & sys.modules.keys()))
"""

FLAT = """
import io
import resource
from dataclasses import replace
from pathlib import Path
import numpy as np
from PIL import Image
from contracts.behaviour import ImageError, Recipe
from mockserver.imaging import render

def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()

def encoded(picture, form):
    buffer = io.BytesIO()
    picture.save(buffer, form)
    return buffer.getvalue()

values = np.full((300, 400, 3), 230, np.uint8)
values[80:220, 120:300] = np.random.default_rng(0).integers(0, 120, (140, 180, 3))
picture = Image.fromarray(values)
files = [encoded(picture, form) for form in ("JPEG", "PNG", "TIFF", "GIF", "BMP", "WEBP")]
any_ = Recipe(frozenset({"jpeg", "png", "tiff", "gif", "bmp", "webp"}))
recipes = [any_, replace(any_, encoding="delta_png"), replace(any_, watermark="TEST"),
           replace(any_, crop=True, target=(300, 300)), replace(any_, encoding="jpeg", background=(1, 2, 3))]

def all_of_them(times):
    for number in range(times):
        render(files[number % len(files)], recipes[number % len(recipes)])
        try:
            render(files[number % len(files)][:500], any_)
        except ImageError:
            pass

all_of_them(120)
before = resident()
all_of_them(400)
print(resident() - before)
"""


def output(program: str) -> str:
    """Return what *program* prints when a fresh interpreter runs it."""
    return subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True).stdout


def test_importing_loads_no_heavy_library() -> None:
    """The server starts without numpy, libvips and Pillow; the first picture loads them."""
    assert output(LIGHT).strip() == "[]"


@pytest.mark.thorough
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="resident memory is read from /proc")
def test_memory_comes_back() -> None:
    """After 400 pictures and as many failures the process is hardly larger than after 120."""
    assert int(output(FLAT)) < 12_000_000
