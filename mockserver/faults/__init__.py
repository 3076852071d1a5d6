"""Deliberate misbehaviour: what it is, how it is asked for, and when it happens."""

from mockserver.faults.fault import Fault
from mockserver.faults.rule import FaultRule, Match, Occasion
from mockserver.faults.rules import Drawn, FaultRules, Left
from mockserver.faults.words import WordError, check, fault_of, plain, word_of

__all__ = [
    "Drawn",
    "Fault",
    "FaultRule",
    "FaultRules",
    "Left",
    "Match",
    "Occasion",
    "WordError",
    "check",
    "fault_of",
    "plain",
    "word_of",
]
