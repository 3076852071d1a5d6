"""The names of the parameters that a client sends, and where they stand."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from contracts.checks import KEPT, Broken, demand, shown
from contracts.providers.pixian.checks.form import SOURCES
from contracts.providers.pixian.client.checks.registry import CLIENT_CHECKS
from contracts.suggestion import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Collection

    from contracts.checks import Finding
    from contracts.providers.pixian.client.checks.call import ClientCall

_STEP = re.compile(r"[._-]|(?<=[a-z])(?=[A-Z])")
"""Where one word of a name ends."""


@CLIENT_CHECKS.each("parameter.name")
def name(call: ClientCall) -> Finding | None:
    """Every field of the form has a documented name; what may be the picture itself is another rule's matter."""
    if not _is_form(call):
        return None
    known = call.form.parameters.keys()
    for one in sorted(call.form.given - known):
        if call.form.sources or not did_you_mean(one, SOURCES):
            hint = f"It is ignored without a word.{meant(one, known)}"
            return Broken("form", "documented names", f"the field {shown(one)}", hint)
    return KEPT if call.form.given else None


@CLIENT_CHECKS.each("parameter.place")
def place(call: ClientCall) -> Finding | None:
    """No parameter stands in the query string, under its own name or one much like it."""
    if not call.is_try:
        return None
    known = call.form.parameters.keys()
    found = [one for one in call.query if one in known or meant(one, known)]
    hint = "There it is ignored without a word, and a test is charged." if "test" in found else "There it is ignored."
    return demand(not found, "query", "no parameters", shown(tuple(found)), hint)


@CLIENT_CHECKS.each("parameter.once")
def once(call: ClientCall) -> Finding | None:
    """No parameter is sent twice; pictures are another rule's matter."""
    if not _is_form(call):
        return None
    counts = Counter(field.name for field in call.form.fields or () if field.name not in SOURCES)
    twice = [one for one, count in counts.items() if count > 1]
    return demand(not twice, "form", "each parameter once", f"{shown(tuple(twice))} more than once") if counts else None


@CLIENT_CHECKS.each("parameter.boolean")
def boolean(call: ClientCall) -> Finding | None:
    """Booleans are the words true and false, in small letters."""
    if not _is_form(call):
        return None
    schemas, texts = call.form.parameters, call.form.texts
    found = {one: text for one, text in texts.items() if schemas.get(one, {}).get("type") == "boolean"}
    for one, text in found.items():
        if text not in {"true", "false"}:
            return Broken(one, "true or false", shown(text))
    return KEPT if found else None


def meant(wrong: str, known: Collection[str]) -> str:
    """Return a question that names what of *known* may have been meant with *wrong*, after a blank, or nothing.

    The same last word says more than likeness as a whole.
    """
    words = _STEP.split(wrong)
    same = [one for one in known if len(words) > 1 and _STEP.split(one)[-1] == words[-1].lower()]
    return did_you_mean(wrong, same) or did_you_mean(wrong, known) or (f" Did you mean {same[0]!r}?" if same else "")


def _is_form(call: ClientCall) -> bool:
    return (call.is_removal or call.is_v1) and bool(call.form.fields)
