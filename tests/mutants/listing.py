"""What proves the checks of every rule: the names of servers, and of clients, that break it."""

from __future__ import annotations

from collections import defaultdict

from tests.clients.bugs import bugs
from tests.mutants import pixian, xty

SERVERS = {"pixian": pixian.MUTANTS, "xty": xty.MUTANTS}


def listing(provider: str) -> dict[str, list[str]]:
    """Return the names of the mutants of *provider*, by rule."""
    listed: dict[str, list[str]] = defaultdict(list)
    for mutant in SERVERS[provider]:
        listed[mutant.rule].append(mutant.name)
    for bug in bugs():
        for rule in bug.breaks if bug.provider == provider else ():
            listed[rule].append(bug.name)
    return dict(sorted(listed.items()))
