"""The words of scripts, fault rules and scenarios: how a fault is asked for in JSON.

``"ok"`` is normal behaviour, ``"429"`` (or 429) a status, ``"slow-down"`` a documented error by its name, and an object
such as ``{"fault": "truncate", "after": 1000}`` any kind of fault with its fields. Which there are, with ranges and
defaults, is in the document of the control API.
"""

from __future__ import annotations

import json
from dataclasses import MISSING, fields
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any

from contracts.schemas import schema_at
from contracts.suggestion import did_you_mean
from mockserver.faults.answer import ErrorFault, RedirectFault, StatusFault
from mockserver.faults.body import ReplaceFault
from mockserver.faults.connection import CloseFault, ResetFault
from mockserver.faults.delivery import DribbleFault, StallFault, TruncateFault
from mockserver.faults.fault import Fault
from mockserver.faults.field import ContentTypeFault, HeadersFault
from mockserver.faults.result import ExpireFault, NoImageFault

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

FOLDER = Path(__file__).resolve().parents[1] / "control"
"""Where the document of the control API is."""

_LONGEST = 60
"""Characters of a wrong word that are repeated."""
_NAMED_STATUSES = range(200, 600)
_DIGITS = 3
_LARGEST = 1_000_000
"""Numbers beyond are not even repeated in an error."""
_OF_THE_SERVER = frozenset({"connection", "content-length", "date", "server", "transfer-encoding", "vary"})
"""Header fields that say how the message is sent; faults of other kinds break that."""
_KINDS: dict[str, type[Fault]] = {
    kind.kind: kind
    for kind in (
        Fault,
        ErrorFault,
        StatusFault,
        RedirectFault,
        HeadersFault,
        ContentTypeFault,
        ReplaceFault,
        StallFault,
        DribbleFault,
        TruncateFault,
        CloseFault,
        ResetFault,
        ExpireFault,
        NoImageFault,
    )
}


class WordError(ValueError):
    """A word, a rule, a scenario or a setting is wrong: ``field`` says where, ``problem`` says what, in a sentence."""

    def __init__(self, field: str, problem: str) -> None:
        """Keep the place *field* and the sentence *problem*."""
        super().__init__(f"{field}: {problem}" if field else problem)
        self.field = field
        self.problem = problem

    def within(self, place: str) -> WordError:
        """Return the same error, seen from outside of *place*."""
        inner = self.field
        joined = f"{place}{inner}" if inner.startswith("[") else f"{place}.{inner}" if inner else place
        return WordError(joined, self.problem)


def plain(value: object, place: str = "") -> Any:  # noqa: ANN401  any JSON value
    """Return the JSON *value* with whole numbers as integers.

    Raises:
        WordError: it holds what JSON cannot express: a number that is none, half of a surrogate pair, a key that is no
            text; or it is nested too deeply.
    """
    try:
        return _plain(value, place)
    except RecursionError as error:
        raise WordError(place, "it is nested too deeply") from error


def _plain(value: object, place: str) -> object:
    if isinstance(value, float):
        if not isfinite(value):
            raise WordError(place, f"{value} is no number")
        return int(value) if value.is_integer() else value
    if isinstance(value, str):
        if any("\ud800" <= letter <= "\udfff" for letter in value):
            raise WordError(place, "the text holds half of a surrogate pair")
        return value
    if isinstance(value, list):
        return [_plain(item, f"{place}[{number}]") for number, item in enumerate(value)]
    if isinstance(value, dict):
        if not all(isinstance(key, str) for key in value):
            raise WordError(place, "the keys of an object are texts")
        return {_plain(key, place): _plain(item, f"{place}.{key}" if place else key) for key, item in value.items()}
    if value is not None and not isinstance(value, int):
        raise WordError(place, f"a {type(value).__name__} is nothing that JSON has; put a text into quotes")
    return value


def check(schema: str, value: object) -> None:
    """Raise a :class:`WordError` if *value* breaks the *schema* of that name in the control API's document."""
    errors = schema_at(FOLDER, f"openapi.yaml#/components/schemas/{schema}").errors(value)
    if errors:
        raise WordError(errors[0].path, errors[0].text)


def fault_of(word: object, errors: Collection[str]) -> Fault:
    """Return the fault that *word* asks for; *errors* are the names of all documented errors.

    Raises:
        WordError: there is no such word, or a field of it is wrong.
    """
    word = plain(word)
    if isinstance(word, dict):
        return _from_object(word, errors)
    if isinstance(word, bool) or not isinstance(word, (str, int)):
        raise WordError("", f"a word is a text, a number or an object, not {type(word).__name__}")
    if isinstance(word, int) and abs(word) > _LARGEST:
        raise WordError("", "a status is between 200 and 599")
    return _from_text(str(word), errors)


def word_of(fault: Fault) -> object:
    """Return the word that asks for *fault*."""
    if type(fault) is Fault:
        return fault.kind
    if isinstance(fault, StatusFault) and fault == StatusFault(fault.status):
        return str(fault.status)
    if isinstance(fault, ErrorFault) and fault == ErrorFault(fault.name):
        return fault.name
    given: dict[str, object] = {"fault": fault.kind}
    for one in fields(fault):
        value = getattr(fault, one.name)
        default = one.default_factory() if one.default_factory is not MISSING else one.default
        if value != default:
            given[one.name] = list(value) if isinstance(value, tuple) else value
    return given


def _from_text(word: str, errors: Collection[str]) -> Fault:
    if word == Fault.kind:
        return Fault()
    if word.isdecimal() and word.isascii():
        if len(word) != _DIGITS or int(word) not in _NAMED_STATUSES:
            raise WordError("", f"a status is between 200 and 599, not {word[:20]}")
        return StatusFault(int(word))
    if word not in errors:
        raise WordError("", _unknown(word, ["ok", *errors], "a status such as 429, or one of"))
    return ErrorFault(word)


def _from_object(word: dict[str, Any], errors: Collection[str]) -> Fault:
    kind = word.get("fault")
    if not isinstance(kind, str) or kind not in _KINDS:
        raise WordError("fault", _unknown(kind, _KINDS, "one of"))
    _check_names(word, ["fault", *(one.name for one in fields(_KINDS[kind]))])
    check(_schema(kind), word)
    given = {
        name: tuple(value) if isinstance(value, list) else value for name, value in word.items() if name != "fault"
    }
    if kind == ErrorFault.kind and given["name"] not in errors:
        raise WordError("name", _unknown(given["name"], errors, "one of"))
    if kind == HeadersFault.kind:
        _check_fields([*given.get("set", {}), *given.get("remove", ())])
    return _KINDS[kind](**given)


def _check_names(word: dict[str, Any], known: Collection[str]) -> None:
    """Raise a :class:`WordError` if *word* has a field that is none of the *known*, before anything is missed."""
    unknown = next((name for name in word if name not in known), None)
    if unknown is not None:
        hint = did_you_mean(unknown, known)
        shown = json.dumps(unknown[:_LONGEST], ensure_ascii=False)
        raise WordError("", f"there is no {shown}; allowed are {', '.join(known)}{'.' if hint else ''}{hint}")


def _check_fields(names: Iterable[str]) -> None:
    for name in names:
        if name.lower() in _OF_THE_SERVER:
            raise WordError(name, "this field is the server's own; the faults truncate, close and reset break messages")


def _schema(kind: str) -> str:
    """Return the name of the schema for faults of *kind*."""
    return "".join(part.capitalize() for part in kind.split("-")) + "Fault"


def _unknown(value: object, known: Collection[str], phrase: str) -> str:
    """Return a sentence about *value*, which is none of the *known*."""
    shown = repr(value)[:_LONGEST]
    hint = did_you_mean(str(value), known)
    return f"{shown} is unknown.{hint} Allowed is {phrase}: {', '.join(known)}."
