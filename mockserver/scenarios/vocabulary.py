"""The names that scripts, scenarios and changes may use: those of the providers that are served."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contracts.suggestion import did_you_mean
from mockserver.faults import WordError

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from mockserver.faults import Match


class Vocabulary:
    """The documented ``errors`` by name, the ``settings``, and the ``operations`` of each provider.

    A setting has the values that it may have; none means any number from 0 on.
    """

    def __init__(
        self,
        errors: Collection[str],
        settings: Mapping[str, tuple[object, ...]],
        operations: Mapping[str, Collection[str]] | None = None,
    ) -> None:
        """Know these names."""
        self.errors = errors
        self.settings = settings
        self.operations = operations or {}

    def check_match(self, match: Match) -> None:
        """Raise a :class:`WordError` if *match* names a provider or an operation that is not served."""
        if match.provider is not None and match.provider not in self.operations:
            raise WordError("match.provider", _unknown(match.provider, self.operations))
        known = [name for names in self.operations.values() for name in names]
        if match.operation is not None and match.operation not in known:
            raise WordError("match.operation", _unknown(match.operation, known))

    def check_error(self, field: str, name: str) -> None:
        """Raise a :class:`WordError` about *field* if no error has this *name*."""
        if name not in self.errors:
            raise WordError(field, _unknown(name, self.errors))

    def check_setting(self, name: str, value: object) -> None:
        """Raise a :class:`WordError` if there is no setting *name*, or if it cannot have this *value*."""
        place = f"settings.{name}"
        if name not in self.settings:
            raise WordError(place, f"There is no such setting; allowed are {', '.join(self.settings)}.")
        allowed = self.settings[name]
        number = isinstance(value, int | float) and not isinstance(value, bool) and value >= 0
        fits = (
            number
            if not allowed
            else any(value is one or (value == one and type(value) is type(one)) for one in allowed)
        )
        if value is not None and not fits:
            words = ", ".join(map(_json, allowed)) if allowed else "a number from 0 on"
            raise WordError(place, f"{value!r} is not allowed; allowed is {words}, or null for the default.")


def _json(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _unknown(name: str, known: Collection[str]) -> str:
    hint = did_you_mean(name, known)
    return f"There is no {name!r}.{hint} Allowed is one of {', '.join(known)}."
