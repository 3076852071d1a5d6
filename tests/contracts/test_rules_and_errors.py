"""What the rules and errors of a provider must say, and on what they rest."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from tests.contracts.folders import Folder, each_folder, operations

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

SUBJECTS = {"server", "client"}
LEVELS = {"must", "should", "may"}
ASSURANCES = {"seed", "doc", "protocol", "sister", "seen", "assumed"}
DOCUMENTED = {"seed", "doc", "protocol", "sister"}
RULE_KEYS = {"id", "subject", "level", "assurance", "source", "text"}
ERROR_KEYS = {"name", "status", "message", "assurance", "source"}
UNFINISHED = re.compile(r"\b(todo|tbd|fixme|xxx|lorem ipsum)\b|\{[a-z_]*\}|<[a-z_ ]+>", re.IGNORECASE)


def repeated(values: Iterable[str]) -> list[str]:
    """Return the values that come more than once."""
    found = list(values)
    return sorted({value for value in found if found.count(value) > 1})


@each_folder
def test_rules_are_well_formed(folder: Folder) -> None:
    """A rule has the known keys and values, and an id of its own that names provider and subject."""
    form = re.compile(rf"{folder.name}\.(server|client)(\.[a-z0-9]+(-[a-z0-9]+)*)+")
    for rule in folder.rules:
        assert set(rule) - {"unobservable"} == RULE_KEYS, rule
        assert form.fullmatch(rule["id"]), rule["id"]
        assert rule["id"].split(".")[1] == rule["subject"], rule["id"]
        assert rule["subject"] in SUBJECTS, rule["id"]
        assert rule["level"] in LEVELS, rule["id"]
        assert rule["assurance"] in ASSURANCES, rule["id"]
        assert rule["text"].strip(), rule["id"]
        assert rule.get("unobservable", "why").strip(), rule["id"]
    assert repeated(rule["id"] for rule in folder.rules) == []
    assert repeated(" ".join(rule["text"].split()) for rule in folder.rules) == []
    assert {rule["subject"] for rule in folder.rules} == SUBJECTS


@each_folder
def test_only_documented_rules_bind_strictly(folder: Folder) -> None:
    """What no document says, of this provider, of a sister product or of a protocol, is never a must."""
    musts = [rule for rule in folder.rules if rule["level"] == "must"]
    assert musts
    assert [rule["id"] for rule in musts if rule["assurance"] not in DOCUMENTED] == []


@each_folder
def test_rules_are_finished(folder: Folder) -> None:
    """No rule's text is a stand-in for one that is still to be written, and each is a sentence."""
    texts = {rule["id"]: " ".join(rule["text"].split()) for rule in folder.rules}
    assert [id_ for id_, text in texts.items() if UNFINISHED.search(text) or not text.endswith(".")] == []


@each_folder
def test_errors_are_well_formed(folder: Folder) -> None:
    """An error has a name of its own, a status of failure, and a message unless its body is empty."""
    for error in folder.errors:
        assert set(error) - {"code", "type", "body"} == ERROR_KEYS, error
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", error["name"]), error["name"]
        assert error["status"] in range(400, 600), error["name"]
        assert isinstance(error.get("code"), int | str | None), error["name"]
        assert isinstance(error.get("type"), str | None), error["name"]
        assert isinstance(error["message"], str), error["name"]
        assert bool(error["message"].strip()) != (error.get("body") == "empty"), error["name"]
        assert error["assurance"] in ASSURANCES, error["name"]
    assert repeated(error["name"] for error in folder.errors) == []


@each_folder
def test_statuses_of_errors_are_documented(folder: Folder) -> None:
    """The status of every error is one that the OpenAPI document has, itself or as one of its class."""
    documented = {status for operation in operations(folder) for status in operation["responses"]}
    wanted = {error["name"]: {str(error["status"]), f"{error['status'] // 100}XX"} for error in folder.errors}
    assert [name for name, names in wanted.items() if not names & documented] == []


@each_folder
@pytest.mark.parametrize(
    "entries", [lambda folder: folder.rules, lambda folder: folder.errors], ids=["rules", "errors"]
)
def test_sources_are_listed(folder: Folder, entries: Callable[[Folder], list[dict[str, Any]]]) -> None:
    """Every rule and error names a section of a document that SOURCES.md lists."""
    assert folder.source_keys
    for entry in entries(folder):
        assert set(entry["source"]) == {"document", "section"}, entry
        assert entry["source"]["document"] in folder.source_keys, entry
        assert str(entry["source"]["section"]).strip(), entry
