"""Pictures that the server is to fetch from a URL."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from contracts.checks import Broken, shown
from contracts.providers.pixian.checks.acceptance import (
    accepted,
    is_plainly,
    refused,
    said,
    turned_down,
)
from contracts.providers.pixian.checks.registry import CHECKS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from contracts.checks import Finding
    from contracts.providers.pixian.checks.call import Call

MISSING = "/no-such-picture"
"""The path at which whoever serves pictures for us has none."""
PAGES = frozenset({"http://example.com/", "https://example.com/"})
"""URLs that surely lead to a web page: their owner keeps it there for everybody."""
_NOWHERE = ".invalid"
"""The end of names that lead nowhere (RFC 6761)."""


@CHECKS.each("image.url")
def url(call: Call) -> Finding | None:
    """A plain request with the URL of a picture is not refused, nor told that it has no image."""
    if not call.is_removal or call.form.url is None:
        return None
    if call.is_well_put and call.code == 1005:
        return Broken("answer", "the picture to be fetched from image.url", said(call), "Is the field known?")
    return accepted(call, "The picture was fetched.") if is_plainly(call, "image.url") else None


@CHECKS.each("image.url-schemes")
def url_schemes(call: Call) -> Finding | None:
    """A URL of another scheme than http and https leads to no result."""
    scheme, colon, _ = (call.form.url or "").partition(":")
    if not call.is_removal or not call.is_well_put or not colon or not scheme.isalpha():
        return None
    return turned_down(call, f"The scheme is {scheme}.") if scheme.lower() not in {"http", "https"} else None


@CHECKS.together("image.url-status")
def url_status(calls: Sequence[Call]) -> Iterable[tuple[Call, Finding]]:
    """A path without a picture, on a server from which a picture was fetched, is reported as 400 with code 1020."""
    origins = {_origin(known) for call in calls[:1] for known in call.pictures}
    for call in calls:
        if call.form.url is not None and call.form.url.endswith(MISSING) and _origin(call.form.url) in origins:
            finding = _about_url(call, 1020, "The server answers 404 at this address; others of its URLs were fetched.")
            if finding is not None:
                yield call, finding


@CHECKS.each("image.url-not-image")
def url_not_image(call: Call) -> Finding | None:
    """A web page that surely exists is reported as 400 with code 1021, unless it could not be fetched (1022)."""
    fetched = call.pictures.get(call.form.url or "", b"").startswith(b"<")
    if not (fetched or call.form.url in PAGES) or call.code == 1022:
        return None
    return _about_url(call, 1021, "The URL leads to a web page, which says so in its Content-Type.")


@CHECKS.each("image.url-fetch-failed")
def url_fetch_failed(call: Call) -> Finding | None:
    """A host that surely does not exist is reported as 400 with code 1022."""
    leads_nowhere = (_host(call.form.url) or "").endswith(_NOWHERE)
    return _about_url(call, 1022, "No host has a name that ends in .invalid.") if leads_nowhere else None


@CHECKS.each("image.url-invalid")
def url_invalid(call: Call) -> Finding | None:
    """A text without any scheme, or a URL of HTTP without a host, is reported as 400 with code 1024."""
    text = (call.form.url or "").strip()
    lacks_scheme = bool(text) and ":" not in text
    lacks_host = text.lower().startswith(("http:", "https:")) and _host(text) == ""
    return _about_url(call, 1024, f"The text is {shown(text)}.") if lacks_scheme or lacks_host else None


def _about_url(call: Call, code: int, hint: str) -> Finding | None:
    return refused(call, 400, code, hint) if call.is_removal and call.is_well_put else None


def _host(text: str | None) -> str | None:
    """Return the host of the URL *text*, empty if it has none, ``None`` if it cannot be parsed."""
    try:
        return urlsplit(text or "").hostname or ""
    except ValueError:
        return None


def _origin(text: str) -> str:
    return "/".join(text.split("/")[:3])
