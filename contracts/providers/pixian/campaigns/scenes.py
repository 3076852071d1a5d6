"""The pictures that are sent to find out about layouts: their numbers all differ, so that no two can be mistaken."""

from __future__ import annotations

from dataclasses import replace

from contracts.strategies import Drawing

CORNER = Drawing(width=120, height=80, top=10, left=55, bottom=60, right=15, mark=(40, 60, 150))
"""A wide picture with a small rectangle of two colours far up on the right: 8 66 36 24."""
MIDDLE = Drawing(width=120, height=80, top=20, left=25, bottom=35, right=40, mark=(40, 60, 150))
"""A wide picture with a rectangle of two colours near its middle, so that little is far from it: 16 30 42 36."""
ROUND = replace(MIDDLE, shape="ellipse", kind="jpeg", noise=3)
"""A disc with soft edges and a texture."""
PHOTO = Drawing(width=150, height=150, top=15, left=20, bottom=25, right=10, foreground=(60, 90, 70), noise=4)
"""A large rectangle with a texture."""
SOFT = Drawing(width=120, height=100, top=10, left=15, bottom=10, right=15, shape="ellipse", softness=14, noise=2)
"""A large disc that fades into the background, so that any matting makes its edge partly transparent."""
