"""Hypothesis strategies: pictures with a known foreground, and what clients and providers of such say to each other.

They are for property tests of anybody's code; docs/strategies.md has examples. What is simplest, and so what a failing
example shrinks to, is told of each.
"""

from contracts.strategies.courses import courses
from contracts.strategies.pictures import KINDS, Drawing, Picture, draw, drawings, pictures
from contracts.strategies.provided import Strategies, parameters, requests, scripts

__all__ = [
    "KINDS",
    "Drawing",
    "Picture",
    "Strategies",
    "courses",
    "draw",
    "drawings",
    "parameters",
    "pictures",
    "requests",
    "scripts",
]
