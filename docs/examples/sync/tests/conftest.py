"""A photo, and the account that asks the mock."""

import pytest
from PIL import Image, ImageDraw

from shop_photos import Pixian


@pytest.fixture
def photo(tmp_path):
    path = tmp_path / "teapot.jpeg"
    picture = Image.new("RGB", (120, 90), "white")
    ImageDraw.Draw(picture).ellipse((30, 20, 90, 70), fill="firebrick")
    picture.save(path)
    return path


@pytest.fixture
def shop(tmp_path):
    folder = tmp_path / "shop"
    folder.mkdir()
    return folder


@pytest.fixture
def pixian(pixian_mock):
    return Pixian(pixian_mock.credentials, pixian_mock.url)
