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

    A setting has the values that it may have; none means any number from 0 on. An operation has the names of its
    parameters. ``refusals`` are, for each provider, the errors with which it may refuse who asks too much, and
    ``absent`` the names of providers that are installed and not served.
    """

    def __init__(
        self,
        errors: Collection[str],
        settings: Mapping[str, tuple[object, ...]],
        operations: Mapping[str, Mapping[str, Collection[str]]] | None = None,
        *,
        refusals: Mapping[str, Collection[str]] | None = None,
        absent: Collection[str] = (),
    ) -> None:
        """Know these names."""
        self.errors = errors
        self.settings = settings
        self.operations = operations or {}
        self.refusals = refusals or {}
        self.absent = absent

    def check_match(self, match: Match) -> None:
        """Raise a :class:`WordError` if *match* names what no request to this server can be or have."""
        provider = match.provider
        if provider in self.absent:
            raise WordError(
                "match.provider",
                f"The provider {provider!r} is installed, but not served; serve it as well (--provider {provider}), or "
                f"leave it out. Allowed is one of {', '.join(self.operations)}.",
            )
        if provider is not None and provider not in self.operations:
            raise WordError("match.provider", _unknown(provider, self.operations))
        chosen = self.operations.values() if provider is None else [self.operations[provider]]
        known = {name: names for operations in chosen for name, names in operations.items()}
        if match.operation is not None and match.operation not in known:
            raise WordError("match.operation", _unknown(match.operation, known))
        parameters = dict.fromkeys(
            name for operation, names in known.items() if match.operation in {None, operation} for name in names
        )
        for name in match.parameters:
            if name not in parameters:
                raise WordError(f"match.parameters.{name}", _unknown(name, parameters))

    def check_refusal(self, field: str, name: str, provider: str = "") -> None:
        """Raise a :class:`WordError` about *field* unless *provider*, or any, may refuse requests by *name*."""
        chosen = [self.refusals[provider]] if provider in self.refusals else self.refusals.values()
        allowed = dict.fromkeys(one for names in chosen for one in names)
        if name not in allowed:
            raise WordError(field, _unknown(name, allowed))

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
    return f"There is no {name!r} here.{hint} Allowed is one of {', '.join(known) or 'none'}."
