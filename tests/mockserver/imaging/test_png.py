"""The PNG files that are written: other decoders read back every sample."""

from __future__ import annotations

import io
import zlib

import numpy as np
import pyvips
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from mockserver.imaging.png import png


@given(
    height=st.integers(1, 40),
    width=st.integers(1, 3000),
    channels=st.sampled_from([3, 4]),
    seed=st.integers(0, 1000),
    levels=st.sampled_from([1, 2, 256]),
    sparse=st.booleans(),
)
@settings(max_examples=40, deadline=None)
def test_other_decoders_read_what_was_written(  # noqa: PLR0913, PLR0917  what is written
    height: int,
    width: int,
    channels: int,
    seed: int,
    levels: int,
    sparse: bool,  # noqa: FBT001
) -> None:
    """Pillow and libvips agree with the samples, from even areas to noise, in one strip or several."""
    samples = np.random.default_rng(seed).integers(0, levels, (height, width, channels), dtype=np.uint8)
    written = png(samples, sparse=sparse)
    with Image.open(io.BytesIO(written)) as picture:
        assert picture.mode == {3: "RGB", 4: "RGBA"}[channels]
        assert (np.asarray(picture) == samples).all()
    assert (pyvips.Image.new_from_buffer(written, "", fail_on="warning").numpy() == samples).all()


def test_many_strips_have_one_checksum() -> None:
    """A picture of several megabytes is one valid stream, whose checksum zlib confirms."""
    samples = np.random.default_rng(1).integers(0, 4, (900, 1200, 4), dtype=np.uint8)
    written = png(samples)
    stream, at = b"", 8
    while at < len(written):
        length, kind = int.from_bytes(written[at : at + 4], "big"), written[at + 4 : at + 8]
        content = written[at + 8 : at + 8 + length]
        assert int.from_bytes(written[at + 8 + length : at + 12 + length], "big") == zlib.crc32(kind + content)
        stream += content if kind == b"IDAT" else b""
        at += 12 + length
    assert len(zlib.decompress(stream)) == 900 * (1200 * 4 + 1)
    assert (np.asarray(Image.open(io.BytesIO(written))) == samples).all()
