"""A provider for one test: a tenant of its own on the mock server, and what the client under test did there."""

from __future__ import annotations

import hashlib
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Self

from contracts.clock import system_time
from contracts.model import Job, Level
from contracts.providers import kit_of
from contracts.suggestion import did_you_mean
from mockserver.faults import FaultRule, WordError, fault_of, plain, word_of
from mockserver.journal.journal import MAX_ENTRIES
from mockserver.scenarios import TenantChange
from mockserver.scenarios.library import ScenarioError
from mockserver.testing.attendance import Attendance
from mockserver.testing.errors import MisuseError, NonconformityError
from mockserver.testing.house import MEMORY
from mockserver.testing.story import Story

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from contracts.cases import Credentials
    from contracts.model import Provider
    from mockserver.state.tenant import Tenant
    from mockserver.testing.house import House
    from mockserver.testing.journal import Calls

__tracebackhide__ = True
"""A test that fails shows its own lines."""
_SETTABLE = frozenset({"credits"})
CHANGES = ("credits", "state", "pack", "use_before", "limits", "latency", "settings")
"""What can be changed of a tenant, as the control API has it."""


def check_name(name: str, known: Collection[str], kind: str) -> None:
    """Raise a :class:`MisuseError` if *name* is none of the *known* ones of its *kind*."""
    if name not in known:
        raise MisuseError(f"There is no {kind} {name!r}.{did_you_mean(name, known)} There are {', '.join(known)}.")


class ProviderMock:
    """The provider as the code under test finds it during one test.

    Its tenant begins with 1000 credits, and nothing of another test is seen in it.
    """

    provider: Provider
    name: str
    in_process = False
    """Whether it is reached without a socket."""

    def __init__(self, house: House, provider: str, name: str = "") -> None:
        """Have a tenant at *provider* in *house*; the same *name*, as of a test, draws the same at random.

        Raises:
            MisuseError: there is no such provider.
            ProviderError: it cannot be used in tests, since its folder does not say what its credentials are.
        """
        vars(self).update(provider=house.provider(provider), name=name)
        self._house = house
        self._kit = kit_of(self.provider)
        digest = hashlib.sha256(f"{provider} {self.in_process} {name}".encode()).hexdigest()[:16]
        self._credentials = self._kit.anonymous(f"test{digest}n{house.next_number(digest)}")
        self._tenant_name = self._tenant_of(self._credentials).name
        house.admit(self._tenant_name, self._credentials)
        self._attendance = Attendance(house, self.provider, self._tenant_name, in_process=self.in_process)
        self._over = False

    # What the code under test needs

    @property
    def url(self) -> str:
        """The address of the provider: scheme, host and port, without a trailing slash.

        Raises:
            MisuseError: the test is over, or the port is taken.
        """
        self._check()
        return self._house.origin

    @property
    def credentials(self) -> Any:  # noqa: ANN401  either form fits its provider's clients, and no other
        """What proves who one is: a pair for HTTP Basic authentication, or a string where the provider wants a key.

        Raises:
            MisuseError: the test is over.
        """
        self._check()
        return self._credentials.secret if self._kit.by_key else (self._credentials.id, self._credentials.secret)

    @property
    def environment(self) -> dict[str, str]:
        """The same as environment variables, for clients in processes of their own; see ``matteproof check client``."""
        own = self._credentials
        who = {"API_KEY": own.secret} if self._kit.by_key else {"API_ID": own.id, "API_SECRET": own.secret}
        return {f"MATTEPROOF_{name}": value for name, value in {"BASE_URL": self.url, **who}.items()}

    # What the test has the provider do

    def script(self, *words: object) -> None:
        """Have the next requests for work meet these words of the control API, one each; then all is normal.

        Such as ``"429"`` (a status), ``"slow-down"`` (a documented error), ``"ok"``, or
        ``{"fault": "truncate", "after": 1000}``.

        Raises:
            MisuseError: a word is unknown or wrong, or the test is over.
        """
        tenant, errors = self._tenant, self._errors
        if len(words) == 1 and isinstance(words[0], list | tuple):
            raise MisuseError(f"The words are given one by one: script(*{words[0]!r}).")
        faults = []
        for number, word in enumerate(words, 1):
            try:
                faults.append(fault_of(word, errors))
            except WordError as error:
                raise MisuseError(f"Word {number} of the script: {error}") from None
        tenant.play(faults)

    @property
    def unplayed(self) -> tuple[object, ...]:
        """The words of the script that no request has met so far."""
        return tuple(word_of(fault) for fault in self._tenant.script)

    def scenario(self, name: str) -> None:
        """Put the provider into the scenario *name*, such as ``"busy"``, for this test; ``""`` is none.

        Script, credits and all that was changed before is as at the beginning.

        Raises:
            MisuseError: there is none of that name, or the test is over.
        """
        if not isinstance(name, str):
            raise MisuseError(f"A scenario has a name, such as 'busy'; {name!r} is none.")
        try:
            self._house.mock.engine.enter_scenario(self._tenant, name)
        except ScenarioError as error:
            raise MisuseError(str(error)) from None

    def misbehave(  # noqa: PLR0913  the terms of a rule, by keyword
        self,
        fault: object,
        *,
        operation: str | None = None,
        parameters: Mapping[str, str] | None = None,
        count: int | None = None,
        probability: float = 1.0,
        seconds: float | None = None,
    ) -> None:
        """Have requests of this test meet *fault*, a word as in a script, from now on.

        Args:
            fault: The word.
            operation: Only those for the operation of that id in the provider's OpenAPI document.
            parameters: Only those with these parameters.
            count: Only so many of them.
            probability: Each only with this probability, from 0 to 1; the same ones whenever the test runs.
            seconds: Only within so many seconds of the mock's clock.

        Raises:
            MisuseError: something of that is unknown or wrong, or the test is over.
        """
        engine, rules = self._house.mock.engine, self._tenant.rules
        match = {"provider": self.provider.name, "operation": operation, "parameters": dict(parameters or {})}
        terms = {"count": count, "probability": probability, "seconds": seconds}
        wanted = {"fault": fault, "match": _given(match), **_given(terms)}
        try:
            rule = FaultRule.read(rules.next_id(), wanted, self._errors)
            engine.vocabulary.check_match(rule.match)
        except WordError as error:
            raise MisuseError(f"The fault is wrong: {error}") from None
        rules.add([rule], engine.now())

    def change(self, **changes: object) -> None:
        """Change what is given of credits, state, pack, use_before, limits, latency and settings.

        The values are those of the control API's ``PATCH tenants/{id}``, such as ``latency="documented"``.

        Raises:
            MisuseError: there is nothing of that name, its value is wrong, or the test is over.
        """
        for name in changes:
            check_name(name, CHANGES, "change")
        tenant, vocabulary = self._tenant, self._house.mock.engine.vocabulary
        try:
            TenantChange.read(plain(changes), vocabulary, self.provider.name).apply(tenant)
        except WordError as error:
            raise MisuseError(f"The change is wrong: {error}") from None

    @property
    def credits(self) -> Decimal:
        """The credits that are left."""
        return self._tenant.ledger.at(self._house.clock.now()).credits

    @credits.setter  # noqa: A003  as the API calls it
    def credits(self, number: Decimal | float) -> None:
        self.change(credits=float(number) if isinstance(number, Decimal) else number)

    # What came of it

    @property
    def journal(self) -> Calls:
        """The calls so far, also those with wrong credentials or to unknown paths."""
        self._check()
        return self._attendance.calls()

    def assert_conforms(self, *, level: str = "must", ignore: Collection[str] = ()) -> None:
        """Assert that the client under test has kept the rules of the provider in this test so far.

        Args:
            level: ``"must"``, or ``"should"`` to insist on what is only recommended, too.
            ignore: Ids of rules that may be broken, or one of them.

        Raises:
            NonconformityError: a rule is broken; the text shows where, and where the rule comes from.
            MisuseError: *level* or *ignore* names nothing that exists, or the test is over, or it made so many calls,
                or such large ones, that not all can be judged.
        """
        if level not in {Level.MUST, Level.SHOULD}:
            raise MisuseError(f"The level is 'must' or 'should', not {level!r}.")
        self._check()
        ignore = [ignore] if isinstance(ignore, str) else ignore
        verdict = self.story().verdict()
        unknown = next((rule for rule in ignore if rule not in verdict.rules), None)
        if unknown is not None:
            hint = did_you_mean(unknown, verdict.rules)
            raise MisuseError(f"{unknown!r} is no rule about clients of {self.provider.name}.{hint}")
        if verdict.is_empty:
            raise NonconformityError(
                f"{self.provider.title} was asked for nothing in this test, so that nothing can be said of the client. "
                f"Does it go to .url?{''.join(f' {one}' for one in self._attendance.strays())}",
                self,
            )
        broken = verdict.broken(level=Level(level), ignore=ignore)
        if broken:
            raise NonconformityError(verdict.told(broken), self)
        if verdict.lost:
            raise MisuseError(
                f"{verdict.lost}, so that it cannot be said whether the client conforms: of a test in progress "
                f"{MEMORY // 1024**2} MB are held, and {MAX_ENTRIES:,} calls. Send smaller pictures, or make several "
                "tests of this one."
            )

    def told(self, error: BaseException | None = None) -> str:
        """Return what happened, why, and which rules were broken, for a reader; nothing if nothing did.

        *error* is what ended the test, if anything has, see :meth:`Story.told`.
        """
        return self.story().told(error)

    def story(self) -> Story:
        """Return what happened so far, as it stays when the mock is closed."""
        own, attendance = self._credentials, self._attendance
        calls = attendance.calls()
        return Story(
            provider=self.provider,
            kit=self._kit,
            calls=calls,
            job=Job((), {}, self.url if calls else "", own.id, own.secret),  # only who is asked needs an address
            notes=(*attendance.strangers(), *attendance.strays()),
            forgotten=len(attendance.lost),
            is_timeless=attendance.is_timeless,
            taken=system_time(),
        )

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the test."""
        self.close()

    def close(self) -> None:
        """End the test: nobody is known by its credentials any more."""
        mock = self._house.mock
        self._attendance.leave()
        self._over = True
        self._house.dismiss(self._tenant_name)
        mock.state.tenants.retire(
            self._tenant_name, f"they are those of {self.name or 'a test'}, which is over: make a client for each test"
        )
        mock.journal.clear(self._tenant_name)

    def _check(self) -> None:
        """Raise a :class:`MisuseError` if the test is over."""
        if self._over:
            raise MisuseError(
                f"This mock belongs to {self.name or 'a test'}, which is over. Each test has a mock of its own: take "
                "the fixture in the test that needs it, and keep none in modules, classes or wider fixtures."
            )

    def __setattr__(self, name: str, value: object) -> None:
        """Set what there is, so that a misspelt name does not go unnoticed.

        Raises:
            MisuseError: there is nothing of that name to be set.
        """
        if not name.startswith("_") and name not in _SETTABLE:
            hint = f"use .change({name}=...)" if name in CHANGES else "only .credits can be"
            raise MisuseError(f"A mock has no {name!r} to be set: {hint}.{did_you_mean(name, _SETTABLE)}")
        super().__setattr__(name, value)

    def __repr__(self) -> str:
        """Show which provider it is, and how often it was asked."""
        state = "over" if self._over else f"{len(self._attendance.numbers)} calls"
        return f"<{type(self).__name__} {self.provider.name}: {state}>"

    @property
    def _errors(self) -> Collection[str]:
        """The names of the provider's documented errors."""
        return self._house.mock.engine.services[self.provider.name].errors

    @property
    def _tenant(self) -> Tenant:
        self._check()
        return self._tenant_of(self._credentials)

    def _tenant_of(self, credentials: Credentials) -> Tenant:
        return self._house.mock.tenant(self.provider.name, credentials)


def _given(values: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in values.items() if value not in (None, {})}
