"""A client of Pixian that keeps all rules, in steps that a bug can take the place of."""

from __future__ import annotations

import base64
import uuid
from typing import TYPE_CHECKING, NamedTuple

from careful import Careful
from form import PATH, form, text
from job import is_url
from wire import Request

if TYPE_CHECKING:
    from wire import Answer


class Part(NamedTuple):
    """A field of the form; with a ``file`` name it is a file."""

    name: str
    content: bytes
    file: str = ""


class Pixian(Careful):
    """Sends a form, and gets the picture at once."""

    path = PATH

    def request(self, source: str) -> Request:
        """Return the request for the picture at *source*."""
        content_type, body = self.encoded([*self.parameters(), *self.image(source)])
        headers = {"Authorization": self.authorization(), "Content-Type": content_type}
        return Request("POST", self.url(), headers, body)

    def url(self) -> str:
        """Return where the request goes."""
        return self.job.base_url + self.path

    def authorization(self) -> str:
        """Return the value of the header Authorization."""
        return "Basic " + base64.b64encode(":".join(self.job.credentials).encode()).decode("ascii")

    def parameters(self) -> list[Part]:
        """Return a field for every parameter of the job."""
        return [Part(name, text(value).encode()) for name, value in self.job.parameters.items()]

    def image(self, source: str) -> list[Part]:
        """Return the field that has the picture at *source*, or its URL."""
        if is_url(source):
            return [Part("image.url", source.encode())]
        file = form(self.job, source).file
        assert file
        return [Part("image", file.data, file.name)]

    def encoded(self, parts: list[Part]) -> tuple[str, bytes]:
        """Return Content-Type and body of a form with *parts*."""
        boundary = uuid.uuid4().hex
        return f"multipart/form-data; boundary={boundary}", multipart(parts, boundary)

    def result(self, answer: Answer) -> bytes:
        """Return the picture in *answer*."""
        return self.picture(answer)


def multipart(parts: list[Part], boundary: str) -> bytes:
    """Return *parts* between *boundary* lines."""
    body = b""
    for part in parts:
        file = f'; filename="{part.file}"\r\nContent-Type: application/octet-stream' if part.file else ""
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="{part.name}"{file}\r\n\r\n'
        body += head.encode() + part.content + b"\r\n"
    return body + f"--{boundary}--\r\n".encode()
