"""From a document to exchanges."""

from __future__ import annotations

import re

from contracts.har.body import read_content, read_post_data
from contracts.har.end import read_ending
from contracts.har.moment import read_answered, read_ended, read_received
from contracts.har.node import OWN, Node
from contracts.har.target import Target, target_of
from contracts.model import Exchange, Headers, Request, Response

_NOT_HTTP = ("about:", "blob:", "chrome:", "chrome-extension:", "data:", "file:", "moz-extension:", "resource:")
_INTEGER = re.compile(r"-?[0-9]{1,18}")
_HIGHEST_STATUS = 999
_HIGHEST_NUMBER = 2**63 - 1


def load(document: object) -> tuple[Exchange, ...]:
    """Return the exchanges in *document*, a parsed HAR file of ours, of Chrome or of Firefox, sorted by their start.

    Entries that are no HTTP, such as ``data:`` URLs, are left out, and so are the pseudo fields of HTTP/2. Other
    programs do not number requests; theirs are numbered here. A request that got no status counts as one whose client
    left, unless Chrome's reason says otherwise.

    Raises:
        HarError: the document is malformed.
    """
    entries = Node(document, "").member("log").member("entries")
    if entries.missing:
        raise entries.error("a list")
    ordered = sorted((entry for entry in entries.items() if _is_http(entry)), key=read_received)
    return tuple(_read_exchange(entry, index) for index, entry in enumerate(ordered))


def _is_http(entry: Node) -> bool:
    own = not entry.member(OWN).missing
    return own or not entry.member("request").member("url").text().lower().startswith(_NOT_HTTP)


def _read_exchange(entry: Node, index: int) -> Exchange:
    own = entry.member(OWN)
    response = _read_response(entry.member("response"))
    ended = read_ended(entry)
    return Exchange(
        number=index if own.member("number").missing else own.member("number").whole(0, _HIGHEST_NUMBER),
        connection=_read_connection(entry),
        request=_read_request(entry),
        response=response,
        received=read_received(entry),
        ended=ended,
        ending=read_ending(entry, answered=response is not None, over=ended is not None),
        answered=read_answered(entry),
    )


def _read_connection(entry: Node) -> int:
    """Return the number of the connection; 0 for a name that is no number.

    Chrome's own number is better than the standard's member, in which today's browsers write the server's port.
    """
    text = entry.member("_connectionId").name() or entry.member("connection").name()
    return int(text) if _INTEGER.fullmatch(text) else 0


def _read_request(entry: Node) -> Request:
    node = entry.member("request")
    headers = _read_headers(node.member("headers"))
    target = _read_target(entry)
    return Request(
        method=node.member("method").text(),
        path=target.path,
        query=target.query,
        headers=headers,
        body=read_post_data(node.member("postData"), headers),
        origin=target.origin,
    )


def _read_target(entry: Node) -> Target:
    exact = entry.member(OWN).member("target")
    if not exact.missing:
        return Target(*(exact.member(name).text() for name in Target._fields))
    node = entry.member("request").member("url")
    target = target_of(node.text())
    if target is None:
        raise node.error("an absolute URL of HTTP")
    return target


def _read_headers(node: Node) -> Headers:
    pairs = [(item.member("name").text(), item.member("value").text("")) for item in node.items()]
    return Headers.of(pair for pair in pairs if not pair[0].startswith(":"))


def _read_response(node: Node) -> Response | None:
    """Return the response; with no status, or with 0 or -1 for it, as programs write of failures, there is none."""
    status = node.member("status")
    if status.missing or status.whole(-1, _HIGHEST_STATUS) <= 0:
        return None
    content = node.member("content")
    body = read_content(content, content.member("encoding"))
    return Response(status.whole(-1, _HIGHEST_STATUS), _read_headers(node.member("headers")), body)
