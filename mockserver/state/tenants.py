"""All tenants, none of whom sees anything of another."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import TYPE_CHECKING

from contracts.behaviour import Problem
from mockserver.state.tenant import Tenant

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from contracts.behaviour import Credentials

MAX_TENANTS = 10_000


_FIRST_COUNTS = (
    "the first secret that came with this id counts, and this is another one; send that one, take another id, or reset "
    "the caller"
)
_BY_KEYS = {
    Problem.UNKNOWN_CREDENTIALS: "only the credentials in the file of keys are known, and these are not there",
    Problem.WRONG_SECRET: "the file of keys has another secret for this id",
}


class Tenants:
    """Opens a tenant for any credentials; beyond :data:`MAX_TENANTS` the one longest unused is forgotten.

    With :meth:`restrict` only listed credentials are known, and after :meth:`retire` some are not any more. ``on_open``
    is called with every fresh tenant and its credentials, if they are known, and ``on_meet`` with one that was opened
    by its name, once they are.
    """

    def __init__(self, settings: Mapping[str, object], seed: int = 0, limit: int = MAX_TENANTS) -> None:
        """Keep at most *limit* tenants, each of which begins with *settings* and draws by *seed*."""
        self._settings = settings
        self._seed = seed
        self._lock = Lock()
        self._limit = limit
        self._keys: Mapping[str, frozenset[str]] | None = None
        self._retired: dict[str, str] = {}
        self._tenants: OrderedDict[str, Tenant] = OrderedDict()
        self.on_open: Callable[[Tenant, Credentials | None], None] = _nothing
        self.on_meet: Callable[[Tenant, Credentials], None] = _nothing

    def restrict(self, keys: Mapping[str, frozenset[str]]) -> None:
        """Know nobody from now on but the tenants named in *keys*, each with one of its secrets."""
        self._keys = keys

    def retire(self, name: str, why: str) -> None:
        """Forget the tenant *name*, and know nobody of that name from now on, because of *why*, a sentence."""
        with self._lock:
            self._tenants.pop(name, None)
            self._retired[name] = why

    def obituary(self, name: str) -> str:
        """Return why nobody is known any more by *name*, or nothing."""
        return self._retired.get(name, "")

    def all(self) -> tuple[Tenant, ...]:
        """Return every tenant, the one longest unused first."""
        with self._lock:
            return tuple(self._tenants.values())

    def knows(self, name: str) -> bool:
        """Tell whether there is a tenant *name*."""
        with self._lock:
            return name in self._tenants

    def explanation(self, problem: Problem) -> str:
        """Return why credentials with *problem* are not taken, which no provider says; nothing where it does."""
        if self._keys is not None:
            return _BY_KEYS.get(problem, "")
        return _FIRST_COUNTS if problem is Problem.WRONG_SECRET else ""

    def get(self, name: str, credentials: Credentials | None = None) -> Tenant:
        """Return the tenant *name*, a fresh one that still belongs to nobody if there was none.

        *credentials* are the tenant's, if they are known; the secret is not kept.
        """
        with self._lock:
            tenant = self._tenants.get(name)
            if tenant is not None:
                self._tenants.move_to_end(name)
                return tenant
            tenant = Tenant(name, self._settings, self._seed)
            tenant.met = credentials is not None
            self.on_open(tenant, credentials)
            self._tenants[name] = tenant
            if len(self._tenants) > self._limit:
                self._tenants.popitem(last=False)
            return tenant

    def open(self, provider: str, credentials: Credentials) -> Tenant | Problem:
        """Return the tenant of *credentials* at *provider*, a fresh one at first, or what is wrong with them.

        Where another provider's caller has the same name, the tenant's name begins with the provider's and a colon.
        """
        if credentials.tenant in self._retired:
            return Problem.UNKNOWN_CREDENTIALS
        if self._keys is not None and (problem := self._refusal(self._keys, credentials)):
            return problem
        tenant = self.get(credentials.tenant, credentials)
        if tenant.provider not in {"", provider}:
            tenant = self.get(f"{provider}:{credentials.tenant}", credentials)
        if not tenant.claim(provider, credentials.secret):
            return Problem.WRONG_SECRET
        if not tenant.met:
            self._meet(tenant, credentials)
        return tenant

    @staticmethod
    def _refusal(keys: Mapping[str, frozenset[str]], credentials: Credentials) -> Problem | None:
        """Return what is wrong with *credentials* where only *keys* are known."""
        secrets = keys.get(credentials.tenant)
        if secrets is None:
            return Problem.UNKNOWN_CREDENTIALS
        return None if credentials.secret in secrets else Problem.WRONG_SECRET

    def _meet(self, tenant: Tenant, credentials: Credentials) -> None:
        """Note that the *credentials* of *tenant* are known, of which only the name was."""
        with self._lock:
            if not tenant.met:
                tenant.met = True
                self.on_meet(tenant, credentials)

    def reseed(self, seed: int) -> None:
        """Let every tenant draw by *seed*, from the beginning."""
        self._seed = seed
        for tenant in self.all():
            tenant.rules.reseed(seed)

    def undress(self, tenant: Tenant) -> None:
        """Let *tenant* leave its scenario."""
        tenant.undress(self._seed)

    def reset(self, tenant: Tenant) -> None:
        """Let *tenant* be as a fresh one."""
        tenant.reset(self._seed)
        self.on_open(tenant, None)

    def clear(self) -> None:
        """Forget all tenants."""
        with self._lock:
            self._tenants.clear()


def _nothing(tenant: Tenant, credentials: Credentials | None) -> None:
    """Do nothing with a fresh tenant."""
