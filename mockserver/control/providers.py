"""The providers that are served: what can be asked of them, and what their documents demand."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from flask import request

from contracts.openapi import FILE
from contracts.providers import ProviderError, kit_of
from contracts.rules import load_rules, told
from contracts.sources import load_documents
from contracts.suggestion import did_you_mean
from mockserver.adapt import origin_of
from mockserver.control.docs import page
from mockserver.control.operation import NOT_FOUND, add, need_thread
from mockserver.control.refusal import RefusalError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask import Blueprint, Response

    from contracts.model import Operation
    from mockserver.control.operation import Control
    from mockserver.engine import Service

_LONGEST_NAME = 60
_TRIER = "page"
"""Whose the credentials are that are given as an example."""


def add_routes(blueprint: Blueprint, control: Control) -> None:
    """Add the operations on providers to *blueprint*."""
    services = control.engine.services

    def listed() -> object:
        need_thread()
        return {"providers": [_provider(service) for service in services.values()]}

    def document(name: str) -> object:
        provider = _named(services, name).provider
        need_thread()
        from contracts.bundle import bundled  # noqa: PLC0415  only this operation needs it

        return bundled(provider.folder / FILE, origin_of(request.environ))

    def rules(name: str) -> object:
        provider = _named(services, name).provider
        need_thread()
        found = load_rules(provider.folder, provider.name)
        return {"rules": [told(rule) for rule in found]}

    def errors(name: str) -> object:
        return {
            "errors": [
                {
                    "name": error.name,
                    "status": error.status,
                    "code": error.code,
                    "message": error.message,
                    "assurance": error.assurance,
                    "source": str(error.source),
                }
                for error in _named(services, name).errors.values()
            ]
        }

    def sources(name: str) -> object:
        folder = _named(services, name).provider.folder
        need_thread()
        return {"sources": [asdict(one) for one in load_documents(folder)]}

    def docs(name: str) -> Response:
        return page(_named(services, name).provider.title)

    add(blueprint, "GET", "/providers", listed)
    add(blueprint, "GET", "/providers/<name:name>/openapi.json", document)
    add(blueprint, "GET", "/providers/<name:name>/rules", rules)
    add(blueprint, "GET", "/providers/<name:name>/errors", errors)
    add(blueprint, "GET", "/providers/<name:name>/sources", sources)
    blueprint.add_url_rule("/providers/<name:name>/docs", "provider docs", docs, methods=["GET"])


def _named(services: Mapping[str, Service], name: str) -> Service:
    """Return the service *name*.

    Raises:
        RefusalError: there is none.
    """
    if name not in services:
        hint = did_you_mean(name, services)
        problem = f"There is no provider {name[:_LONGEST_NAME]!r} here.{hint} There are {', '.join(services)}."
        raise RefusalError(NOT_FOUND, problem, "name")
    return services[name]


def _provider(service: Service) -> dict[str, object]:
    """Return what can be asked of the provider of *service*, and how."""
    return {
        "name": service.provider.name,
        "title": service.provider.title,
        "credentials": service.behaviour.credential_form,
        "by_key": _is_by_key(service),
        "example": _example(service),
        "operations": [_operation(service, one) for one in service.openapi.operations],
        "errors": list(service.errors),
        "settings": {name: list(values) for name, values in service.behaviour.settings.items()},
    }


def _operation(service: Service, one: Operation) -> dict[str, str]:
    """Return the operation *one* with the title that the document gives it."""
    details = service.openapi.document["paths"][one.path][one.method.lower()]
    return {"id": one.id, "method": one.method, "path": one.path, "summary": details.get("summary", "")}


def _is_by_key(service: Service) -> bool:
    """Tell whether credentials are a single key: so says the kit, or, without one, the lack of HTTP Basic."""
    try:
        return kit_of(service.provider).by_key
    except ProviderError:
        schemes = service.openapi.document.get("components", {}).get("securitySchemes", {})
        return not any(scheme.get("scheme") == "basic" for scheme in schemes.values())


def _example(service: Service) -> dict[str, str]:
    """Return credentials of the right form, for who wants to try something; empty where no kit can make them."""
    try:
        made = kit_of(service.provider).anonymous(_TRIER)
    except ProviderError:
        return {"id": "", "secret": ""}
    return {"id": made.id, "secret": made.secret}
