"""Cuts one picture out with XTY, OpenAI's SDK."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, cast

import httpx
import openai
from openai.types.chat import ChatCompletion

from answer import Backoff, reason, save
from chat import CONNECT, IDLE, MODEL, messages
from hosted import fetched
from job import Failure, is_url, run

if TYPE_CHECKING:
    from job import Job


def main(job: Job) -> None:
    """Ask for the picture of *job* until there is a completion or the tries are used up; fetch and save the result."""
    source, output = job.only_pair
    what = messages(source, job.parameters)
    # The SDK's own retries begin after half a second, and repeat a request that timed out.
    with openai.OpenAI(
        base_url=f"{job.base_url}/v1",
        api_key=job.key,
        http_client=openai.DefaultHttpxClient(verify=job.tls),
        timeout=openai.Timeout(IDLE, connect=CONNECT),
        max_retries=0,
    ) as client:
        url = result_url(completed(client, what))
    with httpx.Client(timeout=httpx.Timeout(IDLE, connect=CONNECT), verify=job.tls) as downloads:
        save(output, fetched(downloads, url))


def completed(client: openai.OpenAI, what: list[dict[str, Any]]) -> object:
    """Return the completion; wait and ask again as long as that makes sense."""
    backoff = Backoff()
    while True:
        try:
            return client.chat.completions.create(model=MODEL, messages=cast("Any", what))
        except openai.APIStatusError as error:
            wait = backoff.after(error.status_code, error.response.headers.get("Retry-After"))
            if wait is None:
                raise Failure(reason(error.status_code, error.response.content)) from error
            time.sleep(wait)
        except (openai.OpenAIError, ValueError) as error:
            raise Failure(f"no whole answer: {type(error).__name__} {error}") from error


def result_url(completion: object) -> str:
    """Return the URL in *completion*, which is whatever the server sent with status 200."""
    if not isinstance(completion, ChatCompletion) or not completion.choices:
        raise Failure(f"the answer is no completion: {str(completion)[:200]}")
    url = completion.choices[0].message.content
    if not isinstance(url, str) or not is_url(url):
        raise Failure(f"the completion has no URL: {url!r}")
    return url


run(main)
