"""The choices that the provider's documents leave open."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Literal, get_args, get_type_hints

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Settings:
    """What the mock does where the documents are silent; ``SOURCES.md`` lists why each default was chosen.

    ``several_images``: what happens when more than one of the three ways to send an image is used. ``boolean_case``:
    whether ``True`` counts as ``true``. ``margin_percent_of``: whether a vertical margin in percent refers to the
    height or, like in CSS, to the width. ``input_size``: whether ``X-Input-Size`` is that of the upright picture or of
    the picture as stored.
    """

    several_images: Literal["first", "refuse"] = "first"
    unknown_parameters: Literal["ignore", "refuse"] = "ignore"
    boolean_case: Literal["exact", "any"] = "exact"
    margin_percent_of: Literal["axis", "width"] = "axis"
    input_size: Literal["upright", "stored"] = "upright"
    accept_webp: bool = False

    @classmethod
    def allowed(cls) -> Mapping[str, tuple[object, ...]]:
        """Return the values that each setting may have."""
        types = get_type_hints(cls)
        return {field.name: get_args(types[field.name]) or (False, True) for field in fields(cls)}

    @classmethod
    def chosen(cls, choices: Mapping[str, object]) -> Settings:
        """Return the defaults with *choices* in their place; names that are no setting here are passed over."""
        names = {field.name for field in fields(cls)}
        return cls(**{name: value for name, value in choices.items() if name in names})  # type: ignore[arg-type]
