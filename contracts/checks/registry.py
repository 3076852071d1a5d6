"""The checks of a provider: for each rule, pure functions over the calls of a timeline."""

from __future__ import annotations

from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Generic, TypeVar

from contracts.checks.call import Call
from contracts.checks.finding import Broken, printable
from contracts.model import Violation

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

    from contracts.checks.finding import Finding
    from contracts.model import Timeline

_Call = TypeVar("_Call", bound=Call)

if TYPE_CHECKING:
    Each = Callable[[_Call], Finding | None]
    """Judges one call; ``None`` where the rule does not come into play."""
    Together = Callable[[Sequence[_Call]], Iterable[tuple[_Call, Finding]]]
    """Compares calls with each other, and yields findings with the calls that they are about."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """That a rule was exercised by an exchange: kept if ``violation`` is ``None``.

    ``trouble`` is not empty if the check itself failed, so that nothing is known.
    """

    rule: str
    exchange: int
    violation: Violation | None = None
    trouble: str = ""


class Checks(Generic[_Call]):
    """The checks of one provider. Every one is a function of calls alone, and its docstring tells how it judges.

    ``read`` takes a timeline apart into calls, in order.
    """

    def __init__(self, subject: str, read: Callable[[Timeline], Sequence[_Call]]) -> None:
        """Start with no checks, for rules whose ids begin with *subject*, such as ``pixian.server``."""
        self._subject = subject
        self._read = read
        self._checks: dict[str, list[Callable[[Sequence[_Call]], Iterable[tuple[_Call, Finding]]]]] = {}

    def each(self, *topics: str) -> Callable[[Callable[[_Call], Finding | None]], Callable[[_Call], Finding | None]]:
        """Register a function that judges one call: a finding, or ``None`` where the rule does not come into play.

        *topics* are the ids of the rules that it judges, without the subject; mostly one.
        """

        def register(check: Each[_Call]) -> Each[_Call]:
            @wraps(check)
            def over_all(calls: Sequence[_Call]) -> Iterator[tuple[_Call, Finding]]:
                for call in calls:
                    finding = check(call)
                    if finding is not None:
                        yield call, finding

            self._add(topics, over_all)
            return check

        return register

    def together(self, *topics: str) -> Callable[[Together[_Call]], Together[_Call]]:
        """Register a function that compares calls with each other, for the rules *topics*."""

        def register(check: Together[_Call]) -> Together[_Call]:
            self._add(topics, check)
            return check

        return register

    @property
    def rules(self) -> frozenset[str]:
        """The ids of the rules that have a check."""
        return frozenset(self._checks)

    def names(self, rule: str) -> tuple[str, ...]:
        """Return the full names of the functions that judge *rule*."""
        return tuple(f"{check.__module__}.{check.__qualname__}" for check in self._checks.get(rule, ()))

    def judge(self, timeline: Timeline, only: Collection[str] | None = None) -> Iterator[Outcome]:
        """Yield what the checks find in *timeline*; with *only*, what those of these rules find."""
        calls = self._read(timeline)
        for rule, checks in self._checks.items():
            if only is None or rule in only:
                for check in checks:
                    yield from _outcomes(rule, check, calls)

    def _add(self, topics: Iterable[str], check: Together[_Call]) -> None:
        for topic in topics:
            self._checks.setdefault(f"{self._subject}.{topic}", []).append(check)


def _outcomes(rule: str, check: Together[_Call], calls: Sequence[_Call]) -> Iterator[Outcome]:
    """Yield the findings of one *check*; a check that fails must not take the others' findings with it."""
    try:
        for call, finding in check(calls):
            number = call.exchange.number
            violation = None
            if isinstance(finding, Broken):
                texts = (finding.where, finding.expected, finding.received, finding.hint)
                violation = Violation(rule, number, *map(printable, texts))
            yield Outcome(rule, number, violation)
    except Exception as error:  # noqa: BLE001  a server's answer that no check foresaw; it is reported, not swallowed
        first = calls[0].exchange.number if calls else 0
        yield Outcome(rule, first, trouble=printable(f"{type(error).__name__}: {error}"))
