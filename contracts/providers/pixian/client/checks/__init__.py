"""The checks of the rules about clients."""

from contracts.checks import Checks
from contracts.providers.pixian.client.checks.call import ClientCall, read

CLIENT_CHECKS: Checks[ClientCall] = Checks("pixian.client", read)
