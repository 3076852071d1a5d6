"""Credits: what a server is free to do, and what it is not."""

from __future__ import annotations

import pytest

from contracts.providers.pixian.campaigns.form import multipart, upload
from tests.contracts.checks.pixian.exchanges import LOOK, NEVER, PICTURE, answer, described, judged, refusal, result

TEST, PAID = upload(PICTURE, test=True), upload(PICTURE)
PRICE = "0.003072"


@pytest.mark.parametrize("zero", ["0", "0.0", "0.000000", " 0 "])
def test_nought_may_be_written_in_any_way(zero: str) -> None:
    """It is the number that counts, but for the rule about decimals."""
    seen = judged((TEST, result(("x-credits-charged", zero))))
    assert {"header.charged", "header.charged-test"} <= seen.kept


def test_an_account_that_others_use_as_well_is_not_held_against_anybody() -> None:
    """A single difference can be somebody else's; the same one twice cannot."""
    paid = result(("X-Credits-Charged", PRICE))
    once = [(LOOK, described(credits=10.5)), (PAID, paid), (LOOK, described(credits=9.2))]
    assert "header.charged-actual" not in judged(*once).broken
    twice = [*once, (PAID, paid), (LOOK, described(credits=8.1))]
    assert "header.charged-actual" not in judged(*twice).broken
    again = [*once, (PAID, paid), (LOOK, described(credits=7.9))]
    assert "header.charged-actual" in judged(*again).broken


def test_an_account_that_lags_behind_is_right_in_the_end() -> None:
    """The loss of a request may show later."""
    paid = result(("X-Credits-Charged", "0.5"))
    credits_left = (10.5, 10.5, 10.0, 9.5)
    pairs = [(LOOK, described(credits=10.5))]
    for left in credits_left[1:]:
        pairs += [(PAID, paid), (LOOK, described(credits=left))]
    assert "header.charged-actual" not in judged(*pairs).broken


def test_an_account_in_whole_credits_cannot_show_a_small_charge() -> None:
    """What is less than its last digit does not show."""
    paid = result(("X-Credits-Charged", PRICE))
    pairs = [(LOOK, described()), (PAID, paid), (LOOK, described()), (PAID, paid), (LOOK, described())]
    assert not {"header.charged-actual"} & (judged(*pairs).broken | judged(*pairs).kept)


def test_tests_are_free_unless_the_account_loses_twice() -> None:
    """One loss can be that of a request before."""
    free = result(("X-Credits-Charged", "0"))
    pairs = [(LOOK, described(credits=10.5)), (TEST, free), (LOOK, described(credits=10.4))]
    assert "test.free" not in judged(*pairs).broken
    more = [*pairs, (TEST, free), (LOOK, described(credits=10.3))]
    assert "test.free" in judged(*more).broken


def test_prices_with_fewer_decimals_are_the_same() -> None:
    """They agree as far as both go, and no further than rounding explains."""
    test = result(("X-Credits-Charged", "0"), ("X-Credits-Calculated", "0.003"))
    assert "header.calculated-value" in judged((TEST, test), (PAID, result(("X-Credits-Charged", PRICE)))).kept
    for wrong in ("0.005", "0.002", "0.004", "0.0028"):
        other = result(("X-Credits-Charged", "0"), ("X-Credits-Calculated", wrong))
        assert "header.calculated-value" in judged((TEST, other), (PAID, result(("X-Credits-Charged", PRICE)))).broken


def test_another_request_may_have_another_price() -> None:
    """Only the same picture with the same parameters costs the same."""
    test = result(("X-Credits-Charged", "0"), ("X-Credits-Calculated", "1"))
    other = upload(PICTURE, max_pixels=500)
    seen = judged((TEST, test), (other, result(("X-Credits-Charged", PRICE))))
    assert "header.calculated-value" not in seen.broken | seen.kept


def test_a_pack_may_be_bought_in_between() -> None:
    """An account is known to be empty at a request if it was so before and after it."""
    empty, paid = answer(200, NEVER), result(("X-Credits-Charged", PRICE))
    assert "credits.purchase" not in judged((LOOK, empty), (PAID, paid), (LOOK, described())).broken
    assert "credits.purchase" in judged((LOOK, empty), (PAID, paid), (LOOK, empty)).broken


def test_a_refusal_to_work_for_nothing_is_no_fault_of_a_request_for_production() -> None:
    """Of a test it is."""
    assert "credits.purchase" in judged((PAID, refusal(402, 1011))).kept
    assert "test.no-purchase" in judged((TEST, refusal(402, 1011))).broken
    assert "test.no-purchase" in judged((LOOK, answer(200, NEVER)), (TEST, result())).kept


def test_a_production_request_may_cost_nothing() -> None:
    """Prices are not published; only what looks like a test in all is taken for one."""
    assert "test.default" not in judged((PAID, result(("X-Credits-Charged", "0.000000")))).broken
    both = result(("X-Credits-Charged", "0.000000"), ("X-Credits-Calculated", PRICE))
    assert "test.default" in judged((PAID, both)).broken


def test_errors_may_say_that_they_cost_nothing() -> None:
    """Or say nothing at all of it."""
    request = multipart({"test": True})
    error = refusal()
    charged = answer(400, error.body, ("X-Credits-Charged", "0"))
    assert "credits.errors" in judged((request, charged)).kept
    assert "credits.errors" not in judged((request, error)).broken
