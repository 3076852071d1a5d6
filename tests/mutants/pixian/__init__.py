"""Mutants of this provider's servers, by topic."""

from tests.mutants.pixian import sizes

MUTANTS = (*sizes.MUTANTS,)
