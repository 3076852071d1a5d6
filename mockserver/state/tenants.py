"""All tenants, none of whom sees anything of another."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import TYPE_CHECKING

from mockserver.state.tenant import Tenant

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from contracts.behaviour import Credentials

MAX_TENANTS = 10_000


class Tenants:
    """Opens a tenant for any credentials; beyond :data:`MAX_TENANTS` the one longest unused is forgotten.

    With :meth:`restrict` only listed credentials are known. ``on_open`` is called with every fresh tenant.
    """

    def __init__(self, settings: Mapping[str, object], seed: int = 0, limit: int = MAX_TENANTS) -> None:
        """Keep at most *limit* tenants, each of which begins with *settings* and draws by *seed*."""
        self._settings = settings
        self._seed = seed
        self._lock = Lock()
        self._limit = limit
        self._keys: Mapping[str, frozenset[str]] | None = None
        self._tenants: OrderedDict[str, Tenant] = OrderedDict()
        self.on_open: Callable[[Tenant], None] = _nothing

    def restrict(self, keys: Mapping[str, frozenset[str]]) -> None:
        """Know nobody from now on but the tenants named in *keys*, each with one of its secrets."""
        self._keys = keys

    def all(self) -> tuple[Tenant, ...]:
        """Return every tenant, the one longest unused first."""
        with self._lock:
            return tuple(self._tenants.values())

    def get(self, name: str) -> Tenant:
        """Return the tenant *name*, a fresh one that still belongs to nobody if there was none."""
        with self._lock:
            tenant = self._tenants.get(name)
            if tenant is not None:
                self._tenants.move_to_end(name)
                return tenant
            tenant = self._tenants[name] = Tenant(name, self._settings, self._seed)
            if len(self._tenants) > self._limit:
                self._tenants.popitem(last=False)
            self.on_open(tenant)
            return tenant

    def open(self, provider: str, credentials: Credentials) -> Tenant | None:
        """Return the tenant of *credentials* at *provider*, a fresh one at first; ``None`` if the secret is wrong.

        Where another provider's caller has the same name, the tenant's name begins with the provider's and a colon.
        """
        if self._keys is not None and credentials.secret not in self._keys.get(credentials.tenant, ()):
            return None
        tenant = self.get(credentials.tenant)
        if tenant.provider not in {"", provider}:
            tenant = self.get(f"{provider}:{credentials.tenant}")
        return tenant if tenant.claim(provider, credentials.secret) else None

    def reseed(self, seed: int) -> None:
        """Let every tenant draw by *seed*, from the beginning."""
        self._seed = seed
        for tenant in self.all():
            tenant.rules.reseed(seed)

    def reset(self, tenant: Tenant) -> None:
        """Let *tenant* be as a fresh one."""
        tenant.reset(self._seed)
        self.on_open(tenant)

    def clear(self) -> None:
        """Forget all tenants."""
        with self._lock:
            self._tenants.clear()


def _nothing(_: Tenant) -> None:
    """Do nothing with a fresh tenant."""
