"""The choices that the provider's documents leave open."""

from __future__ import annotations

from dataclasses import dataclass, fields
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Settings:
    """What the mock does where the documents are silent; ``SOURCES.md`` lists why each default was chosen.

    ``price``: the credits that one picture costs. No price is published, and ``usage`` is always zero.
    """

    price: Decimal = Decimal(0)

    @classmethod
    def chosen(cls, choices: Mapping[str, object]) -> Settings:
        """Return the defaults with *choices* in their place; names that are no setting here are passed over."""
        names = {field.name for field in fields(cls)}
        return cls(**{name: Decimal(str(value)) for name, value in choices.items() if name in names})
