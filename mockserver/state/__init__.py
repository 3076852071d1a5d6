"""All that the server remembers between requests, behind one interface."""

from mockserver.state.memory import State
from mockserver.state.renderings import Made

__all__ = ["Made", "State"]
