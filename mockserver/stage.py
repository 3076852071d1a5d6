"""A mock server as a stage for clients under test."""

from __future__ import annotations

import tempfile
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from contracts.clock import system_time
from contracts.model import Handshakes
from mockserver.faults import FaultRule
from mockserver.faults.words import fault_of
from mockserver.mock import Mock

if TYPE_CHECKING:
    from collections.abc import Mapping

    from contracts.cases import Credentials
    from contracts.clock import Clock
    from contracts.model import Exchange, Provider, Request
    from contracts.trials import Trial
    from mockserver.wire.tls import Kind


class MockStage:
    """A mock of one provider that serves from a thread; a :class:`contracts.conformance.client.stage.Stage`."""

    def __init__(self, provider: Provider, *, tls: bool = False) -> None:
        """Start a mock of *provider*, which speaks HTTPS with *tls*.

        Raises:
            CertificateError: *tls* needs a package that is not installed.
        """
        self._provider = provider
        self._folder = tempfile.TemporaryDirectory(prefix="matteproof-stage-")
        self._requests: dict[int, Request] = {}
        self._handshakes: Counter[Kind] = Counter()
        self._mock = Mock([provider], fetch="loopback", tls=tls)
        self._mock.engine.witness = self._requests.__setitem__
        self._mock.__enter__()
        self._trust = self._trusting()

    @property
    def origin(self) -> str:
        """The address of the server, without a trailing slash."""
        return self._mock.url

    @property
    def dotted_origin(self) -> str:
        """The same by a name with a dot, which not every program can look up."""
        from mockserver.certificates import DOTTED  # noqa: PLC0415  only TLS needs it

        parts = urlsplit(self.origin)
        return parts._replace(netloc=f"{DOTTED}:{parts.port}").geturl()

    @property
    def clock(self) -> Clock:
        """The clock of the server."""
        return self._mock.clock

    @property
    def trust(self) -> Mapping[str, str]:
        """The environment variables by which programs trust its certificate; empty where it speaks no TLS."""
        return self._trust

    def prepare(self, trial: Trial, credentials: Credentials, speed: float) -> None:
        """Forget all that was; let whoever has *credentials* meet the script and the faults of *trial*."""
        engine = self._mock.engine
        engine.reset()
        self._requests.clear()
        self._handshakes = Counter(self._mock.server.handshakes)
        self.clock.set(speed=speed, frozen=False, now=system_time())
        errors = engine.vocabulary.errors
        tenant = self._mock.tenant(self._provider.name, credentials)
        tenant.latency = trial.latency
        tenant.play([fault_of(word, errors) for word in trial.script])
        engine.rules.add([FaultRule.read(engine.rules.next_id(), rule, errors) for rule in trial.faults], engine.now())

    def exchanges(self) -> tuple[Exchange, ...]:
        """Return what has happened since, with the requests as they were sent."""
        requests = dict(self._requests)
        return tuple(
            replace(entry.exchange(), request=requests[entry.number])
            for entry in self._mock.journal.find()
            if entry.number in requests
        )

    def handshakes(self) -> Handshakes | None:
        """Return what TLS handshakes have come to since, ``None`` where there are none."""
        if self._mock.authority is None:
            return None
        new = self._mock.server.handshakes - self._handshakes
        return Handshakes(named=new["named"], nameless=new["nameless"], plain=new["plain"])

    def close(self) -> None:
        """Stop the server."""
        self._mock.__exit__(None, None, None)
        self._folder.cleanup()

    def _trusting(self) -> Mapping[str, str]:
        if self._mock.authority is None:
            return {}
        from mockserver.certificates import trust_environment  # noqa: PLC0415  only TLS needs it

        return trust_environment(self._mock.authority.path, Path(self._folder.name))
