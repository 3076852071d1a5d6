"""Cuts pictures out with Pixian and requests, several at once."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import requests

from answer import Backoff, picture_in, save
from form import CONNECT, IDLE, PATH, form
from job import Failure, run
from threads import each

if TYPE_CHECKING:
    from pathlib import Path

    from form import Form
    from job import Job


def main(job: Job) -> None:
    """Cut out all pictures of *job*."""
    each(job, cut_out)


def cut_out(job: Job, source: str, output: Path) -> None:
    """Send a picture until it is answered with success or the tries are used up; save the result."""
    what = form(job, source)
    backoff = Backoff()
    while True:
        response = send(job, what)
        wait = backoff.after(response.status_code)
        if wait is None:
            break
        time.sleep(wait)
    save(output, picture_in(response.status_code, response.headers.get("Content-Type"), response.content))


def send(job: Job, what: Form) -> requests.Response:
    """Send one request. What went wrong on the way may have been charged all the same, so it is not repeated."""
    try:
        return requests.post(
            job.base_url + PATH,
            data=what.fields,
            files={"image": (what.file.name, what.file.data)} if what.file else None,
            auth=job.credentials,
            timeout=(CONNECT, IDLE),
            verify=job.ca_file or True,
        )
    except requests.RequestException as error:
        raise Failure(f"no whole answer: {error}") from error


run(main)
