"""The WSGI environ of a request.

Besides what PEP 3333 asks for, an application finds here:

``REMOTE_PORT``, ``REQUEST_URI``, ``RAW_URI``
    the client's port; the request target as it was sent (twice, because frameworks disagree on the name).
``wsgi.input_terminated``
    True: ``wsgi.input`` ends where the body ends, so chunked bodies need no length.
``matteproof.connection`` : int
    Number of the connection, counted from 1 in the order of acceptance.
``matteproof.received`` : float
    Moment of the server's clock, in seconds since 1970 UTC, when the request was completely read; noted before any of
    the answer is sent.
``matteproof.headers`` : tuple of (name, value)
    The fields as they were sent: order, case and repetitions kept, trailer fields left out.
``matteproof.body`` : bytes
    The whole body, without chunked framing.
``matteproof.body_refused`` : bool
    True when the body is over the limit: then ``matteproof.body`` is empty, the rest of the upload is thrown away, and
    the connection is closed after the answer.
``matteproof.may_block`` : bool
    False when the application is called on the event loop. If it then finds that slow work is needed, it raises
    :class:`mockserver.wire.WouldBlock` and is called again, in a thread, with True.
``matteproof.delivery`` : :class:`mockserver.wire.Delivery`
    How the answer will be delivered; to be changed at will until the application has returned.
``matteproof.memory`` : dict
    Empty at first, and the same when the application is called again.
"""

from __future__ import annotations

import sys
from io import BytesIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wsgiref.types import WSGIEnvironment

    from mockserver.wire.request import Request

CONNECTION = "matteproof.connection"
RECEIVED = "matteproof.received"
HEADERS = "matteproof.headers"
BODY = "matteproof.body"
BODY_REFUSED = "matteproof.body_refused"
MAY_BLOCK = "matteproof.may_block"
DELIVERY = "matteproof.delivery"
MEMORY = "matteproof.memory"

Address = tuple[str, int]
"""Host and port."""


def connection_environ(number: int, server: Address, client: Address, *, secure: bool) -> WSGIEnvironment:
    """Return what is the same for all requests on connection *number*."""
    environ: WSGIEnvironment = {
        "SCRIPT_NAME": "",
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1]),
        "REMOTE_ADDR": client[0],
        "REMOTE_PORT": str(client[1]),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "https" if secure else "http",
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        CONNECTION: number,
    }
    if secure:
        environ["HTTPS"] = "on"
    return environ


def request_environ(shared: WSGIEnvironment, request: Request, *, may_block: bool) -> WSGIEnvironment:
    """Return a fresh environ for *request* on the connection that *shared* describes."""
    head, body = request.head, request.body
    environ = {
        **shared,
        **head.variables,
        "REQUEST_METHOD": head.method,
        "PATH_INFO": head.path,
        "QUERY_STRING": head.query,
        "SERVER_PROTOCOL": "HTTP/1.1" if head.version == "1.1" else "HTTP/1.0",
        "REQUEST_URI": head.target,
        "RAW_URI": head.target,
        "wsgi.input": BytesIO(body),
        "wsgi.input_terminated": not request.refused,
        RECEIVED: request.received,
        HEADERS: head.headers,
        BODY: body,
        BODY_REFUSED: request.refused,
        MAY_BLOCK: may_block,
        DELIVERY: request.delivery,
        MEMORY: request.memory,
    }
    if head.length is None and not request.refused:
        environ["CONTENT_LENGTH"] = str(len(body))
    return environ
