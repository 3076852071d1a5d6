"""Whom a request to the control API is about: a tenant's id, or the credentials that a provider's caller sends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contracts.schemas import schema_at
from mockserver.control.operation import BAD, NOT_FOUND
from mockserver.control.refusal import RefusalError
from mockserver.faults.words import FOLDER

if TYPE_CHECKING:
    from contracts.behaviour import Credentials
    from mockserver.control.operation import Control
    from mockserver.state.tenant import Tenant


class Callers:
    """Finds tenants by what users call them. No secret in it is kept or repeated."""

    def __init__(self, control: Control) -> None:
        """Look among the tenants of *control*, by the words of the providers that it serves."""
        self._services = control.engine.services
        self._tenants = control.state.tenants

    def find(self, called: str) -> Tenant:
        """Return the tenant that is *called* so, opened if nobody has heard of it.

        Raises:
            RefusalError: it is no id, or no provider could have such a caller.
        """
        _check(called)
        name, credentials = self._resolved(called)
        if credentials is None and not self._could_be(name):
            forms = " or ".join(service.behaviour.credential_form for service in self._services.values())
            raise RefusalError(
                NOT_FOUND,
                "No provider here could have a caller of this id. Name one by the id that GET tenants lists, or by its "
                f"credentials: {forms}.",
                "tenant",
            )
        return self._tenants.get(name, credentials)

    def name(self, called: str) -> str:
        """Return the id of the tenant that is *called* so, whether it is there or not."""
        return self._resolved(called)[0]

    def _resolved(self, called: str) -> tuple[str, Credentials | None]:
        """Return the id of whoever is *called* so, and the credentials if these are what was given."""
        if self._tenants.knows(called):
            return called, None
        for service in self._services.values():
            credentials = service.behaviour.listed(called)
            if credentials is not None:
                # A key may look like the id that is made of another one, and then the id is meant.
                return (called, None) if service.behaviour.is_tenant(called) else (credentials.tenant, credentials)
        return called, None

    def _could_be(self, name: str) -> bool:
        """Tell whether a provider could have a tenant of this *name*, with or without the provider's before it."""
        provider, colon, rest = name.partition(":")
        if colon and provider in self._services:
            return self._services[provider].behaviour.is_tenant(rest)
        return any(service.behaviour.is_tenant(name) for service in self._services.values())


def _check(called: str) -> None:
    """Raise a :class:`RefusalError` if *called* is too long, or has characters that no id has."""
    errors = schema_at(FOLDER, "openapi.yaml#/components/parameters/tenant/schema").errors(called)
    if errors:
        raise RefusalError(BAD, f"The id of the tenant is wrong: {errors[0]}.", "tenant")
