"""An exchange as the checks of clients see it: with the job that it was made for."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from itertools import takewhile
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urljoin, urlsplit

from contracts.checks.handshakes import exchanges_of
from contracts.model import Exchange, Timeline
from contracts.providers.pixian.checks.call import Call
from contracts.providers.pixian.checks.form import Form

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping, Sequence

    from contracts.model import Input, Job

_LOOKING = frozenset({"CONNECT", "GET", "HEAD", "OPTIONS"})
"""Methods that ask for no work."""
_HEAD = 2000
"""Bytes of a body that tell what it is."""


@dataclass(frozen=True, eq=False)
class ClientCall(Call):
    """A call; ``timeline`` is the whole of which it is a part."""

    timeline: Timeline = field(default_factory=lambda: Timeline(()))

    @property
    def job(self) -> Job | None:
        """The job that it was made for, if that is known."""
        return self.timeline.job

    @cached_property
    def is_led(self) -> bool:
        """Whether an earlier answer has sent the client here: clients may change the method of what they send on."""
        earlier = takewhile(lambda one: one.number != self.exchange.number, self.timeline.exchanges)
        return any(self._is_target_of(one) for one in earlier)

    @property
    def inputs(self) -> tuple[Input, ...]:
        """The job's inputs, none where they are not known."""
        return self.job.inputs if self.job is not None else ()

    @property
    def is_try(self) -> bool:
        """Whether work on a picture was asked for, be it at the wrong place."""
        if self.is_removal or self.is_v1:
            return True
        if self.job is None or self.is_account or self.is_led:
            return False
        return self.request.method not in _LOOKING or "remove" in self.request.path

    @cached_property
    def is_mislabelled(self) -> bool:
        """Whether a multipart form or JSON is said to be urlencoded; read as such it makes no sense."""
        kind = (self.request.headers.get("Content-Type") or "").partition(";")[0].strip().lower()
        start = self.request.body[:_HEAD].lstrip()
        is_multipart = start.startswith(b"--") and b"content-disposition" in start.lower()
        return kind == "application/x-www-form-urlencoded" and (is_multipart or start.startswith(b"{"))

    @cached_property
    def form(self) -> Form:
        """The form in the body of the request."""
        return Form(None, self.is_v1) if self.is_mislabelled else super().form

    @cached_property
    def subject(self) -> Hashable:
        """The picture's URL or bytes, ``None`` where there is none, or more than one.

        Where no inputs are known, what is asked for with other parameters is another matter.
        """
        picture = self.form.url or self.sent_picture
        return picture if self.inputs or picture is None else (picture, *sorted(self.form.texts.items()))

    @cached_property
    def asked(self) -> Mapping[str, object]:
        """The parameters that the job asks for, none where it is not known."""
        return self.job.parameters if self.job is not None else {}

    @property
    def given_input(self) -> Input | None:
        """The one input of the job, or that whose bytes or URL were sent; ``None`` where it cannot be told."""
        if len(self.inputs) == 1:
            return self.inputs[0]
        return next((one for one in self.inputs if self.subject in (one.data, one.url or one.data)), None)

    @cached_property
    def query(self) -> Mapping[str, str]:
        """The parameters of the query string."""
        return dict(parse_qsl(self.request.query, keep_blank_values=True))

    def _is_target_of(self, before: Exchange) -> bool:
        """Tell whether the exchange *before* was answered with a redirect to this request."""
        location = before.response.headers.get("Location") if before.response is not None else None
        if before.response is None or before.response.status not in range(300, 400) or not location:
            return False
        return urlsplit(urljoin(f"{before.request.origin}{before.request.path}", location)).path == self.request.path


def read(timeline: Timeline) -> Sequence[ClientCall]:
    """Return the calls of *timeline*."""
    return [ClientCall(exchange, timeline.pictures, timeline=timeline) for exchange in exchanges_of(timeline)]
