"""What checks of every provider see of an exchange."""

from __future__ import annotations

import pytest

from contracts.checks import Call
from contracts.model import Ending, Exchange, Headers, Request, Response
from pictures import disc, encoded


def call(response: Response | None = None) -> Call:
    """Return a GET of ``/a`` that got *response*."""
    return Call(Exchange(0, 0, Request("GET", "/a"), response, 0.0, 1.0, Ending.DONE), {})


class Exchanged(Call):
    """One with the same bytes, those of the answer, as both pictures."""

    @property
    def sent_picture(self) -> bytes | None:
        """The body of the answer."""
        return self.received_picture

    @property
    def received_picture(self) -> bytes | None:
        """The body of the answer."""
        return self.response.body if self.response else None


def test_an_exchange_without_an_answer_has_nothing_of_one() -> None:
    """No status, no field, no JSON and no picture, and all of it can be asked for."""
    silent = call()
    assert (silent.status, silent.header("X-Any"), silent.json) == (0, None, None)
    assert (silent.input, silent.result) == (None, None)
    assert silent.input_trouble == silent.result_trouble == "there is no picture"


def test_method_and_path_are_both_compared() -> None:
    """Neither alone makes a request what was looked for."""
    assert call().asks("GET", "/a")
    assert not call().asks("POST", "/a")
    assert not call().asks("GET", "/b")


@pytest.mark.parametrize(
    ("body", "value"), [(b'{"a": [1]}', {"a": [1]}), (b"{", None), (b"\xff", None), (b"[" * 200_000, None)]
)
def test_a_body_is_json_or_nothing(body: bytes, value: object) -> None:
    """Broken, undecodable and endlessly nested bodies are none."""
    answered = call(Response(201, Headers((("X-Any", "thing"),)), body))
    assert (answered.status, answered.header("x-any"), answered.json) == (201, "thing", value)


def test_pictures_are_decoded_or_their_trouble_is_told() -> None:
    """Where a provider says that there are pictures, each is decoded, and what is none says why."""
    good = Exchanged(call(Response(200, Headers(), encoded(disc((40, 30), (10, 10, 30, 20))))).exchange, {})
    assert good.input is not None
    assert good.result is not None
    assert good.input.size == good.result.size == (40, 30)
    assert good.input_trouble == good.result_trouble == ""
    bad = Exchanged(call(Response(200, Headers(), b"no picture")).exchange, {})
    assert (bad.input, bad.result) == (None, None)
    assert bad.input_trouble == bad.result_trouble == "the bytes are no picture of a known kind"
