"""A browser for tests: the system's own Chromium, what its pages complain of, and a server for pages."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import threading
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, WebError

_NAMES = ("chromium", "chromium-browser", "google-chrome")
_SWITCHES = (
    "--no-proxy-server",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
    "--force-color-profile=srgb",
)
"""Whatever a page asks for, nothing leaves this machine; and colours do not depend on its screen."""
_ROOT = 0


def chromium() -> str:
    """Return the path of Chromium; skip the test where there is none, or fail it where nothing may be skipped.

    ``MATTEPROOF_CHROMIUM`` names one at an unusual place; with ``MATTEPROOF_REQUIRE_SAMPLES=1`` there must be one.
    """
    found = os.environ.get("MATTEPROOF_CHROMIUM") or next(filter(None, map(shutil.which, _NAMES)), None)
    if found is None:
        must = os.environ.get("MATTEPROOF_REQUIRE_SAMPLES") == "1"
        (pytest.fail if must else pytest.skip)("no Chromium here: apt-get install chromium")
    return found


class Chromium:
    """A running browser, driven by Playwright, whose event loop sleeps but for the moments when a test uses it.

    Playwright's blocking calls run an event loop in the thread of the tests, which stays marked as running between
    them. With that mark no other loop could run there, and the tests of asynchronous code would fail.
    """

    def __init__(self, path: str) -> None:
        """Start the Chromium at *path*, without a window."""
        from playwright.sync_api import sync_playwright  # noqa: PLC0415  only where there is a browser

        self._path = path
        self._playwright = sync_playwright().start()
        self._loop = asyncio.get_running_loop()
        self.browser = self.launch()
        self._sleep()

    def launch(self, *switches: str) -> Browser:
        """Start a browser with further *switches*; who asks for it closes it."""
        as_root = ("--no-sandbox",) if os.geteuid() == _ROOT else ()
        return self._playwright.chromium.launch(executable_path=self._path, args=[*_SWITCHES, *as_root, *switches])

    @contextmanager
    def awake(self) -> Iterator[None]:
        """Let the loop run; no other can until the end."""
        asyncio._set_running_loop(self._loop)  # noqa: SLF001  meant for those who run loops
        try:
            yield
        finally:
            self._sleep()

    def close(self) -> None:
        """Stop browser and loop."""
        with self.awake():
            self.browser.close()
            self._playwright.stop()

    @staticmethod
    def _sleep() -> None:
        asyncio._set_running_loop(None)  # noqa: SLF001  meant for those who run loops


class Complaints:
    """What the pages of a profile complain of: errors that no script caught, and errors on the console."""

    def __init__(self, context: BrowserContext) -> None:
        """Listen to the pages of *context*."""
        self._context = context
        self._heard: list[str] = []
        self._expected: list[re.Pattern[str]] = []
        context.on("weberror", self._on_error)
        context.on("console", self._on_message)

    def expect(self, *patterns: str) -> None:
        """Take complaints in which one of *patterns* is found as meant by the test."""
        self._expected += map(re.compile, patterns)

    @property
    def unexpected(self) -> list[str]:
        """What the test has not expected, so far."""
        for page in self._context.pages:
            page.evaluate("0")  # what the page said before has been heard when this is answered
        return [text for text in self._heard if not any(pattern.search(text) for pattern in self._expected)]

    def _on_error(self, error: WebError) -> None:
        self._heard.append(f"uncaught: {error.error}")

    def _on_message(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self._heard.append(f"{message.text} ({message.location.get('url', '')})")


class _Files(SimpleHTTPRequestHandler):
    """The files of a folder, without a log."""

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


@contextmanager
def pages_of(folder: Path) -> Iterator[str]:
    """Serve *folder* on a free port of this machine, and yield the origin of its pages."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Files, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
