"""Where trials are played: stages, pictures behind URLs, and the client."""

from __future__ import annotations

import json
import threading
from contextlib import ExitStack, suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Self

from contracts.cases import HOST
from contracts.clock import Clock, stopwatch
from contracts.conformance.client.performer import Setting
from contracts.conformance.client.story import Story
from contracts.conformance.pictures import PictureHost
from contracts.model import Job, Timeline
from contracts.trials import ELSEWHERE, HERE, PATIENCE

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from contracts.cases import Credentials
    from contracts.conformance.client.performer import Performer
    from contracts.conformance.client.stage import Stage
    from contracts.model import Exchange, Input
    from contracts.trials import Trial

_CALM = 0.5
"""Real seconds for which exchanges may still be under way once the client has ended."""
_GLANCE = 0.01
_BUILDING = threading.Lock()
"""One stage is built at a time, since each compiles its routes."""
_TRIES = 3
"""How often a stage is built again that the interpreter has failed to build."""
_NAMES = ("127.0.0.1", "localhost")
"""Two names of one host, which programs take for two hosts."""


class Theatre:
    """Plays trials one at a time with one client. As a context manager it closes its stages."""

    def __init__(self, performer: Performer, build: Callable[[bool], Stage]) -> None:
        """Have *performer* do the jobs on stages that *build* makes: with HTTPS if its argument is true."""
        self._performer = performer
        self._build = build
        self._stages: dict[bool, Stage] = {}
        self._resources = ExitStack()
        self._host = PictureHost()

    def __enter__(self) -> Self:
        """Serve pictures."""
        self._resources.enter_context(self._host)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close all stages."""
        self._resources.close()

    def play(  # noqa: PLR0913  the terms of a play, by keyword
        self,
        trial: Trial,
        credentials: Credentials,
        *,
        speed: float,
        patience: float = 0.0,
        dotted: bool = False,
        watch: Callable[[Stage, int | None], bool] = lambda *_: False,
    ) -> Story:
        """Play *trial* with a clock of *speed* virtual seconds a real second.

        The client may take *patience* real seconds (0: ten virtual minutes). With *dotted* it is given an address with
        a dot in its name. *watch* is called as in a :class:`Setting`.

        Raises:
            PerformerError: the client cannot be started.
            StageError: the trial cannot be played here.
        """
        stage = self.stage(tls=trial.tls)
        stage.prepare(_with_another_host(trial, stage.origin), credentials, speed)
        job = self._job(trial, credentials, stage.dotted_origin if dotted else stage.origin)
        setting = Setting(
            clock=stage.clock,
            patience=patience or PATIENCE / speed,
            environment=stage.trust,
            watch=lambda process: watch(stage, process),
        )
        began = stopwatch()
        outcome = self._performer.perform(job, setting)
        timeline = Timeline(
            exchanges=_settled(stage),
            pictures={one.url: one.data for one in job.inputs if one.url},
            job=job,
            outcome=outcome,
            handshakes=stage.handshakes(),
            jitter=self._performer.jitter(speed) if speed > 1 else 0.0,
        )
        return Story(trial, timeline, speed, stopwatch() - began)

    def stage(self, *, tls: bool) -> Stage:
        """Return the stage, which speaks HTTPS with *tls*."""
        if tls not in self._stages:
            with _BUILDING:
                stage = self._stages[tls] = _built(self._build, tls)
            self._resources.callback(stage.close)
        return self._stages[tls]

    def _job(self, trial: Trial, credentials: Credentials, origin: str) -> Job:
        self._host.offer({one.url.removeprefix(HOST): one.data for one in trial.inputs if one.url})
        inputs = tuple(self._placed(one) for one in trial.inputs)
        return Job(inputs, trial.parameters, origin, credentials.id, credentials.secret, trial.threads)

    def _placed(self, one: Input) -> Input:
        return replace(one, url=self._host.origin + one.url.removeprefix(HOST)) if one.url else one


def _built(build: Callable[[bool], Stage], tls: bool) -> Stage:  # noqa: FBT001  the builder's own argument
    """Return a stage; CPython 3.11 at times fails to parse in two threads at once, and is then asked again."""
    for _ in range(_TRIES):
        with suppress(SystemError):
            return build(tls)
    return build(tls)


def _with_another_host(trial: Trial, origin: str) -> Trial:
    """Return *trial* with *origin* for :data:`contracts.trials.HERE`, and its host's other name for ``ELSEWHERE``."""
    own, other = _NAMES if _NAMES[0] in origin else _NAMES[::-1]
    words = json.dumps([trial.script, trial.faults])
    if ELSEWHERE not in words:
        return trial
    script, faults = json.loads(words.replace(ELSEWHERE, origin.replace(own, other)).replace(HERE, origin))
    return replace(trial, script=tuple(script), faults=tuple(faults))


def _settled(stage: Stage) -> tuple[Exchange, ...]:
    """Return the exchanges on *stage* once all have ended; the client has gone, so that this does not take long."""
    began, pause = stopwatch(), Clock()
    while True:
        exchanges = stage.exchanges()
        if all(one.ending is not None for one in exchanges) or stopwatch() - began > _CALM:
            return exchanges
        pause.sleep(_GLANCE)
