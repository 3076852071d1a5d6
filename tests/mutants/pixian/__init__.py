"""Mutants of this provider's servers, by topic."""

from tests.mutants.pixian import access, account, answers, credit, errors, images, requests, sizes, versions

MUTANTS = (
    *access.MUTANTS,
    *answers.MUTANTS,
    *requests.MUTANTS,
    *images.MUTANTS,
    *credit.MUTANTS,
    *errors.MUTANTS,
    *account.MUTANTS,
    *versions.MUTANTS,
    *sizes.MUTANTS,
)
