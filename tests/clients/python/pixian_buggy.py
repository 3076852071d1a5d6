"""Cuts pictures out with Pixian: carefully, or with ``--bug NAME`` with one bug.

``--list`` prints the names of the bugs.
"""

from __future__ import annotations

import pixian_bugs
from buggy import main
from pixian_careful import Pixian

main(__doc__, Pixian, pixian_bugs)
