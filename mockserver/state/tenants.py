"""Tenants: callers, told apart by their credentials, none of whom sees anything of another."""

from __future__ import annotations

import hashlib
import hmac
from collections import OrderedDict
from threading import Lock
from typing import TYPE_CHECKING

from mockserver.state.ledger import Ledger

if TYPE_CHECKING:
    from collections.abc import Mapping

    from contracts.behaviour import Credentials

MAX_TENANTS = 10_000


class Tenant:
    """One caller of one provider, with a ledger and settings of its own."""

    def __init__(self, secret: str, settings: Mapping[str, object]) -> None:
        """Open the tenant for whoever knows *secret*, of which only a hash is kept, with *settings*."""
        self._secret = _hash(secret)
        self.ledger = Ledger()
        self.settings = dict(settings)

    def knows(self, secret: str) -> bool:
        """Tell whether *secret* is the one the tenant was opened with."""
        return hmac.compare_digest(self._secret, _hash(secret))


class Tenants:
    """Opens a tenant for any credentials; beyond :data:`MAX_TENANTS` the one longest unused is forgotten."""

    def __init__(self, settings: Mapping[str, object], limit: int = MAX_TENANTS) -> None:
        """Keep at most *limit* tenants, each of which begins with *settings*."""
        self._settings = settings
        self._lock = Lock()
        self._limit = limit
        self._tenants: OrderedDict[tuple[str, str], Tenant] = OrderedDict()

    def names(self) -> tuple[tuple[str, str], ...]:
        """Return provider and name of every tenant, the one longest unused first."""
        with self._lock:
            return tuple(self._tenants)

    def open(self, provider: str, credentials: Credentials) -> Tenant | None:
        """Return the tenant of *credentials* at *provider*, a fresh one at first; ``None`` if the secret is wrong."""
        key = (provider, credentials.tenant)
        with self._lock:
            tenant = self._tenants.get(key)
            if tenant is None:
                tenant = self._tenants[key] = Tenant(credentials.secret, self._settings)
                if len(self._tenants) > self._limit:
                    self._tenants.popitem(last=False)
                return tenant
            self._tenants.move_to_end(key)
        return tenant if tenant.knows(credentials.secret) else None


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode(errors="surrogatepass")).digest()
