"""Redirects are followed a few times, and every hop is checked like the first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from contracts.behaviour import ImageError, Trouble
from mockserver.fetch import Fetcher

if TYPE_CHECKING:
    from pathlib import Path

    from mockserver.fetch import Policy
    from tests.mockserver.fetch.conftest import MakeInternet, Site


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"])
@pytest.mark.parametrize(
    "location", ["/b/picture?x=1", "picture?x=1", "{origin}/b/picture?x=1", "../b/picture?x=1#top"]
)
def test_redirects_are_followed(status: str, location: str, site: Site, picture: bytes) -> None:
    """Every kind of redirect is followed, to absolute URLs and to relative references."""
    site.serve("/b/picture?x=1")
    url = site.redirect("/b/start", location.format(origin=site.origin), status)
    assert Fetcher("loopback", {}).fetch(url) == picture


def test_locations_beyond_ascii_are_understood_as_utf_8(site: Site, picture: bytes) -> None:
    """A location sent as raw UTF-8 leads to the percent-encoded path."""
    site.serve("/%C3%A4.png")
    assert Fetcher("loopback", {}).fetch(site.redirect("/start", "/ä.png")) == picture


def test_locations_in_latin_1_are_understood(site: Site, picture: bytes) -> None:
    """A location that is not UTF-8 is read as Latin-1."""
    site.serve("/%C3%A4.png")
    url = site.send("/start", b"HTTP/1.1 302 Found\r\nLocation: /\xe4.png\r\nContent-Length: 0\r\n\r\n")
    assert Fetcher("loopback", {}).fetch(url) == picture


@pytest.mark.parametrize(("hops", "arrives"), [(5, True), (6, False)])
def test_five_redirects_are_the_most(hops: int, arrives: bool, site: Site, picture: bytes) -> None:  # noqa: FBT001  data
    """The fifth redirect is followed, the sixth is not."""
    site.serve(f"/{hops}")
    for hop in range(hops):
        site.redirect(f"/{hop}", f"/{hop + 1}")
    if arrives:
        assert Fetcher("loopback", {}).fetch(f"{site.origin}/0") == picture
        return
    with pytest.raises(ImageError) as caught:
        Fetcher("loopback", {}).fetch(f"{site.origin}/0")
    assert caught.value.trouble is Trouble.URL_STATUS
    assert len(site.heard) == 6


@pytest.mark.parametrize(
    "inside",
    ["http://127.0.0.1/", "http://10.0.0.1/", "http://[::ffff:10.0.0.1]/", "http://inside.example/", "//2130706433/"],
)
def test_a_redirect_cannot_lead_inside(inside: str, internet: MakeInternet, site: Site) -> None:
    """Under ``public`` a public server cannot send the mock to a private address."""
    site.redirect("/start", inside)
    world = internet({"pictures.example": [["93.184.216.34"]], "inside.example": [["192.168.0.1"]]})
    with pytest.raises(ImageError) as caught:
        Fetcher("public", {}, internet=world).fetch("http://pictures.example/start")
    assert caught.value.trouble is Trouble.URL_REFUSED
    assert world.dialled == [("93.184.216.34", 80)]


def test_a_redirect_cannot_lead_out(internet: MakeInternet, site: Site) -> None:
    """Under ``loopback`` a server on loopback cannot send the mock to the internet."""
    site.redirect("/start", "http://93.184.216.34/")
    world = internet({"localhost": [["127.0.0.1"]]})
    with pytest.raises(ImageError) as caught:
        Fetcher("loopback", {}, internet=world).fetch("http://localhost/start")
    assert caught.value.trouble is Trouble.URL_REFUSED
    assert world.dialled == [("127.0.0.1", 80)]


def test_every_hop_is_looked_up_anew(internet: MakeInternet, site: Site) -> None:
    """A name that was public at the first hop and is private at the second is refused at the second."""
    site.redirect("/start", "/next")
    world = internet({"pictures.example": [["93.184.216.34"], ["127.0.0.1"]]})
    with pytest.raises(ImageError) as caught:
        Fetcher("public", {}, internet=world).fetch("http://pictures.example/start")
    assert caught.value.trouble is Trouble.URL_REFUSED
    assert world.dialled == [("93.184.216.34", 80)]


@pytest.mark.parametrize("policy", ["loopback", "all"])
@pytest.mark.parametrize(
    "location",
    ["file:///etc/passwd", "ftp://127.0.0.1/", "http://user@127.0.0.1/", "http://127.0.0.1:0/", "http://[::1"],
)
def test_a_redirect_must_be_a_valid_url(policy: Policy, location: str, site: Site) -> None:
    """A redirect to another scheme, to credentials or to nonsense is as invalid as a first URL like that."""
    with pytest.raises(ImageError) as caught:
        Fetcher(policy, {}).fetch(site.redirect("/start", location))
    assert caught.value.trouble is Trouble.URL_UNREACHABLE


def test_a_redirect_may_lead_to_a_sample(site: Site, tmp_path: Path) -> None:
    """The URL of a sample means the bundled picture at every hop."""
    sample = tmp_path / "sample.jpeg"
    sample.write_bytes(b"a bundled picture")
    url = site.redirect("/start", "https://example.com/example.jpeg")
    samples = {"https://example.com/example.jpeg": sample}
    assert Fetcher("loopback", samples).fetch(url) == b"a bundled picture"


@pytest.mark.parametrize("status", ["300 Multiple Choices", "304 Not Modified", "302 Found"])
def test_what_leads_nowhere_is_a_status(status: str, site: Site) -> None:
    """A redirect without a location, and statuses that redirect nowhere, are reported as they are."""
    with pytest.raises(ImageError) as caught:
        Fetcher("loopback", {}).fetch(site.serve("/", b"", status=status))
    assert caught.value.trouble is Trouble.URL_STATUS
    assert status[:3] in caught.value.detail


def test_no_cookie_and_no_referrer_is_sent_on(site: Site) -> None:
    """What a server sets is not sent to the next hop, nor is the hop before named."""
    site.serve("/next")
    url = site.serve("/start", b"", "Location: /next", "Set-Cookie: a=b", status="302 Found")
    Fetcher("loopback", {}).fetch(url)
    path, fields = site.heard[-1]
    assert path == "/next"
    assert sorted(name.lower() for name in fields) == ["accept", "accept-encoding", "connection", "host", "user-agent"]
