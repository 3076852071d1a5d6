"""A client that keeps the rules of every provider, in steps that a bug can take the place of."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from answer import Backoff, picture_in, save
from job import Failure
from wire import exchange

if TYPE_CHECKING:
    from pathlib import Path

    from job import Job
    from wire import Answer, Request


class Careful:
    """Cuts the pictures of a job out. What is particular to a provider is :meth:`request` and :meth:`result`."""

    idle = 200.0
    """Seconds of silence to put up with."""

    def __init__(self, job: Job) -> None:
        """Prepare for *job*."""
        self.job = job

    def work(self) -> None:
        """Cut out all pictures.

        Raises:
            Failure: one could not be cut out at least.
        """
        with ThreadPoolExecutor(self.threads()) as threads:
            ends = [threads.submit(self.cut_out, *pair) for pair in self.pairs()]
        for end in ends:
            end.result()

    def threads(self) -> int:
        """Return how many pictures are worked on at once."""
        return self.job.threads

    def pairs(self) -> list[tuple[str, Path]]:
        """Return every input with the output that its result goes to."""
        return self.job.pairs

    def cut_out(self, source: str, output: Path) -> None:
        """Cut out the picture at *source*."""
        self.write(output, self.result(self.answered(self.request(source))))

    def request(self, source: str) -> Request:
        """Return the request for the picture at *source*."""
        raise NotImplementedError

    def answered(self, request: Request) -> Answer:
        """Send *request* until the answer is final."""
        chain = Backoff()
        while True:
            answer = self.sent(request)
            wait = self.wait(chain, answer)
            if wait is None:
                return answer
            self.pause(wait)

    def sent(self, request: Request) -> Answer:
        """Send *request* once. What went wrong on the way may have been charged all the same: it is not repeated."""
        return exchange(request, self.idle, self.job.ca_file)

    def wait(self, chain: Backoff, answer: Answer) -> float | None:
        """Return the seconds from *answer* to the next try, ``None`` if there is to be none."""
        return chain.after(answer.status, answer.headers.get("retry-after"))

    def pause(self, seconds: float) -> None:
        """Let *seconds* pass."""
        time.sleep(seconds)

    def result(self, answer: Answer) -> bytes:
        """Return the picture that *answer*, the last, leads to."""
        raise NotImplementedError

    def picture(self, answer: Answer) -> bytes:
        """Return the picture in *answer*."""
        return picture_in(answer.status, answer.headers.get("content-type"), answer.body)

    def write(self, output: Path, data: bytes) -> None:
        """Make *data* the *output*."""
        try:
            save(output, data)
        except OSError as error:
            raise Failure(f"the result cannot be written: {error}") from error
