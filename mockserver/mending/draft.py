"""A body that is being put right."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Self

from contracts.model import Headers

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from contracts.model import Request
    from mockserver.mending.content import Content
    from mockserver.mending.originals import Originals
    from mockserver.mending.own import Own

URLENCODED = "application/x-www-form-urlencoded"
_ABOUT_THE_BODY = frozenset({"content-type", "content-length", "content-encoding", "transfer-encoding"})


@dataclass(frozen=True, slots=True)
class Draft(ABC):
    """A request with values at places, which are named as ``SentField`` names them.

    ``sent`` is the request that the body came with, or should have, and ``content`` what is documented of such bodies.
    In the body something small stands in for ``originals``. ``belongings`` are what the request holds of its sender's.
    """

    sent: Request
    content: Content
    belongings: Own
    originals: Originals

    @property
    @abstractmethod
    def request(self) -> Request:
        """The request with the body as it is now."""

    @property
    def whole(self) -> Request:
        """The same with the originals."""
        made = self.request
        is_urlencoded = made.headers.get("Content-Type") == URLENCODED
        return replace(made, body=self.originals.restored(made.body, is_urlencoded=is_urlencoded))

    @property
    def examples(self) -> Sequence[tuple[Mapping[str, Any], bool]]:
        """The documents' examples, with what is the sender's own put into them; of each is told whether anything is."""
        return self.belongings.adapted(self.content.examples)

    @property
    def own(self) -> Mapping[str, object]:
        """What is the sender's own and can be sent as it is, by the names under which it may be."""
        return {}

    @property
    @abstractmethod
    def names(self) -> Sequence[str]:
        """The names of the values that the body has at the top."""

    @abstractmethod
    def steps(self, place: str) -> Sequence[str]:
        """Return the steps that lead to *place*."""

    @abstractmethod
    def shown(self, place: str) -> str | None:
        """Return what is at *place* in a short text; ``None`` for nothing."""

    @abstractmethod
    def meant(self, place: str, schemas: Sequence[Mapping[str, Any]]) -> Iterator[object]:
        """Yield what may have been meant at *place*, where *schemas* say what there can be; first what is there now."""

    @abstractmethod
    def exemplary(self, place: str) -> Iterator[object]:
        """Yield what the examples have at *place*."""

    @abstractmethod
    def put(self, place: str, value: object) -> Self:
        """Return a draft with *value* at *place*.

        Raises:
            LookupError: there is no such place.
        """

    @abstractmethod
    def without(self, place: str) -> Self:
        """Return a draft with nothing at *place*.

        Raises:
            LookupError: there is no such place.
        """

    @abstractmethod
    def beside(self, place: str) -> Mapping[str, str]:
        """Return the places beside *place* that are documented, and where nothing is yet, by their names there."""


def carrying(sent: Request, content_type: str, body: bytes) -> Request:
    """Return the request *sent* with another *body*, and what is said of it in the header."""
    kept = tuple((name, value) for name, value in sent.headers if name.lower() not in _ABOUT_THE_BODY)
    return replace(sent, headers=Headers((*kept, ("Content-Type", content_type))), body=body)
