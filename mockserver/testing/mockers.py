"""Where requests are caught before they reach a socket: in the transports of httpx, and of its successor httpx2.

respx knows the first. SDKs have moved to the second, whose transports work in the same way.
"""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, ClassVar

from respx.mocks import HTTPCoreMocker, Mocker

if TYPE_CHECKING:
    from types import ModuleType

    import httpx

_FIRST, _SECOND = "httpcore", "httpcore2"
_NAME = "matteproof-httpcore2"
_LIBRARY = "matteproof.library"
"""The extension of a request that names the library whose transport has caught it."""


def mockers() -> list[type[Mocker]]:
    """Return one for each library that is installed."""
    return [HTTPCoreMocker, *([Mocker.registry.get(_NAME) or _second_mocker()] if find_spec(_SECOND) else [])]


def _second_mocker() -> type[Mocker]:
    """Return what catches the requests of httpx2; respx remembers it, and takes no second one of its name."""

    class SecondMocker(HTTPCoreMocker):
        name = _NAME
        targets: ClassVar[list[str]] = [one.replace(f"{_FIRST}.", f"{_SECOND}.", 1) for one in HTTPCoreMocker.targets]

        @classmethod
        def to_httpx_request(cls, **kwargs: Any) -> httpx.Request:  # noqa: ANN401  as respx has it
            request: httpx.Request = super().to_httpx_request(**kwargs)  # type: ignore[no-untyped-call]
            request.extensions = {**request.extensions, _LIBRARY: _SECOND}
            return request

        @classmethod
        def from_sync_httpx_response(cls, httpx_response: httpx.Response, target: object, **kwargs: Any) -> Any:  # noqa: ANN401  likewise
            del target, kwargs
            return import_module(_SECOND).Response(
                status=httpx_response.status_code,
                headers=httpx_response.headers.raw,
                content=httpx_response.stream,
                extensions=httpx_response.extensions,
            )

    return SecondMocker


def library_of(request: httpx.Request) -> ModuleType:
    """Return the library whose transport has caught *request*; its exceptions are what a connection raises."""
    return import_module(request.extensions.get(_LIBRARY, _FIRST))
