"""The checks of the rules about this provider's clients, by topic."""

from contracts.providers.pixian.client.checks import (
    access,
    backoff,
    body,
    encoded,
    errors,
    first_waits,
    names,
    repeats,
    requested,
    requests,
    scaled,
    sources,
    success,
    threads,
    timeouts,
    transport,
    values,
)
from contracts.providers.pixian.client.checks.call import ClientCall
from contracts.providers.pixian.client.checks.registry import CLIENT_CHECKS

__all__ = [
    "CLIENT_CHECKS",
    "ClientCall",
    "access",
    "backoff",
    "body",
    "encoded",
    "errors",
    "first_waits",
    "names",
    "repeats",
    "requested",
    "requests",
    "scaled",
    "sources",
    "success",
    "threads",
    "timeouts",
    "transport",
    "values",
]
