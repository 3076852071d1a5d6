"""Driving a server under test: campaign by campaign, within the limits, judged while it goes."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Protocol
from urllib.parse import quote

from contracts.cases import HOST, Sign
from contracts.checks import quoting
from contracts.clock import Clock, stopwatch, system_time
from contracts.conformance.archive import Archive
from contracts.conformance.budget import Budget, BudgetSpentError
from contracts.conformance.network import ForbiddenPlaceError
from contracts.conformance.patience import is_endless, is_lost, is_slow, is_unfinished, trouble_with
from contracts.conformance.reception import Reception
from contracts.conformance.reproduce import curl
from contracts.conformance.run import STOPPED, Run, StoppedError, is_success
from contracts.conformance.secrets import Hider
from contracts.conformance.target import Target, TargetError
from contracts.judge import SURE, Bench
from contracts.model import Ending, Exchange, Level, Request, Subject, Timeline
from contracts.openapi import OpenApi
from contracts.rules import load_rules

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from contracts.cases import Campaign, Case, Credentials, Kit, Step
    from contracts.conformance.pictures import PictureHost
    from contracts.model import Provider, Rule

EXAMPLES = 25
"""Generated cases of a campaign, unless somebody says otherwise."""
_SHRINKING = 6.0
"""Real seconds that a campaign may spend on making cases smaller."""
_UNAUTHORISED, _UNPAID, _TOO_MANY = 401, 402, 429
_WAIT, _TRIES = 5.0, 4
"""Seconds to wait after the first 429, which grow linearly, and how often a request is sent at most."""
_LOST = 3
"""Requests in a row without any answer after which a server counts as gone."""


_ENDS = (StoppedError, BudgetSpentError, TargetError)
"""What ends a run before its end."""


class Sender(Protocol):
    """Sends one request and returns what came of it."""

    sent: int

    @property
    def connections(self) -> int:
        """How many connections were opened; the last one, which is called by this number, may still be open."""

    def send(self, request: Request) -> Exchange:
        """Send *request*.

        Raises:
            TargetError: the server cannot be reached.
        """


class Watcher(Protocol):
    """Whoever wants to see how a run goes on."""

    def waiting(self, origin: str) -> None:
        """Be told that the server at *origin* is asked for the first time."""

    def campaign(self, campaign: Campaign[Case], number: int, total: int) -> None:
        """Be told that *campaign* begins, the *number*-th of *total*, counted from 1."""

    def exchange(self, exchange: Exchange, broken: int) -> None:
        """Be told of an *exchange*, and how many rules are broken so far."""


@dataclass(frozen=True, slots=True)
class Options:
    """How to check a server.

    ``only`` are ids of rules, or empty for all. ``examples`` is how many generated cases a campaign has. ``charges``
    allows what could cost credits. ``live`` is for servers that are not one's own: one waits after a 429, stops when
    credentials or credits are refused, and sends nothing enormous or hostile. ``record`` keeps all exchanges.
    """

    seed: int = 0
    examples: int = EXAMPLES
    only: frozenset[str] = frozenset()
    charges: bool = True
    live: bool = False
    record: bool = False


@dataclass
class ServerCheck:
    """One run against one server, at ``origin``, by way of ``sender``."""

    provider: Provider
    kit: Kit
    origin: str
    credentials: Credentials
    sender: Sender
    budget: Budget = field(default_factory=Budget)
    options: Options = field(default_factory=Options)
    host: PictureHost | None = None
    clock: Clock = field(default_factory=Clock)
    watcher: Watcher | None = None
    knock: Callable[[Request], Exchange] | None = None
    """Sends the first request, with less patience."""
    campaigns: tuple[Campaign[Case], ...] | None = None
    """What is sent; ``None`` is for all that exercises the chosen rules."""

    def __post_init__(self) -> None:
        """Prepare to judge."""
        known = load_rules(self.provider.folder, self.provider.name)
        only = self.options.only
        self.rules: tuple[Rule, ...] = tuple(
            rule for rule in known if rule.subject is Subject.SERVER and (not only or rule.id in only)
        )
        self._binding = {rule.id for rule in self.rules if rule.assurance in SURE and rule.level is not Level.MAY}
        self._judged = frozenset(rule.id for rule in self.rules)
        self._bench = Bench(self.rules)
        self._hider = Hider(self.credentials)
        self._exchanges = Archive()
        self._leading: dict[int, int] = {}
        self._broken: set[str] = set()
        self._succeeded = False
        self._lost, self._heard = 0, False
        self._repeated = 0
        self._reception = Reception(self.origin)

    def chosen(self) -> list[Campaign[Case]]:
        """Return the campaigns that are to be played."""
        if self.campaigns is not None:
            return list(self.campaigns)
        return [one for one in self.kit.campaigns if any(one.exercises(rule.topic) for rule in self.rules)]

    def cases(self, campaign: Campaign[Case]) -> list[Case]:
        """Return the fixed cases of *campaign* that may be sent."""
        return [case for case in campaign.cases() if self._allowed(case)]

    def run(self) -> Run:
        """Check the server."""
        began, stopped = stopwatch(), ""
        try:
            self._run()
        except _ENDS as error:
            stopped = str(error)
        except KeyboardInterrupt:
            stopped = STOPPED
        shown = self._bench.shown() & self._exchanges.keys()
        asked = {number: self._exchanges[self._leading.get(number, number)].request for number in shown}
        return Run(
            subject="server",
            provider=self.provider,
            target=self.origin,
            seed=self.options.seed,
            judgements=self._bench.judgements(),
            exchanges=self._exchanges,
            requests=self.sender.sent,
            credits=self.budget.credits,
            credits_at_most=not self.budget.is_exact,
            seconds=stopwatch() - began,
            succeeded=self._succeeded,
            stopped=stopped,
            failure=self._reception.why(),
            repeated=self._repeated,
            notes=tuple(self._notes()),
            descriptions={number: self.kit.described(request) for number, request in asked.items()},
            reproductions={number: self._command(number, request) for number, request in asked.items()},
        )

    def _notes(self) -> Iterator[str]:
        """Yield what the reader should know besides."""
        if self._repeated:
            many = "A request was" if self._repeated == 1 else f"{self._repeated} requests were"
            yield (
                f"{many} lost, as the server closed a connection that it had kept open, and sent once more."
                " It may close such connections, but clients then try again, or fail."
            )

    def _command(self, number: int, asked: Request) -> str:
        """Return the exchange with the *number* as a command, behind that of the request whose answer it follows."""
        command = curl(asked, self.kit.curl(asked, self.credentials))
        if number not in self._leading:
            return command
        return f"{command}\n# and then what its answer names, in place of:\n{curl(self._exchanges[number].request, '')}"

    def _run(self) -> None:
        campaigns = self.chosen()
        if self.knock is not None:
            self._begin(self.knock)
        for number, campaign in enumerate(campaigns, 1):
            if self.watcher:
                self.watcher.campaign(campaign, number, len(campaigns))
            for case in self.cases(campaign):
                self._play(case)
            if self._reception.is_hopeless and not self._succeeded:
                raise StoppedError(self._reception.why())
        if self.options.examples:
            for campaign in campaigns:
                self._explore(campaign)

    def _begin(self, knock: Callable[[Request], Exchange]) -> None:
        """Send what is easy to answer, so that one does not wait for long where nobody does.

        Raises:
            StoppedError: there is no answer in time.
        """
        if self.watcher:
            self.watcher.waiting(self.origin)
        self.budget.take(Decimal(0))
        exchange = knock(self.kit.signed(replace(self._easy(), origin=self.origin), self.credentials, Sign.OWN))
        self._keep([exchange])
        if is_slow(exchange) or is_endless(exchange):
            raise StoppedError(f"{exchange.request.method} {exchange.request.path}: {trouble_with(exchange)}.")

    def _easy(self) -> Request:
        """Return a request that costs nobody anything: of the provider's operations one that only reads."""
        operations = OpenApi(self.provider.folder, self.provider.name).operations
        paths = (one.path for one in operations if one.method == "GET" and "{" not in one.path)
        return Request("GET", next(paths, "/"))

    def _explore(self, campaign: Campaign[Case]) -> None:
        """Play the generated cases of *campaign*."""
        if campaign.generated is None:
            return
        from contracts.conformance.explore import explore  # noqa: PLC0415  Hypothesis is heavy

        explore(
            campaign.generated(),
            lambda case: self._play(case) if self._allowed(case) else None,
            seed=self.options.seed,
            examples=self.options.examples,
            shrinking=_SHRINKING,
            ends=(*_ENDS, KeyboardInterrupt),
        )

    def _allowed(self, case: Case) -> bool:
        # A live server cannot reach the pictures that are served on this machine.
        stranger = self.options.live and (not case.anywhere or bool(case.pictures))
        return not stranger and (self.options.charges or not case.credits)

    def _play(self, case: Case) -> str | None:
        """Send what is in *case*, judge what comes back, and return the first binding rule that is broken."""
        if self.host is not None:
            self.host.offer(case.pictures)
        elif case.pictures:
            return None
        exchanges: list[Exchange] = []
        try:
            for step in case.steps:
                self._take(step, exchanges)
        except (*_ENDS, KeyboardInterrupt):
            self._judge(case, exchanges)
            raise
        return self._judge(case, exchanges)

    def _judge(self, case: Case, exchanges: Sequence[Exchange]) -> str | None:
        """Judge the *exchanges* of *case*, and return the first binding rule that is broken."""
        known = {f"{self._host}{path}": data for path, data in case.pictures.items() if self._was_fetched(path)}
        timeline = Timeline(tuple(exchanges), known)
        try:
            with quoting(self._hider):
                found = self._bench.hear(self.kit.checks.judge(timeline, self._judged), case.weight)
        finally:
            self._keep(exchanges)
        self._broken |= {violation.rule for violation in found}
        return min((violation.rule for violation in found if violation.rule in self._binding), default=None)

    def _take(self, step: Step, taken: list[Exchange]) -> None:
        """Take one step, fetch what its answer names, and add what happened to *taken*."""
        exchange = self._patiently(step, taken)
        if self.options.live:
            _respect(exchange, step)
        following = self.kit.follow(exchange)
        if following is not None and self._may_follow(following):
            before = len(taken)
            for _ in range(1 + step.again):
                self._fetch(following, taken)
            self._leading.update({one.number: exchange.number for one in taken[before:]})

    def _fetch(self, request: Request, taken: list[Exchange]) -> None:
        """Fetch what an answer names; where nobody is there, that is an exchange without a response, to be judged.

        Where the server may not lead us there is nothing to judge: it may work for others.
        """
        try:
            self._send(request, Decimal(0), taken)
        except ForbiddenPlaceError:
            return
        except TargetError:
            now = system_time()
            taken.append(Exchange(self.sender.sent - 1, 0, request, None, now, now, Ending.CLOSE))

    def _may_follow(self, request: Request) -> bool:
        """Tell whether *request*, whose address the server has named, leads to no more private a place than the server.

        A server on this machine may not send us into the network, nor one elsewhere to what only this machine, or only
        a network that it is not in itself, can reach. The transport looks again when it connects: names change.
        """
        try:
            place, home = Target.at(request.origin), Target.at(self.origin)
        except ValueError:
            return False
        if place.is_local or home.is_local or place.host == home.host:
            return place.is_local == home.is_local
        return home.is_private() or not place.is_private()

    def _patiently(self, step: Step, taken: list[Exchange]) -> Exchange:
        """Send the request of *step*; a live server that says 429 is asked again after a pause that grows."""
        signed = self.kit.signed(self._addressed(step.request), self.credentials, step.sign)
        for attempt in range(1, _TRIES + 1):
            exchange = self._send(signed, Decimal(str(step.credits)), taken)
            if step.sign is Sign.OWN:
                self._reception.note(exchange)
            limited = exchange.response is not None and exchange.response.status == _TOO_MANY
            if not (self.options.live and limited):
                return exchange
            if attempt < _TRIES:
                self.clock.sleep(_WAIT * attempt)
        raise StoppedError(f"The server still answers 429 after {_TRIES} tries. Wait some minutes, then run again.")

    def _send(self, request: Request, credits_at_most: Decimal, taken: list[Exchange]) -> Exchange:
        """Send *request* if the budget allows it, and add what came of it to *taken*.

        A server may close a connection that it has kept whenever it likes, also while the next request is on its way. A
        request that was lost like that says nothing; it is sent again, on a new connection.
        """
        kept = self.sender.connections
        exchange = self._sent(request, credits_at_most)
        if is_lost(exchange) and exchange.connection == kept:
            self._keep([exchange])
            self._repeated += 1
            exchange = self._sent(request, credits_at_most)
        taken.append(exchange)
        self._succeeded = self._succeeded or is_success(exchange)
        self._see(exchange)
        if self.watcher:
            self.watcher.exchange(exchange, len(self._broken))
        return exchange

    def _sent(self, request: Request, credits_at_most: Decimal) -> Exchange:
        """Send *request* once if the budget allows it."""
        self.budget.take(credits_at_most)
        try:
            exchange = self.sender.send(request)
        except (TargetError, ForbiddenPlaceError):
            self.budget.settle(credits_at_most, Decimal(0))
            raise
        self.budget.settle(credits_at_most, self.kit.charged(exchange))
        return exchange

    def _see(self, exchange: Exchange) -> None:
        """Count answers that are not whole.

        Raises:
            StoppedError: there were too many of them, or there was never another one.
        """
        if not is_unfinished(exchange):
            self._lost, self._heard = 0, True
            return
        self._lost += 1
        if self._lost >= _LOST:
            raise StoppedError(f"{_LOST} requests in a row got no whole answer: {trouble_with(exchange)}.")
        if not self._heard and is_slow(exchange):
            raise StoppedError(f"The first request got no whole answer: {trouble_with(exchange)}.")

    def _addressed(self, request: Request) -> Request:
        """Return *request* with the origins of the server and of the pictures filled in."""
        body = request.body
        if self.host is not None:
            for before, after in ((HOST, self._host), (quote(HOST, safe=""), quote(self._host, safe=""))):
                body = body.replace(before.encode(), after.encode())
        return Request(request.method, request.path, request.query, request.headers, body, self.origin)

    @property
    def _host(self) -> str:
        return self.host.origin if self.host is not None else HOST

    def _was_fetched(self, path: str) -> bool:
        return self.host is not None and path in self.host.fetched

    def _keep(self, exchanges: Sequence[Exchange]) -> None:
        """Keep *exchanges* if a violation refers to them or everything is recorded; let others go."""
        shown = self._bench.shown()
        wanted = shown | {self._leading[number] for number in shown & self._leading.keys()}
        for exchange in exchanges:
            if self.options.record or exchange.number in wanted:
                self._exchanges.add(exchange)
        if not self.options.record:
            self._exchanges.keep_only(wanted)
            self._leading = {number: one for number, one in self._leading.items() if number in shown}


def _respect(exchange: Exchange, step: Step) -> None:
    """Stop when a live server refuses our credentials, or has no credits left for us.

    Raises:
        StoppedError: it does.
    """
    status = exchange.response.status if exchange.response else 0
    if status == _UNAUTHORISED and step.sign is Sign.OWN:
        raise StoppedError("The server refuses the credentials (401). Are they those of this provider, and complete?")
    if status == _UNPAID:
        raise StoppedError("The server asks for payment (402). Buy credits, or leave --allow-charges out.")
