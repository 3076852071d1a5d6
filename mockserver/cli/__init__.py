"""The command ``matteproof``. Each subcommand is imported when it is used."""

from __future__ import annotations

import click

from mockserver.cli.lazy import LazyGroup

_HELP = """Mock servers and contract tests for image background-removal APIs.

\b
matteproof serve                          start the mock on http://127.0.0.1:8080
matteproof check server PROVIDER          check the mock, or with --url any other server
matteproof rules --format markdown        print what the documents demand
"""

main = click.version_option(package_name="matteproof", message="%(prog)s %(version)s")(
    LazyGroup(
        "matteproof",
        lazy={
            "check": "check whether a server, or a recording of one, keeps the contract",
            "diff": "compare two recordings of the same server",
            "rules": "print the rules of the providers",
            "serve": "start the mock server",
        },
        package=__name__,
        help=_HELP,
    )
)
