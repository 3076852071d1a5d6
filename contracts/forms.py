"""From the text of a form's fields to the typed values that a JSON Schema describes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

_INTEGER = re.compile(r"-?[0-9]{1,18}")
_BOOLEANS = {"true": True, "false": False}


def typed_values(
    texts: Mapping[str, str], properties: Mapping[str, Any], *, any_case: bool = False
) -> dict[str, object]:
    """Return *texts* with each value in the type that its schema in *properties* declares.

    A text that is no value of the declared type stays a text, for the schema to refuse. Booleans are ``true`` and
    ``false``, in any case of letters when *any_case* is set.
    """
    return {name: typed_value(text, properties.get(name, {}), any_case=any_case) for name, text in texts.items()}


def typed_value(text: str, schema: Mapping[str, Any], *, any_case: bool = False) -> object:
    """Return *text* in the type that *schema* declares, or unchanged if it is no value of that type."""
    declared = schema.get("type")
    if declared == "integer" and _INTEGER.fullmatch(text):
        return int(text)
    if declared == "boolean":
        return _BOOLEANS.get(text.lower() if any_case else text, text)
    return text
