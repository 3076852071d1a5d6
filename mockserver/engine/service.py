"""A provider as it is served, and the names that all of them know."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from contracts.openapi import OpenApi
from contracts.providers import behaviour_of, discover
from contracts.rules import load_errors
from mockserver.scenarios.vocabulary import Vocabulary

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from contracts.model import ApiError, Operation, Provider

TOO_MANY = 429
_REFUSALS = {TOO_MANY, 503}


class Service:
    """One provider as it is served: its facts, its behaviour and its document."""

    def __init__(self, provider: Provider) -> None:
        """Load the behaviour of *provider*; the document is read when it is asked for."""
        self.provider = provider
        self.behaviour = behaviour_of(provider)
        self.openapi = OpenApi(provider.folder, provider.name)
        self._errors_of: dict[str, Mapping[str, ApiError]] = {}

    @cached_property
    def errors(self) -> Mapping[str, ApiError]:
        """The documented errors by name."""
        return load_errors(self.provider.folder)

    def errors_of(self, operation: Operation) -> Mapping[str, ApiError]:
        """Return all documented errors, those that the document allows for *operation* first."""
        known = self._errors_of.get(operation.id)
        if known is None:
            fits = {name for name in self.errors if self._fits(operation, name)}
            order = sorted(self.errors, key=lambda name: name not in fits)
            known = self._errors_of[operation.id] = {name: self.errors[name] for name in order}
        return known

    def _fits(self, operation: Operation, name: str) -> bool:
        return not any(self.openapi.response_errors(operation, self.behaviour.error(name).response))

    @cached_property
    def documented_headers(self) -> str:
        """The names of all header fields that its responses may carry, with commas between."""
        return ", ".join(self.openapi.response_headers)

    @cached_property
    def too_many(self) -> str:
        """The name of the first documented error of the status 429, or empty."""
        return next((name for name, error in self.errors.items() if error.status == TOO_MANY), "")

    @property
    def refusals(self) -> tuple[str, ...]:
        """The names of the documented errors with which requests may be refused that are too many."""
        return tuple(name for name, error in self.errors.items() if error.status in _REFUSALS)

    @property
    def parameters(self) -> Mapping[str, Collection[str]]:
        """The names of the parameters of each operation."""
        return {one.id: self.behaviour.parameter_names(one) for one in self.openapi.operations}


def vocabulary_of(services: Mapping[str, Service]) -> Vocabulary:
    """Return the names that scripts and scenarios may use where *services* are served."""
    # Scenarios also speak of providers that are installed and not served.
    others = [Service(provider) for name, provider in discover().items() if name not in services]
    known = (*services.values(), *others)
    errors = dict.fromkeys(name for service in known for name in service.errors)
    settings = {name: values for service in known for name, values in service.behaviour.settings.items()}
    operations = {name: service.parameters for name, service in services.items()}
    return Vocabulary(
        tuple(errors),
        settings,
        operations,
        refusals={service.provider.name: service.refusals for service in known},
        absent=[service.provider.name for service in others],
    )
