"""A server that keeps the rules in a way of its own: Lanczos, palettes, other margins, prices, codes and words."""

from __future__ import annotations

import base64
import json
import math
import re
import urllib.error
import urllib.request
from dataclasses import dataclass
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any
from urllib.parse import parse_qsl

import numpy as np
from PIL import Image

from tests.independent.matting import Photo, box, cut_out, opened, stamped, written
from tests.independent.serving import Asked, Said

NAME, SECRET = "somebody", "a-secret"
_METHODS = {"/api/v2/remove-background": "POST", "/api/v1/remove-background": "POST", "/api/v2/account": "GET"}
_KINDS = {"BMP", "GIF", "JPEG", "MPO", "PNG", "TIFF"}
_LENGTHS = r"\d*\.?\d+(px|%)( +\d*\.?\d+(px|%)){0,3}"
_FORMS = {
    "test": "true|false",
    "result.crop_to_foreground": "true|false",
    "background.color": "#[0-9a-fA-F]{6}",
    "output.format": "auto|png|jpeg|delta_png",
    "output.jpeg_quality": "[1-9][0-9]?|100",
    "max_pixels": "[1-9][0-9]{2,7}",
    "result.margin": _LENGTHS,
    "result.target_size": r"[1-9]\d{0,4} [1-9]\d{0,4}",
    "result.vertical_alignment": "top|middle|bottom",
}


class RefusedError(Exception):
    """The request is refused, with a status and a code."""

    def __init__(self, status: int, code: int, message: str = "Please read the manual.") -> None:
        """Know both."""
        super().__init__(message)
        self.status, self.code = status, code


@dataclass
class Form:
    """The fields of a request, by name: file name, if it is a file, and bytes."""

    fields: dict[str, tuple[str | None, bytes]]

    def text(self, name: str, default: str = "") -> str:
        """Return the text of a parameter."""
        if name not in self.fields:
            return default
        text = self.fields[name][1].decode(errors="replace")
        if not re.fullmatch(_FORMS.get(name, ".*"), text):
            raise RefusedError(400, 1019)
        return text


@dataclass
class Service:
    """The application; ``credits`` is what is left in the only account."""

    credits: float = 1000.0

    def __call__(self, asked: Asked) -> Said:
        """Answer a request."""
        if asked.path not in _METHODS:
            return Said(404, "text/html", b"<h1>Nothing here</h1>")
        if asked.method == "OPTIONS":
            allowed = {"access-control-allow-methods": "GET, POST", "access-control-allow-headers": "authorization"}
            return Said(200, "text/plain", b"", allowed)
        try:
            if asked.method != _METHODS[asked.path]:
                return _failure(RefusedError(405, -405), allow=f"OPTIONS, {_METHODS[asked.path]}")
            _authenticate(asked.headers.get("Authorization") or "")
            return self._removal(asked) if asked.method == "POST" else self._account()
        except RefusedError as error:
            return _failure(error, **({"www-authenticate": 'Basic realm="x"'} if error.status == 401 else {}))

    def _account(self) -> Said:
        told = {"creditPack": "big", "state": "active", "useBefore": "2030-01-01T00:00:00.5+02:00", "x": 1}
        return Said(200, "application/json", json.dumps({**told, "credits": round(self.credits, 3)}).encode())

    def _removal(self, asked: Asked) -> Said:
        form = _form(asked)
        for name in _FORMS:
            form.text(name)
        photo = _photo(_picture(form))
        most = int(form.text("max_pixels", "25000000"))
        if most > 25_000_000:
            raise RefusedError(400, 1019)
        price, is_test = max(0.1, round(math.prod(photo.image.size) / 2e6, 3)), form.text("test") == "true"
        body, kind, fields = _result(form, photo, most, is_test=is_test)
        fields["x-credits-charged"] = "0" if is_test else str(price)
        if is_test:
            fields["x-credits-calculated"] = str(price)
        else:
            self.credits -= price
        return Said(200, f"image/{kind}; q=1", body, fields)


def _result(form: Form, photo: Photo, most: int, *, is_test: bool) -> tuple[bytes, str, dict[str, str]]:
    """Return the file, its kind, and the header fields."""
    width, height = photo.image.size
    image, wanted = photo.image, form.text("output.format", "auto")
    if width * height > most:
        if wanted == "delta_png":
            raise RefusedError(400, 1019)
        scale = math.sqrt(most / (width * height))
        small = max(1, int(width * scale)), max(1, int(height * scale))
        image = image.convert("RGBA").resize(small, Image.Resampling.LANCZOS)
    found = cut_out(image)
    top, left, across, down = box(found)
    x, y = width / image.width, height / image.height
    before = (round(top * y), round(left * x), round(across * x), round(down * y))
    colour = form.text("background.color")
    kind = wanted if wanted != "auto" else "jpeg" if colour else "png"
    laid = _delta(found) if kind == "delta_png" else _laid_out(form, found)
    after = box(found) if kind == "delta_png" else box(laid)
    fields = {
        "x-input-orientation": str(photo.orientation),
        "x-input-size": f"{width} {height}",
        "x-result-size": f"{laid.width} {laid.height}",
        "x-input-foreground": " ".join(map(str, before)),
        "x-result-foreground": " ".join(map(str, after)),
    }
    if kind != "delta_png" and (colour or kind == "jpeg"):
        paper = Image.new("RGBA", laid.size, colour or "#808080")
        paper.alpha_composite(laid)
        laid = paper.convert("RGB")
    laid = stamped(laid) if is_test else laid
    if kind == "jpeg":
        quality = int(form.text("output.jpeg_quality", "75"))
        return written(laid, "JPEG", quality=quality, progressive=True, subsampling=0), "jpeg", fields
    if kind == "png" and laid.mode == "RGBA":
        laid = laid.quantize(256, method=Image.Quantize.FASTOCTREE)
    return written(laid, "PNG", compress_level=3), "png", fields


def _delta(found: Image.Image) -> Image.Image:
    """Return the marks that a delta PNG has, and what is between."""
    pixels = np.array(found)
    solid = pixels[:, :, 3] == 255
    pixels[pixels[:, :, 3] == 0] = 0
    pixels[solid] = (255, 255, 255, 0)
    return Image.fromarray(pixels)


def _laid_out(form: Form, found: Image.Image) -> Image.Image:
    """Return what was found with its crop, margin and target; percentages are those of the longer side."""
    top, left, width, height = box(found)
    if form.text("result.crop_to_foreground") == "true" and width:
        found = found.crop((left, top, left + width, top + height))
    target = form.text("result.target_size")
    size = tuple(map(int, target.split())) if target else found.size
    if math.prod(size) > 30_000_000:
        raise RefusedError(400, 1023)
    above, right, below, before = _margin(form.text("result.margin", "0px"), max(size))
    if not target:
        if (size[0] + before + right) * (size[1] + above + below) > 60_000_000:
            raise RefusedError(400, 1023)
        frame = Image.new("RGBA", (size[0] + before + right, size[1] + above + below))
        frame.paste(found, (before, above))
        return frame
    across, down = max(1, size[0] - before - right), max(1, size[1] - above - below)
    scale = min(across / found.width, down / found.height)
    fitted = max(1, round(found.width * scale)), max(1, round(found.height * scale))
    spare = {"top": 0.0, "middle": 0.5, "bottom": 1.0}[form.text("result.vertical_alignment", "middle")]
    frame = Image.new("RGBA", (size[0], size[1]))
    place = (
        min(before, size[0] - 1) + (across - fitted[0]) // 2,
        min(above, size[1] - 1) + int((down - fitted[1]) * spare),
    )
    frame.paste(found.resize(fitted, Image.Resampling.LANCZOS), place)
    return frame


def _margin(text: str, whole: int) -> list[int]:
    """Return top, right, bottom and left."""
    sides = [float(one.rstrip("px%")) * (whole / 100 if one.endswith("%") else 1) for one in text.split()]
    places = {1: (0, 0, 0, 0), 2: (0, 1, 0, 1), 3: (0, 1, 2, 1), 4: (0, 1, 2, 3)}[len(sides)]
    return [int(sides[place]) for place in places]


def _authenticate(said: str) -> None:
    try:
        name, _, secret = base64.b64decode(said.split()[1]).decode().partition(":")
    except (IndexError, ValueError):
        name = secret = ""
    if not said.lower().startswith("basic") or (name, secret) != (NAME, SECRET):
        raise RefusedError(401, 1004 if name == NAME else 1001, "Who are you?")


def _failure(error: RefusedError, **fields: str) -> Said:
    told: dict[str, Any] = {"status": error.status, "code": error.code, "message": str(error), "more": "é"}
    return Said(error.status, "application/json", json.dumps({"error": told, "dataReceived": None}).encode(), fields)


def _form(asked: Asked) -> Form:
    """Return the form of a request, with the names of version 2."""
    kind = asked.headers.get("Content-Type") or ""
    found: dict[str, tuple[str | None, bytes]] = {}
    if kind.startswith("application/x-www-form-urlencoded"):
        found = {name: (None, value.encode()) for name, value in parse_qsl(asked.body.decode(), keep_blank_values=True)}
    else:
        whole = BytesParser(policy=HTTP).parsebytes(f"Content-Type: {kind}\r\n\r\n".encode() + asked.body)
        for part in whole.iter_parts() if whole.is_multipart() else ():
            name = str(part.get_param("name", header="content-disposition"))
            found[name] = (part.get_filename(), _payload(part))
    if asked.path.startswith("/api/v1"):
        found = {re.sub("[A-Z]", lambda match: f"_{match[0].lower()}", name): one for name, one in found.items()}
    return Form(found)


def _payload(part: Any) -> bytes:  # noqa: ANN401  an email message, of which the library says too little
    data: bytes = part.get_payload(decode=True)
    return data


def _picture(form: Form) -> bytes:
    """Return the bytes of the picture that was sent."""
    if "image" in form.fields:
        filename, data = form.fields["image"]
        if filename is None:
            raise RefusedError(400, 1016)
        return data
    if "image.base64" in form.fields:
        if len(form.fields["image.base64"][1]) > 1_048_576:
            raise RefusedError(400, 1019)
        try:
            return base64.b64decode(form.fields["image.base64"][1], validate=True)
        except ValueError:
            raise RefusedError(400, 1006, "Failed to read the supplied image. Really.") from None
    if "image.url" in form.fields:
        return _fetched(form.text("image.url"))
    raise RefusedError(400, 1005)


def _fetched(url: str) -> bytes:
    if not re.match("https?://[^/]", url):
        raise RefusedError(400, 1024)
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310  http alone, see above
            data: bytes = answer.read()
    except urllib.error.HTTPError:
        raise RefusedError(400, 1020) from None
    except (OSError, ValueError):
        raise RefusedError(400, 1022) from None
    if data.startswith(b"<"):
        raise RefusedError(400, 1021)
    return data


def _photo(data: bytes) -> Photo:
    if len(data) > 31_457_280:
        raise RefusedError(413, 1012)
    try:
        photo = opened(data)
    except Exception:  # noqa: BLE001  Pillow's decoders raise whatever they stumble over
        raise RefusedError(400, 1006, "Failed to read the supplied image. Really.") from None
    if photo.kind not in _KINDS:
        raise RefusedError(400, 1006, "Failed to read the supplied image. Really.")
    if math.prod(photo.image.size) > 32_000_000:
        raise RefusedError(413, 1013)
    return photo
