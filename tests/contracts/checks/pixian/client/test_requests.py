"""What a client sends: each way to break a rule breaks that rule, and what is allowed breaks none."""

from __future__ import annotations

import base64
import io
from dataclasses import replace
from typing import Any

import pytest
from PIL import Image

from contracts.model import Claim, Handshakes, Input, Job, Request
from contracts.providers.pixian.campaigns.form import multipart, upload, urlencoded
from contracts.strategies import Drawing, draw
from tests.contracts.checks.pixian.client.runs import (
    JOB,
    OTHER,
    PICTURE,
    RESULT,
    Try,
    hint,
    judged,
    run,
    with_headers,
)
from tests.contracts.checks.pixian.exchanges import refusal

TEXT = base64.b64encode(PICTURE.data).decode()
URL = "http://127.0.0.1:9/picture.png"
GOOD = upload(PICTURE)
SECURE = replace(JOB, origin="https://localhost:8443")
FAST = "#0055FF"


def asking(**parameters: object) -> Job:
    """Return the job with *parameters*; ``__`` stands for a dot."""
    return replace(JOB, parameters={name.replace("__", "."): value for name, value in parameters.items()})


def located() -> Job:
    """Return a job whose input is a URL."""
    return replace(JOB, inputs=(Input("picture.png", PICTURE.data, URL),))


def converted(kind: str, size: tuple[int, int] | None = None) -> bytes:
    """Return the picture in another file type, or scaled."""
    image = Image.open(io.BytesIO(PICTURE.data)).convert("RGB")
    buffer = io.BytesIO()
    (image.resize(size) if size else image).save(buffer, kind)
    return buffer.getvalue()


def file(data: bytes) -> tuple[str, str, bytes]:
    """Return *data* as the value of a file field."""
    return "picture", "application/octet-stream", data


def split() -> tuple[Job, Request]:
    """Return a job whose picture has the request's boundary in it, and the request."""
    boundary = GOOD.headers.get("Content-Type") or ""
    data = PICTURE.data + b"\r\n--" + boundary.partition("boundary=")[2].encode() + b"\r\n"
    return replace(JOB, inputs=(Input("picture.png", data),)), upload(data)


EVERYTHING = {
    "test": True,
    "max_pixels": 1_000_000,
    "background.color": FAST,
    "result.crop_to_foreground": True,
    "result.margin": "10px 5%",
    "result.target_size": "64 48",
    "result.vertical_alignment": "top",
    "output.format": "jpeg",
    "output.jpeg_quality": 90,
}
SENT = {"image": file(PICTURE.data), **EVERYTHING}


FAIR: dict[str, tuple[Request, Job]] = {
    "a file": (GOOD, JOB),
    "a file without a job's being known to ask for more": (upload(PICTURE, output__format="png"), JOB),
    "a URL, urlencoded": (urlencoded({"image.url": URL}), located()),
    "a URL, fetched": (GOOD, located()),
    "base64, urlencoded": (urlencoded({"image.base64": TEXT}), JOB),
    "base64, multipart": (multipart({"image.base64": TEXT}), JOB),
    "everything": (multipart(SENT), replace(JOB, parameters=EVERYTHING)),
    "defaults left out": (GOOD, asking(output__format="auto", result__margin="0px", max_pixels=25_000_000)),
    "other spellings": (
        multipart({**SENT, "background.color": "#0055ff", "result.margin": "10px  5.0% 10px"}),
        replace(JOB, parameters=EVERYTHING),
    ),
    "what a delta ignores is left out": (
        upload(PICTURE, output__format="delta_png"),
        asking(output__format="delta_png", background__color=FAST, result__margin="5px"),
    ),
    "converted on purpose": (multipart({"image": file(converted("JPEG"))}), JOB),
    "scaled on purpose": (
        multipart({"image": file(converted("PNG", (32, 24))), "max_pixels": 1000}),
        asking(max_pixels=1000),
    ),
    "scaled, so that nothing need be said of it": (
        multipart({"image": file(converted("PNG", (32, 24)))}),
        asking(max_pixels=1000),
    ),
    "a picture of another kind as it was given": (
        multipart({"image": file(draw(Drawing(kind="webp")).data)}),
        replace(JOB, inputs=(Input("picture.webp", draw(Drawing(kind="webp")).data),)),
    ),
    "a quoted boundary and capitals": (
        with_headers(GOOD, Content_Type='Multipart/Form-Data; Boundary="matteproof-7f1c6a0d5e"'),
        JOB,
    ),
}


@pytest.mark.parametrize("name", FAIR)
def test_what_is_allowed_is_not_blamed(name: str) -> None:
    """Whatever way a client chooses among those there are."""
    request, job = FAIR[name]
    assert judged(run(Try(request=request), job=job)).broken <= {"image.pre-shrink"}


def _doubled() -> Request:
    """Return a form in which one field stands twice."""
    first, second = upload(PICTURE, max_pixels=9999), multipart({"max_pixels": 9999})
    return replace(first, body=second.body.rpartition(b"--matteproof")[0] + first.body)


BROKEN: dict[str, tuple[set[str], Request, Job]] = {
    "no credentials": ({"auth.basic"}, with_headers(GOOD, Authorization="Bearer secret"), JOB),
    "not encoded": ({"auth.encoding"}, with_headers(GOOD, Authorization="Basic me:secret"), JOB),
    "a secret alone": ({"auth.pair"}, with_headers(GOOD, Authorization="Basic c2VjcmV0"), JOB),
    "in the wrong order": ({"auth.pair"}, with_headers(GOOD, Authorization="Basic c2VjcmV0Om1l"), JOB),
    "a secret in the query": ({"auth.place"}, replace(GOOD, query="api_secret=secret"), JOB),
    "a wrong path": ({"request.endpoint"}, replace(GOOD, path="/api/v2/remove-backgrounds"), JOB),
    "a wrong method": ({"request.endpoint"}, replace(GOOD, method="PUT"), JOB),
    "version 1": ({"request.v1"}, replace(GOOD, path="/api/v1/remove-background"), JOB),
    "a file urlencoded": ({"request.multipart", "image.file"}, urlencoded({"image": "picture.png"}), JOB),
    "JSON": (
        {"request.multipart", "request.form"},
        with_headers(replace(GOOD, body=b'{"image": "x"}'), Content_Type="application/json"),
        JOB,
    ),
    "no end": ({"request.form"}, replace(GOOD, body=GOOD.body[:-30]), JOB),
    "multipart said to be urlencoded": (
        {"request.form"},
        with_headers(GOOD, Content_Type="application/x-www-form-urlencoded"),
        JOB,
    ),
    "no boundary": ({"request.boundary"}, with_headers(GOOD, Content_Type="multipart/form-data"), JOB),
    "another boundary": (
        {"request.boundary"},
        with_headers(GOOD, Content_Type="multipart/form-data; boundary=other"),
        JOB,
    ),
    "a boundary that is in the picture": ({"request.boundary"}, split()[1], split()[0]),
    "no picture": ({"image.source"}, multipart({"file": file(PICTURE.data)}), JOB),
    "two pictures": ({"image.single"}, multipart({"image": file(PICTURE.data), "image.base64": TEXT}), JOB),
    "a path": ({"image.file"}, multipart({"image": "picture.png"}), JOB),
    "half a picture": ({"image.bytes"}, multipart({"image": file(PICTURE.data[:90])}), JOB),
    "another picture": ({"image.bytes"}, multipart({"image": file(draw(Drawing(background=(0, 0, 0))).data)}), JOB),
    "too much base64": (
        {"image.base64-limit"},
        multipart({"image.base64": base64.b64encode(bytes(800_000)).decode()}),
        replace(JOB, inputs=(Input("large", bytes(800_000)),)),
    ),
    "a data URL": ({"image.base64-form"}, multipart({"image.base64": f"data:image/png;base64,{TEXT}"}), JOB),
    "another URL": ({"image.url"}, multipart({"image.url": f"{URL}&x"}), located()),
    "a URL encoded twice": (
        {"image.url"},
        urlencoded({"image.url": "http%3A%2F%2F127.0.0.1%3A9%2Fpicture.png"}),
        located(),
    ),
    "a conversion to WebP": ({"image.format"}, multipart({"image": file(converted("WEBP"))}), JOB),
    "an enlarged picture": ({"image.pixels"}, multipart({"image": file(converted("PNG", (8000, 4001)))}), JOB),
    "a picture larger than is used": (
        {"image.pre-shrink"},
        upload(PICTURE, max_pixels=1000),
        asking(max_pixels=1000),
    ),
    "a misspelt name": (
        {"parameter.name", "parameter.complete"},
        upload(PICTURE, output_format="png"),
        asking(output__format="png"),
    ),
    "a boolean of Python": (
        {"parameter.boolean"},
        upload(PICTURE, result__crop_to_foreground="True"),
        asking(result__crop_to_foreground=True),
    ),
    "a colour without its sign": (
        {"parameter.colour"},
        upload(PICTURE, background__color="0055FF"),
        asking(background__color=FAST),
    ),
    "a value out of range": ({"parameter.value"}, upload(PICTURE, output__jpeg_quality=900), JOB),
    "a value that there is not": (
        {"parameter.value"},
        upload(PICTURE, result__target_size="64x48"),
        asking(result__target_size="64 48"),
    ),
    "a length without a unit": ({"parameter.form"}, upload(PICTURE, result__margin="0 5px"), JOB),
    "a test that is none": ({"parameter.test"}, GOOD, asking(test=True)),
    "a test in the query": ({"parameter.test", "parameter.place"}, replace(GOOD, query="test=true"), asking(test=True)),
    "a parameter left out": ({"parameter.complete"}, GOOD, asking(background__color=FAST)),
    "another value": (
        {"parameter.complete"},
        upload(PICTURE, result__margin="10px 6%"),
        asking(result__margin="10px 5%"),
    ),
    "parameters in the query": (
        {"parameter.place", "parameter.complete"},
        replace(GOOD, query="output.format=jpeg"),
        asking(output__format="jpeg"),
    ),
    "twice the same": ({"parameter.once"}, _doubled(), JOB),
    "a delta of what is scaled down": (
        {"parameter.delta-size", "image.pre-shrink"},
        upload(PICTURE, output__format="delta_png", max_pixels=1000),
        asking(output__format="delta_png"),
    ),
    "no TLS": ({"transport.https"}, replace(GOOD, origin="http://localhost:8443"), SECURE),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_wrong_breaks_just_its_rule(name: str) -> None:
    """Nothing else is blamed for it."""
    rules, request, job = BROKEN[name]
    assert judged(run(Try(request=request), job=job)).broken == rules


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("output_format", "output.format"),
        ("result.format", "output.format"),
        ("bg.color", "background.color"),
        ("backgroundColor", "background.color"),
        ("format", "output.format"),
    ],
)
def test_the_name_that_was_meant_is_suggested(wrong: str, right: str) -> None:
    """Most mistakes are known ones."""
    request = multipart({"image": file(PICTURE.data), wrong: "x"})
    said = hint(run(Try(request=request)), "parameter.name")
    assert f"Did you mean {right!r}?" in said


def test_the_path_that_was_meant_is_suggested() -> None:
    """As names are."""
    request = replace(GOOD, path="/api/v2/removeBackground")
    assert "/api/v2/remove-background" in hint(run(Try(request=request)), "request.endpoint")


def test_a_forgotten_test_is_said_to_cost_money() -> None:
    """That is why the rule is a must."""
    assert "charged" in hint(run(Try(), job=asking(test=True)), "parameter.test")


def test_a_challenge_may_be_asked_for() -> None:
    """Some libraries send credentials only after a 401; but the picture is not to be sent for that."""
    empty = replace(Try().request, body=b"")
    assert "auth.basic" in judged(run(Try(0, refusal(401, 1001), empty, who=""), Try(1))).kept
    assert "auth.basic" in judged(run(Try(0, refusal(401, 1001), who=""), Try(1))).broken
    assert "auth.basic" in judged(run(Try(0, refusal(401, 1001), who=""))).broken


def test_recordings_without_credentials_say_nothing_of_them() -> None:
    """Browsers take them out."""
    found = judged(run(Try(who=""), job=None))
    assert not {"auth.basic", "auth.pair", "auth.encoding"} & (found.broken | found.kept)
    assert "auth.basic" in judged(run(Try(who="", request=with_headers(GOOD, Authorization="Bearer x")))).broken


def test_who_follows_a_redirect_chooses_neither_place_nor_method() -> None:
    """Libraries change POST to GET, as browsers do."""
    moved = replace(RESULT, status=302, headers=RESULT.headers.with_fields(("Location", "/elsewhere")), body=b"")
    led = Request("GET", "/elsewhere")
    followed = run(Try(0, moved), Try(1, refusal(404, 404), request=led, who=""), claim=Claim.FAILURE, outputs=(None,))
    assert judged(followed).broken == frozenset()
    later = tuple(replace(one, number=one.number + 70) for one in followed.exchanges)
    assert judged(replace(followed, exchanges=later)).broken == frozenset()


def test_tls_is_judged_by_its_handshakes() -> None:
    """The names in them, and requests without any."""
    secure = Try(request=replace(GOOD, origin="https://localhost:8443"))
    assert {"transport.https", "transport.sni"} <= judged(run(secure, job=SECURE, handshakes=Handshakes(named=2))).kept
    assert judged(run(secure, job=SECURE, handshakes=Handshakes(nameless=1))).broken == {"transport.sni"}
    assert judged(run(secure, job=SECURE, handshakes=Handshakes(named=1, plain=1))).broken == {"transport.https"}
    plain = judged(run(Try()))
    alone: dict[str, Any] = {"job": SECURE, "claim": Claim.FAILURE, "outputs": (None,)}
    assert judged(run(**alone, handshakes=Handshakes(nameless=1))).broken == {"transport.sni"}
    assert judged(run(**alone, handshakes=Handshakes(plain=1))).broken == {"transport.https"}
    distrustful = judged(run(**alone, handshakes=Handshakes(named=1)))
    assert not distrustful.kept | distrustful.broken
    assert not {"transport.https", "transport.sni"} & (plain.kept | plain.broken)


def test_a_delta_that_cannot_be_had_is_the_jobs_fault() -> None:
    """It asks for a delta PNG and for fewer pixels."""
    request = upload(PICTURE, output__format="delta_png", max_pixels=1000)
    found = judged(run(Try(request=request), job=asking(output__format="delta_png", max_pixels=1000)))
    assert "parameter.delta-size" not in found.broken | found.kept


def test_pictures_of_captures_are_judged_by_themselves() -> None:
    """Without a job the rules about single requests are judged as well."""
    webp = multipart({"image": file(converted("WEBP"))})
    assert judged(run(Try(request=webp), job=None)).broken == {"image.format"}
    assert "image.bytes" not in judged(run(Try(request=upload(OTHER)), job=None)).broken
    assert judged(run(Try(request=replace(GOOD, origin="http://api.example")), job=None)).broken == {"transport.https"}
