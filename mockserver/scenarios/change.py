"""What can be changed of a tenant: credits, limits, latency, settings."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from mockserver.faults import WordError, check
from mockserver.state.limiter import GENEROUS, Limits, Ramp, Rate

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mockserver.scenarios.vocabulary import Vocabulary
    from mockserver.state.tenant import Tenant


@dataclass(frozen=True, slots=True)
class TenantChange:
    """A checked change; ``given`` is as it was written in JSON."""

    given: Mapping[str, Any]

    @classmethod
    def read(cls, value: object, vocabulary: Vocabulary, provider: str = "") -> TenantChange:
        """Return the change that the JSON *value* describes, of a tenant of *provider* or, if that is empty, of any.

        Raises:
            WordError: a field of it is wrong.
        """
        check("TenantChange", value)
        if not isinstance(value, dict):
            raise WordError("", "a change is an object")
        for name, choice in value.get("settings", {}).items():
            vocabulary.check_setting(name, choice)
        if "use_before" in value:
            moment_of(value["use_before"], "use_before")
        error = (value.get("limits") or {}).get("error")
        if error is not None:
            vocabulary.check_refusal("limits.error", error, provider)
        return cls(value)

    def apply(self, tenant: Tenant) -> None:
        """Change what is given, and leave the rest."""
        given = self.given
        tenant.ledger.set(
            credits_=Decimal(str(given["credits"])) if "credits" in given else None,
            credits_by=Decimal(str(given.get("credits_by", 0))),
            active=given["state"] == "active" if "state" in given else None,
            pack=given.get("pack"),
            use_before=moment_of(given["use_before"]) if "use_before" in given else None,
        )
        if "limits" in given:
            tenant.limiter.set(_limits(given["limits"]))
        if "latency" in given:
            tenant.latency = given["latency"]
        for name, choice in given.get("settings", {}).items():
            if choice is None:
                tenant.settings.pop(name, None)
            else:
                tenant.settings[name] = choice


def moment_of(text: str, field: str = "now") -> float:
    """Return the moment that *text* in ISO 8601, the value of *field*, names: in seconds since 1970 UTC.

    Raises:
        WordError: there is no such moment, such as a 30th of February.
    """
    try:
        return datetime.fromisoformat(text).timestamp()
    except ValueError as error:
        raise WordError(field, f"{text} is no moment: {error}") from error


def told(limits: Limits) -> dict[str, object] | None:
    """Return *limits* as they are written in JSON."""
    if limits is GENEROUS:
        return None
    shown: dict[str, object] = {}
    for one in fields(limits):
        value = getattr(limits, one.name)
        if isinstance(value, Rate | Ramp):
            shown[one.name] = {part.name: getattr(value, part.name) for part in fields(value)}
        elif value is not None and value != "":
            shown[one.name] = value
    return shown


def _limits(given: Mapping[str, Any] | None) -> Limits:
    if given is None:
        return GENEROUS
    parts: dict[str, Any] = dict(given)
    if "rate" in parts:
        parts["rate"] = Rate(**parts["rate"])
    if "ramp" in parts:
        parts["ramp"] = Ramp(**parts["ramp"])
    return Limits(**parts)
