"""Bugs of XTY's clients: each class takes the place of one step of the careful client."""

from __future__ import annotations

import base64
import io
import json
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urljoin

from PIL import Image

import any_bugs
from answer import is_success, reason
from job import Failure, is_url
from wire import Answer, Request
from xty_careful import Xty

if TYPE_CHECKING:
    from pathlib import Path

    from answer import Backoff

_SECOND_TRIES = 2


class DoubledVersion(Xty):
    path = "/v1/v1/chat/completions"


class BareKey(Xty):
    def headers(self) -> dict[str, str]:
        return {**super().headers(), "Authorization": self.job.key}


class KeyAsUser(Xty):
    def headers(self) -> dict[str, str]:
        pair = base64.b64encode(f"{self.job.key}:".encode()).decode("ascii")
        return {**super().headers(), "Authorization": f"Basic {pair}"}


class KeyInUrl(Xty):
    def url(self) -> str:
        return f"{super().url()}?{urlencode({'key': self.job.key})}"


class KeyFollowsRedirects(Xty):
    def sent(self, request: Request) -> Answer:
        answer = super().sent(request)
        for _ in range(5):
            if answer.status not in range(300, 400) or "location" not in answer.headers:
                break
            url = urljoin(request.url, answer.headers["location"])
            headers = {"Authorization": f"Bearer {self.job.key}"}
            answer = super().sent(Request("GET", url, headers))
        return answer


class FormContentType(Xty):
    def headers(self) -> dict[str, str]:
        return {**super().headers(), "Content-Type": "application/x-www-form-urlencoded"}


class PythonRepr(Xty):
    def encoded(self, body: dict[str, Any]) -> bytes:
        return str(body).encode()


class LocalEncoding(Xty):
    def encoded(self, body: dict[str, Any]) -> bytes:
        return json.dumps(body, ensure_ascii=False).encode("gbk", "replace")


class OtherModel(Xty):
    def body(self, source: str) -> dict[str, Any]:
        return {**super().body(source), "model": "removebg"}


class MessageAlone(Xty):
    def body(self, source: str) -> dict[str, Any]:
        body = super().body(source)
        return {**body, "messages": body["messages"][0]}


class SystemRole(Xty):
    def body(self, source: str) -> dict[str, Any]:
        body = super().body(source)
        return {**body, "messages": [{**message, "role": "system"} for message in body["messages"]]}


class StringContent(Xty):
    def body(self, source: str) -> dict[str, Any]:
        body = super().body(source)
        words = [part.get("text") or part["image_url"]["url"] for part in body["messages"][0]["content"]]
        return {**body, "messages": [{"role": "user", "content": " ".join(words)}]}


class _Parts(Xty):
    """A client that goes wrong in the parts of its message."""

    def body(self, source: str) -> dict[str, Any]:
        body = super().body(source)
        return {**body, "messages": [{"role": "user", "content": self.parts(body["messages"][0]["content"])}]}

    def parts(self, right: list[dict[str, Any]]) -> list[dict[str, Any]]:
        raise NotImplementedError


class PartsWithoutType(_Parts):
    def parts(self, right: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [{name: value for name, value in part.items() if name != "type"} for part in right]


class ResponsesParts(_Parts):
    def parts(self, right: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [{**part, "type": {"text": "input_text", "image_url": "input_image"}[part["type"]]} for part in right]


class FixedWords(_Parts):
    def parts(self, right: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [{**part, "text": "a person"} if part["type"] == "text" else part for part in right]


class NoImagePart(_Parts):
    def parts(self, right: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [{"type": "text", "text": part.get("text") or part["image_url"]["url"]} for part in right]


class BareImageUrl(_Parts):
    def parts(self, right: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [{**part, "image_url": part["image_url"]["url"]} if "image_url" in part else part for part in right]


class PictureTwice(_Parts):
    def parts(self, right: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [*right, right[-1]]


class _Urls(_Parts):
    """A client that goes wrong in what it puts under ``url``."""

    def parts(self, right: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [
            {**part, "image_url": {"url": self.url_of(part["image_url"]["url"])}} if "image_url" in part else part
            for part in right
        ]

    def url_of(self, right: str) -> str:
        raise NotImplementedError


class SmallerUrl(_Urls):
    def url_of(self, right: str) -> str:
        return f"{right}?width=1024" if is_url(right) else right


class BareBase64(_Urls):
    def url_of(self, right: str) -> str:
        return right if is_url(right) else right.partition(",")[2]


class AlwaysGif(_Urls):
    def url_of(self, right: str) -> str:
        return right if is_url(right) else "data:image/gif;base64," + right.partition(",")[2]


class TextMode(_Urls):
    def url_of(self, right: str) -> str:
        if is_url(right):
            return right
        head, _, encoded = right.partition(",")
        spoilt = base64.b64decode(encoded).decode("utf-8", "ignore").encode()
        return f"{head},{base64.b64encode(spoilt).decode('ascii')}"


class Uncompressed(_Urls):
    def url_of(self, right: str) -> str:
        if is_url(right):
            return right
        bitmap = io.BytesIO()
        with Image.open(io.BytesIO(base64.b64decode(right.partition(",")[2]))) as picture:
            height = max(1, round(picture.height * 2400 / picture.width))
            picture.convert("RGB").resize((2400, max(1500, height))).save(bitmap, "BMP")
        return f"data:image/bmp;base64,{base64.b64encode(bitmap.getvalue()).decode('ascii')}"


class ShortTimeout(Xty):
    idle = 5.0


class SecondPost(any_bugs.SecondPost, Xty):
    patience = 5.0


class SecondPostAfterClosing(any_bugs.SecondPostAfterClosing, Xty):
    patience = 5.0


class ImagesApi(Xty):
    def result_url(self, answer: Answer) -> str:
        if not is_success(answer.status):
            return super().result_url(answer)
        try:
            return str(json.loads(answer.body)["data"][0]["url"])
        except (ValueError, LookupError, TypeError) as error:
            raise Failure(f"no data in the answer: {error!r}") from error


class UrlGuessed(Xty):
    def result_url(self, answer: Answer) -> str:
        super().result_url(answer)
        return f"{self.job.base_url}/files/{json.loads(answer.body)['id']}.png"


class KeyWithDownload(Xty):
    def download(self, url: str) -> Answer:
        return self.sent(Request("GET", url, {"Authorization": f"Bearer {self.job.key}"}))


class CacheBuster(Xty):
    def download(self, url: str) -> Answer:
        return super().download(f"{url}?nocache=1")


class PostForResult(Xty):
    def download(self, url: str) -> Answer:
        return self.sent(Request("POST", url))


class FetchedTomorrow(Xty):
    def fetched(self, url: str) -> bytes:
        if any(is_url(source) for source in self.job.inputs):
            self.pause(7200.0)
        return super().fetched(url)


class Flattened(Xty):
    def write(self, output: Path, data: bytes) -> None:
        flat = io.BytesIO()
        with Image.open(io.BytesIO(data)) as picture:
            picture.convert("RGB").save(flat, "PNG")
        super().write(output, flat.getvalue())


class StatusIgnored(Xty):
    def cut_out(self, source: str, output: Path) -> None:
        answer = self.answered(self.request(source))
        if is_success(answer.status):
            self.write(output, self.result(answer))


class ErrorObjectPassed(Xty):
    def cut_out(self, source: str, output: Path) -> None:
        answer = self.answered(self.request(source))
        if not is_success(answer.status):
            raise Failure(reason(answer.status, answer.body))
        try:
            has_error = "error" in json.loads(answer.body)
        except (ValueError, TypeError):
            has_error = False
        if not has_error:
            self.write(output, self.result(answer))


class AnswerSaved(Xty):
    def result(self, answer: Answer) -> bytes:
        try:
            return super().result(answer)
        except Failure:
            if not is_success(answer.status) or b'"error"' in answer.body:
                raise
            return answer.body


class ResultStatusIgnored(Xty):
    def fetched(self, url: str) -> bytes:
        answer = self.download(url)
        return self.picture(answer) if is_success(answer.status) else answer.body


class UrlSaved(Xty):
    def fetched(self, url: str) -> bytes:
        super().fetched(url)
        return url.encode()


class RetryAfterIgnored(Xty):
    def wait(self, chain: Backoff, answer: Answer) -> float | None:
        return chain.after(answer.status)


class _Repeats(Xty):
    """A client that repeats what it should not."""

    repeated: tuple[int, ...] = ()
    repeats = 0

    def wait(self, chain: Backoff, answer: Answer) -> float | None:
        if answer.status not in self.repeated:
            return super().wait(chain, answer)
        self.repeats += 1
        return 5.0 if self.repeats <= _SECOND_TRIES else None


class RepeatsRefusedKey(_Repeats):
    repeated = (401, 403)


class RepeatsBadRequest(_Repeats):
    repeated = (400, 404, 405, 413)
