"""Where pictures are made, unless they have been made before."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from threading import BoundedSemaphore
from typing import TYPE_CHECKING

from contracts.behaviour import Recipe, Rendering
from mockserver.state import Made

if TYPE_CHECKING:
    from collections.abc import Hashable

    from contracts.behaviour import Work
    from mockserver.fetch import Fetcher
    from mockserver.state import State

Render = Callable[[bytes, Recipe], Rendering]
"""Carries out a recipe on an encoded picture, or raises :class:`contracts.behaviour.ImageError`."""


class SlowWorkError(Exception):
    """The answer needs image work or a fetch, which the caller has forbidden."""


class Workshop:
    """Carries out image work, as many pictures at a time as there are processors."""

    def __init__(self, state: State, fetcher: Fetcher, render: Render) -> None:
        """Fetch with *fetcher*, make with *render*, and remember in *state*."""
        self._renderings = state.renderings
        self._fetcher = fetcher
        self._render = render
        self._slots = BoundedSemaphore(os.cpu_count() or 1)

    def make(self, work: Work, *, may_block: bool) -> tuple[Made, bytes]:
        """Return the finished picture, from the cache if it was made before, and the one that it was made of.

        Raises:
            ImageError: it cannot be made.
            SlowWorkError: *may_block* is false, and it has to be fetched or made.
        """
        source, identity = self._source(work, may_block=may_block)
        key = (identity, work.recipe)
        made = self._renderings.get(key)
        if made is None:
            if not may_block:
                raise SlowWorkError
            with self._slots:
                # The same picture may have been made while this one waited for its turn.
                made = self._renderings.get(key) or Made.of(self._render(source, work.recipe))
            self._renderings.keep(key, made)
        return made, source

    def sample(self, source: bytes | str) -> bytes | None:
        """Return the bundled picture, if *source* is the URL of one."""
        return self._fetcher.sample(source) if isinstance(source, str) else None

    def _source(self, work: Work, *, may_block: bool) -> tuple[bytes, Hashable]:
        """Return the bytes of the picture, and what tells them from all others: their hash, or a sample's URL."""
        source = work.source
        if isinstance(source, str):
            sample = self.sample(source)
            if sample is not None:
                return sample, source
            if not may_block:
                raise SlowWorkError
            source = self._fetcher.fetch(source, work.recipe.max_input_bytes)
        return source, hashlib.sha256(source).digest()
