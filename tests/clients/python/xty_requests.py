"""Cuts pictures out with XTY and requests, several at once."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import requests

from answer import Backoff, picture_in, save
from chat import CONNECT, IDLE, PATH, body, patiently, result_url
from job import Failure, run
from threads import each

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

    from job import Job


def main(job: Job) -> None:
    """Cut out all pictures of *job*."""
    each(job, cut_out)


def cut_out(job: Job, source: str, output: Path) -> None:
    """Ask for a picture until there is a completion or the tries are used up; fetch and save the result."""
    what = body(source, job.parameters)
    backoff = Backoff()
    while True:
        response = ask(job, what)
        wait = backoff.after(response.status_code, response.headers.get("Retry-After"))
        if wait is None:
            break
        time.sleep(wait)
    url = result_url(response.status_code, response.content)
    save(output, patiently(lambda: fetched(job, url)))


def ask(job: Job, what: dict[str, Any]) -> requests.Response:
    """Send one request. What went wrong on the way may have been charged all the same, so it is not repeated."""
    headers = {"Authorization": f"Bearer {job.key}"}
    try:
        return requests.post(
            job.base_url + PATH, json=what, headers=headers, timeout=(CONNECT, IDLE), verify=job.ca_file or True
        )
    except requests.RequestException as error:
        raise Failure(f"no whole answer: {error}") from error


def fetched(job: Job, url: str) -> bytes:
    """Return the result, without showing the key to whoever hosts it."""
    try:
        response = requests.get(url, timeout=(CONNECT, IDLE), verify=job.ca_file or True)
    except requests.RequestException as error:
        raise Failure(f"the result could not be fetched: {error}") from error
    return picture_in(response.status_code, response.headers.get("Content-Type"), response.content)


run(main)
