"""Forms of both kinds, bodies that are none, and parameters in wrong places, of wrong values, and too often."""

from __future__ import annotations

import base64
from dataclasses import replace
from typing import TYPE_CHECKING

from hypothesis import strategies as st

from contracts.cases import Campaign, Case
from contracts.model import Headers, Request
from contracts.providers.pixian.campaigns.form import V2, case, multipart, upload, urlencoded
from contracts.strategies import Drawing, draw, pictures

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

    from contracts.strategies import Picture

_WRONG: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("max_pixels", "99", {}),
    ("max_pixels", "25000001", {}),
    ("max_pixels", "many", {}),
    ("background.color", "#12", {}),
    ("background.color", "#GGGGGG", {}),
    ("result.crop_to_foreground", "maybe", {}),
    ("result.margin", "wide", {}),
    ("result.target_size", "large", {}),
    ("result.vertical_alignment", "left", {"result.target_size": "40 30"}),
    ("output.format", "bmp", {}),
    ("output.jpeg_quality", "0", {"output.format": "jpeg"}),
    ("output.jpeg_quality", "101", {"output.format": "jpeg"}),
)
"""Parameters with a wrong value each, and what else makes that matter."""
_NAMES = sorted({name for name, _, _ in _WRONG})
_TWICE = {"max_pixels": "1000", "result.margin": "1px", "output.format": "png"}


def _form(picture: Picture, /, **more: str) -> dict[str, object]:
    text = base64.b64encode(picture.data).decode()
    return {"image.base64": text, "test": "true", **{name.replace("__", "."): value for name, value in more.items()}}


def _bodies(picture: Picture) -> tuple[tuple[str, Request], ...]:
    """Return bodies that are no forms, with what is wrong with them."""
    right = upload(picture, test=True)
    return (
        ("JSON", _typed(b'{"test": true}', "application/json")),
        ("a bare picture", _typed(picture.data, "image/png")),
        ("no boundary named", replace(right, headers=Headers.of([("Content-Type", "multipart/form-data")]))),
        ("another boundary named", _typed(right.body, "multipart/form-data; boundary=another")),
        ("no end", replace(right, body=right.body[:-20])),
    )


def _typed(body: bytes, kind: str) -> Request:
    return Request("POST", V2, "", Headers.of([("Content-Type", kind)]), body)


def _cases() -> tuple[Case, ...]:
    picture = draw(Drawing(width=40, height=32))
    form, file = _form(picture), upload(picture, test=True)
    return (
        case("forms of both kinds", file, multipart(form), urlencoded(form)),
        case("test=true in the query", replace(upload(picture), query="test=true")),
        case("output.format in the query", replace(file, query="output.format=jpeg")),
        *(case(name, body) for name, body in _bodies(picture)),
        case("an unknown parameter", multipart({**form, "output_format": "jpeg"})),
        *(case(f"{name}={value}", upload(picture, test=True, **more, **{name: value})) for name, value, more in _WRONG),
        *(
            case(f"a boolean {word}", upload(picture, test=True, result__crop_to_foreground=word))
            for word in ("True", "1")
        ),
        case("a parameter twice", _twice(picture, "max_pixels", "1000")),
    )


def _twice(picture: Picture, name: str, value: str) -> Request:
    once = urlencoded(_form(picture, **{name: value}))
    return replace(once, body=once.body + f"&{name}={value}".encode())


def _generated() -> SearchStrategy[Case]:
    small = pictures(longest=64)
    return st.one_of(
        st.builds(_wrong, small, st.sampled_from(_NAMES), st.text(max_size=12) | st.sampled_from(_VALUES)),
        st.builds(_broken, small, st.integers(0, 4), st.integers(1, 60)),
        st.builds(_both, small, st.sampled_from([None, "png", "jpeg"])),
        st.builds(_repeated, small, st.sampled_from(sorted(_TWICE))),
        st.builds(_foreign, small, st.from_regex(r"[a-z]{1,8}[._-]?[a-z]{1,8}", fullmatch=True), st.text(max_size=12)),
    )


_VALUES = ("-1", "0", "1e9", "null", "true", "[]", "{}", "NaN", "99999999999999999999", " ", "#", "px", "0 0", "10 px")
"""Texts that are wrong for most parameters."""


def _wrong(picture: Picture, name: str, value: str) -> Case:
    more = next((more for one, _, more in _WRONG if one == name), {})
    return case(f"{name}={value!r}", upload(picture, test=True, **more, **{name: value}))


def _broken(picture: Picture, number: int, cut: int) -> Case:
    name, body = _bodies(picture)[number]
    return case(f"{name}, {cut} bytes cut", replace(body, body=body.body[:-cut]))


def _both(picture: Picture, output: str | None) -> Case:
    form = _form(picture, **({"output.format": output} if output else {}))
    return case("forms of both kinds", multipart(form), urlencoded(form))


def _repeated(picture: Picture, name: str) -> Case:
    return case(f"{name} twice", _twice(picture, name, _TWICE[name]))


def _foreign(picture: Picture, name: str, value: str) -> Case:
    return case(f"{name} added", multipart({**_form(picture), name: value}))


CAMPAIGN = Campaign("requests", "forms and wrong parameters", ("request", "parameter"), _cases, _generated)
