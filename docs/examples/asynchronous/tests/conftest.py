"""Photos to work on, and a folder for what becomes of them."""

import pytest
from PIL import Image, ImageDraw


@pytest.fixture
def photos(tmp_path):
    """Twelve photos, no two alike: the rules tell one photo's tries from another's by the picture."""
    paths = [tmp_path / f"photo-{number}.jpeg" for number in range(12)]
    for number, path in enumerate(paths):
        picture = Image.new("RGB", (60, 60), "white")
        ImageDraw.Draw(picture).ellipse((10, 10, 30 + number, 50), fill="navy")
        picture.save(path)
    return paths


@pytest.fixture
def folder(tmp_path):
    path = tmp_path / "album"
    path.mkdir()
    return path
