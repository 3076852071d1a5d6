"""Pictures are served on loopback, and it is known which were fetched."""

from __future__ import annotations

import pytest
import requests

from contracts.conformance.pictures import PictureHost
from contracts.strategies import KINDS, Drawing, draw


@pytest.mark.parametrize("kind", KINDS)
def test_a_picture_is_served_as_what_it_is(kind: str) -> None:
    """Bytes and media type; the path is noted."""
    picture = draw(Drawing(kind=kind, mode="P" if kind == "gif" else "RGB"))
    with PictureHost() as host:
        host.offer({"/a": picture.data, "/b": picture.data})
        answer = requests.get(f"{host.origin}/a", timeout=5)
        assert answer.content == picture.data
        assert answer.headers["Content-Type"] == f"image/{kind}"
        assert host.fetched == {"/a"}
        host.offer({})
        assert host.fetched == set()
        assert requests.get(f"{host.origin}/a", timeout=5).status_code == 404


def test_it_listens_on_loopback_only() -> None:
    """Nobody else on the network sees the pictures."""
    with PictureHost() as host:
        assert host.origin.startswith("http://127.0.0.1:")
