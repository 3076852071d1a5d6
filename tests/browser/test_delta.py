"""Delta PNGs in a browser: the example's decoder gives the pixels of the plain PNG; a canvas alone does not."""

from __future__ import annotations

import base64
import io
import struct
import zlib
from typing import TYPE_CHECKING

import httpx
import numpy as np
import pytest
from PIL import Image, ImageCms, ImageDraw, ImageFilter
from playwright.sync_api import Error

from pictures import disc, encoded, pixels
from serving import REMOVE

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from playwright.sync_api import Page

    from mockserver.mock import Mock

    Samples = NDArray[np.uint8]

pytestmark = pytest.mark.thorough

ME = ("delta", "secret")
SIZE = (161, 119)
ORIENTATION = 0x112
_CONVERSIONS = """
const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
const base64 = (data) => {
  let text = "";
  for (let at = 0; at < data.length; at += 8192) text += String.fromCharCode(...data.subarray(at, at + 8192));
  return btoa(text);
};
"""
DECODE = """async ([input, delta]) => {
  const { decodeDelta } = await import("/delta.js");
  const image = await decodeDelta(new Blob([bytes(input)]), new Blob([bytes(delta)]));
  return [image.width, image.height, base64(image.data)];
}"""
READ = """async ([file]) => {
  const { readPng } = await import("/delta.js");
  const image = await readPng(new Blob([bytes(file)]));
  return [image.width, image.height, base64(image.data)];
}"""
NAIVE = """async ([input, delta]) => {
  const drawn = async (data) => {
    const bitmap = await createImageBitmap(new Blob([bytes(data)]));
    const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d");
    context.drawImage(bitmap, 0, 0);
    return context.getImageData(0, 0, bitmap.width, bitmap.height);
  };
  const [from, to] = [await drawn(input), await drawn(delta)];
  for (let at = 0; at < to.data.length; at += 4) {
    if (to.data[at + 3] === 0 && to.data[at] === 255) to.data.set(from.data.subarray(at, at + 4), at);
  }
  return [to.width, to.height, base64(to.data)];
}"""
BITMAP = """async ([input, delta]) => {
  const { decodeDelta } = await import("/delta.js");
  const options = { imageOrientation: "from-image", colorSpaceConversion: "none" };
  const bitmap = await createImageBitmap(new Blob([bytes(input)]), options);
  const image = await decodeDelta(bitmap, new Blob([bytes(delta)]));
  return [image.width, image.height, base64(image.data)];
}"""
WORKER = """async ([input, delta]) => {
  const module = `
    import { decodeDelta } from "${location.origin}/delta.js";
    onmessage = async ({ data: [input, delta] }) => postMessage(await decodeDelta(input, delta));
  `;
  const worker = new Worker(URL.createObjectURL(new Blob([module], { type: "text/javascript" })), { type: "module" });
  const image = await new Promise((resolve, reject) => {
    [worker.onmessage, worker.onerror] = [({ data }) => resolve(data), reject];
    worker.postMessage([new Blob([bytes(input)]), new Blob([bytes(delta)])]);
  });
  return [image.width, image.height, base64(image.data)];
}"""


def photo() -> Image.Image:
    """Return an ellipse with a texture and a soft edge, on a pale, even background."""
    texture = np.random.default_rng(7).integers(0, 130, (SIZE[1] // 7, SIZE[0] // 7, 3), np.uint8)
    mask = Image.new("L", SIZE)
    ImageDraw.Draw(mask).ellipse((40, 25, 125, 95), fill=255)
    picture = Image.new("RGB", SIZE, (236, 238, 240))
    picture.paste(Image.fromarray(texture).resize(SIZE), mask=mask.filter(ImageFilter.GaussianBlur(1)))
    return picture


def turned(orientation: int, form: str = "JPEG") -> bytes:
    """Return a picture that is to be shown with an EXIF *orientation*."""
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    return encoded(photo(), form, exif=exif)


def translucent() -> bytes:
    """Return a picture with a transparency of its own: some rows are half there, others not at all."""
    picture = photo().convert("RGBA")
    alpha = np.full(SIZE[::-1], 255, np.uint8)
    alpha[:20], alpha[100:] = 128, 0
    picture.putalpha(Image.fromarray(alpha))
    return encoded(picture)


def tagged(form: str) -> bytes:
    """Return a picture whose profile means its red as green, and its green as red."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    red, green = (profile.index(name, 128) + 4 for name in (b"rXYZ", b"gXYZ"))
    profile[red : red + 8], profile[green : green + 8] = profile[green : green + 8], profile[red : red + 8]
    return encoded(photo(), form, icc_profile=bytes(profile))


INPUTS = {
    "bmp": encoded(photo(), "BMP"),
    "gif": encoded(photo(), "GIF"),
    "png": encoded(photo()),
    "png with a palette": encoded(photo().quantize()),
    "png of its own transparency": translucent(),
    "png with a profile": tagged("PNG"),
    "jpeg, all colour": encoded(photo(), "JPEG", quality=95, subsampling=0),
    "jpeg, half the colour": encoded(photo(), "JPEG", quality=80, subsampling=1),
    "jpeg, a quarter of the colour": encoded(photo(), "JPEG", quality=60, subsampling=2),
    "jpeg, grey": encoded(photo().convert("L"), "JPEG"),
    "jpeg, progressive": encoded(photo(), "JPEG", progressive=True),
    "jpeg with a profile": tagged("JPEG"),
    **{f"jpeg, orientation {number}": turned(number) for number in range(1, 9)},
    "png, orientation 6": turned(6, "PNG"),
}


def made(mock: Mock, picture: bytes, form: str, **fields: str) -> bytes:
    """Return what the mock makes of *picture*."""
    data = {"output.format": form, **fields}
    answer = httpx.post(
        mock.url + REMOVE, files={"image": picture}, data=data, auth=ME, trust_env=False, timeout=30
    ).raise_for_status()
    return answer.content


def seen(page: Page, script: str, *files: bytes) -> Samples:
    """Return the pixels that *script* makes of *files* in *page*."""
    width, height, data = page.evaluate(
        f"(files) => {{ {_CONVERSIONS} return ({script})(files); }}",
        [base64.b64encode(file).decode() for file in files],
    )
    return np.frombuffer(base64.b64decode(data), np.uint8).reshape(height, width, 4)


@pytest.fixture
def example(page: Page, front_end: str) -> Page:
    """A page of the example's origin."""
    page.goto(front_end)
    return page


@pytest.mark.parametrize("picture", INPUTS.values(), ids=INPUTS.keys())
def test_every_byte_is_that_of_the_plain_png(example: Page, mock: Mock, picture: bytes) -> None:
    """Colour and alpha: of what the input gives, of the edge, and of the background."""
    whole = pixels(made(mock, picture, "png"))
    assert (whole[..., 3] == 255).any()
    assert ((whole[..., 3] > 0) & (whole[..., 3] < 255)).any()
    assert (whole[..., 3] == 0).any()
    assert np.array_equal(seen(example, DECODE, picture, made(mock, picture, "delta_png")), whole)


@pytest.mark.parametrize("script", [BITMAP, WORKER], ids=["of a bitmap", "in a worker"])
def test_other_ways_to_ask_give_the_same(example: Page, mock: Mock, script: str) -> None:
    """With an ImageBitmap of the input in place of its file, and in a worker, which has no document."""
    picture = turned(6)
    whole = pixels(made(mock, picture, "png"))
    assert np.array_equal(seen(example, script, picture, made(mock, picture, "delta_png")), whole)


def test_a_watermark_is_in_it(example: Page, mock: Mock) -> None:
    """What is printed over the foreground is no longer the input's."""
    picture = encoded(photo(), "JPEG")
    whole = pixels(made(mock, picture, "png", test="true"))
    assert not np.array_equal(whole, pixels(made(mock, picture, "png")))
    assert np.array_equal(seen(example, DECODE, picture, made(mock, picture, "delta_png", test="true")), whole)


def test_a_canvas_alone_damages_it(example: Page, mock: Mock) -> None:
    """As the documents say: the whole foreground is lost, since its mark becomes black, and edges change colour."""
    picture = encoded(photo(), "JPEG")
    whole = pixels(made(mock, picture, "png"))
    naive = seen(example, NAIVE, picture, made(mock, picture, "delta_png"))
    assert not naive[whole[..., 3] == 255].any()
    edge = (whole[..., 3] > 0) & (whole[..., 3] < 255)
    assert np.array_equal(naive[edge][:, 3], whole[edge][:, 3])
    assert (naive[edge] != whole[edge]).any()


def test_cyan_magenta_yellow_and_black_are_a_matter_of_opinion(example: Page, mock: Mock) -> None:
    """The browser and the server make red, green and blue of such a JPEG each in its own way: all else is the same."""
    picture = encoded(photo().convert("CMYK"), "JPEG")
    whole = pixels(made(mock, picture, "png"))
    rebuilt = seen(example, DECODE, picture, made(mock, picture, "delta_png"))
    assert np.array_equal(rebuilt[..., 3], whole[..., 3])
    kept = whole[..., 3] < 255
    assert np.array_equal(rebuilt[kept], whole[kept])
    assert 0 < np.abs(rebuilt.astype(int) - whole).max() < 128


def test_a_delta_of_another_picture_is_refused(example: Page, mock: Mock) -> None:
    """At least if it has another size, as that of an input that was not turned upright has."""
    delta = made(mock, turned(6), "delta_png")
    with pytest.raises(Error, match="The input has 161 x 119 pixels, the delta PNG 119 x 161"):
        seen(example, DECODE, encoded(photo()), delta)


def chunk(kind: bytes, content: bytes) -> bytes:
    """Return a chunk of a PNG."""
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png(header: tuple[int, ...], lines: bytes, *others: bytes, parts: int = 1) -> bytes:
    """Return a PNG of *lines*, compressed and in some *parts*, with *other* chunks before them."""
    packed = zlib.compress(lines)
    step = -(-len(packed) // parts)
    data = [chunk(b"IDAT", packed[at : at + step]) for at in range(0, len(packed), step)]
    start = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", *header))
    return b"".join([start, *others, *data, chunk(b"IEND", b"")])


def filtered(samples: Samples) -> bytes:
    """Return the lines of *samples*, filtered in every way that there is, one after the other."""
    height, length = samples.shape[0], samples.shape[1] * 4
    rows = np.zeros((height + 1, length + 4), int)
    rows[1:, 4:] = samples.reshape(height, length)
    now, left, above, corner = rows[1:, 4:], rows[1:, :-4], rows[:-1, 4:], rows[:-1, :-4]
    guess = left + above - corner
    apart = np.stack([np.abs(guess - near) for near in (left, above, corner)])
    nearest = np.choose(apart.argmin(axis=0), [left, above, corner])
    predictions = [np.zeros_like(now), left, above, (left + above) // 2, nearest]
    lines = [bytes([y % 5]) + (now[y] - predictions[y % 5][y]).astype(np.uint8).tobytes() for y in range(height)]
    return b"".join(lines)


def test_all_filters_are_undone(example: Page) -> None:
    """Encoders choose another one for every line; a file in many chunks is one picture."""
    samples = np.random.default_rng(3).integers(0, 256, (40, 23, 4), np.uint8)
    file = png((23, 40, 8, 6, 0, 0, 0), filtered(samples), parts=7)
    assert np.array_equal(np.asarray(Image.open(io.BytesIO(file))), samples)
    assert np.array_equal(seen(example, READ, file), samples)


def test_a_palette_keeps_its_transparent_white(example: Page) -> None:
    """Where few colours are, an encoder may choose one; those without an alpha are opaque."""
    palette = chunk(b"PLTE", bytes([0, 0, 0, 255, 255, 255, 9, 8, 7, 30, 20, 10]))
    file = png((4, 1, 8, 3, 0, 0, 0), bytes([0, 0, 1, 2, 3]), palette, chunk(b"tRNS", bytes([0, 0, 77])))
    assert seen(example, READ, file).tolist() == [[[0, 0, 0, 0], [255, 255, 255, 0], [9, 8, 7, 77], [30, 20, 10, 255]]]


LINE = bytes([0, *range(4)])
WRONG: dict[str, tuple[bytes, str]] = {
    "an error page": (b"<!doctype html>", "This is no PNG"),
    "a jpeg": (encoded(disc(), "JPEG"), "This is no PNG"),
    "nothing": (b"", "This is no PNG"),
    "a signature": (b"\x89PNG\r\n\x1a\n", "no header"),
    "sixteen bits": (png((1, 1, 16, 6, 0, 0, 0), bytes(9)), "16 bits, colour type 6"),
    "no alpha": (png((1, 1, 8, 2, 0, 0, 0), bytes(4)), "colour type 2"),
    "interlaced": (png((1, 1, 8, 6, 0, 0, 1), LINE), "interlacing 1"),
    "an unknown filter": (png((1, 1, 8, 6, 0, 0, 0), bytes([5, *range(4)])), "no such filter"),
    "a line too few": (png((1, 2, 8, 6, 0, 0, 0), LINE), "damaged or cut off"),
    "cut off": (png((23, 40, 8, 6, 0, 0, 0), bytes(40 * 93), parts=3)[:-40], "damaged or cut off"),
    "no pixels": (png((1, 1, 8, 6, 0, 0, 0), LINE).replace(b"IDAT", b"iDOT"), "damaged or cut off"),
}


@pytest.mark.parametrize(("file", "said"), WRONG.values(), ids=WRONG.keys())
def test_what_cannot_be_read_is_refused(example: Page, file: bytes, said: str) -> None:
    """With a sentence, and never half a picture."""
    with pytest.raises(Error, match=said):
        seen(example, READ, file)
