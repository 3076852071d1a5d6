"""libvips, set up for a server: nothing cached, only the loaders that this package names."""

from __future__ import annotations

import pyvips

# Every picture is seen once: a cache of operations would only hold memory back.
pyvips.cache_set_max(0)
pyvips.cache_set_max_mem(0)

Image = pyvips.Image
Error = pyvips.Error


def reason(error: pyvips.Error) -> str:
    """Return what libvips says is wrong, without the names of its operations."""
    lines = [line.strip() for line in str(error).splitlines() if ":" in line]
    return lines[-1].rpartition(": ")[2].rstrip(".") if lines else "the data is damaged"
