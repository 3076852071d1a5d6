"""Bugs of clients of any provider: each class takes the place of one step of a careful client."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from http.client import HTTPException, HTTPSConnection, IncompleteRead
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from answer import is_success
from careful import Careful
from job import Failure
from wire import Answer, Late, Request, answer_on, connection_to, exchange, start

if TYPE_CHECKING:
    from pathlib import Path

    from answer import Backoff

_SECOND_TRIES = 2


class PlainHttp(Careful):
    def sent(self, request: Request) -> Answer:
        url = request.url.replace("https://", "http://", 1)
        return super().sent(Request(request.method, url, request.headers, request.body))


class PlainHttpFirst(Careful):
    def sent(self, request: Request) -> Answer:
        if request.url.startswith("https://"):
            with suppress(Failure):
                plain = Request(request.method, request.url.replace("https://", "http://", 1), request.headers)
                return exchange(plain, self.idle, None)
        return super().sent(request)


class NoServerName(Careful):
    def sent(self, request: Request) -> Answer:
        return self.nameless(request) if request.url.startswith("https://") else super().sent(request)

    def nameless(self, request: Request) -> Answer:
        parts = urlsplit(request.url)
        context = ssl.create_default_context(cafile=self.job.ca_file)
        context.check_hostname = False
        connection = HTTPSConnection(parts.hostname or "", parts.port, timeout=self.idle)
        try:
            connection.sock = context.wrap_socket(_plain_socket(request.url, self.idle), server_hostname=None)
            start(connection, request)
            return answer_on(connection)
        except (OSError, HTTPException) as error:
            raise Failure(f"strange handshake error: {error!r}") from error
        finally:
            connection.close()


class ServerNameSecond(NoServerName):
    def sent(self, request: Request) -> Answer:
        if request.url.startswith("https://"):
            with suppress(Failure):
                return self.nameless(request)
        return Careful.sent(self, request)


class NoBackoff(Careful):
    def wait(self, chain: Backoff, answer: Answer) -> float | None:
        wait = super().wait(chain, answer)
        return 1.0 if wait and answer.status == 429 else wait


class FixedBackoff(Careful):
    def wait(self, chain: Backoff, answer: Answer) -> float | None:
        wait = super().wait(chain, answer)
        return 5.0 if wait and answer.status == 429 else wait


class CappedBackoff(Careful):
    def wait(self, chain: Backoff, answer: Answer) -> float | None:
        wait = super().wait(chain, answer)
        return min(wait, 20.0) if wait and answer.status == 429 else wait


class BackoffByMessage(Careful):
    def wait(self, chain: Backoff, answer: Answer) -> float | None:
        wait = super().wait(chain, answer)
        return 0.0 if wait and answer.status == 429 and not answer.body else wait


class SleepUnderLock(Careful):
    gate = threading.Lock()

    def pause(self, seconds: float) -> None:
        with self.gate:
            super().pause(seconds)


class SharedCount(Careful):
    gate = threading.Lock()
    count = 0

    def wait(self, chain: Backoff, answer: Answer) -> float | None:
        wait = super().wait(chain, answer)
        if not wait or answer.status != 429:
            return wait
        with self.gate:
            self.count += 1
            return 5.0 * self.count


class SharedReset(SharedCount):
    def sent(self, request: Request) -> Answer:
        answer = super().sent(request)
        if is_success(answer.status):
            self.count = 0
        return answer


class SharedBackoff(Careful):
    gate = threading.Lock()

    def sent(self, request: Request) -> Answer:
        with self.gate:
            pass
        return super().sent(request)

    def pause(self, seconds: float) -> None:
        with self.gate:
            super().pause(seconds)


class HurryAfterServerError(Careful):
    def wait(self, chain: Backoff, answer: Answer) -> float | None:
        wait = super().wait(chain, answer)
        return 0.0 if wait and answer.status >= 500 else wait


class EndlessServerErrors(Careful):
    def wait(self, chain: Backoff, answer: Answer) -> float | None:
        return 5.0 if answer.status >= 500 else super().wait(chain, answer)


class RetryEverything(Careful):
    retries = 0

    def wait(self, chain: Backoff, answer: Answer) -> float | None:
        if is_success(answer.status) or answer.status == 429 or answer.status >= 500:
            return super().wait(chain, answer)
        self.retries += 1
        return 5.0 if self.retries <= _SECOND_TRIES else None


class ShortTimeout(Careful):
    idle = 60.0


class TightTimeout(Careful):
    idle = 175.0


class SecondPost(Careful):
    patience = 60.0

    def sent(self, request: Request) -> Answer:
        left_open = connection_to(request.url, self.patience, self.job.ca_file)
        try:
            start(left_open, request)
            return answer_on(left_open)
        except TimeoutError:
            return exchange(request, self.idle, self.job.ca_file)
        except (OSError, HTTPException) as error:
            raise Failure(f"no whole answer: {error!r}") from error


class SecondPostAfterClosing(Careful):
    patience = 60.0

    def sent(self, request: Request) -> Answer:
        try:
            return exchange(request, self.patience, self.job.ca_file)
        except Late:
            return exchange(request, self.idle, self.job.ca_file)


class TooManyThreads(Careful):
    def threads(self) -> int:
        return len(self.job.inputs)


class HastyRampUp(Careful):
    def work(self) -> None:
        with ThreadPoolExecutor(len(self.job.inputs)) as threads:
            ends = []
            for number, pair in enumerate(self.pairs()):
                if number >= 5:
                    time.sleep(8.0)
                ends.append(threads.submit(self.cut_out, *pair))
        for end in ends:
            end.result()


class OutputsSwapped(Careful):
    def pairs(self) -> list[tuple[str, Path]]:
        outputs = self.job.outputs
        return list(zip(self.job.inputs, [*outputs[1:], outputs[0]], strict=True))


class ErrorSaved(Careful):
    def result(self, answer: Answer) -> bytes:
        return super().result(answer) if is_success(answer.status) else answer.body


class ContentUnchecked(Careful):
    def picture(self, answer: Answer) -> bytes:
        return answer.body if is_success(answer.status) else super().picture(answer)


class TruncatedAccepted(Careful):
    def sent(self, request: Request) -> Answer:
        connection = connection_to(request.url, self.idle, self.job.ca_file)
        try:
            start(connection, request)
            response = connection.getresponse()
            headers = {name.lower(): value for name, value in response.getheaders()}
            try:
                body = response.read()
            except IncompleteRead as error:
                body = error.partial
            return Answer(response.status, headers, body)
        except (OSError, HTTPException) as error:
            raise Failure(f"no whole answer: {error!r}") from error
        finally:
            connection.close()

    def picture(self, answer: Answer) -> bytes:
        if answer.body.startswith((b"\x89PNG", b"\xff\xd8\xff")) and is_success(answer.status):
            return answer.body
        return super().picture(answer)


class OutputElsewhere(Careful):
    def write(self, output: Path, data: bytes) -> None:
        kind = "jpeg" if data.startswith(b"\xff\xd8") else "png"
        super().write(output.with_name(f"{output.name}.result.{kind}"), data)


class EmptyOutput(Careful):
    def write(self, output: Path, data: bytes) -> None:
        super().write(output, data[:0])


class SilentFailure(Careful):
    def cut_out(self, source: str, output: Path) -> None:
        try:
            super().cut_out(source, output)
        except Failure:
            return


class HangOnError(Careful):
    def cut_out(self, source: str, output: Path) -> None:
        try:
            super().cut_out(source, output)
        except Failure:
            while True:
                time.sleep(60.0)


class MessageSwallowed(Careful):
    def work(self) -> None:
        try:
            super().work()
        except Failure as error:
            raise Failure("something went wrong") from error


def _plain_socket(url: str, idle: float) -> socket.socket:
    parts = urlsplit(url)
    return socket.create_connection((parts.hostname or "", parts.port or 443), timeout=idle)
