"""The server, as its user sees it."""

from __future__ import annotations

import os
import threading
from collections import Counter
from typing import TYPE_CHECKING

from mockserver.wire.limits import Limits
from mockserver.wire.listener import close, listen
from mockserver.wire.settings import Settings

if TYPE_CHECKING:
    import socket
    import ssl
    from collections.abc import Callable
    from types import TracebackType
    from typing import Self
    from wsgiref.types import WSGIApplication

    from contracts.clock import Clock
    from mockserver.wire.response import OnError
    from mockserver.wire.runtime import Runtime
    from mockserver.wire.tls import Kind

_MAX_BODY = 64 * 1024 * 1024
_WILDCARDS = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  looked up, not bound to


class Server:
    """An HTTP/1.1 server for one WSGI application.

    It serves in the calling thread (:meth:`run`) or in one of its own (:meth:`start_in_thread`, or as a context
    manager). What it adds to WSGI is described in :mod:`mockserver.wire.environ`. ``handshakes`` counts those of TLS.
    """

    def __init__(  # noqa: PLR0913  the terms of service, by keyword but for the first four
        self,
        app: WSGIApplication,
        host: str,
        port: int,
        clock: Clock,
        *,
        max_body: int = _MAX_BODY,
        limits: Limits | None = None,
        on_error: OnError | None = None,
        ssl_context: ssl.SSLContext | None = None,
        require_sni: bool = False,
        threads: int | None = None,
        prefer_uvloop: bool = True,
    ) -> None:
        """Prepare to serve *app* at *host* and *port* (0: a free one).

        *clock* drives delays and the Date field. *max_body* is the largest request body in bytes. *on_error* makes the
        page, of status, fields and body, when the application raises. *ssl_context*, which is changed so that failed
        handshakes end with an alert, makes the server speak TLS; with *require_sni* it refuses handshakes without a
        server name. *threads* is how many calls may block at a time (default: one a processor). With *prefer_uvloop*
        the event loop is uvloop, where that is installed and there is no TLS, else that of the standard library.
        """
        self._host = host
        self._wanted_port = port
        self._settings = Settings(
            app=app,
            clock=clock,
            limits=limits or Limits(),
            max_body=max_body,
            threads=threads or os.cpu_count() or 1,
            on_error=on_error,
            ssl_context=ssl_context,
            prefer_uvloop=prefer_uvloop,
        )
        self.handshakes: Counter[Kind] = Counter()
        if ssl_context is not None:
            from mockserver.wire.tls import prepare  # noqa: PLC0415  only TLS needs it

            self.handshakes = prepare(ssl_context, require_server_name=require_sni)
        self._sockets: list[socket.socket] = []
        self._runtime: Runtime | None = None
        self._thread: threading.Thread | None = None
        self._failure: BaseException | None = None
        self._idle = threading.Event()
        self._idle.set()
        self._port = 0

    @property
    def port(self) -> int:
        """The port; known once the server is bound.

        Raises:
            RuntimeError: it is not.
        """
        if not self._port:
            raise RuntimeError("the server has no port yet: call bind(), start_in_thread() or run() first")
        return self._port

    @property
    def url(self) -> str:
        """The origin, without a trailing slash; of a server at all addresses, the one on this machine."""
        scheme = "http" if self._settings.ssl_context is None else "https"
        host = _WILDCARDS.get(self._host, self._host)
        return f"{scheme}://[{host}]:{self.port}" if ":" in host else f"{scheme}://{host}:{self.port}"

    @property
    def due(self) -> float | None:
        """The earliest moment of the clock that an answer waits for, if any does."""
        runtime = self._runtime
        return None if runtime is None else runtime.due

    def bind(self) -> None:
        """Take the port; clients can connect from now on, and are answered once the server runs.

        Raises:
            PortTakenError: another program has it.
            ListenError: the server cannot listen there for another reason.
        """
        if not self._sockets:
            self._sockets = listen(self._host, self._wanted_port)
            self._port = self._sockets[0].getsockname()[1]

    def run(self) -> None:
        """Serve until :meth:`stop` is called or, in the main thread, SIGINT or SIGTERM comes.

        Raises:
            ListenError: as :meth:`bind`.
        """
        signals = threading.current_thread() is threading.main_thread()
        self._serve(self._prepare(), lambda: None, signals=signals)

    def start_in_thread(self) -> None:
        """Serve from a thread; return when requests are answered.

        Raises:
            ListenError: as :meth:`bind`.
        """
        runtime = self._prepare()
        ready = threading.Event()

        def serve() -> None:
            try:
                self._serve(runtime, ready.set, signals=False)
            except BaseException as error:  # noqa: BLE001  it is raised in the thread that waits
                self._failure = error
            finally:
                ready.set()

        threading.Thread(target=serve, name="matteproof-wire", daemon=True).start()
        ready.wait()
        if self._failure is not None:
            raise self._failure

    def stop(self) -> None:
        """Accept no more, finish answers under way (within the limits), close; return when that is done.

        May be called from any thread, any number of times. Called by the application on the event loop, it returns at
        once.
        """
        if self._runtime is None:
            self._free()
            return
        self._runtime.stop()
        if self._thread is not threading.current_thread():
            self._idle.wait()

    def __enter__(self) -> Self:
        """Serve from a thread."""
        self.start_in_thread()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop."""
        self.stop()

    def _prepare(self) -> Runtime:
        from mockserver.wire.runtime import Runtime  # noqa: PLC0415  the event loop takes long to import

        if self._runtime is not None:
            raise RuntimeError("the server is running already")
        self.bind()
        self._failure = None
        self._idle.clear()
        self._runtime = Runtime(self._settings, self._sockets)
        return self._runtime

    def _serve(self, runtime: Runtime, on_ready: Callable[[], object], *, signals: bool) -> None:
        self._thread = threading.current_thread()
        try:
            runtime.run(on_ready, signals=signals)
        finally:
            self._runtime = self._thread = None
            self._free()
            self._idle.set()

    def _free(self) -> None:
        close(self._sockets)
        self._sockets = []
