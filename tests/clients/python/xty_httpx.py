"""Cuts one picture out with XTY and httpx."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import httpx

from answer import Backoff, save
from chat import CONNECT, IDLE, PATH, body, result_url
from hosted import fetched
from job import Failure, run

if TYPE_CHECKING:
    from job import Job


def main(job: Job) -> None:
    """Ask for the picture of *job* until there is a completion or the tries are used up; fetch and save the result."""
    source, output = job.only_pair
    what = body(source, job.parameters)
    headers = {"Authorization": f"Bearer {job.key}"}
    backoff = Backoff()
    with httpx.Client(timeout=httpx.Timeout(IDLE, connect=CONNECT), verify=job.tls) as client:
        while True:
            try:
                response = client.post(job.base_url + PATH, json=what, headers=headers)
            except httpx.HTTPError as error:  # it may have been charged all the same, so it is not repeated
                raise Failure(f"no whole answer: {type(error).__name__} {error}") from error
            wait = backoff.after(response.status_code, response.headers.get("Retry-After"))
            if wait is None:
                break
            time.sleep(wait)
        save(output, fetched(client, result_url(response.status_code, response.content)))


run(main)
