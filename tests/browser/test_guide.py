"""The guide for front-ends is run, every block of it: the modules in a browser, on another origin than the mock's."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest
from playwright.sync_api import Error

from browsing import pages_of
from contracts.clock import Clock
from contracts.openapi import OpenApi
from contracts.providers import discover
from mockserver.mock import Mock
from pictures import disc, encoded
from serving import CHAT, CONVERSATION, script

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

    from browsing import Complaints

DOCS = Path(__file__).parents[2] / "docs"
GUIDE = (DOCS / "front-end.md").read_text(encoding="utf-8")
ADDRESS = "http://127.0.0.1:8080"
"""Where the mock is in the guide."""
MODULES = dict(re.findall(r"```js\n// (\S+)\n(.*?)```", GUIDE, re.DOTALL))
PICTURE = encoded(disc(), "JPEG")
RUN = """async ([bytes, name, script]) => {
  const file = new File([new Uint8Array(bytes)], "disc.jpeg", { type: "image/jpeg" });
  const module = await import("/" + name);
  return await eval(script)(module, file);
}"""
SPEED = 1000


def test_all_blocks_are_known() -> None:
    """None is added that is not run here."""
    assert [*MODULES] == ["pixian.js", "vite.config.js", "patient.js", "xty.js", "delta-example.js"]
    assert re.findall(r"```(\w+)\n", GUIDE) == ["sh", *["js"] * len(MODULES)]


def test_the_command_starts_the_mock() -> None:
    """At the address that the modules have."""
    (command,) = re.findall(r"```sh\n(.*?)\n```", GUIDE)
    assert command == f"matteproof serve --port {ADDRESS.rpartition(':')[2]}"


@pytest.fixture
def mock() -> Iterator[Mock]:
    """A mock whose clock is fast."""
    with Mock(clock=Clock(speed=SPEED)) as running:
        yield running


@pytest.fixture
def app(page: Page, mock: Mock, tmp_path: Path) -> Iterator[Page]:
    """A page with the modules of the guide, for which the mock is at another address, and nothing else."""
    shutil.copy(DOCS / "examples" / "front-end" / "delta.js", tmp_path)
    for name, text in MODULES.items():
        (tmp_path / name).write_text(text.replace(ADDRESS, mock.url), encoding="utf-8")
    head = "<title>An app</title><link rel='icon' href='data:,'>"
    (tmp_path / "index.html").write_text(f"<!doctype html><html lang='en'>{head}<canvas></canvas>", encoding="utf-8")
    with pages_of(tmp_path) as origin:
        page.goto(origin)
        yield page


def done(app: Page, module: str, code: str) -> object:
    """Return what *code*, a function of the *module* of the guide and of a file, returns in *app*."""
    return app.evaluate(RUN, [list(PICTURE), module, code])


def test_a_picture_comes(app: Page) -> None:
    """And the page reads where its foreground is."""
    with app.expect_console_message() as message:
        size = done(app, "pixian.js", "async ({ cutOut }, file) => (await createImageBitmap(await cutOut(file))).width")
    assert size == 160
    assert re.fullmatch(r"top, left, width, height: [23]\d [34]\d [67]\d [67]\d", message.value.text)


def test_errors_are_thrown(app: Page, complaints: Complaints) -> None:
    """With what the provider says, for an API id that asks for them."""
    complaints.expect("status of 402")
    with pytest.raises(Error, match=r'402: \{"error":\{"status":402'):
        done(app, "pixian.js", "({ cutOut }, file) => cutOut(file, 'png', 'mock-out-of-credits')")


def test_refusals_are_borne(app: Page, mock: Mock, complaints: Complaints) -> None:
    """Until a picture comes."""
    complaints.expect("status of 429")
    script(mock, "patient", "429", "429", "ok")
    code = f"async ({{ patientCutOut }}, file) => (await patientCutOut(file, 'patient', {SPEED})).type"
    assert done(app, "patient.js", code) == "image/png"
    assert [one.response.status for one in mock.journal.find() if one.response] == [429, 429, 200]


DRAW = """async ({ drawCutOut }, file) => {
  const url = await new Promise((resolve) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result);
    reader.readAsDataURL(file);
  });
  const canvas = document.querySelector("canvas");
  await drawCutOut(url, canvas, KEY);
  return [canvas.width, canvas.getContext("2d").getImageData(2, 2, 1, 1).data[3]];
}"""


def test_a_result_is_drawn(app: Page) -> None:
    """On a canvas that stays readable."""
    assert done(app, "xty.js", DRAW.replace("KEY", "'sk-me'")) == [160, 0]


def test_a_result_that_is_gone_is_told(app: Page, complaints: Complaints) -> None:
    """For a key that asks for it."""
    complaints.expect("status of 404")
    with pytest.raises(Error, match="The result is gone: 404"):
        done(app, "xty.js", DRAW.replace("KEY", "'sk-mock-expired-results'"))


def test_a_delta_is_made_whole(app: Page) -> None:
    """As an ImageData; the decoder itself has tests of its own."""
    code = (
        "async ({ wholeCutOut }, file) => { const { width, data } = await wholeCutOut(file); return [width, data[3]]; }"
    )
    assert done(app, "delta-example.js", code) == [160, 0]


def test_the_proxy_leads_to_the_mock(app: Page, mock: Mock) -> None:
    """All that the providers have is below one of its paths, and goes to the mock's address."""
    proxy = done(app, "vite.config.js", "({ default: config }) => config.server.proxy")
    assert isinstance(proxy, dict)
    assert set(proxy.values()) == {mock.url}
    operations = [one for name, known in discover().items() for one in OpenApi(known.folder, name).operations]
    assert all(one.path.startswith(tuple(proxy)) for one in operations if one.provider in {"pixian", "xty"})
    fields = {"Host": "localhost:5173", "Authorization": "Bearer sk-me"}
    answer = httpx.post(mock.url + CHAT, headers=fields, json=CONVERSATION, trust_env=False, timeout=30)
    assert answer.json()["choices"][0]["message"]["content"].startswith("http://localhost:5173/files/")


def test_the_scenarios_are_there(mock: Mock) -> None:
    """All that the guide names."""
    names = set(re.findall(r"`(?:sk-)?mock-([a-z-]+)", GUIDE))
    assert len(names) == 5
    assert all(mock.engine.library.find(name) for name in names)
