"""The page's files: who gets them, what they may do, and that they are all there."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

import mockserver.dashboard
from mockserver.mock import Mock
from plain import NO_TLS
from tests.mockserver.control.asking import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Iterator

FILES = Path(mockserver.dashboard.__file__).parent / "static"
NAMES = sorted(path.relative_to(FILES).as_posix() for path in FILES.rglob("*") if path.is_file())
MODULES = [name for name in NAMES if name.endswith(".js")]
OWN = [name for name in NAMES if not name.startswith("vendor/") and name.endswith((".js", ".css", ".html", ".svg"))]
TOKEN = "a-token-for-tests"  # noqa: S105  of no real server
LARGEST = 1_000_000
"""Bytes of all files together; the aim is ten times that."""


@pytest.fixture(scope="module")
def mock() -> Iterator[Mock]:
    """A running mock."""
    with Mock() as running:
        yield running


def ask(mock: Mock, path: str, **headers: str) -> httpx.Response:
    """Return the answer to a request for *path* below the page."""
    return httpx.get(f"{mock.url}/_mock{path}", headers=headers, trust_env=False, verify=NO_TLS, timeout=PATIENCE)


def text(name: str) -> str:
    """Return the file *name* of the page."""
    return (FILES / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("path", ["/", "/static/main.js", "/static/style.css", "/static/vendor/lit-html/lit-html.js"])
def test_the_page_may_do_nothing_but_use_files_of_its_own(mock: Mock, path: str) -> None:
    """Neither scripts nor styles within the page, no other origin, no frame; browsers must not guess types."""
    answer = ask(mock, path)
    assert answer.status_code == 200
    policy = dict(part.split(" ", 1) for part in answer.headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == policy["form-action"] == "'none'"
    assert policy["require-trusted-types-for"] == "'script'"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_the_page_is_asked_for_anew_each_time(mock: Mock) -> None:
    """After an update nobody sees old files, and whoever has the current ones is not sent them again."""
    answer = ask(mock, "/static/main.js")
    assert answer.headers["Cache-Control"] == "no-cache"
    assert ask(mock, "/static/main.js", **{"If-None-Match": answer.headers["ETag"]}).status_code == 304


def test_who_leaves_the_slash_out_is_sent_to_the_page(mock: Mock) -> None:
    """The addresses in the page are relative to it."""
    answer = ask(mock, "")
    assert (answer.status_code, answer.headers["Location"]) == (308, "/_mock/")


@pytest.mark.parametrize(
    "name",
    [
        "../pages.py",
        "%2e%2e/pages.py",
        "..%2fpages.py",
        "vendor",
        "",
        "nothing.js",
        "main.js/",
        "%00",
        "/etc/passwd",
        "main.js%00.css",
        "vendor%2Flit-html%2Flit-html.js",
    ],
)
def test_nothing_but_the_files_of_the_page_is_handed_out(mock: Mock, name: str) -> None:
    """Whatever a path tries."""
    answer = ask(mock, f"/static/{name}")
    assert answer.status_code == 404
    assert "def register" not in answer.text


@pytest.mark.parametrize("path", ["/", "/static/main.js"])
def test_the_page_is_for_whom_the_control_api_is(mock: Mock, path: str) -> None:
    """This machine by its own names, and no script of another origin."""
    assert ask(mock, path, Host="evil.example").status_code == 421
    assert ask(mock, path, Origin="https://evil.example").status_code == 403


def test_beyond_loopback_browsers_ask_their_user_for_the_token() -> None:
    """As the password of HTTP Basic, which they then send with everything that the page does."""
    with Mock(token=TOKEN) as locked:
        refused = ask(locked, "/")
        assert refused.status_code == 401
        assert any(value.startswith("Basic") for value in refused.headers.get_list("WWW-Authenticate"))
        answer = httpx.get(f"{locked.url}/_mock/", auth=("anybody", TOKEN), trust_env=False, timeout=PATIENCE)
        assert answer.status_code == 200


@pytest.mark.parametrize("name", MODULES)
def test_whatever_a_module_imports_is_there(name: str) -> None:
    """No module is fetched from anywhere else, and none is missing."""
    for imported in re.findall(r"""(?:from|import)\s*["']([^"']+)["']""", text(name)):
        assert imported.startswith("."), imported
        path = (FILES / name).parent / imported
        assert path.resolve().relative_to(FILES.resolve()).as_posix() in NAMES


@pytest.mark.parametrize("name", OWN)
def test_no_file_names_another_host(name: str) -> None:
    """No network is needed, and nobody learns that the page is open. Names of standards and examples are none."""
    hosts = set(re.findall(r"https?://([\w.-]+)", text(name)))
    assert hosts <= {"www.w3.org", "example.com"}


@pytest.mark.parametrize("name", [name for name in OWN if name.endswith(".js")])
def test_what_users_sent_never_becomes_markup(name: str) -> None:
    """Templates escape; nothing goes around them."""
    source = text(name)
    for dangerous in ("innerHTML", "outerHTML", "insertAdjacentHTML", "unsafeHTML", "document.write", "eval("):
        assert dangerous not in source


def test_the_page_has_no_script_and_no_style_within() -> None:
    """Browsers would refuse them by the policy."""
    page = text("index.html")
    assert "<style" not in page
    assert not re.search(r"<script(?![^>]*\bsrc=)|\son\w+=|\sstyle=", page)


def test_every_file_of_the_page_is_used() -> None:
    """From the page itself, step by step; licences stand beside what they are for."""
    seen, waiting = set(), ["index.html"]
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        folder = (FILES / name).parent
        found = re.findall(r"""(?:from|import)\s*["'](\.[^"']+)["']""", text(name))
        found += [one.removeprefix("static/") for one in re.findall(r"""(?:src|href)="(static/[^"]+)""", text(name))]
        waiting += [(folder / one).resolve().relative_to(FILES.resolve()).as_posix() for one in found]
    licences = {name for name in NAMES if name.endswith("LICENSE")}
    assert licences
    assert set(NAMES) - licences == seen


def test_the_page_is_small() -> None:
    """It comes with every installation."""
    assert sum((FILES / name).stat().st_size for name in NAMES) < LARGEST
