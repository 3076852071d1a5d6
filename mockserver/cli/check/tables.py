"""What Hypothesis writes down for itself, kept out of the user's folder."""

from __future__ import annotations

from contextlib import contextmanager
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def kept_apart() -> Iterator[None]:
    """Have the tables of Hypothesis in a folder that is gone at the end; it would put them into the current one."""
    from hypothesis.configuration import set_hypothesis_home_dir  # noqa: PLC0415  of an extra

    with TemporaryDirectory(prefix="matteproof-") as folder:
        set_hypothesis_home_dir(folder)
        yield
