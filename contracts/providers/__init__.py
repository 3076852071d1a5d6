"""One folder for each provider, and the means to find them all, also those of other packages.

A folder is a package with ``PROVIDER`` (a :class:`contracts.model.Provider`) in its ``__init__.py``, ``BEHAVIOUR`` in
its ``behaviour.py``, and ``openapi.yaml``, ``schemas/``, ``rules.yaml`` and ``errors.yaml`` beside them. A package
elsewhere is found by an entry point in the group ``matteproof.providers`` that has the provider's name, and leads to
its ``PROVIDER``.

This module imports nothing of weight: the pytest plugin asks for names in suites that have no use for it.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from contracts.behaviour import Behaviour
    from contracts.cases import Kit
    from contracts.checks import Checks
    from contracts.model import Provider, Subject
    from contracts.strategies import Strategies

GROUP = "matteproof.providers"
_CHECKS = {"server": ("checks", "CHECKS"), "client": ("client.checks", "CLIENT_CHECKS")}
"""By subject, in which module of a provider's folder its checks are, and what they are called there."""


class ProviderError(Exception):
    """A provider cannot be used; the text says which one, why, and what to do."""


def names() -> tuple[str, ...]:
    """Return the names of all providers, without importing any: those of this package first, each in order."""
    return tuple(dict.fromkeys([*_own_names(), *(point.name for point in _entry_points())]))


@cache
def discover() -> dict[str, Provider]:
    """Return all providers by name: those of this package first, then those of others, each in order of name.

    Raises:
        ProviderError: an entry point does not lead to a provider, or two providers have the same name.
    """
    found: dict[str, Provider] = {}
    for provider in (*_own(), *_foreign()):
        if provider.name in found:
            message = f"Two providers are named {provider.name!r}; rename or uninstall one: {provider.package}."
            raise ProviderError(message)
        found[provider.name] = provider
    return found


def behaviour_of(provider: Provider) -> Behaviour:
    """Return the behaviour in the folder of *provider*."""
    behaviour: Behaviour = import_module(f"{provider.package}.behaviour").BEHAVIOUR
    return behaviour


def checks_of(provider: Provider, subject: Subject) -> Checks[Any] | None:
    """Return the checks in the folder of *provider* for rules about the *subject*, if it has any."""
    place, variable = _CHECKS[subject]
    name = f"{provider.package}.{place}"
    try:
        checks: Checks[Any] = getattr(import_module(name), variable)
    except ModuleNotFoundError as error:
        if error.name not in {name, name.rpartition(".")[0]}:
            raise
        return None
    return checks


def kit_of(provider: Provider) -> Kit:
    """Return what the folder of *provider* has for conformance checks.

    Raises:
        ProviderError: it has nothing.
    """
    kit: Kit = _module(provider, "conformance", "conformance checks").KIT
    return kit


def strategies_of(provider: Provider) -> Strategies:
    """Return the Hypothesis strategies in the folder of *provider*.

    Raises:
        ProviderError: it has none.
    """
    strategies: Strategies = _module(provider, "strategies", "strategies")
    return strategies


def _module(provider: Provider, place: str, content: str) -> Any:  # noqa: ANN401  modules have no types of their own
    """Return the module *place* in the folder of *provider*; *content* says in words what is in there."""
    name = f"{provider.package}.{place}"
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        if error.name != name:
            raise
        raise ProviderError(f"There are no {content} for {provider.name}: it has no module {name}.") from error


def _own() -> list[Provider]:
    return [import_module(f"{__name__}.{name}").PROVIDER for name in _own_names()]


def _own_names() -> list[str]:
    return sorted(path.parent.name for path in Path(__file__).parent.glob("*/__init__.py"))


def _foreign() -> list[Provider]:
    return [_load(point) for point in _entry_points()]


def _entry_points() -> list[EntryPoint]:
    return sorted(entry_points(group=GROUP), key=lambda point: point.name)


def _load(point: EntryPoint) -> Provider:
    from contracts.model import Provider  # noqa: PLC0415  see above

    try:
        provider = point.load()
    except (ImportError, AttributeError) as error:
        message = f"The entry point {point.name!r} = {point.value!r} of the group {GROUP} cannot be loaded: {error}."
        raise ProviderError(message) from error
    if not isinstance(provider, Provider):
        message = f"The entry point {point.name!r} = {point.value!r} leads to no contracts.model.Provider."
        raise ProviderError(message)
    if provider.name != point.name:
        message = f"The entry point {point.name!r} = {point.value!r} leads to {provider.name!r}: give it that name."
        raise ProviderError(message)
    return provider
