"""The checks of the rules about this provider's servers; the other modules of this package fill it."""

from contracts.checks import Checks
from contracts.providers.pixian.checks.call import Call, read

CHECKS: Checks[Call] = Checks("pixian.server", read)
