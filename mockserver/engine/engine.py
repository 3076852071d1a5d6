"""The engine: it brings everything together that has a say in an answer."""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from random import Random
from typing import TYPE_CHECKING, Literal, NamedTuple

from contracts.behaviour import Account, Answer, ImageError, Problem, Situation, Work
from contracts.redaction import is_hidden
from contracts.replies import html_reply
from mockserver.engine.admission import admit
from mockserver.engine.misbehaviour import meet, spoiled_lifetime, spoiled_picture
from mockserver.engine.rehearsal import rehearse, rehearse_work
from mockserver.engine.scenery import Scenery
from mockserver.engine.service import Service
from mockserver.engine.settlement import charged, finished
from mockserver.engine.workshop import Workshop
from mockserver.faults import FaultRules
from mockserver.journal import Body
from mockserver.turn import Turn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from contracts.behaviour import Rendering
    from contracts.clock import Clock
    from contracts.model import Ending, Operation, Provider, Request
    from mockserver.engine.workshop import Render
    from mockserver.fetch import Fetcher
    from mockserver.journal import Journal
    from mockserver.scenarios import Library
    from mockserver.scenarios.vocabulary import Vocabulary
    from mockserver.state import State
    from mockserver.state.tenant import Tenant
    from mockserver.turn import Outcome

Latency = float | Literal["documented"]
"""Seconds of virtual time that image work takes, or ``documented`` for a time that the provider's documents name."""

_NOBODY = Account(credits=Decimal(0), active=False, pack="none", use_before=0.0)
"""The account of callers that need no credentials."""


class Arrival(NamedTuple):
    """When a request was complete (seconds of the server's clock since 1970, UTC), and on which connection."""

    received: float
    connection: int


class Engine:
    """Answers requests for any number of providers. All methods may be called from any thread.

    ``rules`` are the faults that may meet anybody. ``witness``, if there is one, is told every request as it came, with
    its secrets, and the number it has in the journal. A request is first :meth:`begin`'s, which decides once what will
    happen to it, then :meth:`handle`'d, and in the :meth:`end` the answer has been sent, or not.
    """

    def __init__(  # noqa: PLR0913  its collaborators, all by keyword
        self,
        providers: Iterable[Provider],
        *,
        clock: Clock,
        state: State,
        journal: Journal,
        fetcher: Fetcher,
        render: Render,
        latency: Latency = 0.0,
        seed: int = 0,
    ) -> None:
        """Serve *providers*; *seed* decides what is drawn at random."""
        self.services = {provider.name: Service(provider) for provider in providers}
        self.rules = FaultRules(seed)
        self.witness: Callable[[int, Request], None] | None = None
        self._working: set[int] = set()
        self._seed = seed
        self._clock = clock
        self._state = state
        self._journal = journal
        self._workshop = Workshop(state, fetcher, render)
        self._scenery = Scenery(self.services, state.tenants, clock)
        self._latency = latency

    @property
    def is_busy(self) -> bool:
        """Whether a request is being worked on; one whose answer waits for a moment of the clock is not."""
        return bool(self._working)

    @property
    def vocabulary(self) -> Vocabulary:
        """The names that scripts and scenarios may use."""
        return self._scenery.vocabulary

    @property
    def library(self) -> Library:
        """The scenarios that credentials and the control API may choose."""
        return self._scenery.library

    def begin(self, operation: Operation, request: Request, arrival: Arrival) -> Turn:
        """Decide what will happen to *request*, which addresses *operation*."""
        service = self.services[operation.provider]
        turn = self._turn(service, operation, request, arrival)
        caller = service.behaviour.credentials(operation, request)
        if isinstance(caller, Answer):
            turn.settled = caller
            return turn
        if caller is not None:
            tenant = self._state.tenants.open(service.provider.name, caller)
            if isinstance(tenant, Problem):
                if why := self._state.tenants.obituary(caller.tenant):
                    turn.entry.tenant = caller.tenant
                    turn.entry.add("credentials", why)
                elif why := self._state.tenants.explanation(tenant):
                    turn.entry.add("credentials", why)
                turn.settled = service.behaviour.refuse(tenant, request)
                return turn
            self._enter(turn, tenant)
        if turn.settled is None:
            lists = (turn.tenant.rules, self.rules) if turn.tenant else (self.rules,)
            meet(turn, lists, self._clock.now())
        return turn

    def refused(self, problem: Problem, request: Request, arrival: Arrival, operation: Operation | None = None) -> Turn:
        """Decide what is wrong, in the way of the provider that has *operation* or else claims the path."""
        service = self.services[operation.provider] if operation else self.claimant(request.path)
        turn = self._turn(service, operation, request, arrival)
        if service is None:
            page = html_reply(404, "404 Not Found", "Nothing is here.")
            turn.settled = Answer(page, "a path that no provider claims")
        else:
            turn.settled = service.behaviour.refuse(problem, request)
        return turn

    def handle(self, turn: Turn, *, may_block: bool = True) -> Outcome:
        """Answer the request of *turn*.

        Raises:
            SlowWorkError: *may_block* is false and the answer needs image work or a fetch; nothing has happened.
        """
        outcome = self._answered(turn, may_block=may_block)
        self._working.discard(turn.entry.number)
        return outcome

    def end(self, turn: Turn, ending: Ending, sent: int | None = None, answered: float | None = None) -> None:
        """Note how the answer to *turn* ended, how many bytes of its body were *sent* (``None``: all), when it began.

        *answered* is that moment, of the server's clock, where it is known.
        """
        if turn.admitted and turn.tenant is not None:
            turn.tenant.limiter.leave()
        self._working.discard(turn.entry.number)
        turn.entry.answered = answered
        self._journal.end(turn.entry, ending, sent)

    @property
    def seed(self) -> int:
        """What everything that is drawn follows from."""
        return self._seed

    @property
    def scenario(self) -> str:
        """The name of the scenario that every tenant is put into, or empty."""
        return self._scenery.name

    def choose_scenario(self, name: str) -> None:
        """Put every tenant, now and to come, into the scenario *name*, after a reset; into none if it is empty.

        Raises:
            ScenarioError: there is none of that name, or it is wrong.
        """
        self._scenery.choose(name)

    def enter_scenario(self, tenant: Tenant, name: str) -> None:
        """Let *tenant* be as a fresh one, and then in the scenario *name*, or only as a fresh one if that is empty.

        Raises:
            ScenarioError: there is none of that name, or it is wrong.
        """
        self._scenery.enter(tenant, name, self._seed)

    def reset(self) -> None:
        """Forget tenants, faults, the scenario and the journal, and draw from the beginning."""
        self._scenery.name = ""
        self.rules.clear()
        self._state.tenants.clear()
        self._journal.clear()
        self.reseed(self._seed)

    def now(self) -> float:
        """Return the moment of the server's clock, in seconds since 1970 UTC."""
        return self._clock.now()

    def reseed(self, seed: int) -> None:
        """Draw by *seed* from now on, from the beginning."""
        self._seed = seed
        self.rules.reseed(seed)
        self._state.tenants.reseed(seed)

    def largest_body(self) -> int:
        """Return the largest request body that any provider accepts, in bytes."""
        return max(service.provider.max_body for service in self.services.values())

    def claimant(self, path: str) -> Service | None:
        """Return the service whose claim on *path* is the longest, if any."""
        claims = (
            (len(claim), service)
            for service in self.services.values()
            for claim in service.provider.claims
            if path.startswith(claim)
        )
        best = max(claims, key=lambda pair: pair[0], default=None)
        return best[1] if best else None

    def sample(self, url: str) -> bytes | None:
        """Return the bundled picture that stands for *url*, if there is one."""
        return self._workshop.sample(url)

    def _turn(self, service: Service | None, operation: Operation | None, request: Request, arrival: Arrival) -> Turn:
        hiding = service or next(iter(self.services.values()))
        shown = hiding.behaviour.without_secrets(request)
        entry = self._journal.begin(shown, operation, arrival.received, arrival.connection)
        if is_hidden(shown.body):
            entry.request_body = Body.gone(request.body)
        self._working.add(entry.number)
        if self.witness is not None:
            self.witness(entry.number, request)
        if service is not None and operation is not None:
            entry.outline = partial(service.behaviour.parameters, operation)
        return Turn(service, operation, request, entry)

    def _answered(self, turn: Turn, *, may_block: bool) -> Outcome:
        if turn.settled is not None:
            return finished(turn, turn.settled, 0.0)
        service, operation = turn.service, turn.operation
        if service is None or operation is None:
            raise ValueError("a turn without an operation has to be settled")
        step = service.behaviour.perform(operation, turn.request, self._situation(turn.tenant))
        if isinstance(step, Work):
            return self._work(service, turn, step, may_block=may_block)
        rehearse(turn, step)
        return finished(turn, turn.settled or charged(turn, step), 0.0)

    @staticmethod
    def _enter(turn: Turn, tenant: Tenant) -> None:
        """Count *turn* for *tenant*; let script and limits have their say."""
        entry = turn.entry
        turn.tenant, entry.tenant, turn.number = tenant, tenant.name, tenant.count()
        if turn.number == 1 and tenant.choice:
            entry.add("credentials", tenant.choice)
        admit(turn, tenant)

    def _situation(self, tenant: Tenant | None) -> Situation:
        now = self._clock.now()
        account, settings = (tenant.ledger.at(now), tenant.settings) if tenant else (_NOBODY, {})
        return Situation(now, account, settings, self._state.results.get)

    def _work(self, service: Service, turn: Turn, work: Work, *, may_block: bool) -> Outcome:
        try:
            whole, turn.entry.picture = self._workshop.make(work, may_block=may_block)
            turn.entry.picture_is_shared = self._workshop.sample(work.source) is not None
        except ImageError as error:
            answer = work.fail(error)
            rehearse(turn, answer)
            return finished(turn, turn.settled or answer, 0.0)
        rehearse_work(turn, work, whole.rendering)
        if turn.settled is not None:
            return finished(turn, turn.settled, 0.0)
        delay = self._processing_time(service, turn)
        made = spoiled_picture(turn, whole)

        def keep(_: Rendering, seconds: float) -> str:
            # A result's time begins when the client learns of it.
            lifetime = spoiled_lifetime(turn, seconds)
            return self._state.results.keep(made, lifetime + delay + turn.fault.delay)

        answer = work.finish(made.rendering, keep)
        given = charged(turn, answer)
        turn.changed = turn.changed and given is answer
        return finished(turn, given, delay)

    def _processing_time(self, service: Service, turn: Turn) -> float:
        tenant = turn.tenant
        latency = self._latency if tenant is None or tenant.latency is None else tenant.latency
        if latency == "documented":
            name, number = (tenant.name, turn.number) if tenant else ("", turn.entry.number)
            return Random(f"{self._seed}/{name}/{number}").uniform(*service.provider.latency)  # noqa: S311  repeatable
        return float(latency)
