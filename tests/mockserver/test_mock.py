"""The mock in Python: what it is made with."""

from __future__ import annotations

import httpx

from mockserver.mock import Mock
from pictures import disc, encoded


def test_settings_hold_for_every_tenant() -> None:
    """What the documents leave open can be chosen for all callers at once."""
    picture = {"image": ("picture.webp", encoded(disc(), "WEBP"), "image/webp")}
    with Mock(settings={"accept_webp": True}) as mock:
        for name in ("anna", "berta"):
            answer = httpx.post(
                f"{mock.url}/api/v2/remove-background", files=picture, auth=(name, "secret"), trust_env=False
            )
            assert answer.status_code == 200
            assert answer.headers["Content-Type"] == "image/png"
