"""The measure of our image work: libvips decodes the input and encodes the pixels of the result, and nothing else.

Run as a process of its own, with the memory settings of the server: ``python libvips.py INPUT RESULT`` does one round
for every line it reads, and prints its seconds.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pyvips

from contracts.clock import stopwatch
from mockserver.cli.memory import return_large_blocks


def main(source: str, result: str) -> None:
    """Decode *source* and encode the pixels of *result* whenever asked."""
    return_large_blocks()
    pyvips.cache_set_max(0)
    encoded = Path(source).read_bytes()
    pixels = pyvips.Image.new_from_buffer(Path(result).read_bytes(), "").copy_memory()
    for _ in sys.stdin:
        began = stopwatch()
        pyvips.Image.new_from_buffer(encoded, "").copy_memory()
        pixels.pngsave_buffer(compression=1)
        print(stopwatch() - began, flush=True)  # noqa: T201  its output is read by the benchmark


if __name__ == "__main__":
    main(*sys.argv[1:])
