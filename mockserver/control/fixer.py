"""What a request should have been: it is mended until its provider accepts it."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from contracts.behaviour import Answer
from contracts.bundle import bundled
from contracts.cases import Sign
from contracts.fields import short
from contracts.model import Headers
from contracts.openapi import FILE
from contracts.providers import ProviderError, kit_of
from contracts.redaction import HIDDEN
from mockserver.control.work import nothing_stored, situation
from mockserver.imaging.kinds import kind_of
from mockserver.mending import Change, Mended, aimed, contents_of, draft_of, repaired

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from contracts.behaviour import SentField, Situation
    from contracts.model import Operation, Request
    from mockserver.control.operation import Control
    from mockserver.engine import Service
    from mockserver.journal import Entry

_AUTHORIZATION, _CONTENT_TYPE = "Authorization", "Content-Type"
_YOURS = "yourid"
"""Whose the credentials are that stand for those that were not sent."""
_UNAUTHORIZED = 401
_BLAMED, _UNPAID = range(400, 500), 402
_SHOWN = 1000
"""Bytes of a body of which some are shown."""
_QUERY = "Parameters have no effect there; they belong into the form, where they stand now."
_MISTOLD = "This is what the body is."
_BOUNDARY = re.compile("boundary=.*")

REFUSING = frozenset({"script", "limits", "faults"})
"""Steps that refuse requests with which nothing is wrong."""


class Fixer:
    """Mends the request of one *entry*: where it goes, who sends it, and what."""

    def __init__(self, control: Control, entry: Entry) -> None:
        """Ask the providers that *control* knows about the request of *entry*."""
        self._control = control
        self._entry = entry

    def mended(self, request: Request) -> Mended | None:
        """Return *request* as it should be, without changes if it is; ``None`` if nobody knows."""
        return next(filter(None, (self._whole(*one) for one in self._aimed(request))), None)

    def _aimed(self, request: Request) -> Iterator[tuple[Request, Operation, tuple[Change, ...]]]:
        """Yield *request* sent to where it may have been meant to go."""
        operation = self._entry.operation
        if operation is not None and operation.method == request.method:
            yield request, operation, ()
            return
        services = self._control.engine.services.values()
        yield from aimed(request, [one for service in services for one in service.openapi.operations])

    def _whole(self, request: Request, operation: Operation, before: tuple[Change, ...]) -> Mended | None:
        """Return *request* for *operation* with credentials and body put right, after the changes *before*."""
        service = self._control.engine.services[operation.provider]
        signed, credentials = self._signed(service, operation, request)
        oracle = _Oracle(service, operation, self._situation())
        is_fine, wrong = oracle.accepts(signed), oracle.problems(signed)
        draft = draft_of(signed, contents_of(_document(service.provider.folder), operation))
        is_astray = draft is not None and draft.request.query != signed.query
        is_mistold = draft is not None and _told(_type_of(draft.request))[0] != _told(_type_of(signed))[0]
        only_signed = Mended(signed, operation, (*before, *credentials))
        is_fine = is_fine and not is_astray and not is_mistold
        if is_fine and (draft is None or not wrong):
            return only_signed
        found = repaired(draft, oracle) if draft is not None else None
        if found is None:
            return None
        made, changes = found
        if is_fine and not changes:
            return only_signed
        final = made.whole
        why = wrong[""].problem if "" in wrong else _MISTOLD if is_mistold else ""
        about_type = tuple(_about_type(signed, final, why))
        about_query = (Change("Query", signed.query, None, _QUERY),) if is_astray else ()
        about_body = () if changes or about_type or is_astray else (_about_body(signed, final, why),)
        every = (*before, *credentials, *about_query, *about_type, *about_body, *changes)
        return Mended(final, operation, every) if oracle.accepts(final) else None

    def _signed(self, service: Service, operation: Operation, request: Request) -> tuple[Request, tuple[Change, ...]]:
        """Return *request* with credentials, where it has to have some and has none of the right form."""
        shown = request.headers.get(_AUTHORIZATION)
        if self._entry.tenant:
            return request, ()
        bare = replace(request, headers=_without_credentials(request.headers))
        refusal = service.behaviour.credentials(operation, bare)
        if (shown or "").strip().partition(" ")[2] not in {"", HIDDEN}:
            return request, self._wrong_secret(shown)
        if not isinstance(refusal, Answer):
            return request, ()
        try:
            kit = kit_of(service.provider)
        except ProviderError:
            return request, ()
        signed = service.behaviour.without_secrets(kit.signed(bare, kit.anonymous(_YOURS), Sign.OWN))
        told = signed.headers.get(_AUTHORIZATION)
        if self._entry.operation is None and _scheme(told) == _scheme(shown):
            return signed, ()  # nobody has looked at them where it went
        why = refusal.reason.partition(": ")[2] or f"It takes {service.behaviour.credential_form}."
        return signed, (Change(_AUTHORIZATION, shown, _in_words(told), why),)

    def _wrong_secret(self, shown: str | None) -> tuple[Change, ...]:
        """Return the change of a secret that was wrong; the caller has to know the right one."""
        response, steps = self._entry.response, {reason.step for reason in self._entry.reasons}
        if response is None or response.status != _UNAUTHORIZED or steps & REFUSING:
            return ()
        why = next((reason.text for reason in self._entry.reasons if reason.step == "credentials"), "")
        return (Change(_AUTHORIZATION, shown, "the right secret", why or self._entry.reasons[-1].text),)

    def _situation(self) -> Situation:
        """Return the situation of the caller, but with credits enough for anything."""
        tenants, name = self._control.state.tenants, self._entry.tenant
        rich = situation(self._control, nothing_stored)
        return replace(rich, settings=tenants.get(name).settings) if name and tenants.knows(name) else rich


def is_blamed(entry: Entry) -> bool:
    """Tell whether the provider itself has found something wrong in the request of *entry*, such as its picture."""
    status = 0 if entry.response is None else entry.response.status
    is_met = any(reason.step in REFUSING for reason in entry.reasons)
    return not is_met and status in _BLAMED and status != _UNPAID


class _Oracle:
    """Asks the behaviour of a *service* what is right."""

    def __init__(self, service: Service, operation: Operation, caller: Situation) -> None:
        self._behaviour = service.behaviour
        self._operation = operation
        self._caller = caller

    def problems(self, request: Request) -> Mapping[str, SentField]:
        """Return the fields of *request* with which something is wrong, by their names."""
        fields = self._behaviour.fields(self._operation, request)
        return {field.name: field for field in fields if field.problem}

    def accepts(self, request: Request) -> bool:
        """Tell whether *request* is answered, or work is begun on a picture that begins like one.

        Where only the name of a file is known there is none yet.
        """
        step = self._behaviour.perform(self._operation, request, self._caller)
        if isinstance(step, Answer):
            return step.response.is_success
        return not isinstance(step.source, bytes) or not step.source or kind_of(step.source) in step.recipe.accepted


@lru_cache(maxsize=16)
def _document(folder: Path) -> Mapping[str, Any]:
    """Return the document of the provider in *folder*, in one piece."""
    return bundled(folder / FILE, "")


def _about_body(before: Request, after: Request, why: str) -> Change:
    sent, meant = (short(one.body[:_SHOWN].decode(errors="replace")) for one in (before, after))
    return Change("", sent, meant, why)


def _about_type(before: Request, after: Request, why: str) -> Iterator[Change]:
    """Yield the change of what says of which type the body is, if there is one but for a form's boundary."""
    was, now = _type_of(before), _type_of(after)
    if now is not None and _told(was) != _told(now):
        yield Change(_CONTENT_TYPE, was, _BOUNDARY.sub("boundary=…", now), why)


def _type_of(request: Request) -> str | None:
    return request.headers.get(_CONTENT_TYPE)


def _told(content_type: str | None) -> tuple[str, bool]:
    """Return the media type in *content_type*, and whether it tells a boundary."""
    media_type, _, options = (content_type or "").lower().partition(";")
    return media_type.strip(), "boundary=" in options


def _in_words(authorization: str | None) -> str:
    """Return what to put into *authorization*, of which the secret is hidden: who one is may be part of it."""
    scheme, _, rest = (authorization or "").partition(" ")
    user, colon, _ = rest.rpartition(f":{HIDDEN}")
    return f"{scheme} {user}:[your secret]" if colon else f"{scheme} [your key]"


def _scheme(authorization: str | None) -> str:
    return (authorization or "").strip().partition(" ")[0].lower()


def _without_credentials(headers: Headers) -> Headers:
    return Headers(tuple((name, value) for name, value in headers if name.lower() != _AUTHORIZATION.lower()))
