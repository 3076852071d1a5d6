"""The options that the plugin adds to pytest."""

from __future__ import annotations

from argparse import ArgumentTypeError
from typing import TYPE_CHECKING

from contracts.providers import names

if TYPE_CHECKING:
    import pytest

_HIGHEST_PORT = 65_535


def _port(text: str) -> int:
    """Return the port in *text*."""
    if not (text.isdecimal() and int(text) <= _HIGHEST_PORT):
        raise ArgumentTypeError(f"{text!r} is no port, 0 to {_HIGHEST_PORT}")
    return int(text)


def _natural(text: str) -> int:
    """Return the number in *text*, which is 0 or more."""
    if not text.isdecimal():
        raise ArgumentTypeError(f"{text!r} is no number, 0 or more")
    return int(text)


def _positive(text: str) -> int:
    """Return the number in *text*, which is at least 1."""
    if not text.isdecimal() or int(text) < 1:
        raise ArgumentTypeError(f"{text!r} is no number, 1 or more")
    return int(text)


def add_options(parser: pytest.Parser) -> None:
    """Add all options to *parser*."""
    parser.addini(
        "matteproof_conforms", "judge the clients of all tests that use a mock and pass", type="bool", default=False
    )
    group = parser.getgroup("matteproof", "matteproof: mocks of background-removal APIs, and checks of servers")
    add = group.addoption
    add(
        "--matteproof-port", type=_port, default=0, metavar="PORT", help="port of the mock server (default: a free one)"
    )
    add(
        "--matteproof-url",
        action="append",
        default=[],
        metavar="PROVIDER=URL",
        help="check the server at URL by the rules about servers of PROVIDER, each of which is a test; for example "
        f"--matteproof-url {names()[0]}=http://localhost:9000. Credentials come from MATTEPROOF_API_ID and "
        "MATTEPROOF_API_SECRET, or from MATTEPROOF_API_KEY. Beyond this machine only what is free is sent.",
    )
    add("--matteproof-list", action="store_true", help="list these rules instead of running any test")
    add(
        "--matteproof-max-requests",
        type=_positive,
        metavar="N",
        help="send that many requests at most, from all workers",
    )
    add("--matteproof-max-credits", metavar="X", help="spend no more credits, all workers together")
    add("--matteproof-max-examples", type=_natural, metavar="N", help="generated cases a campaign")
    add("--matteproof-seed", type=int, default=0, metavar="N", help="decides what is generated")
    add("--matteproof-allow-charges", action="store_true", help="send also what a live server may charge for")
    add("--matteproof-yes", action="store_true", help="mean it: charges are not asked about again")
