"""What all commands that judge have in common: the extra that they need, the kit of a provider, the chosen rules."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

import click

from contracts.model import Subject
from contracts.providers import ProviderError, kit_of
from contracts.rules import load_rules
from contracts.suggestion import did_you_mean

if TYPE_CHECKING:
    from contracts.cases import Kit
    from contracts.model import Provider

_NEEDED = ("certifi", "httpcore", "hypothesis")


def need_extra() -> None:
    """Make sure that what judging needs is installed.

    Raises:
        click.UsageError: it is not.
    """
    missing = [name for name in _NEEDED if find_spec(name) is None]
    if missing:
        raise click.UsageError(f"This needs {' and '.join(missing)}: pip install 'matteproof[check]'")


def kit_for(provider: Provider) -> Kit:
    """Return what *provider* has for conformance checks.

    Raises:
        click.UsageError: it has nothing.
    """
    try:
        return kit_of(provider)
    except ProviderError as error:
        raise click.UsageError(str(error)) from error


def chosen_rules(provider: Provider, only: tuple[str, ...], subject: Subject = Subject.SERVER) -> frozenset[str]:
    """Return the ids of the rules about the *subject* that *only* names.

    A name is an id, or the beginning of some up to a dot; provider and subject may be left out.

    Raises:
        click.UsageError: one of *only* names no rule.
    """
    rules = load_rules(provider.folder, provider.name)
    ids = [rule.id for rule in rules if rule.subject is subject]
    prefix = f"{provider.name}.{subject}."
    chosen: set[str] = set()
    for name in only:
        full = prefix + name.removeprefix(prefix).rstrip(".")
        found = [one for one in ids if one == full or one.startswith(f"{full}.")]
        if not found:
            short = [one.removeprefix(prefix) for one in ids]
            hint = did_you_mean(name, [*ids, *short, *(one.partition(".")[0] for one in short)])
            raise click.UsageError(
                f"{provider.name} has no rule {name!r} about {subject}s.{hint} See: matteproof rules {provider.name}"
            )
        chosen.update(found)
    return frozenset(chosen)
