"""Whatever happens at the provider, the client keeps its rules, and what it returns is the result."""

from __future__ import annotations

from io import BytesIO

from hypothesis import given, settings
from PIL import Image

from contracts.strategies import Picture, parameters, pictures, scripts
from mockserver.testing import provider_mock, virtual_clock
from pixian_client import NoPictureError, PixianClient


@settings(max_examples=40, deadline=None)
@given(script=scripts("pixian"), picture=pictures())
def test_the_client_bears_whatever_happens(script: list[object], picture: Picture) -> None:
    """It ends with a whole picture of the provider or with an error of its own, and has waited as it must."""
    with provider_mock("pixian") as mock, virtual_clock():
        mock.script(*script)
        try:
            result = PixianClient(mock.url, mock.credentials).cut_out(picture.data)
        except NoPictureError:
            result = None
        if result is not None:
            assert result == mock.journal[-1].body
            Image.open(BytesIO(result)).load()
        mock.assert_conforms()


@settings(max_examples=25, deadline=None)
@given(chosen=parameters("pixian", free=True), picture=pictures())
def test_what_is_chosen_arrives(chosen: dict[str, object], picture: Picture) -> None:
    """Every parameter reaches the provider; none is misspelt, and tests cost nothing."""
    form = {name: str(value).lower() if isinstance(value, bool) else str(value) for name, value in chosen.items()}
    with provider_mock("pixian") as mock:
        client = PixianClient(mock.url, mock.credentials)
        client.cut_out(picture.data, **form)
        assert {name: mock.journal[-1].parameters[name] for name in form} == form
        assert client.spent == 0
        mock.assert_conforms()
