"""The checks of the rules about this provider's servers, by topic."""

from contracts.providers.pixian.checks import (
    access,
    account,
    answers,
    credit,
    errors,
    images,
    requests,
    sizes,
    versions,
)
from contracts.providers.pixian.checks.registry import CHECKS

__all__ = ["CHECKS", "access", "account", "answers", "credit", "errors", "images", "requests", "sizes", "versions"]
