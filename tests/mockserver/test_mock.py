"""The mock in Python: what it is made with."""

from __future__ import annotations

import re
import ssl

import httpx
import pytest

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


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"acept_webp": True}, "settings.acept_webp: There is no such setting; allowed are several_images"),
        ({"accept_webp": "no"}, "settings.accept_webp: 'no' is not allowed; allowed is false, true"),
        ({"several_images": "last"}, "'last' is not allowed; allowed is first, refuse"),
        ({"price": -1}, "-1 is not allowed; allowed is a number from 0 on"),
    ],
)
def test_a_wrong_setting_is_refused_at_once(settings: dict[str, object], sentence: str) -> None:
    """The sentence names the setting and what is allowed."""
    with pytest.raises(ValueError, match=sentence):
        Mock(settings=settings)


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0", "localhost"])  # noqa: S104  that is the matter
def test_with_tls_the_url_has_a_name(host: str) -> None:
    """Clients send no server name to an address, and are refused without one; the name works as it is."""
    with Mock(host=host, tls=True) as mock:
        assert re.fullmatch(r"https://localhost:[0-9]+", mock.url)
        assert mock.authority is not None
        trust = ssl.create_default_context(cafile=mock.authority.path)
        answer = httpx.get(f"{mock.url}/_mock/v1/docs", verify=trust, trust_env=False)
    assert answer.status_code in {200, 401}
