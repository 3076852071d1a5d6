"""What a client passes off as success, and what it makes of errors."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

import pytest
from PIL import Image

from contracts.model import Claim, Ending, Input, Response
from contracts.providers.pixian.campaigns.form import upload
from tests.contracts.checks.pixian.client.runs import (
    ANSWER,
    BUSY,
    JOB,
    LATE,
    OTHER,
    OTHER_ANSWER,
    PICTURE,
    RESULT,
    SORRY,
    TOO_MANY,
    WRONG,
    Try,
    judged,
    left,
    run,
)
from tests.contracts.checks.pixian.exchanges import answer, refusal, result

NO_PAGE = answer(404, b"<h1>Where?</h1>", kind="text/html")
PAGE = answer(500, b"<h1>Oops</h1>", kind="text/html")
NEGATIVE, EXTRA = refusal(400, -3), replace(WRONG, body=WRONG.body.replace(b'{"error"', b'{"dataReceived": 1, "error"'))
EMPTY = Response(403)
MOVED = replace(RESULT, status=302, body=b"")
NO_IMAGE = result(body=b"This was to be a picture.\n")
CUT = Try(0, RESULT, ending=Ending.CLOSE, sent=60)
TWO = replace(JOB, inputs=(*JOB.inputs, Input("other.jpeg", OTHER.data)), threads=2)
BOTH = (Try(0), Try(0, result(body=OTHER_ANSWER), upload(OTHER)))
WROTE: dict[str, Any] = {"outputs": (PAGE.body,)}


def as_jpeg(data: bytes) -> bytes:
    """Return the picture in *data* as a JPEG."""
    buffer = io.BytesIO()
    Image.open(io.BytesIO(data)).convert("RGB").save(buffer, "JPEG")
    return buffer.getvalue()


def png_again(data: bytes) -> bytes:
    """Return the picture in *data* in other bytes."""
    buffer = io.BytesIO()
    Image.open(io.BytesIO(data)).save(buffer, "PNG", compress_level=9)
    return buffer.getvalue()


FAIR = {
    "all is well": run(Try()),
    "the result is converted": run(Try(), outputs=(as_jpeg(ANSWER),)),
    "two pictures": run(*BOTH, job=TWO, outputs=(ANSWER, OTHER_ANSWER)),
    "two pictures with the same result": run(
        *(replace(one, response=RESULT) for one in BOTH), job=TWO, outputs=2 * (ANSWER,)
    ),
    "an error is told": run(Try(0, WRONG), **SORRY),
    "a message that never came": run(Try(0, WRONG, ending=Ending.CLOSE, sent=20), **{**SORRY, "said": "cut off"}),
    "a message that was not waited for": run(
        Try(0, WRONG, lasts=0.1, ending=Ending.GONE, sent=20), **{**SORRY, "said": "400"}
    ),
    "an error is told in its own way": run(Try(0, WRONG), **{**SORRY, "said": '{"message": "SOMETHING\nis wrong."}'}),
    "an error of another shape": run(Try(0, PAGE), **SORRY),
    "nothing is told where there is nothing to tell": run(Try(0, EMPTY), **{**SORRY, "said": ""}),
    "a second attempt succeeds": run(Try(0, BUSY), Try(2)),
    "a part, then the whole": run(CUT, Try(1)),
    "a part, and a failure": run(CUT, **SORRY),
    "no picture, and a failure": run(Try(0, NO_IMAGE), **SORRY),
    "no picture, then one": run(Try(0, NO_IMAGE), Try(1)),
    "an error stays at the output of a failure": run(Try(0, PAGE), **{**SORRY, "outputs": (PAGE.body,)}),
    "nothing is claimed": run(Try(0, BUSY), Try(1, NO_IMAGE), claim=Claim.UNABLE, outputs=(None,)),
    "it may wait after an error that may pass": run(Try(0, PAGE), **{**LATE, "ended": 530.0}),
    "its waits may double": run(*(Try(5.0 * (2**n - 1), TOO_MANY) for n in range(6)), **LATE),
    "it was stopped while it waited": run(Try(0, TOO_MANY), Try(300, TOO_MANY), **{**LATE, "ended": 590.0}),
    "it was stopped while it had one under way": run(Try(0, BUSY), left(400, 200), **LATE),
    "converted inputs cannot be told apart": run(
        Try(0, TOO_MANY),
        Try(9, RESULT, upload(as_jpeg(PICTURE.data))),
        BOTH[1],
        job=TWO,
        outputs=(ANSWER, OTHER_ANSWER),
    ),
    "the connection breaks": run(Try(0, None, ending=Ending.RESET), **SORRY),
    "a redirect is not followed": run(Try(0, MOVED), **SORRY),
}


@pytest.mark.parametrize("name", FAIR)
def test_an_honest_claim_is_not_blamed(name: str) -> None:
    """Whatever it is."""
    assert judged(FAIR[name]).broken == frozenset()


BROKEN = {
    "a redirect is success": ({"success.status"}, run(Try(0, MOVED), outputs=(OTHER_ANSWER,))),
    "no answer is success": ({"success.status"}, run(Try(0, None, ending=Ending.RESET))),
    "no output": ({"success.output"}, run(Try(), outputs=(None,))),
    "an empty output": ({"success.output"}, run(Try(), outputs=(b"",))),
    "one output is missing": ({"success.output"}, run(*BOTH, job=TWO, outputs=(ANSWER, None))),
    "an error for a picture": (
        {"success.error-body", "success.status", "error.non-json"},
        run(Try(0, PAGE), outputs=(PAGE.body,)),
    ),
    "an error for a picture, after which one came": (
        {"success.error-body"},
        run(Try(0, BUSY), Try(3), outputs=(BUSY.body.replace(b": ", b":"),)),
    ),
    "a part for the whole": ({"success.truncated"}, run(CUT, outputs=(ANSWER[:60],))),
    "a part for the whole, after which that came": ({"success.truncated"}, run(CUT, Try(1), outputs=(ANSWER[:55],))),
    "no picture for one": ({"success.not-image"}, run(Try(0, NO_IMAGE), outputs=(NO_IMAGE.body,))),
    "text for a picture": ({"success.own-picture"}, run(Try(), outputs=(ANSWER.decode("latin-1").encode(),))),
    "another one's picture": ({"success.own-picture"}, run(*BOTH, job=TWO, outputs=(OTHER_ANSWER, OTHER_ANSWER))),
    "another one's picture, converted": (
        {"success.own-picture"},
        run(*BOTH, job=TWO, outputs=(png_again(OTHER_ANSWER), OTHER_ANSWER)),
    ),
    "the input for a picture": ({"success.own-picture"}, run(Try(), outputs=(PICTURE.data,))),
    "an error passes in silence": (
        {"error.exceptions", "success.status", "success.output"},
        run(Try(0, WRONG), outputs=(None,)),
    ),
    "it hangs after an error": ({"error.exceptions"}, run(Try(0, WRONG), **LATE)),
    "it never comes back after 429": ({"error.exceptions"}, run(Try(0, TOO_MANY), Try(5, TOO_MANY), **LATE)),
    "it never comes back after a page": ({"error.non-json"}, run(Try(0, PAGE), **LATE)),
    "it hangs after a page": ({"error.non-json"}, run(Try(0, NO_PAGE), **LATE)),
    "it hangs after a negative code": ({"error.non-json"}, run(Try(0, NEGATIVE), **LATE)),
    "it hangs after a further key": ({"error.non-json"}, run(Try(0, EXTRA), **LATE)),
    "it hangs after nothing": ({"error.non-json"}, run(Try(0, EMPTY), **LATE)),
    "the message is kept back": ({"error.message"}, run(Try(0, WRONG), **{**SORRY, "said": "error"})),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_false_claim_breaks_its_rules(name: str) -> None:
    """Nothing else is blamed for it."""
    rules, timeline = BROKEN[name]
    assert judged(timeline).broken == rules


def test_captures_claim_nothing() -> None:
    """Without an outcome no rule about claims comes into play."""
    found = judged(run(Try(0, PAGE), Try(9), job=None))
    assert not [topic for topic in found.kept | found.broken if topic.startswith("success.")]


def test_messages_are_found_however_they_are_escaped() -> None:
    """Languages print signs beyond ASCII in their own ways."""
    odd = refusal(message="Größe “falsch”")
    for said in (
        '{"message": "Größe “falsch”"}',
        r"Gr\u00f6\u00dfe \u201cfalsch\u201d",
        str("Größe “falsch”".encode()),
    ):
        assert judged(run(Try(0, odd), **{**SORRY, "said": said})).broken == frozenset()


def test_half_an_error_is_one_of_another_shape() -> None:
    """Whoever passes it over in silence breaks the rule about those, and not that about usual ones."""
    found = judged(run(Try(0, WRONG, ending=Ending.CLOSE, sent=20)))
    assert "error.non-json" in found.broken
    assert not {"error.exceptions", "error.message"} & (found.broken | found.kept)
