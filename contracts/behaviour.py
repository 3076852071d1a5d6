"""What a provider's behaviour is asked, and what it may say.

A behaviour is pure: it looks at a request and at the caller's account and says either a finished :class:`Answer` or a
:class:`Work`, a plan of image work together with the answers for its success and its failure. It does no IO, reads no
clock and touches no picture; whoever serves it does.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from contracts.model import Operation, Request, Response

Size = tuple[int, int]
"""Width and height in pixels."""

Encoding = Literal["png", "jpeg", "delta_png"]
VerticalAlignment = Literal["top", "middle", "bottom"]


@dataclass(frozen=True, slots=True)
class Length:
    """A distance in pixels (``px``) or in percent (``%``)."""

    value: float
    unit: Literal["px", "%"] = "px"


@dataclass(frozen=True, slots=True)
class Margin:
    """Space around a picture, a length for each side. Percentages refer to the picture's own axis, or to ``width``."""

    top: Length = Length(0)
    right: Length = Length(0)
    bottom: Length = Length(0)
    left: Length = Length(0)
    percent_of: Literal["axis", "width"] = "axis"


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in pixels. The order of the fields is that of the header values: top first."""

    top: int
    left: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Recipe:
    """What to make of one input picture.

    ``accepted`` names the input formats (``bmp gif jpeg png tiff webp``). ``max_input_bytes`` refuses larger files that
    are fetched, ``max_input_pixels`` refuses, and ``shrink_to_pixels`` scales down, larger pictures; with
    ``may_shrink`` false a picture that would be scaled down is refused. ``background`` is red, green and blue, 0 to
    255, or ``None`` for transparent. ``target`` is the exact size of the result, with the margin inside. ``watermark``
    is the text to print across the result, or ``None``.
    ``max_result_pixels`` refuses results that would take too much memory. The defaults protect the machine, and are no
    provider's; a provider names its own.
    """

    accepted: frozenset[str]
    max_input_bytes: int = 32 * 1024 * 1024
    max_input_pixels: int = 32_000_000
    shrink_to_pixels: int = 32_000_000
    may_shrink: bool = True
    encoding: Encoding = "png"
    background: tuple[int, int, int] | None = None
    crop: bool = False
    margin: Margin = Margin()
    target: Size | None = None
    vertical_alignment: VerticalAlignment = "middle"
    jpeg_quality: int = 75
    watermark: str | None = None
    max_result_pixels: int = 100_000_000


@dataclass(frozen=True, slots=True)
class Rendering:
    """A finished picture, encoded, and what was found while making it.

    ``orientation`` is the EXIF orientation of the input, 1 to 8. Sizes and boxes are those of the upright picture:
    ``input_size`` before and ``working_size`` after the input was scaled down; ``input_foreground`` in coordinates of
    the input, ``result_foreground`` in those of the result.
    """

    data: bytes
    media_type: str
    orientation: int
    input_size: Size
    working_size: Size
    result_size: Size
    input_foreground: Box
    result_foreground: Box


class Trouble(StrEnum):
    """Why no picture could be made of what was sent."""

    EMPTY = "empty"
    UNREADABLE = "unreadable"
    FORMAT_NOT_ACCEPTED = "format-not-accepted"
    TOO_MANY_PIXELS = "too-many-pixels"
    WOULD_SHRINK = "would-shrink"
    RESULT_TOO_LARGE = "result-too-large"
    URL_INVALID = "url-invalid"
    URL_REFUSED = "url-refused"
    URL_UNREACHABLE = "url-unreachable"
    URL_STATUS = "url-status"
    URL_NOT_IMAGE = "url-not-image"
    URL_TOO_LARGE = "url-too-large"


class ImageError(Exception):
    """No picture could be made. ``trouble`` says why, ``detail`` says it to a person, in one sentence."""

    def __init__(self, trouble: Trouble, detail: str) -> None:
        """Keep the reason *trouble* and the sentence *detail*."""
        super().__init__(detail)
        self.trouble = trouble
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Answer:
    """A finished response, the credits it costs, and in a few words why it was given.

    ``error`` is the name of the documented error that it is, or empty.
    """

    response: Response
    reason: str
    charge: Decimal = Decimal(0)
    error: str = ""


Store = Callable[[Rendering, float], str]
"""Keeps a rendering for so many seconds and returns its token: 22 or more characters, URL-safe."""


@dataclass(frozen=True, slots=True)
class Work:
    """A plan: fetch the picture if ``source`` is a URL, follow the recipe, then answer.

    ``finish`` gets the picture, and a function that stores it for so many seconds and returns the unguessable token
    under which :attr:`Situation.stored` finds it; ``fail`` gets the error.
    """

    source: bytes | str
    recipe: Recipe
    finish: Callable[[Rendering, Store], Answer]
    fail: Callable[[ImageError], Answer]


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a caller proves itself with. ``tenant`` names the caller and holds no secret; ``secret`` is never shown."""

    tenant: str
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Account:
    """The caller's purse: a balance in credits, and when it can no longer be used (seconds since 1970, UTC)."""

    credits: Decimal
    active: bool
    pack: str
    use_before: float


@dataclass(frozen=True, slots=True)
class Situation:
    """What a behaviour may know besides the request: the time (seconds since 1970, UTC), the account, the settings.

    ``settings`` choose among answers that the provider's documents leave open. ``stored`` returns what was stored
    under a token and has not expired, or ``None``.
    """

    now: float
    account: Account
    settings: Mapping[str, object]
    stored: Callable[[str], Rendering | None]


@dataclass(frozen=True, slots=True)
class SentField:
    """A field or parameter that a request has sent.

    ``name`` is as it was sent, or the path to it, dots between the steps; empty for the body as a whole. ``value`` is a
    short text, in which pictures are described. ``problem`` says what is wrong with it, or is empty; ``known``
    tells whether the provider's documents have it.
    """

    name: str
    value: str
    problem: str = ""
    known: bool = True


class Problem(StrEnum):
    """What the server itself finds wrong before a provider's own rules come in."""

    UNKNOWN_PATH = "unknown-path"
    METHOD_NOT_ALLOWED = "method-not-allowed"
    BODY_TOO_LARGE = "body-too-large"
    UNKNOWN_CREDENTIALS = "unknown-credentials"
    WRONG_SECRET = "wrong-secret"  # noqa: S105  a name, not a password
    OUT_OF_CREDITS = "out-of-credits"
    INTERNAL = "internal"


class Behaviour(Protocol):
    """What the folder of a provider offers as ``behaviour.BEHAVIOUR``.

    ``settings`` are the choices that its documents leave open: for each name the values allowed, the default first, or
    none where any number from 0 on is allowed. ``credential_form`` says to a person what a line in a list of keys looks
    like.
    """

    settings: Mapping[str, tuple[object, ...]]
    credential_form: str

    def credentials(self, operation: Operation, request: Request) -> Credentials | Answer | None:
        """Return the caller's credentials, a refusal, or ``None`` when the operation asks for none."""

    def listed(self, line: str) -> Credentials | None:
        """Return the credentials that a *line* in a list of keys means, or ``None`` if it is of another form."""

    def is_tenant(self, name: str) -> bool:
        """Tell whether credentials could have *name* for their tenant."""

    def parameter_names(self, operation: Operation) -> Collection[str]:
        """Return the names that :meth:`parameters` can have for requests that keep to the documents."""

    def perform(self, operation: Operation, request: Request, situation: Situation) -> Answer | Work:
        """Answer the request, or plan the image work it asks for."""

    def refuse(self, problem: Problem, request: Request) -> Answer:
        """Answer, in the provider's own form, what the server found wrong."""

    def error(self, name: str) -> Answer:
        """Answer with the error *name* of ``errors.yaml``."""

    def failure(self, status: int) -> Answer:
        """Answer with any *status* and a body in the form of the provider's errors."""

    def parameters(self, operation: Operation, request: Request) -> Mapping[str, str]:
        """Return what *request* asks for, as far as it can be read: short texts by the names of the parameters.

        Pictures are described, not repeated.
        """

    def fields(self, operation: Operation, request: Request) -> tuple[SentField, ...]:
        """Return what *request* has sent, field by field, each looked at by itself: 200 at most, in short texts."""

    def without_secrets(self, request: Request) -> Request:
        """Return *request* with everything in it made unrecognisable that proves who the caller is."""
