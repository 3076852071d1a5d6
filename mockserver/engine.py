"""From a request to the outcome: credentials, tenant, behaviour, image work, charge. It knows no provider."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from random import Random
from threading import BoundedSemaphore
from typing import TYPE_CHECKING, Literal

from contracts.behaviour import Account, Answer, ImageError, Problem, Recipe, Rendering, Situation, Work
from contracts.openapi import OpenApi
from contracts.providers import behaviour_of
from contracts.replies import html_reply
from mockserver.state import Made

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable

    from contracts.behaviour import Credentials
    from contracts.clock import Clock
    from contracts.model import Operation, Provider, Request
    from mockserver.fetch import Fetcher
    from mockserver.state import State
    from mockserver.state.tenants import Tenant

Latency = float | Literal["documented"]
"""Seconds of virtual time that image work takes, or ``documented`` for a time that the provider's documents name."""

Render = Callable[[bytes, Recipe], Rendering]
"""Carries out a recipe on an encoded picture, or raises :class:`contracts.behaviour.ImageError`."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """An answer, and how many seconds of virtual time it takes until it is given."""

    answer: Answer
    delay: float = 0.0


_NOBODY = Account(credits=Decimal(0), active=False, pack="none", use_before=0.0)
"""The account of callers that need no credentials."""


class SlowWorkError(Exception):
    """The answer needs image work or a fetch, which the caller has forbidden."""


class Service:
    """One provider as it is served: its facts, its behaviour and its document."""

    def __init__(self, provider: Provider) -> None:
        """Load the behaviour of *provider*; the document is read when it is asked for."""
        self.provider = provider
        self.behaviour = behaviour_of(provider)
        self.openapi = OpenApi(provider.folder, provider.name)


class Engine:
    """Answers requests for any number of providers. All methods may be called from any thread."""

    def __init__(  # noqa: PLR0913  its collaborators, all by keyword
        self,
        providers: Iterable[Provider],
        *,
        clock: Clock,
        state: State,
        fetcher: Fetcher,
        render: Render,
        latency: Latency = 0.0,
        seed: int = 0,
    ) -> None:
        """Serve *providers*; *seed* decides what latency is drawn within the documented range."""
        self.services = {provider.name: Service(provider) for provider in providers}
        self._clock = clock
        self._state = state
        self._fetcher = fetcher
        self._render = render
        self._latency = latency
        self._random = Random(seed)  # noqa: S311  latency must repeat, not surprise
        self._slots = BoundedSemaphore(os.cpu_count() or 1)

    def handle(self, operation: Operation, request: Request, *, may_block: bool = True) -> Outcome:
        """Answer *request*, which addresses *operation*.

        Raises:
            SlowWorkError: *may_block* is false and the answer needs image work or a fetch; nothing has happened.
        """
        service = self.services[operation.provider]
        caller = service.behaviour.credentials(operation, request)
        if isinstance(caller, Answer):
            return Outcome(caller)
        tenant = self._tenant(service, caller)
        if tenant is None and caller is not None:
            return Outcome(service.behaviour.refuse(Problem.WRONG_SECRET, request))
        step = service.behaviour.perform(operation, request, self._situation(tenant))
        if isinstance(step, Work):
            return self._work(service, tenant, step, request, may_block=may_block)
        return Outcome(self._charged(service, tenant, step, request))

    def refuse(self, problem: Problem, request: Request, operation: Operation | None = None) -> Outcome:
        """Answer, in the way of the provider that has *operation* or else claims the path, what is wrong."""
        service = self.services[operation.provider] if operation else self._claimant(request.path)
        if service is None:
            return Outcome(
                Answer(html_reply(404, "404 Not Found", "Nothing is here."), "a path that no provider claims")
            )
        return Outcome(service.behaviour.refuse(problem, request))

    def largest_body(self) -> int:
        """Return the largest request body that any provider accepts, in bytes."""
        return max(service.provider.max_body for service in self.services.values())

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

    def _tenant(self, service: Service, caller: Credentials | None) -> Tenant | None:
        return None if caller is None else self._state.tenants.open(service.provider.name, caller)

    def _situation(self, tenant: Tenant | None) -> Situation:
        account, settings = (tenant.ledger.account, tenant.settings) if tenant else (_NOBODY, {})
        return Situation(self._clock.now(), account, settings, self._state.results.get)

    def _work(
        self, service: Service, tenant: Tenant | None, work: Work, request: Request, *, may_block: bool
    ) -> Outcome:
        try:
            made = self._made(work, may_block=may_block)
        except ImageError as error:
            return Outcome(work.fail(error))
        delay = self._processing_time(service)
        # A result's time begins when the client learns of it.
        answer = work.finish(made.rendering, lambda _, seconds: self._state.results.keep(made, seconds + delay))
        return Outcome(self._charged(service, tenant, answer, request), delay)

    def _made(self, work: Work, *, may_block: bool) -> Made:
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

    def _charged(self, service: Service, tenant: Tenant | None, answer: Answer, request: Request) -> Answer:
        """Charge what *answer* costs; return it, or the refusal where the credits do not suffice."""
        if tenant is None or tenant.ledger.charge(answer.charge):
            return answer
        return service.behaviour.refuse(Problem.OUT_OF_CREDITS, request)

    def _processing_time(self, service: Service) -> float:
        if self._latency == "documented":
            return self._random.uniform(*service.provider.latency)
        return self._latency
