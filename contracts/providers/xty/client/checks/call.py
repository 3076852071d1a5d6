"""An exchange as the checks of clients see it: with the job that it was made for."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from contracts.checks.claims import is_whole
from contracts.checks.handshakes import exchanges_of
from contracts.model import Timeline
from contracts.providers.xty.checks.call import Call
from contracts.providers.xty.checks.company import Company
from contracts.providers.xty.checks.question import MODEL
from contracts.providers.xty.client.checks.place import place_at, place_of
from contracts.providers.xty.client.checks.run import Run
from contracts.suggestion import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from contracts.model import Input, Job
    from contracts.providers.xty.client.checks.place import Place

_JSON = ("application/json", "+json")
_STREAM = "text/event-stream"


@dataclass(frozen=True, eq=False)
class ClientCall(Call):
    """A call; ``timeline`` is the whole of which it is a part, ``run`` what its calls tell together."""

    timeline: Timeline = field(default_factory=lambda: Timeline(()))
    run: Run = field(default_factory=lambda: Run((), None))

    @property
    def job(self) -> Job | None:
        """The job that the call was made for, if it is known."""
        return self.timeline.job

    @property
    def inputs(self) -> tuple[Input, ...]:
        """The job's inputs, none where they are not known."""
        return self.job.inputs if self.job is not None else ()

    @cached_property
    def is_try(self) -> bool:
        """Whether work on a picture was asked for. The same address serves other models, which are not our matter."""
        if not self.is_chat:
            return False
        model = self.question.model
        return bool(self.inputs) or not model or model == MODEL or bool(did_you_mean(model.lower(), [MODEL]))

    @cached_property
    def subject(self) -> Hashable:
        """The picture's bytes or URL, ``None`` if there is none. It is the job's input, if it is one of those.

        Where no inputs are known, what is asked for with other words is another matter.
        """
        shown = self._shown
        for one in self.inputs:
            if shown in (one.url or one.data, one.data):
                return one.url or one.data
        return shown if self.inputs or shown is None else (shown, *self.question.texts)

    @cached_property
    def image_parts(self) -> tuple[dict[str, Any], ...]:
        """The parts that are to be pictures."""
        return tuple(self.question.parts("image_url"))

    @property
    def _shown(self) -> bytes | str | None:
        """The picture's bytes or URL, however it is written."""
        images = [part.get("image_url") for part in self.image_parts]
        urls = [image.get("url") if isinstance(image, dict) else image for image in images]
        if len(urls) != 1 or not isinstance(urls[0], str):
            return None
        if self.question.data_url is not None:
            return self.question.data_url.data
        return _raw(urls[0])

    @cached_property
    def result_place(self) -> Place | None:
        """Where the result is, if the answer is a completion that arrived whole and says what it is."""
        if self.result_url is None or self.response is None or not is_whole(self.exchange):
            return None
        kind = self.response.media_type
        request = self.result_request() if kind.endswith(_JSON) or kind == _STREAM else None
        return place_at(self.result_url) if request is not None else None

    @cached_property
    def fetched(self) -> ClientCall | None:
        """The completion whose result this request fetches, if it does: the last one before it."""
        if self.request.method != "GET":
            return None
        named = self.run.completed.get(place_of(self.request), ())
        earlier = [call for call in named if call.exchange.number < self.exchange.number]
        return earlier[-1] if earlier else None


def _raw(url: str) -> bytes | str:
    """Return the bytes in *url*, if it is base64 without more, or else *url* itself."""
    try:
        return base64.b64decode(url.rpartition(",")[2], validate=True)
    except ValueError:
        return url


def read(timeline: Timeline) -> Sequence[ClientCall]:
    """Return the calls of *timeline*."""
    company, run = Company(()), Run((), timeline.job)
    calls = [ClientCall(one, timeline.pictures, company, timeline, run) for one in exchanges_of(timeline)]
    company.calls = run.calls = calls
    return calls
