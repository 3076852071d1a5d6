"""What a client says of its job, held against what it was given for each picture.

Each function judges one chain of tries, by what it was :class:`Given`, and returns ``None`` where its rule does not
come into play. What is found belongs to the last try of the chain; see :func:`of_last_tries`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from contracts.checks.call import json_in
from contracts.checks.finding import KEPT, Broken, demand, shown
from contracts.checks.raster import RasterError, decode
from contracts.checks.tries import Chain, Try, chains, status
from contracts.model import Claim, Ending

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
    from typing import TypeVar

    from contracts.checks.finding import Finding
    from contracts.model import Exchange, Outcome

    _Try = TypeVar("_Try", bound=Try)

_SUCCESSES, _REFUSALS = range(200, 300), range(400, 600)
_TRANSIENT = frozenset({408, 425, 429, *range(500, 600)})
"""Statuses after which a client may well wait in order to try again."""
CLAIM, OUTPUT, END, SAID = "exit status", "output", "end", "standard error"
"""Where violations are that only show when the client ends: what it claims, writes, does, or does not say."""
HANGING = 20.0
"""Seconds without a request at the end of a client's time, after an error that no wait can cure, that nobody needs."""
_FOR_EVER = 540.0
"""Seconds without a request at the end of a client's time, after an error that may pass, that are no back-off: most of
the ten minutes that it has. Waits that grow as they may, by what came before, do not come to that."""


@dataclass(frozen=True, slots=True)
class Given:
    """The bodies that a client was given for one picture.

    ``pictures`` are whole answers of success that are pictures, ``others`` those that are none; ``parts`` are answers
    of success that broke off, in the length that they should have had; ``refusals`` are answers of any other status.
    """

    pictures: tuple[bytes, ...] = ()
    others: tuple[bytes, ...] = ()
    parts: tuple[bytes, ...] = ()
    refusals: tuple[bytes, ...] = ()

    @classmethod
    def by(cls, exchanges: Iterable[Exchange]) -> Given:
        """Sort the answers in *exchanges*, those that have the picture itself or an error, by status and ending."""
        bodies: dict[str, list[bytes]] = {"pictures": [], "others": [], "parts": [], "refusals": []}
        for exchange in exchanges:
            if exchange.response is not None and _has_begun(exchange):
                bodies[_kind(exchange)].append(exchange.response.body)
        return cls(**{name: tuple(some) for name, some in bodies.items()})

    @property
    def succeeded(self) -> bool:
        """Whether any answer was one of success, be it whole or not, a picture or not."""
        return bool(self.pictures or self.others or self.parts)


def is_whole(exchange: Exchange) -> bool:
    """Tell whether all of the answer was sent, as far as that is known."""
    if exchange.response is None or exchange.ended is None:
        return False
    if exchange.ending is Ending.DONE:
        return exchange.sent is None or exchange.sent >= len(exchange.response.body)
    return exchange.sent is not None and exchange.sent >= len(exchange.response.body) > 0


def is_picture(data: bytes) -> bool:
    """Tell whether *data* is a whole picture."""
    try:
        decode(data)
    except RasterError:
        return False
    return True


def of_last_tries(
    calls: Sequence[_Try], judge: Callable[[Chain[_Try]], Finding | None]
) -> Iterator[tuple[_Try, Finding]]:
    """Yield what *judge* finds of each chain among *calls*, with the chain's last try.

    Nothing is yielded where it cannot be told which try was for which input: a client may convert pictures.
    """
    found = chains(calls)
    if any(chain.input is None for chain in found):
        return
    for chain in found:
        finding = judge(chain)
        if finding is not None:
            yield chain.tries[-1], finding


def outcome_of(chain: Chain[_Try]) -> Outcome | None:
    """Return what became of the job, ``None`` if that is not known or the client cannot do jobs of this kind."""
    outcome = chain.tries[-1].timeline.outcome
    return None if outcome is None or outcome.claim is Claim.UNABLE else outcome


def output_of(chain: Chain[_Try]) -> bytes | None:
    """Return the output for the picture of *chain*, if the client claims success and there is one that is not empty."""
    outcome = outcome_of(chain)
    if outcome is None or outcome.claim is not Claim.SUCCESS or chain.input is None:
        return None
    return (outcome.outputs[chain.input] or None) if chain.input < len(outcome.outputs) else None


def success_is_earned(chain: Chain[_Try], given: Given) -> Finding | None:
    """Success is not claimed unless some answer, whatever is in it, was one of success."""
    claim = _claim(chain)
    if claim is None or (given.succeeded and not given.refusals):
        return None
    statuses = tuple(status(one) for one in chain.tries)
    answers = "answers of status " + ", ".join(map(str, statuses)) if any(statuses) else "no answer at all"
    kept = claim is Claim.FAILURE or given.succeeded
    return demand(kept, CLAIM, "a reported failure", f"success, after {answers}", "Look at the status first.")


def output_is_there(calls: Sequence[_Try]) -> Iterator[tuple[_Try, Finding]]:
    """Where success is claimed, every output is there and not empty. This judges the whole job, by its last try."""
    tries = [call for call in calls if call.is_try]
    outcome = tries[-1].timeline.outcome if tries else None
    if outcome is None or outcome.claim is not Claim.SUCCESS:
        return
    missing = [number for number, output in enumerate(outcome.outputs) if not output]
    if not missing:
        yield tries[-1], KEPT
        return
    state = (outcome.obstacle or "nothing") if outcome.outputs[missing[0]] is None else "an empty file"
    place = f" {missing[0] + 1} of {len(outcome.outputs)}" if len(outcome.outputs) > 1 else ""
    yield tries[-1], Broken(f"output{place}", "a picture, since success is claimed", state)


def error_is_no_output(chain: Chain[_Try], given: Given) -> Finding | None:
    """No output is what an error's body is, also if it went through a JSON parser, where success is claimed."""
    if _claim(chain) is None or not any(given.refusals):
        return None
    output = output_of(chain)
    kept = output is None or not any(_is_same_text(output, body) for body in given.refusals if body)
    return demand(kept, OUTPUT, "no error in place of a picture", shown(output), "Look at the status first.")


def part_is_not_whole(chain: Chain[_Try], given: Given) -> Finding | None:
    """Success is not claimed when nothing but part of an answer came, or for an output that is only part of one."""
    claim = _claim(chain)
    if claim is None or not given.parts:
        return None
    output = output_of(chain)
    cut = output is not None and output not in given.pictures and any(is_part(output, body) for body in given.parts)
    kept = claim is Claim.FAILURE or (not cut and bool(given.pictures or given.others))
    length = len(given.parts[-1])
    received = f"success, though an answer of {length} bytes broke off"
    return demand(kept, CLAIM, "a reported failure", received, "Compare the length with Content-Length.")


def other_is_no_picture(chain: Chain[_Try], given: Given) -> Finding | None:
    """Success is not claimed when the whole answers of success were no pictures, or for an output that is such one."""
    claim = _claim(chain)
    if claim is None or not given.others:
        return None
    kept = claim is Claim.FAILURE or (bool(given.pictures) and output_of(chain) not in given.others)
    received = f"success, with {shown(given.others[-1])}"
    return demand(kept, CLAIM, "a reported failure", received, "Look at what came before it is stored.")


def output_is_its_own(chain: Chain[_Try], given: Given, foreign: Collection[bytes]) -> Finding | None:
    """The output is a picture, and not the answer to another input, one of *foreign*, nor an input itself.

    It need not be the answer that came: a client may convert it on purpose.
    """
    output, job = output_of(chain), chain.tries[-1].timeline.job
    if output is None or not given.pictures or job is None or chain.input is None:
        return None
    where, expected = OUTPUT, "the picture that came for this input"
    if output in given.pictures:
        return KEPT
    if output in foreign or _looks_like_one_of(output, foreign, but=given.pictures):
        return Broken(where, expected, "the one that came for another input", "Keep each answer with its input.")
    if any(output == one.data for one in job.inputs):
        return Broken(where, expected, "the input itself")
    if _is_something_else(output, given):
        return None
    return demand(is_picture(output), where, expected, f"no picture: {shown(output)}", "Write the bytes as they came.")


def failure_is_reported(chain: Chain[_Try], given: Given, last: int | None = None) -> Finding | None:
    """Where the last answer was an error, the client ends, and does not claim success.

    After what may pass it may be waiting in order to try again, though not for all of its time.
    *last* is the status of that answer, where it is not the last try's.
    """
    outcome, last = outcome_of(chain), status(chain.tries[-1]) if last is None else last
    if outcome is None or last not in _REFUSALS or given.pictures:
        return None
    expected = "a reported failure"
    if outcome.claim is Claim.SUCCESS:
        return Broken(CLAIM, expected, f"success, after status {last}")
    if outcome.claim is Claim.FAILURE:
        return KEPT
    quiet = _quiet(chain, outcome)
    if quiet < (_FOR_EVER if last in _TRANSIENT else HANGING):
        return None
    return Broken(END, expected, f"none within {quiet:.0f} s after status {last}", "The client hangs.")


def message_is_told(chain: Chain[_Try], messages: Collection[str]) -> Finding | None:
    """One of the *messages* of the errors is in what the client says of its failure, however it is escaped."""
    outcome = outcome_of(chain)
    if outcome is None or outcome.claim is not Claim.FAILURE or not any(map(str.strip, messages)):
        return None
    said = _plain(outcome.said)
    kept = any(_plain(form) in said for message in messages if message.strip() for form in _forms(message))
    hint = "Pass the message of the error on to whoever looks for the cause."
    return demand(kept, SAID, "the message " + " or ".join(map(shown, messages)), shown(outcome.said), hint)


def _has_begun(exchange: Exchange) -> bool:
    """Tell whether the client can have seen anything of the answer, which has ended."""
    if exchange.ended is None:
        return False
    return exchange.ending is Ending.DONE or exchange.answered is not None or bool(exchange.sent)


def _kind(exchange: Exchange) -> str:
    """Return which field of :class:`Given` the answer in *exchange* belongs to."""
    response = exchange.response
    if response is None or response.status not in _SUCCESSES:
        return "refusals"
    if not is_whole(exchange):
        return "parts"
    return "pictures" if is_picture(response.body) else "others"


def _claim(chain: Chain[_Try]) -> Claim | None:
    """Return success or failure, ``None`` if the client has claimed neither."""
    outcome = outcome_of(chain)
    return outcome.claim if outcome is not None and outcome.claim is not Claim.NONE else None


def _quiet(chain: Chain[_Try], outcome: Outcome) -> float:
    """Return for how many seconds before the end of its time nothing of the client was under way."""
    ends = [one.ended for one in chain.tries[-1].timeline.exchanges]
    return max(0.0, outcome.ended - max(outcome.ended if end is None else end for end in ends))


def is_part(output: bytes, body: bytes) -> bool:
    """Tell whether *output* is the beginning of *body*, and not all of it."""
    return len(output) < len(body) and body.startswith(output)


def _is_something_else(output: bytes, given: Given) -> bool:
    """Tell whether *output* is what other rules are about: an error, part of an answer, or another body."""
    return (
        output in given.others
        or any(is_part(output, body) for body in given.parts)
        or any(_is_same_text(output, body) for body in given.refusals if body)
    )


def _is_same_text(output: bytes, body: bytes) -> bool:
    """Tell whether *output* is the text or the JSON value that *body* is."""
    if output.strip() == body.strip():
        return True
    value = json_in(body)
    return value is not None and value == json_in(output)


def _looks_like_one_of(output: bytes, foreign: Collection[bytes], but: Collection[bytes]) -> bool:
    """Tell whether the pixels of *output* are those of one of *foreign*, and not those of any of *but*."""
    pixels = _pixels(output)
    if pixels is None or any(pixels == _pixels(one) for one in but):
        return False
    return any(pixels == _pixels(one) for one in foreign)


def _pixels(data: bytes) -> tuple[tuple[int, int], bytes] | None:
    """Return the size and the pixels of the picture in *data*, if it is one."""
    try:
        raster = decode(data)
    except RasterError:
        return None
    return raster.size, raster.pixels.tobytes()


def _forms(message: str) -> tuple[str, ...]:
    """Return *message* in the forms in which languages print it: as it is, in JSON, and as bytes."""
    escaped = json.dumps(message)[1:-1]
    return (
        message,
        escaped,
        escaped.upper(),
        json.dumps(message, ensure_ascii=False)[1:-1],
        repr(message.encode())[2:-1],
    )


def _plain(text: str) -> str:
    """Return *text* with blanks made even and without regard to the case of letters."""
    return " ".join(text.split()).lower()
