"""What a picture costs. The provider does not publish the rule; this is the one place to replace it."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from contracts.behaviour import Size

_PIXELS_A_CREDIT = Decimal(1_000_000)
_MILLIONTH = Decimal("0.000001")


def credits_for(size: Size) -> Decimal:
    """Return the credits for processing a picture of *size* in pixels: one a megapixel, to six decimals (assumed)."""
    width, height = size
    return (Decimal(width * height) / _PIXELS_A_CREDIT).quantize(_MILLIONTH, ROUND_HALF_UP)
