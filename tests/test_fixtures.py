"""The bundled pictures are those of the manifest, each with its source and licence."""

from __future__ import annotations

import hashlib

import pytest
import yaml

from mockserver.samples import picture_folder
from pictures import decoded

FOLDER = picture_folder()
ENTRIES = yaml.safe_load((FOLDER / "manifest.yaml").read_text(encoding="utf-8"))["pictures"]


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry["file"])
def test_a_picture_is_as_the_manifest_says(entry: dict[str, object]) -> None:
    """Hash and size agree, and source, licence and purpose are stated."""
    data = (FOLDER / str(entry["file"])).read_bytes()
    assert hashlib.sha256(data).hexdigest() == entry["sha256"]
    assert list(decoded(data).size) == entry["size"]
    assert all(entry[key] for key in ("shows", "source", "licence", "used_for"))


def test_no_picture_is_missing_from_the_manifest() -> None:
    """Every file beside the manifest has an entry."""
    files = {path.name for path in FOLDER.iterdir()} - {"manifest.yaml"}
    assert files == {entry["file"] for entry in ENTRIES}
