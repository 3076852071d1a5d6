"""TLS proves the name in the URL, whatever address was connected to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import trustme

from contracts.behaviour import ImageError, Trouble
from mockserver.fetch import Fetcher

if TYPE_CHECKING:
    from pathlib import Path

    from tests.mockserver.fetch.conftest import Internet, MakeInternet, Site

NAMES = {"pictures.example": [["93.184.216.34"]] * 3, "pictures.example.": [["93.184.216.34"]]}


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    """Return a certificate authority of the tests' own."""
    return trustme.CA()


@pytest.fixture
def secure_site(site: Site, authority: trustme.CA) -> Site:
    """Return the site, with a certificate for ``pictures.example``."""
    site.secure(authority.issue_cert("pictures.example"))
    site.serve("/a.png")
    return site


@pytest.fixture
def trusted(authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the system trust the authority."""
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))


def error_of(url: str, world: Internet) -> ImageError:
    """Fetch *url* in vain; return the error."""
    with pytest.raises(ImageError) as caught:
        Fetcher("public", {}, internet=world).fetch(url)
    return caught.value


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize("host", ["pictures.example", "PICTURES.example."])
def test_the_original_name_is_asked_for(host: str, secure_site: Site, internet: MakeInternet, picture: bytes) -> None:
    """SNI and ``Host`` carry the name of the URL without the root's dot, though an address was connected to."""
    world = internet(NAMES)
    assert Fetcher("public", {}, internet=world).fetch(f"https://{host}/a.png") == picture
    assert world.dialled == [("93.184.216.34", 443)]
    assert secure_site.server_names == ["pictures.example"]
    assert [fields["Host"] for _, fields in secure_site.heard] == ["pictures.example"]


@pytest.mark.usefixtures("secure_site")
def test_an_unknown_authority_is_not_trusted(internet: MakeInternet) -> None:
    """A certificate of an authority that the system does not know ends the fetch, and the sentence says so."""
    error = error_of("https://pictures.example/a.png", internet(NAMES))
    assert error.trouble is Trouble.URL_UNREACHABLE
    assert "certificate that is not trusted" in error.detail


@pytest.mark.usefixtures("trusted")
def test_a_certificate_for_another_name_is_not_trusted(secure_site: Site, internet: MakeInternet) -> None:
    """The certificate must be for the name in the URL."""
    error = error_of("https://other.example/a.png", internet({"other.example": [["93.184.216.34"]]}))
    assert error.trouble is Trouble.URL_UNREACHABLE
    assert "certificate that is not trusted" in error.detail
    assert secure_site.heard == []


def test_plain_http_at_an_https_url_is_unreachable(site: Site, internet: MakeInternet) -> None:
    """A server that speaks no TLS is not spoken to without it."""
    site.serve("/a.png")
    error = error_of("https://pictures.example/a.png", internet(NAMES))
    assert error.trouble is Trouble.URL_UNREACHABLE
    assert site.heard == []


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize("location", ["http://pictures.example/b.png", "HTTP://93.184.216.34/b.png"])
def test_a_redirect_away_from_https_is_refused(location: str, secure_site: Site, internet: MakeInternet) -> None:
    """What was asked for by https is not fetched in the clear."""
    secure_site.redirect("/start", location)
    world = internet(NAMES)
    error = error_of("https://pictures.example/start", world)
    assert error.trouble is Trouble.URL_REFUSED
    assert len(world.dialled) == 1


@pytest.mark.usefixtures("trusted")
def test_a_redirect_within_https_is_followed(secure_site: Site, internet: MakeInternet, picture: bytes) -> None:
    """A relative redirect keeps to https."""
    secure_site.redirect("/start", "a.png")
    assert Fetcher("public", {}, internet=internet(NAMES)).fetch("https://pictures.example/start") == picture
    assert secure_site.server_names == ["pictures.example", "pictures.example"]
