"""Hypothesis strategies: pictures with a known foreground, and what else is made up for tests."""

from contracts.strategies.pictures import KINDS, Drawing, Picture, draw, drawings, pictures

__all__ = ["KINDS", "Drawing", "Picture", "draw", "drawings", "pictures"]
