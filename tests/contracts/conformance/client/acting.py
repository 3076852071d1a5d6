"""A client that does what a function says, the stage on which it acts, and the check that looks on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from contracts.cases import Campaign, Credentials
from contracts.checks import KEPT, Broken, Checks
from contracts.checks.call import Call
from contracts.clock import Clock
from contracts.conformance.client.check import ClientCheck
from contracts.conformance.client.options import Options
from contracts.model import Claim, Ending, Exchange, Handshakes, Headers, Input, Outcome, Request, Response, Timeline
from contracts.providers import discover
from contracts.trials import Trial

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from contracts.checks import Finding
    from contracts.conformance.client.performer import Setting
    from contracts.model import Job

PIXIAN = discover()["pixian"]
RULE = "pixian.client.backoff.first"
PICTURE = (Input("p.png", b"picture"),)
PLAIN = Trial("plain", PICTURE)


class Stage:
    """A stage on which the performer itself writes down what happened."""

    def __init__(self, *, tls: bool = False) -> None:
        """Be a stage, one with HTTPS if *tls* is true."""
        self.origin = "https://localhost:1" if tls else "http://127.0.0.1:1"
        self.dotted_origin = "https://mock.localhost:1"
        self.clock = Clock()
        self.trust = {"CA": "file"} if tls else {}
        self.trial = PLAIN
        self.happened: list[Exchange] = []
        self.shakes: Handshakes | None = None
        self.closed = False

    def prepare(self, trial: Trial, credentials: Credentials, speed: float) -> None:
        """Begin again."""
        del credentials
        self.trial, self.happened, self.shakes = trial, [], None
        self.clock.set(speed=speed)

    def exchanges(self) -> tuple[Exchange, ...]:
        """Return what happened."""
        return tuple(self.happened)

    def handshakes(self) -> Handshakes | None:
        """Return what was shaken."""
        return self.shakes

    def close(self) -> None:
        """Note that it is closed."""
        self.closed = True


class Client:
    """A client that does to the stage what a function says, at the speed that its clock has."""

    name = "a client"
    at_once = 1
    longest_silence = 100.0

    def __init__(self, act: Callable[[Stage, Job, float], Claim], stages: list[Stage]) -> None:
        """Act by *act* on the latest of *stages*."""
        self._act = act
        self._stages = stages
        self.speeds: list[float] = []
        self.patience: list[float] = []
        self.stopped: list[bool] = []
        self.looks_afterwards = False
        self.why_slow = self.remark = self.obstacle_there = ""
        self.out_of_reach: frozenset[str] = frozenset()

    def obstacle(self) -> str:
        """Return why it is slow."""
        return self.why_slow

    def jitter(self, speed: float) -> float:
        """Return a hundredth."""
        return speed / 100

    def unreached(self, port: int, process: int) -> frozenset[str]:
        """Return what cannot be reached."""
        assert (port, process) == (1, 5)
        return self.out_of_reach

    def perform(self, job: Job, setting: Setting) -> Outcome:
        """Act."""
        self.speeds.append(setting.clock.speed)
        self.patience.append(setting.patience)
        setting.watch(5)
        stage = next(one for one in self._stages if one.clock is setting.clock)
        claim = self._act(stage, job, setting.clock.speed)
        self.stopped.append(self.looks_afterwards and setting.watch(5))
        output = b"result" if claim is Claim.SUCCESS and not self.obstacle_there else None
        return Outcome(claim, (output,), "sorry", setting.clock.now(), self.obstacle_there)


class Kit:
    """A kit with one campaign, and one check: exchanges with status 500 break the rule."""

    def __init__(self, *trials: Trial, generated: Any = None) -> None:  # noqa: ANN401  a strategy or nothing
        """Have *trials*."""
        self.client_checks: Checks[Call] = Checks("pixian.client", self._read)
        self.client_checks.each("backoff.first")(self.judged)
        self.client_campaigns = (
            Campaign(
                "trials", "", ("backoff",), lambda: trials, (lambda: generated) if generated is not None else None
            ),
        )
        self.seen: list[Timeline] = []

    def _read(self, timeline: Timeline) -> Sequence[Call]:
        self.seen.append(timeline)
        return [Call(exchange, {}) for exchange in timeline.exchanges]

    def judged(self, call: Call) -> Finding:
        """Find answers with status 500 wrong."""
        return Broken("status", "200", "500") if call.status == 500 else KEPT

    def anonymous(self, name: str) -> Credentials:
        """Return credentials."""
        return Credentials(name, name)


def happens(stage: Stage, *statuses: int, ending: Ending = Ending.DONE, pause: float = 5.0) -> None:
    """Let exchanges with *statuses* happen on *stage*, *pause* seconds after each other."""
    for status in statuses:
        number, now = len(stage.happened), 1000.0 + pause * len(stage.happened)
        response = Response(status, Headers(), b"")
        stage.happened.append(
            Exchange(number, 1, Request("POST", "/", body=b"picture"), response, now, now, ending, 0, now)
        )


def good(stage: Stage, job: Job, speed: float) -> Claim:
    """Succeed."""
    del job, speed
    happens(stage, *(int(str(word)) for word in stage.trial.script if str(word).isdigit()), 200)
    return Claim.SUCCESS


def checked(
    act: Callable[[Stage, Job, float], Claim],
    *trials: Trial,
    generated: Any = None,  # noqa: ANN401  a strategy or nothing
    **options: Any,  # noqa: ANN401  of the run
) -> tuple[ClientCheck, Client, list[Stage]]:
    """Return a check of a client that acts by *act*, the client, and its stages."""
    stages: list[Stage] = []

    def build(tls: bool) -> Stage:  # noqa: FBT001  the driver's own call
        stages.append(Stage(tls=tls))
        return stages[-1]

    client = Client(act, stages)
    kit: Any = Kit(*(trials or (PLAIN,)), generated=generated)
    terms = Options(**{"only": frozenset({RULE}), "examples": 0, **options})
    return ClientCheck(PIXIAN, kit, client, build, terms), client, stages
