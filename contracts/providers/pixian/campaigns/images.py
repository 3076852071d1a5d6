"""Pictures of all kinds, sent in all ways, and what is no picture."""

from __future__ import annotations

import base64
import io
from typing import TYPE_CHECKING

from hypothesis import strategies as st

from contracts.cases import HOST, Campaign, Case
from contracts.providers.pixian.campaigns.form import case, multipart, upload, urlencoded
from contracts.strategies import KINDS, Drawing, Picture, draw, pictures

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hypothesis.strategies import SearchStrategy
    from PIL.Image import Image

    from contracts.model import Request

_READ = ("png", "jpeg", "gif", "bmp", "tiff")
_URLS = (
    ("another scheme", "ftp://pictures.example/picture.png"),
    ("no such host", "http://nowhere.invalid/picture.png"),
    ("no URL", "picture.png"),
    ("no host", "http:///picture.png"),
)
"""URLs that lead to no picture."""


def as_text(picture: Picture | bytes) -> str:
    """Return *picture* in base64."""
    return base64.b64encode(picture if isinstance(picture, bytes) else picture.data).decode()


def _cases() -> tuple[Case, ...]:
    small, other = draw(Drawing(width=40, height=32)), draw(Drawing(width=48, height=56, top=30, kind="jpeg"))
    text = as_text(small)
    return (
        *(case(f"a file of type {kind}", upload(draw(Drawing().with_kind(kind)), test=True)) for kind in KINDS),
        case(
            "base64", multipart({"image.base64": text, "test": True}), urlencoded({"image.base64": text, "test": True})
        ),
        case("a URL", _by_url(f"{HOST}/there"), there=small.data),
        case("a missing URL", _by_url(f"{HOST}/there"), _by_url(f"{HOST}/no-such-picture"), there=small.data),
        case("a web page", _by_url(f"{HOST}/page"), page=b"<!doctype html><title>No picture</title>"),
        *(case(name, _by_url(url)) for name, url in _URLS),
        case("a data: URL", _by_url(f"data:image/png;base64,{text}")),
        case("no image", multipart({"test": True})),
        case("a path", multipart({"image": "picture.png", "test": True})),
        case("two pictures", multipart({"image.base64": as_text(other), "image": _file(small), "test": True})),
        case("a picture and no base64", multipart({"image.base64": "%%%", "image": _file(small), "test": True})),
        case("no picture", upload(b"This is no picture.", test=True)),
        case("a picture that is cut off", upload(small.data[:60], test=True)),
        case("transparency", upload(_hollow())),
        case(
            "several pages",
            upload(_pages("TIFF", Drawing(width=40, height=32), Drawing(width=56, height=24)), test=True),
        ),
        case("several frames", upload(_pages("GIF", *(Drawing(left=15, right=55), Drawing(left=55, right=15))))),
        *(case(f"orientation {number}", upload(_turned(number))) for number in (3, 6)),
    )


def _by_url(url: str) -> Request:
    return urlencoded({"image.url": url, "test": True})


def _turned(orientation: int) -> Picture:
    return draw(Drawing(kind="jpeg", orientation=orientation, left=45, top=15, bottom=40))


def _file(picture: Picture) -> tuple[str, str, bytes]:
    return picture.filename, picture.media_type, picture.data


def _hollow() -> bytes:
    """Return a PNG whose right part is transparent, though there is something to be seen."""
    from PIL import Image  # noqa: PLC0415  only drawing needs it

    image = Image.open(io.BytesIO(draw(Drawing(mode="RGBA")).data))
    image.paste((200, 30, 40, 0), (image.width * 2 // 3, 0, image.width, image.height))
    return _saved([image], "PNG")


def _pages(kind: str, *drawings: Drawing) -> bytes:
    """Return a file of several frames or pages."""
    from PIL import Image  # noqa: PLC0415  see above

    return _saved([Image.open(io.BytesIO(draw(one).data)) for one in drawings], kind)


def _saved(images: Sequence[Image], kind: str) -> bytes:
    buffer = io.BytesIO()
    images[0].save(buffer, kind, **({"save_all": True, "append_images": images[1:]} if images[1:] else {}))
    return buffer.getvalue()


def _generated() -> SearchStrategy[Case]:
    any_kind = pictures(kinds=_READ, longest=96)
    ways = st.sampled_from(["file", "base64", "base64 urlencoded", "URL", "URL urlencoded"])
    return st.one_of(
        st.builds(_sent, any_kind, ways),
        st.builds(_cut, any_kind, st.integers(1, 99)),
        st.builds(_noise, st.binary(min_size=1, max_size=200)),
        st.builds(_oriented, pictures(kinds=("jpeg", "png", "tiff"), longest=96)),
    )


def _sent(picture: Picture, way: str) -> Case:
    send = urlencoded if way.endswith("urlencoded") else multipart
    if way == "file":
        return case("generated", upload(picture, test=True))
    if way.startswith("base64"):
        return case("generated", send({"image.base64": as_text(picture), "test": True}))
    return case("generated", send({"image.url": f"{HOST}/generated", "test": True}), generated=picture.data)


def _cut(picture: Picture, percent: int) -> Case:
    kept = picture.data[: len(picture.data) * percent // 100]
    return case(f"{percent} % of a {picture.drawing.kind}", upload(kept, test=True))


def _noise(data: bytes) -> Case:
    return case("bytes", upload(data, test=True))


def _oriented(picture: Picture) -> Case:
    return case(f"orientation {picture.drawing.orientation}", upload(picture))


_TOPICS = (
    *("file", "base64", "url", "url-schemes", "url-status", "url-not-image", "url-fetch-failed", "url-invalid"),
    *("missing", "as-string", "several", "unreadable", "unreadable-message", "orientation", "alpha", "frames"),
    *(f"format-{kind}" for kind in KINDS),
)

CAMPAIGN = Campaign(
    "images",
    "pictures of all kinds, sent in all ways",
    tuple(f"image.{name}" for name in _TOPICS),
    _cases,
    _generated,
)
