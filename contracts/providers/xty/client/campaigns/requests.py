"""Jobs of all kinds for a provider that is at its best: what is asked for has to arrive as it is."""

from __future__ import annotations

from contracts.cases import Campaign
from contracts.providers.xty.client.campaigns.jobs import PLAIN
from contracts.providers.xty.strategies import KINDS, QUOTED
from contracts.strategies import draw
from contracts.strategies.inputs import file, hosted
from contracts.trials import Trial

CHINESE = "请去除这张图片的背景"
"""The instruction in the documents."""


def _cases() -> tuple[Trial, ...]:
    return (
        *(Trial(f"a {kind} file", (file(PLAIN.with_kind(kind)),)) for kind in KINDS),
        Trial("a picture by its URL", (hosted(draw(PLAIN.with_kind("jpeg"))),)),
        Trial("words in Chinese", (file(PLAIN),), {"text": CHINESE}),
        Trial("words with quotes", (file(PLAIN),), {"text": QUOTED}),
        Trial("over HTTPS", (file(PLAIN),), tls=True),
    )


CAMPAIGN = Campaign(
    "requests",
    "files, URLs and words, as they arrive",
    (
        "request",
        "transport",
        "auth.bearer",
        "auth.not-in-url",
        "image",
        "completion",
        "result",
        "success.output-missing",
        "success.output-not-image",
        "success.own-result",
    ),
    _cases,
)
