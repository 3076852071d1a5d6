"""What the workers of one test run share: results, each of which is made once, by whoever needs it first."""

from __future__ import annotations

import os
import pickle
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_Result = TypeVar("_Result")


class Shelf(Generic[_Result]):
    """Results by name, in a folder that only this user can read; workers with the same *run* have the same folder.

    Without *in_turn* results of different names may be made at the same time.
    """

    def __init__(self, run: str, *, in_turn: bool) -> None:
        """Have a folder for the *run*."""
        self._folder = Path(tempfile.gettempdir(), f"matteproof-{os.getuid()}-{run}")
        self._folder.mkdir(mode=0o700, exist_ok=True)
        if self._folder.stat().st_uid != os.getuid() or self._folder.is_symlink():
            raise PermissionError(f"{self._folder} belongs to somebody else")
        self._in_turn = in_turn

    def get(self, name: str, make: Callable[[], _Result]) -> _Result:
        """Return the result of that *name*, which *make* makes if nobody has yet; meanwhile others wait."""
        place = self._folder / f"{name}.pickle"
        with self._locked("all" if self._in_turn else name):
            if not place.exists():
                fresh = place.with_suffix(".new")
                fresh.write_bytes(pickle.dumps(make()))
                fresh.replace(place)
            return self._read(place)

    def all(self) -> list[_Result]:
        """Return all results that there are."""
        return [self._read(place) for place in sorted(self._folder.glob("*.pickle"))]

    def close(self) -> None:
        """Throw everything away."""
        for place in self._folder.glob("*"):
            place.unlink(missing_ok=True)
        self._folder.rmdir()

    @staticmethod
    def _read(place: Path) -> _Result:
        result: _Result = pickle.loads(place.read_bytes())  # noqa: S301  we wrote it, where nobody else can write
        return result

    @contextmanager
    def _locked(self, name: str) -> Iterator[None]:
        import fcntl  # noqa: PLC0415  of systems that have it

        with (self._folder / f"{name}.lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield
