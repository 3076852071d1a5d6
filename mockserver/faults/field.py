"""Faults of the header fields of an answer."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, ClassVar

from contracts.model import Headers, Response
from mockserver.faults.fault import Fault

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class HeadersFault(Fault):
    """Header fields that are wrong (``set``) or missing (``remove``)."""

    kind: ClassVar[str] = "headers"

    set: Mapping[str, str] = field(default_factory=dict)
    remove: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """What happens, in a few words."""
        changed = [*self.set, *(f"no {name}" for name in self.remove)]
        return f"changed header fields: {', '.join(changed)}"

    def response(self, response: Response) -> Response:
        """Return *response* with the changed fields; itself, if it is so anyway."""
        found = response.headers.get_all
        if not any(map(found, self.remove)) and all(found(name) == (value,) for name, value in self.set.items()):
            return response
        gone = {name.lower() for name in (*self.set, *self.remove)}
        kept = tuple(pair for pair in response.headers if pair[0].lower() not in gone)
        return replace(response, headers=Headers((*kept, *self.set.items())))


@dataclass(frozen=True, slots=True)
class ContentTypeFault(Fault):
    """The wrong ``Content-Type``, or none where ``value`` is ``None``."""

    kind: ClassVar[str] = "content-type"

    value: str | None = None

    @property
    def sentence(self) -> str:
        """What happens, in a few words."""
        return f"the Content-Type {self.value}" if self.value else "no Content-Type"

    def response(self, response: Response) -> Response:
        """Return *response* with that type."""
        name = "Content-Type"
        fault = HeadersFault(set={name: self.value}) if self.value else HeadersFault(remove=(name,))
        return fault.response(response)
