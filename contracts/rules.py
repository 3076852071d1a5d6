"""Reading what a provider's folder says in ``rules.yaml`` and ``errors.yaml``."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from contracts.model import ApiError, Assurance, Level, Rule, Source, Subject
from contracts.schemas import load

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path


def load_rules(folder: Path, provider: str) -> tuple[Rule, ...]:
    """Return the rules of the *provider* whose folder is *folder*, in the order of the file."""
    return tuple(_rule(entry, provider) for entry in load(folder / "rules.yaml")["rules"])


@cache
def load_errors(folder: Path) -> Mapping[str, ApiError]:
    """Return the errors of the provider whose folder is *folder*, by name."""
    return {entry["name"]: _error(entry) for entry in load(folder / "errors.yaml")["errors"]}


def load_mutants(folder: Path) -> Mapping[str, Sequence[str]]:
    """Return the names of the mutants that prove the checks of each rule of the provider whose folder is *folder*.

    The mutants themselves are part of the tests of whoever wrote the checks; a provider without the file has none.
    """
    path = folder / "mutants.yaml"
    mutants: Mapping[str, Sequence[str]] = load(path) if path.exists() else {}
    return mutants


def _rule(entry: Mapping[str, Any], provider: str) -> Rule:
    return Rule(
        id=entry["id"],
        provider=provider,
        subject=Subject(entry["subject"]),
        level=Level(entry["level"]),
        assurance=Assurance(entry["assurance"]),
        text=" ".join(entry["text"].split()),
        source=Source(**entry["source"]),
        unobservable=" ".join(entry.get("unobservable", "").split()),
    )


def _error(entry: Mapping[str, Any]) -> ApiError:
    return ApiError(
        name=entry["name"],
        status=entry["status"],
        message=entry["message"],
        assurance=Assurance(entry["assurance"]),
        source=Source(**entry["source"]),
        code=entry.get("code"),
        type=entry.get("type"),
        body=entry.get("body", "json"),
    )


def told(rule: Rule) -> dict[str, object]:
    """Return *rule* as JSON, with its source in words."""
    return {
        "id": rule.id,
        "provider": rule.provider,
        "subject": rule.subject,
        "level": rule.level,
        "assurance": rule.assurance,
        "text": rule.text,
        "source": str(rule.source),
        "observable": rule.observable,
    }
