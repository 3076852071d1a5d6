"""The checks of the rules about this provider's clients; the other modules of this package fill it."""

from contracts.checks import Checks
from contracts.providers.pixian.client.checks.call import ClientCall, read

CLIENT_CHECKS: Checks[ClientCall] = Checks("pixian.client", read)
