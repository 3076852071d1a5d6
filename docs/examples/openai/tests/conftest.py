"""A photo, and a client of XTY; it calls XTY's own address, which leads to the mock."""

import pytest
from PIL import Image, ImageDraw

from portraits import Xty


@pytest.fixture
def photo(tmp_path):
    path = tmp_path / "ada.jpeg"
    picture = Image.new("RGB", (90, 120), "lightgrey")
    ImageDraw.Draw(picture).ellipse((20, 20, 70, 110), fill="saddlebrown")
    picture.save(path)
    return path


@pytest.fixture
def output(tmp_path):
    return tmp_path / "ada.png"


@pytest.fixture
def xty(xty_respx):
    with Xty(xty_respx.credentials) as client:
        yield client
