"""What is sent to a server under test, before it is sent: steps, cases, campaigns, and a provider's kit of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from decimal import Decimal

    from hypothesis.strategies import SearchStrategy

    from contracts.checks import Checks
    from contracts.model import Exchange, Request
    from contracts.trials import Trial

HOST = "http://pictures.invalid"
"""Stands, in URLs of pictures, for the address at which whoever runs the case serves them."""


class Sign(StrEnum):
    """By whose credentials a request is made."""

    OWN = "own"
    NONE = "none"
    WRONG_SECRET = "wrong-secret"  # noqa: S105  the name of a way
    """The own name with a secret that is not its own, where the provider has names."""
    UNKNOWN = "unknown"
    """Credentials of the right form that nobody has."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """Who we are to the provider. ``id`` is empty where a single key says it all; that is the ``secret``."""

    id: str
    secret: str


@dataclass(frozen=True, slots=True)
class Step:
    """One request, without origin and credentials. ``credits`` is what it can cost at most; 0: it is free.

    With ``again``, what its answer names is fetched twice.
    """

    request: Request
    sign: Sign = Sign.OWN
    credits: float = 0.0
    again: bool = False


@dataclass(frozen=True, slots=True)
class Case:
    """Some requests in order, judged together. ``pictures`` are those that its URLs at :data:`HOST` lead to, by path.

    ``anywhere`` is false for what a stranger's live server is spared, such as enormous or hostile requests.
    """

    name: str
    steps: tuple[Step, ...]
    pictures: Mapping[str, bytes] = field(default_factory=dict)
    anywhere: bool = True

    @property
    def credits(self) -> float:
        """What the case can cost at most, in credits."""
        return sum(step.credits for step in self.steps)

    @property
    def weight(self) -> int:
        """How much a reader has to look at: the smaller of two cases shows a fault better."""
        bodies = sum(len(step.request.body) for step in self.steps)
        return bodies + 500 * len(self.steps) + sum(map(len, self.pictures.values()))


_Case = TypeVar("_Case")


@dataclass(frozen=True, slots=True)
class Campaign(Generic[_Case]):
    """Cases, or trials of clients, about one matter: fixed ones, each with a point, and generated ones.

    ``topics`` are the ids of the rules that it exercises, without the subject; the beginning of an id, up to a dot,
    stands for all of them. ``cases`` and ``generated`` make what they are named after when they are called.
    """

    name: str
    purpose: str
    topics: tuple[str, ...]
    cases: Callable[[], tuple[_Case, ...]]
    generated: Callable[[], SearchStrategy[_Case]] | None = None

    def exercises(self, topic: str) -> bool:
        """Tell whether the rule *topic*, an id without the subject, comes into play."""
        return any(topic == one or topic.startswith(f"{one}.") for one in self.topics)


class Kit(Protocol):
    """What conformance checks have to know of one provider: ``KIT`` in the module ``conformance`` of its folder."""

    @property
    def checks(self) -> Checks[Any]:
        """The checks of the rules about servers."""

    @property
    def campaigns(self) -> tuple[Campaign[Case], ...]:
        """What is sent, in the order of sending."""

    @property
    def client_checks(self) -> Checks[Any]:
        """The checks of the rules about clients."""

    @property
    def client_campaigns(self) -> tuple[Campaign[Trial], ...]:
        """What clients have to go through, in order."""

    @property
    def by_key(self) -> bool:
        """Whether credentials are a single key, and not an id with a secret."""

    @property
    def has_tests(self) -> bool:
        """Whether the provider serves requests that are tests, and free of charge."""

    @property
    def names_results(self) -> bool:
        """Whether answers only name what is to be fetched by another request."""

    def anonymous(self, name: str) -> Credentials:
        """Return credentials made of *name*, letters and digits, for a server that takes any of the right form."""

    def signed(self, request: Request, credentials: Credentials, sign: Sign) -> Request:
        """Return *request* with the header fields that say by whose *credentials* it is made."""

    def follow(self, exchange: Exchange) -> Request | None:
        """Return the request that fetches what the answer in *exchange* only names, if it does; it is not signed."""

    def charged(self, exchange: Exchange) -> Decimal | None:
        """Return what *exchange* cost in credits, ``None`` if its answer does not tell."""

    def curl(self, request: Request, credentials: Credentials) -> str:
        """Return the options of ``curl`` that sign as *request* is signed; secrets are left to the environment."""

    def described(self, request: Request) -> str:
        """Return in a line what *request* asks for, its parameters above all."""

    def pictures(self, exchange: Exchange) -> tuple[bytes | None, bytes | None]:
        """Return the picture that was sent and the one that came back, as far as *exchange* holds them."""
