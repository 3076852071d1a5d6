"""Bugs of Pixian's clients: each class takes the place of one step of the careful client."""

from __future__ import annotations

import base64
import io
import json
import threading
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from PIL import Image

from answer import is_success
from job import Failure, Unable, is_url
from pixian_careful import Part, Pixian, multipart

if TYPE_CHECKING:
    from wire import Answer


class BearerScheme(Pixian):
    def authorization(self) -> str:
        return f"Bearer {self.job.credentials[1]}"


class KeyAlone(Pixian):
    def authorization(self) -> str:
        return "Basic " + base64.b64encode(self.job.credentials[0].encode()).decode("ascii")


class NoSecret(Pixian):
    def authorization(self) -> str:
        return "Basic " + base64.b64encode(f"{self.job.credentials[0]}:".encode()).decode("ascii")


class PairNotEncoded(Pixian):
    def authorization(self) -> str:
        return "Basic " + ":".join(self.job.credentials)


class SecretInForm(Pixian):
    def parameters(self) -> list[Part]:
        name, secret = self.job.credentials
        return [*super().parameters(), Part("api_id", name.encode()), Part("api_secret", secret.encode())]


class WrongPath(Pixian):
    path = "/api/v2/remove-bg"


class VersionOne(Pixian):
    path = "/api/v1/remove-background"


class UrlencodedFile(Pixian):
    def encoded(self, parts: list[Part]) -> tuple[str, bytes]:
        return _urlencoded(parts)


class JsonLabel(Pixian):
    def encoded(self, parts: list[Part]) -> tuple[str, bytes]:
        return "application/json", super().encoded(parts)[1]


class JsonBody(Pixian):
    def encoded(self, parts: list[Part]) -> tuple[str, bytes]:
        fields = {part.name: part.content.decode("latin-1") for part in parts}
        return "application/json", json.dumps(fields).encode()


class NoBoundary(Pixian):
    def encoded(self, parts: list[Part]) -> tuple[str, bytes]:
        return "multipart/form-data", super().encoded(parts)[1]


class OtherBoundary(Pixian):
    def encoded(self, parts: list[Part]) -> tuple[str, bytes]:
        return "multipart/form-data; boundary=----FormBoundary", multipart(parts, "FormBoundary")


class WrongFileField(Pixian):
    def image(self, source: str) -> list[Part]:
        return [part._replace(name="file") for part in super().image(source)]


class FileAndText(Pixian):
    def image(self, source: str) -> list[Part]:
        parts = super().image(source)
        if is_url(source):
            return parts
        return [*parts, Part("image.base64", base64.b64encode(parts[0].content))]


class PathAsText(Pixian):
    def image(self, source: str) -> list[Part]:
        return super().image(source) if is_url(source) else [Part("image", source.encode())]


class TextMode(Pixian):
    def image(self, source: str) -> list[Part]:
        parts = super().image(source)
        if is_url(source):
            return parts
        return [parts[0]._replace(content=parts[0].content.decode("utf-8", "replace").encode())]


class AlwaysBase64(Pixian):
    prefix = b""

    def image(self, source: str) -> list[Part]:
        parts = super().image(source)
        if is_url(source):
            return parts
        return [Part("image.base64", self.prefix + base64.b64encode(parts[0].content))]


class DataUrlAsBase64(AlwaysBase64):
    prefix = b"data:image/png;base64,"


class UrlQuoted(Pixian):
    def image(self, source: str) -> list[Part]:
        return [Part("image.url", quote(source, safe="").encode())] if is_url(source) else super().image(source)


class WebpUpload(Pixian):
    def image(self, source: str) -> list[Part]:
        return super().image(source) if is_url(source) else _converted(super().image(source)[0], "WEBP")


class Enlarged(Pixian):
    def image(self, source: str) -> list[Part]:
        return super().image(source) if is_url(source) else _enlarged(super().image(source)[0])


class NotShrunk(Pixian):
    def image(self, source: str) -> list[Part]:
        if is_url(source):
            return super().image(source)
        return [Part("image", Path(source).read_bytes(), Path(source).name)]


class UnderscoreNames(Pixian):
    def parameters(self) -> list[Part]:
        return [part._replace(name=part.name.replace(".", "_")) for part in super().parameters()]


class CamelCaseNames(Pixian):
    def parameters(self) -> list[Part]:
        return [part._replace(name=_camel(part.name)) for part in super().parameters()]


class PythonBooleans(Pixian):
    def parameters(self) -> list[Part]:
        return [Part(name, str(value).encode()) for name, value in self.job.parameters.items()]


class ColourWithoutHash(Pixian):
    def parameters(self) -> list[Part]:
        return [part._replace(content=part.content.removeprefix(b"#")) for part in super().parameters()]


class QualityOfOne(Pixian):
    def parameters(self) -> list[Part]:
        quality = "output.jpeg_quality"
        return [
            part._replace(content=str(int(part.content) / 100).encode()) if part.name == quality else part
            for part in super().parameters()
        ]


class JpgFormat(Pixian):
    def parameters(self) -> list[Part]:
        return [part._replace(content=b"jpg") if part.content == b"jpeg" else part for part in super().parameters()]


class BareZeroMargin(Pixian):
    def parameters(self) -> list[Part]:
        others = [part for part in super().parameters() if part.name != "result.margin" or part.content != b"0px"]
        if any(part.name == "result.margin" for part in others):
            return others
        return [*others, Part("result.margin", b"0")]


class TestDropped(Pixian):
    def parameters(self) -> list[Part]:
        return [part for part in super().parameters() if part.name != "test"]


class OptionsDropped(Pixian):
    def parameters(self) -> list[Part]:
        return [part for part in super().parameters() if part.name == "test"]


class QueryOptions(Pixian):
    def url(self) -> str:
        given = {part.name: part.content.decode() for part in super().parameters()}
        return f"{super().url()}?{urlencode(given)}" if given else super().url()

    def parameters(self) -> list[Part]:
        return []


class DefaultsFirst(Pixian):
    def parameters(self) -> list[Part]:
        defaults = {"output.format": b"auto", "test": b"false"}
        given = super().parameters()
        return [*(Part(part.name, defaults.get(part.name, part.content)) for part in given), *given]


class ThumbnailDelta(Pixian):
    def parameters(self) -> list[Part]:
        given = super().parameters()
        if not any(part.content == b"delta_png" for part in given):
            return given
        return [*(part for part in given if part.name != "max_pixels"), Part("max_pixels", b"1000")]


class JsonAssumed(Pixian):
    def result(self, answer: Answer) -> bytes:
        if not is_success(answer.status):
            message = json.loads(answer.body)["error"]["message"]
            raise Failure(message)
        return super().result(answer)

    def work(self) -> None:
        workers = [threading.Thread(target=self._reporting, args=pair) for pair in self.pairs()]
        self._failures: list[Failure | Unable] = []
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        if self._failures:
            raise self._failures[0]

    def _reporting(self, source: str, output: Path) -> None:
        try:
            self.cut_out(source, output)
        except (Failure, Unable) as error:
            self._failures.append(error)


def _urlencoded(parts: list[Part]) -> tuple[str, bytes]:
    fields = urlencode([(part.name, part.content) for part in parts]).encode()
    return "application/x-www-form-urlencoded", fields


def _converted(part: Part, form: str) -> list[Part]:
    converted = io.BytesIO()
    with Image.open(io.BytesIO(part.content)) as picture:
        picture.convert("RGB").save(converted, form)
    return [Part("image", converted.getvalue(), f"picture.{form.lower()}")]


def _enlarged(part: Part) -> list[Part]:
    enlarged = io.BytesIO()
    with Image.open(io.BytesIO(part.content)) as picture:
        scale = (33_000_000 / (picture.width * picture.height)) ** 0.5
        size = int(picture.width * scale) + 1, int(picture.height * scale) + 1
        picture.convert("RGB").resize(size).save(enlarged, "JPEG", quality=60)
    return [Part("image", enlarged.getvalue(), "picture.jpeg")]


def _camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(other.capitalize() for other in others)


class WaitsInMilliseconds(Pixian):
    def pause(self, seconds: float) -> None:
        super().pause(1000 * seconds)
