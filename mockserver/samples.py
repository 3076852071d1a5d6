"""The pictures that travel with the package."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from contracts.model import Provider

_HERE = Path(__file__).resolve().parent


def picture_folder() -> Path:
    """Return the folder of the bundled pictures: inside an installed package, or in the checkout beside it."""
    installed = _HERE / "_fixtures"
    return (installed if installed.is_dir() else _HERE.parent / "fixtures") / "images"


def sample_pictures(providers: Iterable[Provider]) -> Mapping[str, Path]:
    """Return the pictures by the URLs that the documents of *providers* give them."""
    return {url: _picture(provider, name) for provider in providers for url, name in provider.samples}


def _picture(provider: Provider, name: str) -> Path:
    """Return the picture *name* from the provider's own folder ``samples`` if it has it, else the bundled one."""
    own = provider.folder / "samples" / name
    return own if own.is_file() else picture_folder() / name
