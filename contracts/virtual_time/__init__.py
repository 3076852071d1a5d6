"""Virtual time for Python code in this process: its waits follow a clock, and pass at once where that stands still."""

from contracts.virtual_time.turns import Wait
from contracts.virtual_time.virtual import VirtualTime, VirtualTimeError

__all__ = ["VirtualTime", "VirtualTimeError", "Wait"]
