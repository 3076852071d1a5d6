"""Credits: what is charged for tests and for production, what would be, and what the account says to that."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from itertools import groupby, pairwise
from typing import TYPE_CHECKING

from contracts.checks import KEPT, Broken, demand
from contracts.providers.pixian.checks.acceptance import has_picture, said
from contracts.providers.pixian.checks.registry import CHECKS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from contracts.checks import Finding
    from contracts.providers.pixian.checks.call import Call

CHARGED, CALCULATED = "X-Credits-Charged", "X-Credits-Calculated"
_NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,15})?")
_SIX_DECIMALS = re.compile(r"-?[0-9]+\.[0-9]{6}")
_MILLIONTH = Decimal("0.000001")
_NEVER = "1970-01-01"
"""The date up to which the credits of an account last that never had any."""
_TOO_LITTLE = "If others use the same account at the same time, check again without them."


@dataclass(frozen=True)
class Period:
    """The calls of one account between two looks at it; ``loss`` is what went, ``grain`` the smallest visible part."""

    calls: tuple[Call, ...]
    loss: Decimal
    grain: Decimal


@CHECKS.each("header.charged")
def charged(call: Call) -> Finding | None:
    """A result has X-Credits-Charged, a number that is not negative."""
    return _is_amount(call, CHARGED) if _has_result(call) else None


@CHECKS.each("header.charged-test")
def charged_test(call: Call) -> Finding | None:
    """The number in the result of a test is nought, however it is written."""
    amount = _amount(call, CHARGED) if _has_result(call) and call.form.is_test else None
    return None if amount is None else demand(amount == 0, CHARGED, "0, since it is a test", call.header(CHARGED))


@CHECKS.together("header.charged-actual")
def charged_actual(calls: Sequence[Call]) -> Iterable[tuple[Call, Finding]]:
    """What the account loses over one request for production is the number in its header.

    A single difference may come of somebody else's use of the account, or of a ledger that lags behind; the same
    difference twice does not.
    """
    seen: list[tuple[Call, Decimal, Decimal]] = []
    for period in _periods(calls):
        paid = [call for call in period.calls if call.status == 200]
        alone = len(paid) == 1 and _has_result(paid[0]) and not paid[0].form.is_test
        amount = _amount(paid[0], CHARGED) if alone else None
        if amount is None or max(amount, period.loss) <= period.grain:
            continue
        if abs(amount - period.loss) <= period.grain:
            yield paid[0], KEPT
        else:
            seen.append((paid[0], amount, period.loss))
    for (_, amount, loss), (call, again, same) in pairwise(seen):
        if (amount, loss) == (again, same):
            yield call, Broken(CHARGED, f"{loss}, which is what the account lost", f"{amount}", _TOO_LITTLE)


@CHECKS.each("header.charged-decimals")
def charged_decimals(call: Call) -> Finding | None:
    """Every amount in a result's header fields has six digits behind the point."""
    values = {name: call.header(name) for name in (CHARGED, CALCULATED)} if _has_result(call) else {}
    given = {name: value for name, value in values.items() if value is not None}
    for name, value in given.items():
        if not _SIX_DECIMALS.fullmatch(value.strip()):
            return Broken(name, "a number with six decimals, as in 0.000000", value)
    return KEPT if given else None


@CHECKS.each("header.calculated")
def calculated(call: Call) -> Finding | None:
    """The result of a test has X-Credits-Calculated, a number that is not negative."""
    return _is_amount(call, CALCULATED) if _has_result(call) and call.form.is_test else None


@CHECKS.each("header.calculated-test-only")
def calculated_test_only(call: Call) -> Finding | None:
    """The result of a request for production does not have X-Credits-Calculated."""
    if not _has_result(call) or call.form.is_test:
        return None
    value = call.header(CALCULATED)
    return demand(value is None, CALCULATED, "no such field, since it is no test", value)


@CHECKS.together("header.calculated-value")
def calculated_value(calls: Sequence[Call]) -> Iterable[tuple[Call, Finding]]:
    """A test says what the same request for production is charged, rounded to the decimals that both have."""
    results = [call for call in calls if _has_result(call) and call.sent_picture is not None]
    for call in results:
        said_of = _amount(call, CALCULATED) if call.form.is_test else None
        twins = [other for other in results if said_of is not None and not other.form.is_test and _is_same(call, other)]
        costs = [cost for twin in twins if (cost := _amount(twin, CHARGED)) is not None]
        if said_of is None or not costs:
            continue
        kept = any(abs(cost - said_of) <= _coarser(cost, said_of) / 2 for cost in costs)
        amounts = " or ".join(str(cost) for cost in costs)
        hint = "That is what the same request for production was charged."
        yield call, demand(kept, CALCULATED, amounts, str(said_of), hint)


@CHECKS.each("test.default")
def default(call: Call) -> Finding | None:
    """A request without test, or with test=false, is charged or asked to pay, and not answered like a free test."""
    if not call.is_removal or not call.is_right or call.form.is_test:
        return None
    if call.status == 402:
        return KEPT
    amount = _amount(call, CHARGED) if call.status == 200 else None
    if amount is None or (amount == 0 and call.header(CALCULATED) is None):
        return None
    received = f"{CHARGED}: {amount}, {CALCULATED}: {call.header(CALCULATED)}"
    return demand(amount > 0, "answer", "that of a request for production", received, "It was treated as a test.")


@CHECKS.together("test.free")
def free(calls: Sequence[Call]) -> Iterable[tuple[Call, Finding]]:
    """Between two looks at the account, tests alone take nothing from it; it must happen twice to be sure."""
    losses = [(period.calls[-1], period.loss) for period in _periods(calls) if _are_tests(period.calls)]
    for call, loss in losses:
        if loss <= 0:
            yield call, KEPT
    broken = [(call, loss) for call, loss in losses if loss > 0]
    for call, loss in broken[1:]:
        yield call, Broken("credits of the account", "as many as before the test", f"{loss} less", _TOO_LITTLE)


@CHECKS.together("test.no-purchase")
def no_purchase(calls: Sequence[Call]) -> Iterable[tuple[Call, Finding]]:
    """A right test is never asked to pay; that it is served says something if the account has no credits."""
    for call in calls:
        if not call.is_removal or not call.is_right or not call.form.is_test:
            continue
        if call.status == 402:
            yield call, Broken("answer", "a result without payment, since it is a test", said(call))
        elif call.status == 200 and any(_credits(look) == 0 for look in _looks_around(call, calls)):
            yield call, KEPT


@CHECKS.together("credits.purchase")
def purchase(calls: Sequence[Call]) -> Iterable[tuple[Call, Finding]]:
    """A request for production gets no picture if the account has no credits, neither before nor after."""
    for call in _for_production(calls):
        looks = _looks_around(call, calls)
        if call.status == 402:
            yield call, KEPT
        elif len(looks) == 2 and all(_is_empty(look) for look in looks):
            hint = "The account is dormant and has no credits."
            yield call, demand(not has_picture(call), "answer", "status 402", said(call), hint)


@CHECKS.together("credits.no-subscription")
def no_subscription(calls: Sequence[Call]) -> Iterable[tuple[Call, Finding]]:
    """A refusal to work for an account without a pack, whose credits never lasted, is 402 with code 1008."""
    for call in _for_production(calls):
        never = [look for look in _looks_around(call, calls) if _never_bought(look)]
        if never and call.status == 402 and call.code is not None:
            hint = "The account has no credit pack, and never had one."
            yield call, demand(call.code == 1008, "error.code", "1008", call.code, hint)


@CHECKS.each("credits.past-due")
def past_due(call: Call) -> Finding | None:
    """An error with code 1010 has status 402."""
    if call.code != 1010 or not call.is_operation:
        return None
    return demand(call.status == 402, "status", "402", call.status, "An overdue payment is a matter of 402.")


@CHECKS.together("credits.out")
def out(calls: Sequence[Call]) -> Iterable[tuple[Call, Finding]]:
    """A refusal to work for an account that has a pack and no credits left is 402 with code 1011."""
    for call in _for_production(calls):
        empty = [look for look in _looks_around(call, calls) if _is_used_up(look)]
        if empty and call.status == 402 and call.code is not None:
            yield call, demand(call.code == 1011, "error.code", "1011", call.code, "The account has no credits left.")


@CHECKS.each("credits.rate")
def rate(call: Call) -> Finding | None:
    """The amount is a millionth of the pixels that are worked on: the input's, or its plain shrunken result's."""
    amount = _amount(call, CALCULATED if call.form.is_test else CHARGED) if _has_result(call) else None
    if amount is None or call.input is None or not call.is_right:
        return None
    size = call.input.size
    if size[0] * size[1] > call.form.value("max_pixels"):
        if not call.form.uses_only("max_pixels") or call.result is None:
            return None
        size = call.result.size
    expected = (Decimal(size[0] * size[1]) * _MILLIONTH).quantize(_MILLIONTH)
    kept = abs(expected - amount) < _coarser(expected, amount)
    return demand(kept, "credits", f"{expected}, one a megapixel of {size[0]} x {size[1]}", str(amount))


@CHECKS.together("credits.errors")
def errors(calls: Sequence[Call]) -> Iterable[tuple[Call, Finding]]:
    """An error names no charge above nought, and the account is not less after requests that all ended in errors."""
    for call in calls:
        amount = _amount(call, CHARGED) if call.is_operation and call.status >= 400 else None
        if amount is not None:
            yield call, demand(amount <= 0, CHARGED, "0, since there is no result", str(amount))
    for period in _periods(calls):
        if period.calls and all(400 <= call.status < 600 for call in period.calls):
            lost = f"{period.loss} less"
            yield period.calls[-1], demand(period.loss <= 0, "credits of the account", "as many as before", lost)


def _has_result(call: Call) -> bool:
    return call.is_removal and call.status == 200 and has_picture(call)


def _is_amount(call: Call, name: str) -> Finding:
    amount = _amount(call, name)
    kept = amount is not None and amount >= 0
    return demand(kept, name, "a number of credits, not negative", call.header(name) or "no such field")


def _amount(call: Call, name: str) -> Decimal | None:
    """Return the number in the header field *name*, or ``None`` if it holds none."""
    text = (call.header(name) or "").strip()
    return Decimal(text) if _NUMBER.fullmatch(text) else None


def _coarser(one: Decimal, other: Decimal) -> Decimal:
    """Return the value of the last decimal of whichever has fewer."""
    return Decimal(1).scaleb(-min(_decimals(one), _decimals(other)))


def _decimals(amount: Decimal) -> int:
    exponent = amount.as_tuple().exponent
    return -exponent if isinstance(exponent, int) and exponent < 0 else 0


def _is_same(call: Call, other: Call) -> bool:
    """Tell whether two requests differ in nothing but ``test``."""
    one, two = ({name: text for name, text in each.form.texts.items() if name != "test"} for each in (call, other))
    return one == two and call.form.sources == other.form.sources and call.sent_picture == other.sent_picture


def _credits(call: Call) -> Decimal | None:
    """Return the credits that the account says to have."""
    value = call.json.get("credits") if call.is_account and call.status == 200 and isinstance(call.json, dict) else None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        amount = Decimal(str(value))
    except InvalidOperation:
        return None
    return amount if amount.is_finite() and abs(amount) < 10**15 else None


def _periods(calls: Sequence[Call]) -> Iterator[Period]:
    """Yield what lies between every two looks at an account, account by account."""
    by_id = [(call.credentials[0], call) for call in calls if call.credentials is not None]
    for _, group in groupby(sorted(by_id, key=lambda pair: pair[0]), key=lambda pair: pair[0]):
        own = [call for _, call in group]
        looks = [(index, amount) for index, call in enumerate(own) if (amount := _credits(call)) is not None]
        finest = min((Decimal(1).scaleb(-_decimals(amount)) for _, amount in looks), default=Decimal(1))
        grain = max(finest, _MILLIONTH)
        for (first, before), (last, after) in pairwise(looks):
            yield Period(tuple(own[first + 1 : last]), (before - after).quantize(_MILLIONTH), grain)


def _are_tests(calls: Sequence[Call]) -> bool:
    """Tell whether *calls* are tests that gave a result, and nothing else."""
    return bool(calls) and all(_has_result(call) and call.form.is_test and call.is_right for call in calls)


def _for_production(calls: Sequence[Call]) -> Iterator[Call]:
    return (call for call in calls if call.is_removal and call.is_right and not call.form.is_test)


def _looks_around(call: Call, calls: Sequence[Call]) -> list[Call]:
    """Return the last look at the account of *call* before it and the first one after it, as far as there are any."""
    looks = [look for look in calls if look.credentials == call.credentials and _credits(look) is not None]
    before = [look for look in looks if look.exchange.number < call.exchange.number]
    after = [look for look in looks if look.exchange.number > call.exchange.number]
    return [*before[-1:], *after[:1]]


def _is_empty(look: Call) -> bool:
    """Tell whether the account is dormant and has no credits."""
    return _credits(look) == 0 and look.json.get("state") == "dormant"


def _never_bought(look: Call) -> bool:
    until = look.json.get("useBefore")
    never = isinstance(until, str) and until.startswith(_NEVER)
    return _is_empty(look) and look.json.get("creditPack") == "none" and never


def _is_used_up(look: Call) -> bool:
    return _credits(look) == 0 and look.json.get("creditPack") not in (None, "none")
