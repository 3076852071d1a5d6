"""Mutants that describe the account in other ways."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contracts.model import Response
from tests.mutants.changes import with_json
from tests.mutants.mutant import Mutant
from tests.mutants.pixian.access import always, error

if TYPE_CHECKING:
    from collections.abc import Callable

    from contracts.model import Request
    from tests.mutants.mutant import Ask

_ACCOUNT = "/api/v2/account"


def _described(name: str, value: object) -> Callable[[Request, Ask], Response]:
    """Return a server that says *value* for the key *name* of the account."""

    def answer(request: Request, ask: Ask) -> Response:
        response = ask(request)
        mine = request.path == _ACCOUNT and response.status == 200
        return with_json(response, lambda account: {**account, name: value}) if mine else response

    return answer


MUTANTS = (
    Mutant("pixian.server.account.endpoint", "no such path", always(Response(404), _ACCOUNT, "GET")),
    Mutant("pixian.server.account.endpoint", "not allowed", always(error(400, 1019), _ACCOUNT, "GET")),
    Mutant("pixian.server.account.credit-pack", "a number", _described("creditPack", 1)),
    Mutant("pixian.server.account.credit-pack", "nothing", _described("creditPack", None)),
    Mutant("pixian.server.account.state", "another word", _described("state", "Active")),
    Mutant("pixian.server.account.use-before", "a date", _described("useBefore", "2030-01-01")),
    Mutant("pixian.server.account.use-before", "seconds", _described("useBefore", 1893456000)),
    Mutant("pixian.server.account.use-before", "month 13", _described("useBefore", "2030-13-01T00:00:00Z")),
    Mutant("pixian.server.account.credits", "a text", _described("credits", "999.25")),
    Mutant("pixian.server.account.credits", "true", _described("credits", value=True)),
)
