"""Exchanges to write, and archives as Chrome and Firefox save them."""

from __future__ import annotations

import json
from typing import Any

from contracts.har import dump
from contracts.model import Ending, Exchange, Request, Response

PNG = b"\x89PNG\r\n\x1a\n\x00"
NOON = 1_769_860_800.0  # 2026-01-31, 12:00 UTC


def exchange(
    request: Request | None = None,
    response: Response | None = None,
    *,
    connection: int = 1,
    ended: float | None = NOON + 0.25,
    ending: Ending | None = Ending.DONE,
) -> Exchange:
    """Return an exchange that began at noon and took a quarter of a second, unless told otherwise."""
    return Exchange(0, connection, request or Request("GET", "/"), response, NOON, ended, ending)


def written(one: Exchange) -> dict[str, Any]:
    """Return the only entry of the document that *one* makes."""
    document: dict[str, Any] = json.loads(json.dumps(dump([one], version="1.0")))
    entry: dict[str, Any]
    (entry,) = document["log"]["entries"]
    return entry


def har(*entries: object) -> dict[str, Any]:
    """Return a document with *entries*."""
    return {"log": {"version": "1.2", "creator": {"name": "WebInspector", "version": "537.36"}, "entries": [*entries]}}


def foreign(
    request: dict[str, object] | None = None, response: dict[str, object] | None = None, **changes: object
) -> dict[str, object]:
    """Return an entry with the little that any program writes, changed as told."""
    asked = {"method": "POST", "url": "https://api.example/v1?a=b", "headers": [], **(request or {})}
    answered = {"status": 200, "headers": [], "content": {"size": 0, "mimeType": ""}, **(response or {})}
    start = "2026-01-31T12:00:00.000Z"
    return {"startedDateTime": start, "time": 250, "request": asked, "response": answered, **changes}


CHROME = har(
    {
        "_connectionId": "4711",
        "_initiator": {"type": "script"},
        "_priority": "High",
        "_resourceType": "fetch",
        "cache": {},
        "connection": "443",
        "pageref": "page_1",
        "request": {
            "method": "POST",
            "url": "https://api.example/caf%C3%A9?x=1",
            "httpVersion": "http/2.0",
            "headers": [{"name": ":authority", "value": "api.example"}, {"name": "accept", "value": "*/*"}],
            "queryString": [{"name": "x", "value": "1"}],
            "cookies": [],
            "headersSize": -1,
            "bodySize": 9,
            "postData": {"mimeType": "text/plain", "text": "na\u00efve \u2713"},
        },
        "response": {
            "status": 200,
            "statusText": "",
            "httpVersion": "http/2.0",
            "headers": [{"name": "content-type", "value": "image/png"}],
            "cookies": [],
            "content": {"size": 9, "mimeType": "image/png", "text": "iVBORw0KGgoA", "encoding": "base64"},
            "redirectURL": "",
            "headersSize": -1,
            "bodySize": -1,
            "_transferSize": 60,
            "_error": None,
        },
        "serverIPAddress": "192.0.2.1",
        "startedDateTime": "2026-01-31T12:00:00.000Z",
        "time": 250.00000000000003,
        "timings": {"blocked": 1.5, "dns": -1, "ssl": -1, "connect": -1, "send": 0.5, "wait": 200, "receive": 48},
    },
)

FIREFOX = har(
    {
        "startedDateTime": "2026-01-31T13:00:00.000+01:00",
        "request": {
            "bodySize": 7,
            "method": "POST",
            "url": "http://127.0.0.1:8080/form",
            "httpVersion": "HTTP/1.1",
            "headers": [{"name": "Content-Type", "value": "application/x-www-form-urlencoded"}],
            "cookies": [],
            "queryString": [],
            "headersSize": 300,
            "postData": {
                "mimeType": "application/x-www-form-urlencoded",
                "params": [{"name": "a", "value": "1 2"}],
                "text": "a=1%202",
            },
        },
        "response": {
            "status": 201,
            "statusText": "CREATED",
            "httpVersion": "HTTP/1.1",
            "headers": [{"name": "Content-Type", "value": "application/json"}],
            "cookies": [],
            "content": {"mimeType": "application/json", "size": 2, "text": "{}"},
            "redirectURL": "",
            "headersSize": 100,
            "bodySize": 102,
        },
        "cache": {},
        "timings": {"blocked": 0, "dns": 0, "connect": 0, "ssl": 0, "send": 0, "wait": 250, "receive": 0},
        "time": 250,
        "_securityState": "insecure",
        "connection": "8080",
        "pageref": "page_1",
    },
)
