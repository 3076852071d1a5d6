"""The checks of the rules about clients, by topic."""

from contracts.providers.xty.client.checks import (
    access,
    errors,
    images,
    messages,
    requests,
    results,
    retries,
    success,
    timeouts,
)
from contracts.providers.xty.client.checks.registry import CLIENT_CHECKS

__all__ = [
    "CLIENT_CHECKS",
    "access",
    "errors",
    "images",
    "messages",
    "requests",
    "results",
    "retries",
    "success",
    "timeouts",
]
