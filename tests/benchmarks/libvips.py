"""The measure of our image work: libvips decodes the input and encodes the pixels of the result, and nothing else.

Run as a process of its own: ``python libvips.py INPUT RESULT ROUNDS`` prints the median seconds of a round.
"""

from __future__ import annotations

import statistics
import sys
from pathlib import Path

import pyvips

from contracts.clock import stopwatch


def main(source: str, result: str, rounds: str) -> None:
    """Print the median seconds of decoding *source* and encoding the pixels of *result*."""
    pyvips.cache_set_max(0)
    encoded = Path(source).read_bytes()
    pixels = pyvips.Image.new_from_buffer(Path(result).read_bytes(), "").copy_memory()
    durations = []
    for _ in range(int(rounds)):
        began = stopwatch()
        pyvips.Image.new_from_buffer(encoded, "").copy_memory()
        pixels.pngsave_buffer(compression=1)
        durations.append(stopwatch() - began)
    print(statistics.median(durations))  # noqa: T201  its output is read by the benchmark


if __name__ == "__main__":
    main(*sys.argv[1:])
