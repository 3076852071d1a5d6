"""Cuts pictures out with XTY: carefully, or with ``--bug NAME`` with one bug.

``--list`` prints the names of the bugs.
"""

from __future__ import annotations

import xty_bugs
from buggy import main
from xty_careful import Xty

main(__doc__, Xty, xty_bugs)
