"""Jobs for clients, and what the provider's script and faults can say about them."""

from __future__ import annotations

from typing import Any

from contracts.strategies import Drawing

PLAIN = Drawing(width=100, height=80)
EVERYTHING: dict[str, object] = {
    "test": True,
    "max_pixels": 20_000,
    "background.color": "#0A5CFF",
    "result.crop_to_foreground": True,
    "result.margin": "10px 5% 2.5px 0px",
    "result.target_size": "120 90",
    "result.vertical_alignment": "bottom",
    "output.format": "jpeg",
    "output.jpeg_quality": 88,
}
"""A value other than the default for each parameter, each with an effect on the result."""
_REMOVAL = "removeBackground"
_MANY = 21
"""Requests in a row: more than anybody needs to find out that a trouble lasts."""


def lasting(word: object) -> tuple[dict[str, Any], ...]:
    """Return the rule by which so many requests for work meet *word* that it seems to have no end."""
    return ({"match": {"operation": _REMOVAL}, "fault": word, "count": _MANY},)
