"""Mutants of this provider's servers, by topic."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.mutants.mutant import Mutant

MUTANTS: tuple[Mutant, ...] = ()
