"""A provider for one test without a socket: what httpx sends to its own hosts is answered in this process."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

import respx
from respx.models import AllMockedAssertionError

from contracts.openapi import OpenApi
from contracts.redaction import in_text
from mockserver.testing.in_process import InProcess
from mockserver.testing.mockers import mockers
from mockserver.testing.provider import ProviderMock

if TYPE_CHECKING:
    from collections.abc import Collection

    import httpx

    from mockserver.testing.house import House

__tracebackhide__ = True
"""A test that fails shows its own lines."""
_USUAL = frozenset({None, 80, 443})
"""Ports of HTTP and HTTPS, and none named."""


class ProviderRespx(ProviderMock):
    """The same as :class:`ProviderMock`, for code that uses httpx or httpx2, also by way of an SDK.

    ``router`` is the router of respx that does it. More routes may be added to it, such as
    ``router.route(host="localhost").pass_through()``; what no route and no other router answers fails, so that no
    request leaves for the network.
    """

    router: respx.MockRouter
    in_process = True

    def __init__(self, house: House, provider: str, name: str = "") -> None:
        """Have a tenant at *provider* in *house*, as :class:`ProviderMock` has."""
        super().__init__(house, provider, name)
        self._origins = _origins(OpenApi(self.provider.folder, self.provider.name))
        self._inside = InProcess(house)
        vars(self).update(router=_Router(self._origins, self._inside))

    @property
    def url(self) -> str:
        """The address of the provider itself, by which it is known to its clients."""
        self._check()
        return self._origins[0]

    def __enter__(self) -> Self:
        """Answer from now on."""
        self.router.start()
        return super().__enter__()

    def close(self) -> None:
        """End the test, and every wait for an answer."""
        self.router.stop(quiet=True)
        self._inside.close()
        super().close()


class _Router(respx.MockRouter):
    """Answers what is sent to some origins; for all else it is an ordinary router."""

    def __init__(self, origins: Collection[str], mock: InProcess) -> None:
        super().__init__(assert_all_called=False, using=None)
        self._mockers = mockers()
        parts = [urlsplit(origin) for origin in origins]
        self._hosts = {one.hostname for one in parts}
        self._ports = _USUAL | {one.port for one in parts}
        self._mock = mock

    def start(self) -> None:
        super().start()
        for one in self._mockers:
            one.register(self)
            one.start()

    def stop(self, clear: bool = True, reset: bool = True, quiet: bool = False) -> None:  # noqa: FBT001, FBT002  as in respx
        for one in self._mockers:
            one.unregister(self)
            one.stop()
        super().stop(clear, reset, quiet)

    def handler(self, request: httpx.Request) -> httpx.Response:
        if not self._is_home(request.url):
            return self._elsewhere(request)
        response = self._mock.answer(request)
        self.record(request, response=response)
        return response

    async def async_handler(self, request: httpx.Request) -> httpx.Response:
        if not self._is_home(request.url):
            try:
                return await super().async_handler(request)
            except AllMockedAssertionError:
                raise self._refusal(request) from None
        response = await self._mock.answer_async(request)
        self.record(request, response=response)
        return response

    def _is_home(self, url: httpx.URL) -> bool:
        """Tell whether the mock is at *url*: at the provider's own hosts, with or without TLS, and at no odd port."""
        return url.host in self._hosts and url.port in self._ports

    def _elsewhere(self, request: httpx.Request) -> httpx.Response:
        try:
            return super().handler(request)
        except AllMockedAssertionError:
            raise self._refusal(request) from None

    def _refusal(self, request: httpx.Request) -> AllMockedAssertionError:
        hosts = ", ".join(sorted(filter(None, self._hosts)))
        if request.url.host in self._hosts:
            hosts += ", at its usual ports,"
        return AllMockedAssertionError(
            f"{request.method} {in_text(str(request.url))} was asked for, and only {hosts} is mocked in this test; "
            "nothing leaves for the network. Is the client's base URL that of the provider (.url)? Other hosts are let "
            f"through by .router.route(host={request.url.host!r}).pass_through()."
        )


def _origins(openapi: OpenApi) -> tuple[str, ...]:
    """Return the addresses of the provider, as its document names them, without slashes at the end."""
    paths = openapi.document["paths"].values()
    below = [part for path in paths for part in (path, *path.values()) if isinstance(part, dict)]
    servers = [server for part in (openapi.document, *below) for server in part.get("servers", ())]
    return tuple(dict.fromkeys(server["url"].rstrip("/") for server in servers))
