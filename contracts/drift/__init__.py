"""What has changed between two recordings of the same server."""

from contracts.drift.compare import compare
from contracts.drift.difference import Difference
from contracts.drift.portrait import Portrait, portray

__all__ = ["Difference", "Portrait", "compare", "portray"]
