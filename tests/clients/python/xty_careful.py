"""A client of XTY that keeps all rules, in steps that a bug can take the place of."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import chat
from careful import Careful
from job import Failure
from wire import Request

if TYPE_CHECKING:
    from wire import Answer


class Xty(Careful):
    """Sends a chat message, and fetches the result from the URL in the completion."""

    path = chat.PATH

    def request(self, source: str) -> Request:
        """Return the request for the picture at *source*."""
        return Request("POST", self.url(), self.headers(), self.encoded(self.body(source)))

    def url(self) -> str:
        """Return where the request goes."""
        return self.job.base_url + self.path

    def headers(self) -> dict[str, str]:
        """Return the headers of the request."""
        return {"Authorization": f"Bearer {self.job.key}", "Content-Type": "application/json"}

    def body(self, source: str) -> dict[str, Any]:
        """Return what is asked for."""
        return chat.body(source, self.job.parameters)

    def encoded(self, body: dict[str, Any]) -> bytes:
        """Return *body* as it is sent."""
        return json.dumps(body, ensure_ascii=False).encode()

    def result(self, answer: Answer) -> bytes:
        """Return the picture that the completion in *answer* names."""
        return self.fetched(self.result_url(answer))

    def result_url(self, answer: Answer) -> str:
        """Return the URL in the completion."""
        return chat.result_url(answer.status, answer.body)

    def fetched(self, url: str) -> bytes:
        """Return the picture at *url*, which may take a moment to appear."""
        for pause in chat.PAUSES:
            try:
                return self.picture(self.download(url))
            except Failure:
                self.pause(pause)
        return self.picture(self.download(url))

    def download(self, url: str) -> Answer:
        """Ask once for *url*, without showing the key to whoever hosts it."""
        return self.sent(Request("GET", url))
