"""The account and its four keys; further ones may stand beside them."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any

from contracts.checks import KEPT, demand, shown
from contracts.providers.pixian.checks.acceptance import said
from contracts.providers.pixian.checks.registry import CHECKS

if TYPE_CHECKING:
    from contracts.checks import Finding
    from contracts.providers.pixian.checks.call import Call

_NOT_ABOUT_THE_REQUEST = frozenset({401, 402, 403, 407, 408, 421, 425, 426, 429, 431, 451})
_TIME = re.compile(
    r"(?P<date>[0-9]{4}-[0-9]{2}-[0-9]{2})[Tt ](?P<hour>[0-9]{2}):(?P<minute>[0-9]{2}):(?P<second>[0-9]{2})"
    r"(?:\.[0-9]+)?(?:[Zz]|[+-](?P<hours>[0-9]{2}):(?P<minutes>[0-9]{2}))",
    re.ASCII,
)
_DATE = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])")


@CHECKS.each("account.endpoint")
def endpoint(call: Call) -> Finding | None:
    """The account is answered with status 200 and a JSON object; who asks, and how often, does not count."""
    refused = 400 <= call.status < 500 and call.status not in _NOT_ABOUT_THE_REQUEST
    if not call.is_account or not (refused or 200 <= call.status < 300):
        return None
    kept = call.status == 200 and isinstance(call.json, dict)
    return demand(kept, "answer", "status 200 with a JSON object", said(call))


@CHECKS.each("account.credit-pack")
def credit_pack(call: Call) -> Finding | None:
    """The key creditPack is a text that is not empty."""
    account = _account(call)
    if account is None:
        return None
    value = account.get("creditPack")
    return demand(isinstance(value, str) and value, "creditPack", "a name, none when there is no pack", shown(value))


@CHECKS.each("account.state")
def state(call: Call) -> Finding | None:
    """The key state is one of the two documented words."""
    account = _account(call)
    if account is None:
        return None
    value = account.get("state")
    return demand(value in ("active", "dormant"), "state", "active or dormant", shown(value))


@CHECKS.each("account.use-before")
def use_before(call: Call) -> Finding | None:
    """The key useBefore is a text in the form of RFC 3339: date, time and offset."""
    account = _account(call)
    if account is None:
        return None
    value = account.get("useBefore")
    kept = isinstance(value, str) and _is_time(value)
    return demand(kept, "useBefore", "a time of RFC 3339, as in 1970-01-01T00:00:00Z", shown(value))


@CHECKS.each("account.credits")
def credits_left(call: Call) -> Finding | None:
    """The key credits is a number, with or without decimals."""
    account = _account(call)
    if account is None:
        return None
    value = account.get("credits")
    kept = (isinstance(value, int) and not isinstance(value, bool)) or (
        isinstance(value, float) and math.isfinite(value)
    )
    return KEPT if kept else demand(kept, "credits", "a number", shown(value), "A number in JSON has no quotes.")


def _account(call: Call) -> dict[str, Any] | None:
    """Return the account in the answer, if it is one."""
    return call.json if call.is_account and call.status == 200 and isinstance(call.json, dict) else None


def _is_time(text: str) -> bool:
    parts = _TIME.fullmatch(text)
    if parts is None or not _DATE.fullmatch(parts["date"]):
        return False
    within = int(parts["hour"]) < 24 and int(parts["minute"]) < 60 and int(parts["second"]) <= 60
    return within and int(parts["hours"] or 0) < 24 and int(parts["minutes"] or 0) < 60
