"""From a request to the outcome: credentials, tenant, script, limits, faults, behaviour, image work, charge.

It knows no provider.
"""

from mockserver.engine.engine import Arrival, Engine, Latency
from mockserver.engine.service import Service
from mockserver.engine.workshop import Render, SlowWorkError

__all__ = ["Arrival", "Engine", "Latency", "Render", "Service", "SlowWorkError"]
