"""libvips, set up for a server: nothing cached, only the loaders that this package names."""

from __future__ import annotations

import pyvips

# Every picture is seen once: a cache of operations would only hold memory back.
pyvips.cache_set_max(0)
pyvips.cache_set_max_mem(0)

_SAYS_NOTHING = {"libpng read error", "unable to call pngload_buffer", "out of order read", "unable to read source"}

Image = pyvips.Image
Error = pyvips.Error
GValue = pyvips.GValue


def fetched(image: pyvips.Image) -> memoryview:
    """Return the samples of a small *image*; starts no threads, which would take longer than the work."""
    return memoryview(pyvips.Region.new(image).fetch(0, 0, image.width, image.height))


def reason(error: pyvips.Error) -> str:
    """Return what libvips says is wrong, without the names of its operations."""
    said = [line.rpartition(": ")[2].strip(" .") for line in str(error).splitlines() if ": " in line]
    telling = [text for text in said if text not in _SAYS_NOTHING]
    return telling[-1] if telling else "the data ends too early or is not what its header says"
