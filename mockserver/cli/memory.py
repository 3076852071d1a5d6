"""Memory that comes back."""

from __future__ import annotations

import ctypes

_M_MMAP_THRESHOLD = -3
"""The parameter's number in glibc's ``malloc.h``."""
_LARGE = 16 * 1024 * 1024
"""Bytes from which on a block is a mapping of its own."""


def return_large_blocks() -> None:
    """Have large blocks, such as uploads and pictures, given back to the system as soon as they are free.

    glibc does so at first, and then learns to keep blocks of up to 32 MB for the next time; among small blocks that
    live on, half a gigabyte stayed behind after 48 parallel uploads of 30 MB. Other C libraries are left as they are.
    """
    try:
        ctypes.CDLL(None).mallopt(_M_MMAP_THRESHOLD, _LARGE)
    except (AttributeError, OSError, TypeError):
        return
