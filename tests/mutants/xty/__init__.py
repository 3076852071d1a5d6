"""Mutants of this provider's servers, by topic."""

from tests.mutants.xty import acceptance, completions, errors, results, streams

MUTANTS = (*acceptance.MUTANTS, *completions.MUTANTS, *results.MUTANTS, *errors.MUTANTS, *streams.MUTANTS)
