"""URLs are taken apart strictly."""

from __future__ import annotations

import pytest

from contracts.behaviour import ImageError, Trouble
from mockserver.fetch.target import parse


@pytest.mark.parametrize(
    ("url", "scheme", "host", "port", "path"),
    [
        ("http://example.com", "http", "example.com", 80, "/"),
        ("https://example.com/a.png?b=c#d", "https", "example.com", 443, "/a.png?b=c"),
        ("HTTPS://EXAMPLE.com:8443/A", "https", "example.com", 8443, "/A"),
        ("http://example.com:/a", "http", "example.com", 80, "/a"),
        ("http://example.com:65535/", "http", "example.com", 65535, "/"),
        ("http://example.com?a", "http", "example.com", 80, "/?a"),
        ("http://example.com./a", "http", "example.com.", 80, "/a"),
        ("http://[2606:4700::1]:81/", "http", "2606:4700::1", 81, "/"),
        ("http://[0:0:0:0:0:0:0:1]/", "http", "::1", 80, "/"),
        ("http://bücher.example/ä b".replace(" ", "%20"), "http", "xn--bcher-kva.example", 80, "/%C3%A4%20b"),
        ("http://127。0。0。1/", "http", "127.0.0.1", 80, "/"),
        ("http://my_host/%2e/@", "http", "my_host", 80, "/%2e/@"),
    ],
)
def test_parts_are_found(url: str, scheme: str, host: str, port: int, path: str) -> None:
    """A URL gives scheme, host, port and an ASCII path with its query; the fragment is dropped."""
    target = parse(url)
    assert (target.scheme, target.host, target.port, target.path) == (scheme, host, port, path)


@pytest.mark.parametrize(
    ("url", "authority"),
    [
        ("http://example.com:80/", "example.com"),
        ("https://example.com:443/", "example.com"),
        ("https://example.com:80/", "example.com:80"),
        ("http://example.com.:81/", "example.com:81"),
        ("http://[::1]:443/", "[::1]:443"),
    ],
)
def test_authority_is_what_host_fields_say(url: str, authority: str) -> None:
    """The authority names the port unless it is the scheme's own, brackets IPv6 and leaves out the root's dot."""
    assert parse(url).authority == authority


@pytest.mark.parametrize(
    "url",
    [
        "",
        "example.com/a.png",
        "//example.com/a.png",
        "ftp://example.com/a.png",
        "file:///etc/passwd",
        "data:image/png;base64,AAAA",
        "javascript:alert(1)",
        "http:",
        "http:example.com",
        "http://",
        "http:///a.png",
        "http://:80/",
        "http://./",
        "http://a..b/",
        "http://.a/",
        "http://example.com:0/",
        "http://example.com:99999/",
        "http://example.com:65536/",
        "http://example.com:-1/",
        "http://example.com:\uff18\uff10/",
        "http://example.com:80:80/",
        "http://[::1",
        "http://::1/",
        "http://[::1]evil.example/",
        "http://evil.example[::1]/",
        "http://[]/",
        "http://[:::]/",
        "http://[fe80::1%25eth0]/",
        "http://[v1.a]/",
        "http://example.com@127.0.0.1/",
        "http://user:secret@example.com/",
        "http://@example.com/",
        "http://example.com\\@127.0.0.1/",
        "http://example.com\\.evil.example/",
        "http://127.0.0.1%2f.example/",
        "http://%31%32%37.0.0.1/",
        " http://example.com/",
        "http://example.com/ a",
        "http://example.com/a\r\nHost: evil.example",
        "http://exam\tple.com/",
        "http://example.com/\x00",
        "http://example.com/\x7f",
        "http://example.com/\x85",
        "http://example.com/\ud800",
        "http://\ud800.example/",
        "http://example.com℀evil.example/",
        "http://" + "a" * 64 + ".example/",
        "http://" + "ä" * 64 + ".example/",
        "http://" + "a." * 126 + "bc/",
        "http://example.com/" + "a" * 8_192,
    ],
)
def test_what_cannot_be_understood_in_one_way_only_is_invalid(url: str) -> None:
    """Other schemes, missing hosts, bad ports, credentials, control characters and over-long URLs are refused."""
    with pytest.raises(ImageError) as caught:
        parse(url)
    assert caught.value.trouble is Trouble.URL_INVALID


def test_the_longest_url_is_accepted() -> None:
    """A URL of 8192 characters is still taken apart."""
    url = "http://example.com/".ljust(8_192, "a")
    assert len(parse(url).path) == 8_192 - len("http://example.com")


def test_secrets_in_a_url_are_not_repeated() -> None:
    """The sentence about credentials says what is wrong and shows neither user nor password."""
    with pytest.raises(ImageError) as caught:
        parse("http://someone:hunter2@example.com/")
    assert "credentials" in caught.value.detail
    assert "hunter2" not in caught.value.detail
    assert "someone" not in caught.value.detail
