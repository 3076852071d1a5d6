"""Mutants that refuse what they have to take."""

from __future__ import annotations

from tests.mutants.changes import with_header
from tests.mutants.mutant import Mutant
from tests.mutants.xty.answers import error, holds, instead, is_chat, lacks, page, when

_REFUSED = error(400)

MUTANTS = (
    Mutant("xty.server.endpoint", "unknown", instead(is_chat, error(404, "Invalid URL"))),
    Mutant("xty.server.endpoint", "a method that is not allowed", instead(is_chat, error(405))),
    Mutant(
        "xty.server.openai-sdk",
        "JSON that says it is text",
        when(
            lambda request: "X-Stainless-Lang" in request.headers,
            lambda response: with_header(response, "Content-Type", "text/plain"),
        ),
    ),
    Mutant("xty.server.openai-sdk", "a web page", instead(is_chat, page(200))),
    Mutant(
        "xty.server.openai-sdk",
        "refuses what the SDK adds",
        instead(lambda request: "X-Stainless-Lang" in request.headers, _REFUSED),
    ),
    Mutant("xty.server.request.extra-keys", "refuses temperature", instead(holds("temperature"), _REFUSED)),
    Mutant("xty.server.text.optional", "needs a text part", instead(lacks('"type": "text"'), _REFUSED)),
    Mutant("xty.server.text.optional", "needs a text in it", instead(holds('{"type": "text"}'), _REFUSED)),
    Mutant("xty.server.text.any-language", "English only", instead(lambda one: not one.body.isascii(), _REFUSED)),
    Mutant("xty.server.image.url", "refuses what it fetched", instead(holds('"http://'), _REFUSED)),
    Mutant("xty.server.image.data-url", "no base64", instead(holds('"data:'), _REFUSED)),
    *(
        Mutant(f"xty.server.image.{kind}", f"refuses {kind}", instead(holds(f'"data:image/{kind}'), _REFUSED))
        for kind in ("jpeg", "png", "webp")
    ),
    Mutant(
        "xty.server.image.ten-megabytes",
        "a limit of one megabyte",
        instead(lambda request: is_chat(request) and len(request.body) > 1_000_000, error(413)),
    ),
)
