"""Credentials that choose a scenario, for callers whose code cannot be changed in any other way.

``mock-busy`` as an API id, or ``sk-mock-busy`` as a key, puts whoever uses it into the scenario ``busy``. What follows
a dot keeps such callers apart: ``mock-busy.anna``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from contracts.behaviour import Credentials

_MAGIC = re.compile(r"(?:sk-)?mock-(?P<name>[a-z][a-z0-9-]*)(?:\.[^/]*)?")


def scenario_in(credentials: Credentials) -> str:
    """Return the name of the scenario that *credentials* ask for, or nothing."""
    match = _MAGIC.fullmatch(credentials.tenant) or _MAGIC.fullmatch(credentials.secret)
    return match["name"] if match else ""
