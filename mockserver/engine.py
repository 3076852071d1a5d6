"""From a request to the outcome: credentials, tenant, script, limits, faults, behaviour, image work, charge.

It knows no provider.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from functools import cached_property, partial
from random import Random
from threading import BoundedSemaphore
from typing import TYPE_CHECKING, Literal, NamedTuple

from contracts.behaviour import Account, Answer, ImageError, Problem, Recipe, Rendering, Situation, Work
from contracts.model import Response
from contracts.openapi import OpenApi
from contracts.providers import behaviour_of, discover
from contracts.replies import html_reply
from contracts.rules import load_errors
from mockserver.faults import Fault, FaultRules, Occasion
from mockserver.journal import Body
from mockserver.magic import scenario_in
from mockserver.scenarios.vocabulary import Vocabulary
from mockserver.state import Made
from mockserver.turn import Outcome, Turn

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping

    from contracts.behaviour import Credentials
    from contracts.clock import Clock
    from contracts.model import ApiError, Ending, Operation, Provider, Request
    from mockserver.fetch import Fetcher
    from mockserver.journal import Journal
    from mockserver.scenarios import Library
    from mockserver.state import State
    from mockserver.state.tenant import Tenant

Latency = float | Literal["documented"]
"""Seconds of virtual time that image work takes, or ``documented`` for a time that the provider's documents name."""

Render = Callable[[bytes, Recipe], Rendering]
"""Carries out a recipe on an encoded picture, or raises :class:`contracts.behaviour.ImageError`."""

_TOO_MANY = 429
_NOBODY = Account(credits=Decimal(0), active=False, pack="none", use_before=0.0)
"""The account of callers that need no credentials."""


class SlowWorkError(Exception):
    """The answer needs image work or a fetch, which the caller has forbidden."""


class Arrival(NamedTuple):
    """When a request was complete (seconds of the server's clock since 1970, UTC), and on which connection."""

    received: float
    connection: int


class Service:
    """One provider as it is served: its facts, its behaviour and its document."""

    def __init__(self, provider: Provider) -> None:
        """Load the behaviour of *provider*; the document is read when it is asked for."""
        self.provider = provider
        self.behaviour = behaviour_of(provider)
        self.openapi = OpenApi(provider.folder, provider.name)

    @cached_property
    def errors(self) -> Mapping[str, ApiError]:
        """The documented errors by name."""
        return load_errors(self.provider.folder)

    @cached_property
    def too_many(self) -> str:
        """The name of the first documented error of the status 429, or empty."""
        return next((name for name, error in self.errors.items() if error.status == _TOO_MANY), "")


class Engine:
    """Answers requests for any number of providers. All methods may be called from any thread.

    ``rules`` are the faults that may meet anybody. A request is first :meth:`begin`'s, which decides once what will
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
        self._seed = seed
        self._clock = clock
        self._state = state
        self._journal = journal
        self._fetcher = fetcher
        self._render = render
        self._latency = latency
        self._slots = BoundedSemaphore(os.cpu_count() or 1)
        self._scenario = ""

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The names that scripts and scenarios may use."""
        services = self.services.values()
        # Scenarios also speak of providers that are installed and not served.
        others = [Service(provider) for name, provider in discover().items() if name not in self.services]
        errors = dict.fromkeys(name for service in (*services, *others) for name in service.errors)
        settings = {
            name: values for service in (*services, *others) for name, values in service.behaviour.settings.items()
        }
        operations = {
            service.provider.name: tuple(operation.id for operation in service.openapi.operations)
            for service in services
        }
        return Vocabulary(tuple(errors), settings, operations)

    @cached_property
    def library(self) -> Library:
        """The scenarios that credentials and the control API may choose."""
        from mockserver.scenarios import Library  # noqa: PLC0415  not needed before somebody asks

        return Library(self.vocabulary)

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
            if tenant is None:
                turn.settled = service.behaviour.refuse(Problem.WRONG_SECRET, request)
                return turn
            self._admit(turn, tenant, caller)
        if turn.settled is None:
            self._draw(turn)
        return turn

    def refused(self, problem: Problem, request: Request, arrival: Arrival, operation: Operation | None = None) -> Turn:
        """Decide what is wrong, in the way of the provider that has *operation* or else claims the path."""
        service = self.services[operation.provider] if operation else self._claimant(request.path)
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
        if turn.settled is not None:
            return self._finished(turn, turn.settled, 0.0)
        service, operation = turn.service, turn.operation
        if service is None or operation is None:
            raise ValueError("a turn without an operation has to be settled")
        step = service.behaviour.perform(operation, turn.request, self._situation(turn.tenant))
        if isinstance(step, Work):
            return self._work(service, turn, step, may_block=may_block)
        return self._finished(turn, self._charged(service, turn, step), 0.0)

    def end(self, turn: Turn, ending: Ending) -> None:
        """Note how the answer to *turn* ended."""
        if turn.admitted and turn.tenant is not None:
            turn.tenant.limiter.leave()
        self._journal.end(turn.entry, ending)

    @property
    def seed(self) -> int:
        """What everything that is drawn follows from."""
        return self._seed

    @property
    def scenario(self) -> str:
        """The name of the scenario that every tenant is put into, or empty."""
        return self._scenario

    def choose_scenario(self, name: str) -> None:
        """Put every tenant, now and to come, into the scenario *name*, after a reset; into none if it is empty.

        Raises:
            ScenarioError: there is none of that name, or it is wrong.
        """
        if name:
            self.library.get(name)
        self._scenario = name
        tenants = self._state.tenants
        tenants.on_open = self._dress
        for tenant in tenants.all():
            tenants.reset(tenant)

    def _dress(self, tenant: Tenant) -> None:
        """Put a fresh *tenant* into the scenario that is in force for all."""
        if self._scenario:
            self.library.get(self._scenario).apply(tenant, self._clock.now())

    def reset(self) -> None:
        """Forget tenants, faults, the scenario and the journal, and draw from the beginning."""
        self._scenario = ""
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

    def _turn(self, service: Service | None, operation: Operation | None, request: Request, arrival: Arrival) -> Turn:
        hiding = service or next(iter(self.services.values()))
        shown = hiding.behaviour.without_secrets(request)
        entry = self._journal.begin(shown, operation, arrival.received, arrival.connection)
        if service is not None and operation is not None:
            entry.outline = partial(service.behaviour.parameters, operation)
        return Turn(service, operation, request, entry)

    def _claimant(self, path: str) -> Service | None:
        """Return the service whose claim on *path* is the longest, if any."""
        claims = (
            (len(claim), service)
            for service in self.services.values()
            for claim in service.provider.claims
            if path.startswith(claim)
        )
        best = max(claims, key=lambda pair: pair[0], default=None)
        return best[1] if best else None

    def _admit(self, turn: Turn, tenant: Tenant, caller: Credentials) -> None:
        """Let *tenant*'s script and limits have their say."""
        entry = turn.entry
        turn.tenant, entry.tenant = tenant, tenant.name
        if tenant.count() == 1:
            self._set_scene(turn, tenant, caller)
        word = tenant.next_word() if turn.operation and turn.operation.method != "GET" else None
        if word is not None:
            turn.fault, turn.scripted = word[0], True
            entry.add("script", f"{word[1]}: {word[0].sentence}")
            if type(turn.fault) is not Fault:
                return
        verdict = tenant.limiter.enter(entry.received)
        turn.admitted = verdict.admitted
        if verdict.reason:
            entry.add("limits", verdict.reason)
        if not verdict.admitted and turn.service is not None:
            turn.settled = self._too_many(turn.service, tenant)

    def _set_scene(self, turn: Turn, tenant: Tenant, caller: Credentials) -> None:
        """Put a fresh *tenant* into the scenario that its credentials name, if they do."""
        name = scenario_in(caller)
        if not name or tenant.scenario not in {"", self._scenario}:
            return
        if name in self.library.names:
            tenant.undress(self._seed)
            self.library.get(name).apply(tenant, self._clock.now())
            turn.entry.add("credentials", f"they choose the scenario {name}")
        else:
            turn.entry.add("credentials", f"there is no scenario {name}; there are {', '.join(self.library.names)}")

    def _too_many(self, service: Service, tenant: Tenant) -> Answer:
        """Return the refusal that the limits of *tenant* ask for."""
        limits = tenant.limiter.limits
        name = limits.error if limits.error in service.errors else service.too_many
        answer = service.behaviour.error(name) if name else service.behaviour.failure(_TOO_MANY)
        if limits.retry_after is None:
            return answer
        headers = answer.response.headers.with_fields(("Retry-After", str(limits.retry_after)))
        return replace(answer, response=replace(answer.response, headers=headers))

    def _draw(self, turn: Turn) -> None:
        """Choose the fault that the request meets, unless a script has, and what is answered instead, if anything."""
        service, operation, tenant = turn.service, turn.operation, turn.tenant
        if service is None or operation is None:
            return
        armed = [rules for rules in (tenant and tenant.rules, self.rules) if rules]
        if armed and not turn.scripted:
            occasion = Occasion(operation, tenant.name if tenant else "", lambda: turn.entry.parameters)
            now = self._clock.now()
            drawn = next((drawn for rules in armed if (drawn := rules.draw(occasion, now)) is not None), None)
            if drawn is not None:
                turn.fault = drawn.fault
                turn.entry.add("faults", drawn.reason)
        turn.settled = turn.fault.instead(service.behaviour, service.errors)

    def _situation(self, tenant: Tenant | None) -> Situation:
        now = self._clock.now()
        account, settings = (tenant.ledger.at(now), tenant.settings) if tenant else (_NOBODY, {})
        return Situation(now, account, settings, self._state.results.get)

    def _work(self, service: Service, turn: Turn, work: Work, *, may_block: bool) -> Outcome:
        try:
            made = self._made(turn, work, may_block=may_block)
        except ImageError as error:
            return self._finished(turn, work.fail(error), 0.0)
        delay = self._processing_time(service, turn)
        changed = turn.fault.rendering(made.rendering)
        if changed is not made.rendering:
            made = Made.of(changed)
        # A result's time begins when the client learns of it.
        fault = turn.fault
        answer = work.finish(
            made.rendering,
            lambda _, seconds: self._state.results.keep(made, fault.lifetime(seconds) + delay + fault.delay),
        )
        return self._finished(turn, self._charged(service, turn, answer), delay)

    def _made(self, turn: Turn, work: Work, *, may_block: bool) -> Made:
        """Return the finished picture, from the cache if it was made before."""
        source, identity = self._source(work, may_block=may_block)
        key = (identity, work.recipe)
        made = self._state.renderings.get(key)
        if made is None:
            if not may_block:
                raise SlowWorkError
            with self._slots:
                # The same picture may have been made while this one waited for its turn.
                made = self._state.renderings.get(key) or Made.of(self._render(source, work.recipe))
            self._state.renderings.keep(key, made)
        turn.entry.picture = source
        return made

    def _source(self, work: Work, *, may_block: bool) -> tuple[bytes, Hashable]:
        """Return the bytes of the picture, and what tells them from all others: their hash, or a sample's URL."""
        source = work.source
        if isinstance(source, str):
            sample = self._fetcher.sample(source)
            if sample is not None:
                return sample, source
            if not may_block:
                raise SlowWorkError
            source = self._fetcher.fetch(source, work.recipe.max_input_bytes)
        return source, hashlib.sha256(source).digest()

    def _charged(self, service: Service, turn: Turn, answer: Answer) -> Answer:
        """Charge what *answer* costs; return it, or the refusal where the credits do not suffice."""
        tenant = turn.tenant
        if tenant is None or not answer.charge:
            return answer
        if tenant.ledger.charge(answer.charge):
            turn.entry.add("credits", f"{answer.charge} charged, {tenant.ledger.account.credits} left")
            return answer
        turn.entry.add("credits", f"{answer.charge} cannot be charged, {tenant.ledger.account.credits} left")
        return service.behaviour.refuse(Problem.OUT_OF_CREDITS, turn.request)

    def _finished(self, turn: Turn, answer: Answer, delay: float) -> Outcome:
        """Return the outcome of *turn* as its fault changes it, and note it in the journal."""
        fault, entry, service = turn.fault, turn.entry, turn.service
        response = answer.response
        if service is not None and service.provider.request_id:
            number = f"{int(entry.received):d}{entry.number:08d}"
            named = response.headers.with_fields((service.provider.request_id, number))
            response = Response(response.status, named, response.body)
        if type(fault) is not Fault:
            response = fault.response(response)
        entry.add("answer", answer.reason)
        entry.error = answer.error
        if not fault.silent:
            entry.response = Response(response.status, response.headers)
            entry.response_body = Body.of(response.body)
        if response is not answer.response:
            answer = Answer(response, answer.reason, answer.charge, answer.error)
        return Outcome(answer, delay + fault.delay, fault.action)

    def _processing_time(self, service: Service, turn: Turn) -> float:
        tenant = turn.tenant
        latency = self._latency if tenant is None or tenant.latency is None else tenant.latency
        if latency == "documented":
            name, number = (tenant.name, tenant.requests) if tenant else ("", turn.entry.number)
            return Random(f"{self._seed}/{name}/{number}").uniform(*service.provider.latency)  # noqa: S311  repeatable
        return float(latency)
