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
        click.UsageError: the file cannot be read, has none, or has a line of another form.
    """
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise click.UsageError(f"The file of keys {file} cannot be read: {error}.") from error
    found: dict[str, set[str]] = {}
    for number, line in enumerate(map(str.strip, text.splitlines()), 1):
        if not line or line.startswith("#"):
            continue
        tenants = _tenants(line)
        if not tenants:
            forms = " or ".join(behaviour_of(provider).credential_form for provider in discover().values())
            raise click.UsageError(f"The file of keys {file} is wrong at line {number}: a line is {forms}.")
        for tenant, secret in tenants:
            found.setdefault(tenant, set()).add(secret)
    if not found:
        raise click.UsageError(f"The file of keys {file} has none; write a line id:secret, or a key, for each caller.")
    return {tenant: frozenset(secrets) for tenant, secrets in found.items()}


def _tenants(line: str) -> list[tuple[str, str]]:
    """Return the tenant and the secret that *line* means to each provider that understands it."""
    credentials = (behaviour_of(provider).listed(line) for provider in discover().values())
    return [(one.tenant, one.secret) for one in credentials if one is not None]
