"""Files that list the credentials a server knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from contracts.providers import behaviour_of, discover

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def read_keys(file: Path) -> Mapping[str, frozenset[str]]:
    """Return the secrets of each tenant that *file* lists.

    A line is ``id:secret``, or a key on its own. Blank lines and lines that begin with ``#`` do not count.

    Raises:
        click.UsageError: the file cannot be read, or has none.
    """
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise click.UsageError(f"The file of keys {file} cannot be read: {error}.") from error
    found: dict[str, set[str]] = {}
    for line in map(str.strip, text.splitlines()):
        if line and not line.startswith("#"):
            for tenant, secret in _tenants(line):
                found.setdefault(tenant, set()).add(secret)
    if not found:
        raise click.UsageError(f"The file of keys {file} has none; write a line id:secret, or a key, for each caller.")
    return {tenant: frozenset(secrets) for tenant, secrets in found.items()}


def _tenants(line: str) -> list[tuple[str, str]]:
    """Return the tenant and the secret that *line* means to each provider that understands it."""
    credentials = (behaviour_of(provider).listed(line) for provider in discover().values())
    return [(one.tenant, one.secret) for one in credentials if one is not None]
