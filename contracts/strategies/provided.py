"""Strategies that know a provider: what is in the module ``strategies`` of its folder, by the provider's name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from contracts.providers import discover, kit_of, strategies_of
from contracts.suggestion import did_you_mean

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

    from contracts.model import Provider, Request

_LONGEST_SCRIPT = 5


class Strategies(Protocol):
    """What the module ``strategies`` in the folder of a provider has; the functions below say what it is.

    ``free`` is true only where the provider has tests.
    """

    def parameters(self, *, free: bool) -> SearchStrategy[dict[str, object]]:
        """Return a strategy for parameters."""

    def requests(self, *, free: bool) -> SearchStrategy[Request]:
        """Return a strategy for requests for work on a picture."""

    def scripts(self, *, longest: int) -> SearchStrategy[list[object]]:
        """Return a strategy for scripts of up to *longest* words."""


def parameters(provider: str, *, free: bool = False) -> SearchStrategy[dict[str, object]]:
    """Return a strategy for legal parameters of the main operation of *provider*, with the types of JSON.

    They go together, and any picture can be had with them; lengths and sizes in pixels stay small, so that examples
    are quick. The simplest are none, or those that have to be. With *free* all are of tests, which cost nothing.

    Raises:
        ValueError: there is no such provider, or it has no tests and *free* is wanted.
        ProviderError: it has no strategies.
    """
    return _strategies(provider, free=free).parameters(free=free)


def requests(provider: str, *, free: bool = False) -> SearchStrategy[Request]:
    """Return a strategy for legal requests to *provider* for work on a picture; *free* is as for :func:`parameters`.

    They name no caller: sign them with ``kit_of(discover()[provider]).signed(request, credentials, Sign.OWN)``, or have
    your HTTP client do it. Send them to wherever the provider is, with the path and the header fields that they have;
    their ``origin`` is none of yours. The simplest has a small, plain PNG file and no parameters.

    Raises:
        ValueError: there is no such provider, or it has no tests and *free* is wanted.
        ProviderError: it has no strategies.
    """
    return _strategies(provider, free=free).requests(free=free)


def scripts(provider: str, *, longest: int = _LONGEST_SCRIPT) -> SearchStrategy[list[object]]:
    """Return a strategy for what may happen to requests for work at *provider*: up to *longest* words of a script.

    They are for the method ``script`` of a mock, ``script(*words)``, for the control API, or for a
    :class:`contracts.trials.Trial`: runs of 429, documented errors, errors of other forms, answers that are broken off,
    connections that are closed or reset, silence that a client has to bear. The simplest words are "ok" and "429".

    Raises:
        ValueError: there is no such provider.
        ProviderError: it has no strategies.
    """
    return _strategies(provider).scripts(longest=longest)


def _strategies(name: str, *, free: bool = False) -> Strategies:
    """Return the strategies of the provider *name*, which has tests if *free* is wanted."""
    provider = _provider(name)
    if free and not kit_of(provider).has_tests:
        raise ValueError(f"{provider.title} has no tests that are free of charge: leave free=True out.")
    return strategies_of(provider)


def _provider(name: str) -> Provider:
    known = discover()
    if name not in known:
        raise ValueError(f"There is no provider {name!r}.{did_you_mean(name, known)} Installed are {', '.join(known)}.")
    return known[name]
