"""Jobs of all kinds for a provider that is at its best: what is asked for has to arrive as it is."""

from __future__ import annotations

from contracts.cases import Campaign
from contracts.providers.pixian.client.campaigns.hidden import with_boundaries
from contracts.providers.pixian.client.campaigns.jobs import EVERYTHING, PLAIN
from contracts.providers.pixian.strategies import KINDS
from contracts.strategies import Drawing, draw
from contracts.strategies.inputs import file, hosted
from contracts.trials import Trial

_LARGE = Drawing(width=640, height=480, kind="bmp")
"""Of 921,654 bytes, so that its base64 is longer than a megabyte."""
_DELTA: dict[str, object] = {"test": True, "output.format": "delta_png", "max_pixels": 25_000_000}
_COLOURED: dict[str, object] = {"background.color": "#ffffff", "output.format": "png", "result.margin": "0px"}
_OPTIONS: dict[str, object] = {"test": True, "result.crop_to_foreground": True, "output.format": "auto"}


def _cases() -> tuple[Trial, ...]:
    return (
        *(Trial(f"a {kind} file", (file(PLAIN.with_kind(kind)),)) for kind in KINDS),
        Trial("a picture by its URL", (hosted(draw(PLAIN.with_kind("jpeg"))),), {"test": True}),
        Trial("every parameter", (file(PLAIN),), EVERYTHING),
        Trial("a test, cropped", (file(PLAIN.with_kind("jpeg")),), _OPTIONS),
        Trial("a delta PNG", (file(PLAIN),), _DELTA),
        Trial("a colour, and no test", (file(PLAIN),), _COLOURED),
        Trial("fewer pixels than there are", (file(PLAIN),), {"test": True, "max_pixels": 2_000}),
        Trial("a picture of almost a megabyte", (file(_LARGE),), {"test": True}),
        Trial("a picture with boundaries in it", (with_boundaries(),)),
        Trial("over HTTPS", (file(PLAIN),), tls=True),
    )


CAMPAIGN = Campaign(
    "requests",
    "pictures and parameters, as they arrive",
    ("transport", "auth", "request", "image", "parameter", "success.output", "success.own-picture"),
    _cases,
)
