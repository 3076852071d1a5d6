"""A complete mock server, wired and ready to start."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from contracts.clock import Clock
from contracts.providers import discover
from mockserver import dashboard
from mockserver.app import create_app
from mockserver.control import Access, Control, register
from mockserver.control.access import is_loopback
from mockserver.engine import Engine
from mockserver.fetch import Fetcher
from mockserver.journal import Journal
from mockserver.samples import sample_pictures
from mockserver.state import State
from mockserver.wire import Server

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from types import TracebackType
    from typing import Self

    from flask import Flask

    from contracts.behaviour import Recipe, Rendering
    from contracts.cases import Credentials
    from contracts.model import Provider
    from mockserver.certificates import LocalAuthority
    from mockserver.engine import Latency
    from mockserver.fetch import Policy
    from mockserver.state.tenant import Tenant


class Mock:
    """The mock server: one port for all *providers*. As a context manager it serves from a thread of this process."""

    def __init__(  # noqa: PLR0913  the options of the command, all by keyword
        self,
        providers: Sequence[Provider] | None = None,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        fetch: Policy = "fixtures",
        latency: Latency = 0.0,
        seed: int = 0,
        clock: Clock | None = None,
        settings: Mapping[str, object] | None = None,
        token: str = "",
        allow_origins: Sequence[str] = (),
        scenario: str = "",
        keys: Mapping[str, frozenset[str]] | None = None,
        tls: bool = False,
        memory: int | None = None,
    ) -> None:
        """Prepare a server for *providers* (default: all that are installed) on *host* and *port* (0: a free one).

        *settings* choose, for every tenant, among answers that the documents leave open (see each ``SOURCES.md``).

        *token* opens the control API; beyond loopback one is made up if it is empty. Pages of *allow_origins* may use
        that API. *scenario* names one that every tenant is put into, or a file. With *keys* only those tenants are
        known, each with one of its secrets. With *tls* the server speaks HTTPS with certificates of an authority of its
        own, see :attr:`authority`, and refuses handshakes without a server name, as the providers do. *memory* is how
        many bytes of exchanges its journal holds.

        Raises:
            CertificateError: *tls* needs a package that is not installed.
            ValueError: one of *allow_origins* is no origin.
            ScenarioError: there is no such scenario, or it is wrong.
            WordError: there is no such setting, or it cannot have that value.
        """
        self.clock = clock or Clock()
        self.state = State(self.clock, settings or {}, seed)
        self.journal = Journal(self.clock) if memory is None else Journal(self.clock, max_bytes=memory)
        self.engine = self._engine(providers, fetch, latency, seed)
        self._prepare(settings or {}, scenario, keys)
        self.token = token or ("" if is_loopback(host) else secrets.token_urlsafe(16))
        self.app = self._application(allow_origins)
        self.authority = _authority(host) if tls else None
        self.server = self._server(host, port)

    def _engine(self, providers: Sequence[Provider] | None, fetch: Policy, latency: Latency, seed: int) -> Engine:
        """Return the engine for *providers*, or for all that are installed."""
        chosen = tuple(discover().values()) if providers is None else tuple(providers)
        return Engine(
            chosen,
            clock=self.clock,
            state=self.state,
            journal=self.journal,
            fetcher=Fetcher(fetch, sample_pictures(chosen)),
            render=_render,
            latency=latency,
            seed=seed,
        )

    def _prepare(
        self, settings: Mapping[str, object], scenario: str, keys: Mapping[str, frozenset[str]] | None
    ) -> None:
        """Check the *settings*, put every tenant into the *scenario*, and with *keys* admit no others.

        Raises:
            ScenarioError: there is no such scenario, or it is wrong.
            WordError: there is no such setting, or it cannot have that value.
        """
        for name, value in settings.items():
            self.engine.vocabulary.check_setting(name, value)
        if scenario:
            self.engine.choose_scenario(self.engine.library.find(scenario))
        if keys is not None:
            self.state.tenants.restrict(keys)

    def _application(self, allow_origins: Sequence[str]) -> Flask:
        """Return the application with the control API, which pages of *allow_origins* may use."""
        app = create_app(self.engine)
        control, access = Control(self.engine, self.state, self.journal, self.clock), Access(self.token, allow_origins)
        register(app, control, access)
        dashboard.register(app, access)
        return app

    def _server(self, host: str, port: int) -> Server:
        """Return the server of the application, which speaks HTTPS if there is an authority."""
        return Server(
            self.app,
            host,
            port,
            self.clock,
            max_body=self.engine.largest_body(),
            ssl_context=self.authority.context if self.authority else None,
            require_sni=self.authority is not None,
        )

    @property
    def url(self) -> str:
        """The origin of the server, without a trailing slash; with TLS by a name, since an address carries no SNI."""
        if self.authority is None:
            return self.server.url
        from mockserver.certificates import named  # noqa: PLC0415  only TLS needs it

        return named(self.server.url)

    def tenant(self, provider: str, credentials: Credentials) -> Tenant:
        """Return the tenant that *credentials* of *provider* open.

        Raises:
            ValueError: they are not of the form that credentials of this provider have.
        """
        line = f"{credentials.id}:{credentials.secret}" if credentials.id else credentials.secret
        caller = self.engine.services[provider].behaviour.listed(line)
        if caller is None:
            raise ValueError(f"credentials of {provider} are of another form")
        return self.state.tenants.get(caller.tenant)

    def serve(self) -> None:
        """Serve until interrupted."""
        try:
            self.server.run()
        finally:
            self.close()

    def __enter__(self) -> Self:
        """Start to serve from a thread."""
        self.server.start_in_thread()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop, and forget everything."""
        self.server.stop()
        self.close()

    def close(self) -> None:
        """Forget everything; a server that runs is stopped first, by leaving the context."""
        if self.authority is not None:
            self.authority.close()
        self.journal.close()
        self.state.close()


def _authority(host: str) -> LocalAuthority:
    """Return an authority with a certificate for this machine, for *host*, and for the providers' own hosts."""
    from mockserver.certificates import DOTTED, LocalAuthority, provider_hosts  # noqa: PLC0415  only TLS needs it

    wildcards = {"", "0.0.0.0", "::"}  # noqa: S104  looked up, not bound to
    own = ["localhost", "127.0.0.1", "::1", DOTTED, *([] if host in wildcards else [host])]
    names = dict.fromkeys([*own, *provider_hosts()])
    return LocalAuthority(tuple(names))


def _render(source: bytes, recipe: Recipe) -> Rendering:
    from mockserver.imaging import render  # noqa: PLC0415  libvips is loaded at the first picture

    return render(source, recipe)
