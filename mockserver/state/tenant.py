"""One caller, told from others by its credentials, with everything that is its own."""

from __future__ import annotations

import hashlib
import hmac
from collections import deque
from threading import Lock
from typing import TYPE_CHECKING

from mockserver.faults import Fault, FaultRules
from mockserver.state.ledger import Ledger
from mockserver.state.limiter import GENEROUS, Limiter

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class Tenant:
    """A caller with ledger, limits, settings, script and faults of its own.

    ``provider`` is the name of the one it belongs to, empty until its first request. ``latency`` is how long its image
    work takes (``None``: as long as everybody's). ``scenario`` is the name of the one it is in, or empty. ``requests``
    counts them.

    ``wish`` is the name of the scenario that its credentials ask for, ``choice`` what came of it, in a sentence.
    ``met`` tells that the credentials have been seen, not only the name, and ``touched`` that the user has changed
    something.
    """

    def __init__(self, name: str, settings: Mapping[str, object], seed: int) -> None:
        """Open the tenant *name* with *settings*; *seed* decides what its faults draw."""
        self.name = name
        self.provider = ""
        self.ledger = Ledger()
        self.limiter = Limiter()
        self.rules = FaultRules(seed)
        self.settings = dict(settings)
        self.latency: float | str | None = None
        self.scenario = self.wish = self.choice = ""
        self.met = self.touched = False
        self.requests = 0
        self._lock = Lock()
        self._first_settings = settings
        self._script: deque[Fault] = deque()
        self._words = 0
        self._secret: bytes | None = None

    def claim(self, provider: str, secret: str) -> bool:
        """Tell whether *secret* is the tenant's; the first one seen, of which only a hash is kept, is."""
        found = _hash(secret)
        if self._secret is None:
            with self._lock:
                if self._secret is None:
                    self._secret, self.provider = found, provider
        return hmac.compare_digest(self._secret, found)

    @property
    def script(self) -> tuple[Fault, ...]:
        """What is left of the script."""
        return tuple(self._script)

    def play(self, script: Iterable[Fault]) -> None:
        """Let the next requests meet the faults of *script*, one each, instead of what is left of another."""
        with self._lock:
            self._script = deque(script)
            self._words = len(self._script)

    def count(self) -> int:
        """Count another request; return how many there were."""
        with self._lock:
            self.requests += 1
            return self.requests

    def next_word(self) -> tuple[Fault, str] | None:
        """Return the next fault of the script and its place in it, or ``None`` if there is none left."""
        if not self._script:
            return None
        with self._lock:
            if not self._script:
                return None
            place = self._words - len(self._script) + 1
            return self._script.popleft(), f"word {place} of {self._words}"

    def reset(self, seed: int) -> None:
        """Be as at the beginning, but for the secret and for requests under way; draw by *seed*."""
        self.undress(seed)
        self.requests = 0
        self.touched = False

    def undress(self, seed: int) -> None:
        """Leave the scenario, and be as at the beginning but for the count of requests; draw by *seed*."""
        self.play(())
        self.ledger.reset()
        self.limiter.set(GENEROUS)
        self.rules.clear()
        self.rules.reseed(seed)
        self.settings = dict(self._first_settings)
        self.latency = None
        self.scenario = self.choice = ""


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode(errors="surrogatepass")).digest()
