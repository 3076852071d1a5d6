"""The providers' own samples work on the mock with nothing changed but the address of the server."""

from __future__ import annotations

import base64
import re
from collections import Counter
from typing import TYPE_CHECKING

import httpx
import pytest

from pictures import decoded, pixels
from tests.samples.documents import Sample, pixian_samples, xty_samples
from tests.samples.languages import require, run

if TYPE_CHECKING:
    from pathlib import Path

PLACEHOLDER = "INSERT_API_KEY_HERE"
"""What the C# samples have where the others have well-formed credentials."""


def test_every_sample_of_the_documents_is_found() -> None:
    """Seven languages in two forms, and four languages; every sample names the provider's server."""
    pixian, xty = pixian_samples(), xty_samples()
    assert Counter(sample.language for sample in pixian) == dict.fromkeys(
        ("curl", "java", "dotnet", "node-request", "php", "python-requests", "ruby"), 2
    )
    assert [sample.form for sample in pixian] == ["file"] * 7 + ["url"] * 7
    assert [sample.language for sample in xty] == ["curl", "python-requests", "python-openai", "node-fetch"]
    assert all(sample.program.count("https://api.pixian.ai") == 1 for sample in pixian)
    assert all("https://api.xty.app" in sample.program for sample in xty)


@pytest.mark.parametrize("sample", [sample for sample in pixian_samples() if sample.form == "file"], ids=str)
def test_a_sample_that_sends_a_file_cuts_its_subject_out(sample: Sample, origin: str, folder: Path) -> None:
    """The result is a PNG of the input's size: the disc is there, red and opaque, and the corners are transparent."""
    data = pixian_result(sample, origin, folder)
    assert_cut_out(data)
    assert decoded(data).size == (160, 120)
    red, green, blue, alpha = pixels(data)[60, 75].tolist()
    assert (red > 150, green < 80, blue < 80, alpha) == (True, True, True, 255)
    assert pixels(data)[[0, 0, -1, -1], [0, -1, 0, -1], 3].tolist() == [0, 0, 0, 0]


@pytest.mark.parametrize("sample", [sample for sample in pixian_samples() if sample.form == "url"], ids=str)
def test_a_sample_that_sends_a_url_cuts_its_subject_out(sample: Sample, origin: str, folder: Path) -> None:
    """The result is a PNG with opaque and with transparent pixels."""
    (folder / "example.jpeg").unlink()
    assert_cut_out(pixian_result(sample, origin, folder))


@pytest.mark.parametrize("sample", xty_samples(), ids=str)
def test_a_chat_sample_prints_where_the_result_is(sample: Sample, origin: str, folder: Path) -> None:
    """The printed answer has one URL, on the same server, of a PNG with opaque and with transparent pixels."""
    language = require(sample.language)
    printed = run(language, sample.program.replace("https://api.xty.app", origin), folder)
    (url,) = re.findall(r"https?://[^\s\"']+", printed)
    assert url.startswith(f"{origin}/")
    answer = httpx.get(url, trust_env=False)
    assert answer.status_code == 200
    assert_cut_out(answer.content)


def pixian_result(sample: Sample, origin: str, folder: Path) -> bytes:
    """Run *sample* and return the picture that it left behind."""
    language = require(sample.language)
    credentials = base64.b64encode(b"xyz123:[secret]").decode()
    program = (
        sample.program.removeprefix("$ ").replace("https://api.pixian.ai", origin).replace(PLACEHOLDER, credentials)
    )
    printed = run(language, program, folder)
    result = folder / "pixian_result.png"
    assert result.exists(), f"the sample saved nothing and printed: {printed}"
    return result.read_bytes()


def assert_cut_out(data: bytes) -> None:
    """Demand a PNG in which something is opaque and something is transparent."""
    picture = decoded(data)
    assert picture.format == "PNG"
    assert picture.mode == "RGBA"
    assert picture.getchannel("A").getextrema() == (0, 255)
