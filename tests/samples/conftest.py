"""A running server, and a folder to work in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pictures import disc, encoded

if TYPE_CHECKING:
    from pathlib import Path

    from mockserver.mock import Mock


@pytest.fixture
def origin(mock: Mock) -> str:
    """Return the address of a running mock, which takes the place of the provider's."""
    return mock.url


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with the picture that the samples send: a red disc on a pale background, 160 x 120 pixels."""
    (tmp_path / "example.jpeg").write_bytes(encoded(disc(), "JPEG", quality=95))
    return tmp_path
