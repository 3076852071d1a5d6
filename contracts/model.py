"""The values everything else is made of: requests, responses, rules, errors and providers.

This module imports nothing of ours. All values are immutable and compare by content.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

_SUCCESSES = range(200, 300)


class Assurance(StrEnum):
    """How far a fact can be trusted, strongest first."""

    SEED = "seed"
    """Stated in the documents the project was started from."""
    DOC = "doc"
    """Stated on the provider's own pages."""
    PROTOCOL = "protocol"
    """Follows from a published standard, such as HTTP."""
    SISTER = "sister"
    """Documented for another product of the same company with the same conventions."""
    SEEN = "seen"
    """Seen in recorded answers or in public code."""
    ASSUMED = "assumed"
    """Our own guess."""


class Level(StrEnum):
    """How strongly a rule binds."""

    MUST = "must"
    SHOULD = "should"
    MAY = "may"


class Subject(StrEnum):
    """Whom a rule binds."""

    SERVER = "server"
    CLIENT = "client"


@dataclass(frozen=True, slots=True)
class Headers:
    """HTTP header fields in the order they were sent; names compare without regard to case."""

    pairs: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, pairs: Iterable[tuple[str, str]]) -> Headers:
        """Collect *pairs* of name and value."""
        return cls(tuple(pairs))

    def get(self, name: str) -> str | None:
        """Return the first value of the field *name*, or ``None`` when it is absent."""
        wanted = name.lower()
        for key, value in self.pairs:
            if key.lower() == wanted:
                return value
        return None

    def get_all(self, name: str) -> tuple[str, ...]:
        """Return every value of the field *name*, in order."""
        wanted = name.lower()
        return tuple(value for key, value in self.pairs if key.lower() == wanted)

    def with_fields(self, *pairs: tuple[str, str]) -> Headers:
        """Return these fields followed by *pairs*."""
        return Headers(self.pairs + pairs)

    def __getitem__(self, name: str) -> str:
        """Return the value of the field *name*, the first if there are several.

        Raises:
            KeyError: there is none.
        """
        value = self.get(name)
        if value is None:
            raise KeyError(name)
        return value

    def __contains__(self, name: str) -> bool:
        """Tell whether the field *name* is present."""
        return self.get(name) is not None

    def __iter__(self) -> Iterator[tuple[str, str]]:
        """Iterate over the pairs of name and value."""
        return iter(self.pairs)


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request, complete with its body.

    ``path`` is percent-decoded, ``query`` is as sent and without the question mark. ``origin`` is the scheme,
    host and port by which the client addressed the server, without a trailing slash.
    """

    method: str
    path: str
    query: str = ""
    headers: Headers = field(default_factory=Headers)
    body: bytes = b""
    origin: str = "http://localhost"


@dataclass(frozen=True, slots=True)
class Response:
    """One HTTP response, complete with its body."""

    status: int
    headers: Headers = field(default_factory=Headers)
    body: bytes = b""

    @property
    def media_type(self) -> str:
        """The media type in lower case and without parameters; empty when there is no ``Content-Type``."""
        return (self.headers.get("Content-Type") or "").partition(";")[0].strip().lower()

    @property
    def is_success(self) -> bool:
        """Whether the status is one of success: 200 to 299."""
        return self.status in _SUCCESSES


class Ending(StrEnum):
    """How an answer ended."""

    DONE = "done"
    """It was sent as HTTP has it."""
    CLOSE = "close"
    """The server closed the connection in order (FIN) before the end."""
    RESET = "reset"
    """The server tore the connection down (RST)."""
    GONE = "gone"
    """The client left before the end."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request with its answer, or the lack of one, and its times.

    ``number`` counts from 0 in the order in which requests were received. ``connection`` numbers the connection that it
    came on. ``received`` is the moment when the request was complete, ``answered`` the last one before the answer's
    first byte went out, where that is known, and ``ended`` that when the answer ended; all in seconds since 1970, UTC,
    of the clock that drives the waiting. ``ended`` is ``None`` while the answer is under way. ``response`` is what was
    meant to be sent, ``None`` if nothing was; ``ending`` tells what became of it, and ``sent`` how many bytes of its
    body went out, where that is known. ``thread`` numbers the thread that did nothing else until the answer began; 0
    where none is known.
    """

    number: int
    connection: int
    request: Request
    response: Response | None
    received: float
    ended: float | None
    ending: Ending | None
    sent: int | None = None
    answered: float | None = None
    thread: int = 0


@dataclass(frozen=True, slots=True)
class Input:
    """A picture that a client is given: the bytes of a file, or those to be found at ``url`` if there is one."""

    name: str
    data: bytes
    url: str = ""


@dataclass(frozen=True, slots=True)
class Job:
    """What a client is given to do: one result for each of the ``inputs``, which all differ.

    There are none where only the provider's address and the credentials are known; nothing is known of ``parameters``
    then either.

    ``parameters`` are the provider's, with the types of JSON. ``origin`` is where the provider is. ``id`` is empty
    where a single key says who the client is; that is the ``secret``. ``threads`` is how many inputs may be worked on
    at once.
    """

    inputs: tuple[Input, ...]
    parameters: Mapping[str, object]
    origin: str
    id: str
    secret: str
    threads: int = 1


class Claim(StrEnum):
    """What a client says of its job when it ends."""

    SUCCESS = "success"
    FAILURE = "failure"
    UNABLE = "unable"
    """It cannot do jobs of this kind."""
    NONE = "none"
    """It had not ended when its time was over."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a job.

    ``outputs`` are the results in the order of the inputs, ``None`` where there is none. ``said`` is what the client
    told of its failure. ``ended`` is the moment of its end, of the clock that drives the waiting. ``obstacle`` tells
    what lies in place of the first result that is none, where there is more to say than that.
    """

    claim: Claim
    outputs: tuple[bytes | None, ...]
    said: str
    ended: float
    obstacle: str = ""


@dataclass(frozen=True, slots=True)
class Handshakes:
    """What TLS handshakes came to: with ``named`` ones the server was told its name, with ``nameless`` ones it was not.

    ``plain`` are requests without TLS that came where it is spoken.
    """

    named: int = 0
    nameless: int = 0
    plain: int = 0


@dataclass(frozen=True, slots=True)
class Timeline:
    """The exchanges of one run, in order.

    ``pictures`` maps URLs that requests name to the pictures that are known to be there. ``job``, ``outcome`` and
    ``handshakes`` are of the client, where they are known. ``jitter`` is by how many seconds moments may be late.
    """

    exchanges: tuple[Exchange, ...]
    pictures: Mapping[str, bytes] = field(default_factory=dict)
    job: Job | None = None
    outcome: Outcome | None = None
    handshakes: Handshakes | None = None
    jitter: float = 0.0


@dataclass(frozen=True, slots=True)
class Source:
    """Where a fact comes from: a document, and the section of it."""

    document: str
    section: str

    def __str__(self) -> str:
        """Return document and section as one phrase."""
        return f"{self.document}, {self.section}"


@dataclass(frozen=True, slots=True)
class Rule:
    """One normative sentence about a server or a client, in our own words.

    ``unobservable`` is empty, or tells why nobody can see from outside whether the rule is kept.
    """

    id: str
    provider: str
    subject: Subject
    level: Level
    assurance: Assurance
    text: str
    source: Source
    unobservable: str = ""

    @property
    def observable(self) -> bool:
        """Whether the rule's violation can be seen from outside."""
        return not self.unobservable

    @property
    def topic(self) -> str:
        """What the rule is about: its id without provider and subject, as campaigns name what they exercise."""
        return self.id.split(".", 2)[2]


@dataclass(frozen=True, slots=True)
class Violation:
    """One way in which the exchange with the number ``exchange`` breaks the rule with the id ``rule``.

    ``where`` names what was looked at, such as a header field or the pixels of the result; ``expected`` and
    ``received`` describe it in words that fit a line each; ``hint`` is a likely cause or the next step, or empty.
    """

    rule: str
    exchange: int
    where: str
    expected: str
    received: str
    hint: str = ""

    @property
    def summary(self) -> str:
        """Say in one line what is wrong."""
        return f"{self.where}: expected {self.expected}, received {self.received}"


@dataclass(frozen=True, slots=True)
class ApiError:
    """One error that a provider is known, or thought, to answer with.

    ``name`` is ours, unique for the provider. ``status`` is the HTTP status; ``code`` and ``type`` are what the body
    says, where the provider has such a field. ``message`` is the text a client sees; ``{detail}`` and the like stand
    for what is only known when it happens. ``body`` names the form of the body, in the provider's own terms.
    """

    name: str
    status: int
    message: str
    assurance: Assurance
    source: Source
    code: int | str | None = None
    type: str | None = None
    body: str = "json"


@dataclass(frozen=True, slots=True)
class Operation:
    """One method and path of a provider. ``path`` is an OpenAPI template such as ``/files/{name}``."""

    provider: str
    id: str
    method: str
    path: str


@dataclass(frozen=True, slots=True)
class Provider:
    """One API, and the folder that holds all that is known of it.

    ``package`` is the import name of that folder. ``claims`` are the path prefixes under which unknown paths are
    answered in this provider's way; the longest prefix wins. ``latency`` is the documented processing time in
    seconds, shortest and longest. ``max_body`` is the largest request body in bytes. ``samples`` maps the URLs of
    pictures in the provider's documents to file names among the bundled pictures. ``example`` is a command that a
    reader can paste, with ``{origin}`` for the address of the server; it leaves a picture in the current folder.
    ``request_id`` is the response header field that names the request, or empty.
    """

    name: str
    title: str
    package: str
    folder: Path
    claims: tuple[str, ...]
    latency: tuple[float, float]
    max_body: int
    samples: tuple[tuple[str, str], ...]
    example: str
    request_id: str = ""
