"""Choosing providers on the command line."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

import click

from contracts.providers import ProviderError, discover

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
            close = get_close_matches(value, known, n=1)
            hint = f" Did you mean {close[0]!r}?" if close else ""
            self.fail(f"There is no provider {value!r}.{hint} Installed are: {', '.join(known)}.", param, ctx)
        return known[value]
