"""How clients reach the API: over HTTPS, and with the key in its place and nowhere else."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote

from contracts.checks.finding import KEPT, Broken, demand
from contracts.providers.xty.client.checks.place import is_loopback, place_of, plain_origin
from contracts.providers.xty.client.checks.registry import CLIENT_CHECKS
from contracts.redaction import HIDDEN

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from contracts.checks.finding import Finding
    from contracts.providers.xty.client.checks.call import ClientCall

_SECRET = "the key"  # noqa: S105  what stands for it in reports
_KEY_NAMES = frozenset({"key", "api_key", "apikey", "api-key", "access_token", "token", "authorization", "bearer"})
_OTHER_FIELDS = ("X-Api-Key", "Api-Key", "X-Auth-Token", "X-Goog-Api-Key")
"""Header fields in which other providers take keys."""


@CLIENT_CHECKS.together("transport.https")
def api_is_reached_over_https(calls: Sequence[ClientCall]) -> Iterator[tuple[ClientCall, Finding]]:
    """Requests to an API beyond this machine, or to one whose address begins with https, go over HTTPS."""
    for call in calls:
        origin = plain_origin(call.request.origin)
        secure = call.job is not None and call.job.origin.startswith("https:")
        if call.is_try and (secure or not is_loopback(origin) or origin.startswith("https:")):
            yield call, demand(origin.startswith("https:"), "scheme", "https", origin.partition(":")[0])
    handshakes = calls[0].timeline.handshakes if calls else None
    if handshakes is not None and handshakes.plain:
        yield calls[0], Broken("connection", "a TLS handshake", f"{handshakes.plain} requests without TLS")


@CLIENT_CHECKS.each("auth.bearer")
def key_is_a_bearer_token(call: ClientCall) -> Finding | None:
    """``Authorization`` is ``Bearer``, one space, and the job's key; of unknown jobs only the form is judged."""
    if not _is_for_api(call) or (call.job is None and not call.company.keys_are_shown):
        return None
    fields = call.request.headers.get_all("Authorization")
    if len(fields) != 1:
        others = [name for name in _OTHER_FIELDS if name in call.request.headers]
        hint = f"The key stands in {others[0]}; this provider takes it in Authorization." if others else ""
        return Broken("Authorization", "one field", f"{len(fields)} of them", hint)
    scheme, _, key = fields[0].partition(" ")
    if scheme.lower() != "bearer":
        hint = "Bearer and one space stand before the key." if not key else "The scheme is Bearer."
        # Without a scheme the first word may be the key itself.
        return Broken("Authorization", "the scheme Bearer", repr(scheme) if key else "no scheme", hint)
    if call.job is None:
        return KEPT if key in {"", HIDDEN} else demand(key == key.strip(), "Authorization", "one space", "more")
    return demand(key == call.job.secret, "Authorization", "Bearer, one space and the key", _likeness(key, call))


@CLIENT_CHECKS.each("auth.not-in-url")
def key_is_in_no_url(call: ClientCall) -> Finding | None:
    """No path and no query has the key in it; where that is not known, no parameter is named like one."""
    request = call.request
    if call.job is not None:
        inside = call.job.secret in unquote(f"{request.path}?{request.query}")
        return demand(not inside, "URL", "no key", _SECRET, "URLs end up in logs.")
    if not _is_for_api(call):
        return None
    names = [name for name, _ in parse_qsl(request.query, keep_blank_values=True) if name.lower() in _KEY_NAMES]
    return demand(not names, "URL", "no key", f"the parameter {names[:1]}", "URLs end up in logs.")


@CLIENT_CHECKS.each("auth.other-hosts")
def key_goes_to_no_other_host(call: ClientCall) -> Finding | None:
    """What was fetched from another origin, because a completion or a redirect named it, was asked for without key."""
    place = place_of(call.request)
    named = call.fetched is not None or call.run.was_redirected(call)
    if not named or not call.run.origins or place.origin in call.run.origins:
        return None
    hint = "Send the key to the API alone; some libraries keep header fields when they follow redirects."
    return demand(not _has_key(call), "Authorization", f"no key for {place.origin}", _SECRET, hint)


def _is_for_api(call: ClientCall) -> bool:
    """Tell whether *call* asks the API for something, of its own accord and not as a browser's preflight."""
    own = plain_origin(call.request.origin) in call.run.origins
    return own and call.is_in_api and call.request.method != "OPTIONS" and not call.run.was_redirected(call)


def _has_key(call: ClientCall) -> bool:
    """Tell whether *call* gives the key away."""
    if call.request.headers.get("Authorization"):
        return True
    if call.job is None:
        return False
    request, secret = call.request, call.job.secret
    values = [value for _, value in request.headers]
    return any(secret in text for text in (request.path, unquote(request.query), *values))


def _likeness(key: str, call: ClientCall) -> str:
    """Return what *key* is, without telling it."""
    secret = call.job.secret if call.job is not None else ""
    if not key:
        return "no key"
    if key.strip() == secret:
        return "more than one space"
    return "the key with more around it" if secret in key else "another key"
