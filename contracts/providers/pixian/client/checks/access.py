"""Who a client says that it is, and where it says so."""

from __future__ import annotations

import base64
import re
from typing import TYPE_CHECKING

from contracts.checks import KEPT, Broken, demand, shown
from contracts.providers.pixian.client.checks.registry import CLIENT_CHECKS
from contracts.redaction import HIDDEN

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from contracts.checks import Finding
    from contracts.providers.pixian.client.checks.call import ClientCall

_SCHEME = "basic"
_CREDENTIAL = re.compile(r"(?:api|client|access)[-_.]?(?:id|key|secret|token)|secret|passw(?:or)?d", re.IGNORECASE)
"""Names of fields that hold credentials."""


@CLIENT_CHECKS.together("auth.basic")
def basic(calls: Sequence[ClientCall]) -> Iterator[tuple[ClientCall, Finding]]:
    """Authorization is there and begins with Basic.

    What was sent without it and without a body, and answered with 401, was a way to ask for the challenge, if the same
    client then answers that. A picture that is sent to ask for it is sent twice. Browsers leave the field out of what
    they save, so a recording without any says nothing.
    """
    calls = [call for call in calls if _is_ours(call)]
    if all(call.job is None and _authorization(call) is None for call in calls):
        return
    for number, call in enumerate(calls):
        value = _authorization(call)
        asked = value is None and call.status == 401 and not call.request.body
        if asked and any(_scheme(later) == _SCHEME for later in calls[number + 1 :]):
            continue
        scheme = "no such field" if value is None else f"the scheme {shown(value.partition(' ')[0])}"
        yield call, demand(_scheme(call) == _SCHEME, "Authorization", "the scheme Basic", scheme, _hint(value))


@CLIENT_CHECKS.each("auth.encoding")
def encoding(call: ClientCall) -> Finding | None:
    """What follows Basic is base64 of text; an id or a secret as it is can look like base64 of something."""
    token = _token(call)
    if token is None or HIDDEN in token:
        return None
    text = _decoded(token)
    raw = call.job is not None and token in {call.job.id, call.job.secret, f"{call.job.id}:{call.job.secret}"}
    received = "the credentials as they are" if raw or (text is None and ":" in token) else "something else"
    return demand(text is not None and not raw, "Authorization", "base64 of id:secret", received)


@CLIENT_CHECKS.each("auth.pair")
def pair(call: ClientCall) -> Finding | None:
    """The decoded credentials are the job's id and secret, or both are there where no job is known."""
    token = _token(call)
    if token is None or encoding(call) != KEPT:
        return None
    name, colon, secret = (_decoded(token) or "").partition(":")
    if call.job is None:
        return demand(name and colon and secret, "credentials", "id and secret", _missing(name, secret))
    if (name, secret) == (call.job.id, call.job.secret):
        return KEPT
    return Broken("credentials", "the API id and the API secret", _mistaken(name, secret, call.job.id, call.job.secret))


@CLIENT_CHECKS.each("auth.place")
def place(call: ClientCall) -> Finding | None:
    """Neither the query nor the form holds the job's secret, or a field that is named after credentials."""
    if not call.is_try:
        return None
    secret = call.job.secret if call.job is not None else None
    for where, fields in (("query", call.query), ("form", call.form.texts)):
        for name, value in fields.items():
            if (secret and secret in value) or _CREDENTIAL.fullmatch(name):
                return Broken(where, "no credentials", f"the field {shown(name)}", "They belong into Authorization.")
    return KEPT


def _is_ours(call: ClientCall) -> bool:
    """Tell whether the request needs credentials, and the client itself chose where to send it."""
    return (call.is_operation or call.is_try) and not call.is_led


def _authorization(call: ClientCall) -> str | None:
    return call.request.headers.get("Authorization")


def _scheme(call: ClientCall) -> str:
    return (_authorization(call) or "").strip().partition(" ")[0].lower()


def _token(call: ClientCall) -> str | None:
    """Return what follows the scheme, if that is Basic."""
    return (_authorization(call) or "").strip().partition(" ")[2].strip() if _scheme(call) == _SCHEME else None


def _decoded(token: str) -> str | None:
    """Return the text that *token* is base64 of, if it is of one that can be printed."""
    try:
        data = base64.b64decode(token, validate=True)
        text = data.decode()
    except ValueError:
        return None
    return text if text.strip("\r\n").isprintable() and data else None


def _hint(value: str | None) -> str:
    return "Bearer is for other providers." if (value or "").lower().startswith("bearer") else ""


def _missing(name: str, secret: str) -> str:
    return "no id" if not name else "no secret" if not secret else "both"


def _mistaken(name: str, secret: str, own_id: str, own_secret: str) -> str:
    """Return in words how *name* and *secret* differ from the right ones, without repeating a secret."""
    if (name, secret) == (own_secret, own_id):
        return "the two in the wrong order"
    if not name or not secret:
        return "only one of the two"
    if (name.strip(), secret.strip()) == (own_id, own_secret):
        return "blanks or line ends around them"
    return "another id" if name != own_id else "another secret"
