"""The same client once it keeps the rules."""

import json
import os
import pathlib
import sys
import time

import requests

URL = os.environ["MATTEPROOF_BASE_URL"] + "/api/v2/remove-background"
PAIR = os.environ["MATTEPROOF_API_ID"], os.environ["MATTEPROOF_API_SECRET"]
IDLE = 200  # seconds; the provider asks for 180 at least
TRIES = 6
TYPES = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff"}


def form(parameters):
    """Return the parameters as a form has them: booleans in lower case."""
    return {name: str(value).lower() if isinstance(value, bool) else value for name, value in parameters.items()}


def ask(picture, fields):
    """Send one request, by upload or by URL."""
    if picture.startswith(("http://", "https://")):
        return requests.post(URL, data={**fields, "image.url": picture}, auth=PAIR, timeout=IDLE)
    with open(picture, "rb") as file:
        return requests.post(URL, data=fields, files={"image": file}, auth=PAIR, timeout=IDLE)


def answered(picture, fields):
    """Return the answer, after 5, 10, 15 ... seconds of peace for every 429, and a moment after a server's error."""
    busy = broken = 0
    for _ in range(TRIES):
        response = ask(picture, fields)
        if response.status_code == 429:
            busy += 1
            time.sleep(5 * busy)
        elif response.status_code >= 500 and broken < 2:
            busy, broken = 0, broken + 1
            time.sleep(1)
        else:
            break
    return response


def main():
    if "\n" in os.environ["MATTEPROOF_INPUT"]:
        return 77  # this client knows no threads
    response = answered(os.environ["MATTEPROOF_INPUT"], form(json.loads(os.environ["MATTEPROOF_PARAMETERS"])))
    if not response.ok:
        sys.exit(f"The provider answered {response.status_code}: {response.text[:500]}")
    start = TYPES.get(response.headers.get("Content-Type", ""))
    if start is None or not response.content.startswith(start):
        sys.exit(f"The provider sent no picture, but {response.headers.get('Content-Type')!r}.")
    pathlib.Path(os.environ["MATTEPROOF_OUTPUT"]).write_bytes(response.content)
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except requests.RequestException as error:
        sys.exit(f"No whole answer: {error}")
