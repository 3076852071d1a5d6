"""``matteproof check``: does a server, a client, or what was recorded of one, keep the contract?"""

from __future__ import annotations

from mockserver.cli.lazy import LazyGroup

_HELP = """Check whether a server, a client, or a recording of one, keeps the contract.

\b
Exit status: 0 it conforms, 1 it breaks what is surely demanded,
             2 wrong usage, 3 nothing can be said for sure.
"""

command = LazyGroup(
    "check",
    lazy={
        "capture": "judge the exchanges in a HAR file",
        "client": "check a client, whatever language it is written in",
        "server": "check a server",
    },
    package=__name__,
    help=_HELP,
)
