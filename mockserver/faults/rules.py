"""An ordered list of fault rules, of which the first that comes up and has something to change decides."""

from __future__ import annotations

import hashlib
from bisect import insort
from dataclasses import dataclass
from functools import partial
from threading import Lock
from typing import TYPE_CHECKING

from mockserver.faults.words import WordError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from mockserver.faults.fault import Fault
    from mockserver.faults.rule import FaultRule, Occasion

_DRAW_BYTES = 8
MAX_RULES = 1000
_MAX_COUNTERS = 20_000


@dataclass(frozen=True, slots=True)
class Drawn:
    """A fault that is to happen, and why; :attr:`take_back` is for one that had nothing to change.

    ``place`` is that of its rule: those that were added later have higher ones.
    """

    fault: Fault
    reason: str
    place: int
    take_back: Callable[[], None]


@dataclass(frozen=True, slots=True)
class Left:
    """How often, and for how many seconds of the clock, a rule may still apply; ``None`` stands for ever."""

    count: int | None
    seconds: float | None


@dataclass(slots=True, eq=False)
class _Armed:
    rule: FaultRule
    until: float | None
    place: int
    happened: int = 0
    removed: bool = False

    def over(self, now: float) -> bool:
        """Tell whether the rule will never apply again."""
        spent = self.rule.count is not None and self.happened >= self.rule.count
        return spent or (self.until is not None and now >= self.until)

    def left(self, now: float) -> Left:
        """Return how much is left of the rule at *now*."""
        count = None if self.rule.count is None else self.rule.count - self.happened
        return Left(count, None if self.until is None else round(self.until - now, 6))


class FaultRules:
    """Rules in the order in which they were added. All methods may be called from any thread.

    Whether a rule with a probability comes up depends on the seed, the rule's id, the tenant, and how often that tenant
    has matched the rule before: a run repeats exactly, whatever others do meanwhile.
    """

    def __init__(self, seed: int) -> None:
        """Start without rules; *seed* decides what is drawn."""
        self._lock = Lock()
        self._seed = seed
        self._armed: list[_Armed] = []
        self._tries: dict[tuple[str, str], int] = {}
        self._ids = 0
        self._places = 0
        self._oldest = 0

    def __bool__(self) -> bool:
        """Tell whether there are any rules."""
        return bool(self._armed)

    def add(self, rules: Iterable[FaultRule], now: float) -> None:
        """Append *rules*, whose seconds count from *now*.

        Raises:
            WordError: there would be more than :data:`MAX_RULES`.
        """
        with self._lock:
            self._forget(now)
            added = [
                _Armed(rule, None if rule.seconds is None else now + rule.seconds, place)
                for place, rule in enumerate(rules, self._places)
            ]
            if len(self._armed) + len(added) > MAX_RULES:
                raise WordError("", f"there are {len(self._armed)} rules; {MAX_RULES} are the most")
            self._armed += added
            self._places += len(added)

    def clear(self) -> None:
        """Take all rules out, and forget what was drawn and which ids were given."""
        with self._lock:
            self._armed = []
            self._oldest = self._places
            self._tries = {}
            self._ids = 0

    def remove(self, id_: str) -> bool:
        """Take the rule *id_* out; tell whether there was one."""
        with self._lock:
            left = [one for one in self._armed if one.rule.id != id_]
            found = len(left) < len(self._armed)
            for one in self._armed:
                if one.rule.id == id_:
                    one.removed = True
            self._armed = left
            return found

    def next_id(self) -> str:
        """Return an id that no rule has had."""
        with self._lock:
            self._ids += 1
            return str(self._ids)

    def reseed(self, seed: int) -> None:
        """Draw by *seed* from now on, as if nothing had been drawn before."""
        with self._lock:
            self._seed = seed
            self._tries = {}

    def listed(self, now: float) -> list[tuple[FaultRule, int, Left]]:
        """Return the rules that may still apply at *now*, each with how often it has, and what is left of it."""
        with self._lock:
            self._forget(now)
            return [(one.rule, one.happened, one.left(now)) for one in self._armed]

    def draw(self, occasion: Occasion, now: float, after: int = -1) -> Drawn | None:
        """Return the fault of the first rule behind the place *after* that fits *occasion* and comes up, if any."""
        with self._lock:
            self._forget(now)
            for one in self._armed:
                rule = one.rule
                if one.place <= after or not rule.match.fits(occasion) or self._leaves_out(rule, occasion):
                    continue
                number, share = self._share(rule.id, occasion.tenant) if rule.probability < 1 else (0, 0.0)
                if share < rule.probability:
                    one.happened += 1
                    chance = f", draw {number}: {share:.3f} < {rule.probability:g}" if rule.probability < 1 else ""
                    reason = f"rule {rule.id}{chance}: {rule.fault.sentence}"
                    return Drawn(rule.fault, reason, one.place, partial(self._take_back, one))
        return None

    def _take_back(self, one: _Armed) -> None:
        """Let the latest fault of *one* not count; if that was its last, it is tried again in its old place."""
        with self._lock:
            one.happened -= 1
            if one.place >= self._oldest and not one.removed and one not in self._armed:
                insort(self._armed, one, key=lambda other: other.place)

    @staticmethod
    def _leaves_out(rule: FaultRule, occasion: Occasion) -> bool:
        """Tell whether the provider lacks what the fault of *rule* needs; note it if it is the first such rule."""
        missing = rule.fault.missing(occasion.errors)
        if missing and not occasion.notes:
            said = f"it asks for {rule.fault.sentence}, which {missing}"
            occasion.notes.append(f"the fault rule {rule.id} is left out: {said}")
        return bool(missing)

    def _forget(self, now: float) -> None:
        if any(one.over(now) for one in self._armed):
            self._armed = [one for one in self._armed if not one.over(now)]

    def _share(self, rule: str, tenant: str) -> tuple[int, float]:
        """Return which draw of *tenant* for *rule* this is, and a number from 0 to 1 that follows from it."""
        key = (rule, tenant)
        number = self._tries.pop(key, 0) + 1
        self._tries[key] = number
        if len(self._tries) > _MAX_COUNTERS:
            del self._tries[next(iter(self._tries))]
        digest = hashlib.blake2b(f"{self._seed}/{rule}/{tenant}/{number}".encode(), digest_size=_DRAW_BYTES).digest()
        return number, int.from_bytes(digest) / 2 ** (8 * _DRAW_BYTES)
