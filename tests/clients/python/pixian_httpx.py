"""Cuts one picture out with Pixian and httpx."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import httpx

from answer import Backoff, picture_in, save
from form import CONNECT, IDLE, PATH, form
from job import Failure, run

if TYPE_CHECKING:
    from form import Form
    from job import Job


def main(job: Job) -> None:
    """Send the picture of *job* until it is answered with success or the tries are used up; save the result."""
    source, output = job.only_pair
    what = form(job, source)
    backoff = Backoff()
    with httpx.Client(
        base_url=job.base_url, auth=job.credentials, timeout=httpx.Timeout(IDLE, connect=CONNECT), verify=job.tls
    ) as client:
        response = send(client, what)
        while (wait := backoff.after(response.status_code)) is not None:
            time.sleep(wait)
            response = send(client, what)
    save(output, picture_in(response.status_code, response.headers.get("Content-Type"), response.content))


def send(client: httpx.Client, what: Form) -> httpx.Response:
    """Send one request. What went wrong on the way may have been charged all the same, so it is not repeated."""
    files = {"image": (what.file.name, what.file.data)} if what.file else None
    try:
        return client.post(PATH, data=what.fields, files=files)
    except httpx.HTTPError as error:
        raise Failure(f"no whole answer: {type(error).__name__} {error}") from error


run(main)
