"""Each policy reaches what it promises and nothing else."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from contracts.behaviour import ImageError, Trouble
from mockserver.fetch import Fetcher

if TYPE_CHECKING:
    from pathlib import Path

    from mockserver.fetch import Policy
    from tests.mockserver.fetch.conftest import MakeInternet, Site

SAMPLE = "https://example.com/example.jpeg"
EVERY_POLICY: tuple[Policy, ...] = ("fixtures", "loopback", "public", "all")


@pytest.mark.parametrize("policy", EVERY_POLICY)
def test_samples_are_served_under_every_policy(policy: Policy, tmp_path: Path, internet: MakeInternet) -> None:
    """The URL of a sample gives the bundled picture, and nobody is looked up or connected to."""
    sample = tmp_path / "sample.jpeg"
    sample.write_bytes(b"a bundled picture")
    world = internet({"example.com": [["93.184.216.34"]]})
    assert Fetcher(policy, {SAMPLE: sample}, internet=world).fetch(SAMPLE) == b"a bundled picture"
    assert (world.looked_up, world.dialled) == ([], [])


@pytest.mark.parametrize("url", ["https://example.com/other.jpeg", "http://127.0.0.1/", "http://[::1]/"])
def test_fixtures_fetches_nothing_else(url: str, internet: MakeInternet) -> None:
    """Under ``fixtures`` other URLs are refused without a lookup; the sentence names the switches that help."""
    world = internet({"example.com": [["93.184.216.34"]]})
    with pytest.raises(ImageError) as caught:
        Fetcher("fixtures", {}, internet=world).fetch(url)
    assert caught.value.trouble is Trouble.URL_REFUSED
    assert "--fetch loopback or --fetch public or --fetch all" in caught.value.detail
    assert (world.looked_up, world.dialled) == ([], [])


def test_fixtures_tells_a_bad_url_from_a_refused_one() -> None:
    """What is no URL at all is invalid, not refused."""
    with pytest.raises(ImageError) as caught:
        Fetcher("fixtures", {}).fetch("no URL")
    assert caught.value.trouble is Trouble.URL_INVALID


def test_fixtures_loads_no_network_module() -> None:
    """A server that only serves samples loads neither sockets nor TLS nor an HTTP client for it."""
    program = """
import sys
from mockserver.fetch import Fetcher
from contracts.behaviour import ImageError
class Sample:
    def read_bytes(self): return b"picture"
fetcher = Fetcher("fixtures", {"https://example.com/a": Sample()})
assert fetcher.fetch("https://example.com/a") == b"picture"
try:
    fetcher.fetch("https://example.com/b")
except ImageError:
    print(sorted({"socket", "_socket", "ssl", "_ssl", "http.client", "asyncio", "selectors"} & sys.modules.keys()))
"""
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout == "[]\n"


@pytest.mark.parametrize("policy", ["loopback", "all"])
@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "LOCALHOST.", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]"])
def test_loopback_is_reached_in_any_spelling(policy: Policy, host: str, site: Site, picture: bytes) -> None:
    """A server on loopback, such as the mock itself, can be fetched from under ``loopback`` and ``all``."""
    site.serve("/result.png")
    assert Fetcher(policy, {}).fetch(f"http://{host}:{site.port}/result.png") == picture


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "2130706433",
        "0x7f.1",
        "0177.0.0.1",
        "127.1",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "127。0。0。1",
    ],
)
def test_public_never_reaches_loopback(host: str, site: Site) -> None:
    """However loopback is spelt, ``public`` refuses it, says how to allow it, and the server hears nothing."""
    site.serve("/result.png")
    with pytest.raises(ImageError) as caught:
        Fetcher("public", {}).fetch(f"http://{host}:{site.port}/result.png")
    assert caught.value.trouble is Trouble.URL_REFUSED
    assert "--fetch loopback or --fetch all" in caught.value.detail
    assert site.heard == []


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0",  # noqa: S104  data: nothing is bound
        "10.0.0.1",
        "100.64.0.1",
        "169.254.169.254",
        "172.16.0.1",
        "192.168.0.1",
        "224.0.0.1",
        "255.255.255.255",
        "[::]",
        "[::ffff:10.0.0.1]",
        "[64:ff9b::10.0.0.1]",
        "[2002:a00:1::]",
        "[2001:0:4136:e378:8000:63bf:f5ff:fffe]",
        "[fc00::1]",
        "[fe80::1]",
        "[ff02::1]",
        "0xa.1",
        "167772161",
    ],
)
@pytest.mark.parametrize("policy", ["loopback", "public"])
def test_special_addresses_are_left_to_all(policy: Policy, address: str, internet: MakeInternet) -> None:
    """Private and other special addresses are refused without a connection; the sentence names only ``all``."""
    world = internet()
    with pytest.raises(ImageError) as caught:
        Fetcher(policy, {}, internet=world).fetch(f"http://{address}/")
    assert caught.value.trouble is Trouble.URL_REFUSED
    assert caught.value.detail.endswith("; a server of your own fetches it if started with --fetch all.")
    assert world.dialled == []


def test_all_reaches_private_addresses(internet: MakeInternet, site: Site, picture: bytes) -> None:
    """Under ``all`` a private address is connected to."""
    site.serve("/a.png")
    world = internet({"intranet.example": [["10.0.0.1"]]})
    assert Fetcher("all", {}, internet=world).fetch("http://intranet.example/a.png") == picture
    assert world.dialled == [("10.0.0.1", 80)]


def test_loopback_looks_no_names_up(internet: MakeInternet) -> None:
    """Under ``loopback`` a name that is not localhost is refused before any name server hears of it."""
    world = internet({"example.com": [["127.0.0.1"]]})
    with pytest.raises(ImageError) as caught:
        Fetcher("loopback", {}, internet=world).fetch("http://example.com/")
    assert caught.value.trouble is Trouble.URL_REFUSED
    assert "--fetch public or --fetch all" in caught.value.detail
    assert world.looked_up == []


@pytest.mark.parametrize("host", ["localhost", "mock.localhost", "localhost."])
def test_localhost_is_never_looked_up(host: str, internet: MakeInternet, site: Site, picture: bytes) -> None:
    """A resolver that would send localhost elsewhere is not asked."""
    site.serve("/a.png")
    world = internet({host: [["93.184.216.34"]]})
    assert Fetcher("loopback", {}, internet=world).fetch(f"http://{host}/a.png") == picture
    assert (world.looked_up, world.dialled) == ([], [("127.0.0.1", 80)])


def test_public_connects_to_the_address_it_checked(internet: MakeInternet, site: Site, picture: bytes) -> None:
    """A name is looked up once: a second answer, which would lead inside, is never asked for (DNS rebinding)."""
    site.serve("/a.png?b=c")
    world = internet({"pictures.example": [["93.184.216.34"], ["127.0.0.1"]]})
    assert Fetcher("public", {}, internet=world).fetch("http://pictures.example:8080/a.png?b=c") == picture
    assert world.looked_up == ["pictures.example"]
    assert world.dialled == [("93.184.216.34", 8080)]
    assert [fields["Host"] for _, fields in site.heard] == ["pictures.example:8080"]


@pytest.mark.parametrize("private", ["10.0.0.1", "127.0.0.1", "::ffff:192.168.0.1", "fe80::1%2"])
def test_one_private_address_is_too_many(private: str, internet: MakeInternet) -> None:
    """A name with a public and a private address is refused as a whole."""
    world = internet({"pictures.example": [["93.184.216.34", private]]})
    with pytest.raises(ImageError) as caught:
        Fetcher("public", {}, internet=world).fetch("http://pictures.example/")
    assert caught.value.trouble is Trouble.URL_REFUSED
    assert world.dialled == []


def test_a_public_ipv6_address_is_reached(internet: MakeInternet, site: Site, picture: bytes) -> None:
    """An address in brackets needs no lookup and keeps its brackets in ``Host``."""
    site.serve("/a.png")
    world = internet()
    assert Fetcher("public", {}, internet=world).fetch("http://[2606:4700::1]/a.png") == picture
    assert (world.looked_up, world.dialled) == ([], [("2606:4700::1", 80)])
    assert [fields["Host"] for _, fields in site.heard] == ["[2606:4700::1]"]


def test_names_beyond_ascii_are_looked_up_in_ascii(internet: MakeInternet, site: Site, picture: bytes) -> None:
    """An internationalised name goes out as IDNA spells it, the dot of the root only to the resolver."""
    site.serve("/a.png")
    world = internet({"xn--bcher-kva.example.": [["93.184.216.34"]]})
    assert Fetcher("public", {}, internet=world).fetch("http://BÜCHER.example./a.png") == picture
    assert [fields["Host"] for _, fields in site.heard] == ["xn--bcher-kva.example"]
