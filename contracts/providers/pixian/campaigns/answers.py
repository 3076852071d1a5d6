"""Successes and errors of all sorts, to see what they look like, and the account."""

from __future__ import annotations

from contracts.cases import Campaign, Case, Sign
from contracts.providers.pixian.campaigns.form import account, case, multipart, step, upload
from contracts.strategies import Drawing, draw


def _cases() -> tuple[Case, ...]:
    picture = draw(Drawing())
    return (
        case("the account", account()),
        case("a PNG", upload(picture, test=True)),
        case("a JPEG", upload(picture, test=True, output__format="jpeg")),
        case("a colour", upload(picture, test=True, background__color="#0055FF")),
        case("no image", multipart({"test": True})),
        case("no picture", upload(b"This is no picture.", test=True)),
        case("a wrong parameter", upload(picture, test=True, max_pixels=99)),
        case("no credentials", step(account().request, sign=Sign.NONE)),
    )


CAMPAIGN = Campaign(
    "answers",
    "what successes, errors and the account look like",
    ("success", "error", "rate", "account", "auth.key-disabled", "auth.account-suspended"),
    _cases,
)
