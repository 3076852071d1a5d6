"""What happened, and why."""

from mockserver.journal.entry import Body, Entry, Reason, Step
from mockserver.journal.journal import Filter, Journal

__all__ = ["Body", "Entry", "Filter", "Journal", "Reason", "Step"]
