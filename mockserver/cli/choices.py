"""Choosing providers on the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from contracts.providers import ProviderError, discover
from contracts.suggestion import did_you_mean

if TYPE_CHECKING:
    from contracts.model import Provider


def installed() -> list[Provider]:
    """Return all providers.

    Raises:
        click.UsageError: one of them cannot be loaded.
    """
    try:
        return list(discover().values())
    except ProviderError as error:
        raise click.UsageError(str(error)) from error


class ProviderName(click.ParamType["Provider"]):
    """The name of an installed provider, converted to the provider."""

    name = "provider"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> Provider:
        """Return the provider named *value*, or fail and list the names there are."""
        known = {provider.name: provider for provider in installed()}
        if value not in known:
            hint = did_you_mean(value, known)
            self.fail(f"There is no provider {value!r}.{hint} Installed are: {', '.join(known)}.", param, ctx)
        return known[value]
