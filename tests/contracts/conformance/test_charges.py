"""What answers say of their charge."""

from __future__ import annotations

from decimal import Decimal

import pytest

from contracts.model import Ending, Exchange, Headers, Request, Response
from contracts.providers import discover, kit_of

CHARGED = "X-Credits-Charged"


def exchange(*fields: tuple[str, str]) -> Exchange:
    """Return an exchange whose answer has the header *fields*."""
    return Exchange(0, 0, Request("POST", "/"), Response(200, Headers(fields)), 0.0, 1.0, Ending.DONE)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("0.25", Decimal("0.25")),
        ("0", Decimal(0)),
        ("", None),
        ("a lot", None),
        ("-1", None),
        ("NaN", None),
        ("Infinity", None),
        ("1E+999999", None),
    ],
)
def test_only_a_number_of_credits_is_a_charge(said: str, expected: Decimal | None) -> None:
    """Where the header field is rubbish, nothing is known."""
    assert kit_of(discover()["pixian"]).charged(exchange((CHARGED, said))) == expected


def test_no_word_is_no_charge_of_nothing() -> None:
    """Without the field, without an answer, and where a provider never says: not known."""
    silent = Exchange(0, 0, Request("POST", "/"), None, 0.0, 1.0, Ending.GONE)
    for one in (exchange(), silent):
        assert kit_of(discover()["pixian"]).charged(one) is None
        assert kit_of(discover()["xty"]).charged(one) is None
