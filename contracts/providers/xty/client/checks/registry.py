"""The checks of the rules about clients of this provider; the other modules of this package fill it."""

from contracts.checks import Checks
from contracts.providers.xty.client.checks.call import ClientCall, read

CLIENT_CHECKS: Checks[ClientCall] = Checks("xty.client", read)
