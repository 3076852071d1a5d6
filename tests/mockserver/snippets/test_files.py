"""Names of the files that code reads."""

from __future__ import annotations

import pytest

from mockserver.snippets.files import Files

JPEG, PNG = b"\xff\xd8\xff\xe0 and so on", b"\x89PNG\r\n\x1a\n and so on"


@pytest.mark.parametrize(
    ("called", "data", "name"),
    [
        ("photo.jpeg", JPEG, "photo.jpeg"),
        ("photo.JPG", JPEG, "photo.jpg"),
        ("photo.png", JPEG, "photo.jpg"),
        ("photo", PNG, "photo.png"),
        ("scan.tiff", b"II*\x00 and so on", "scan.tiff"),
        ("photo.jpeg", PNG, "photo.png"),
        ("../../etc/pass wd.jpeg", JPEG, "pass-wd.jpeg"),
    ],
)
def test_a_file_is_found_under_its_own_name(called: str, data: bytes, name: str) -> None:
    """As far as it is harmless, with the extension that it was sent with, where that fits what is in it."""
    assert Files().of(called, data).name == name
