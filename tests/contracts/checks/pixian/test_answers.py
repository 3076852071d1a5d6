"""Successes: what a server is free to do, and what it is not."""

from __future__ import annotations

from contracts.model import Ending
from contracts.providers.pixian.campaigns.form import upload
from tests.contracts.checks.pixian.exchanges import LOOK, PICTURE, described, judged, refusal, result

TEST = upload(PICTURE, test=True)


def test_a_result_may_be_compressed_on_its_way() -> None:
    """Then Content-Length is that of what was sent."""
    seen = judged((TEST, result(("Content-Length", "12"), ("content-encoding", "gzip"))))
    assert "success.complete" in seen.kept
    assert "success.complete" in judged((TEST, result(("Content-Length", "12")))).broken


def test_a_recording_may_leave_out_a_body() -> None:
    """Nothing is known of it then."""
    assert not judged((TEST, result(("Content-Length", "12345"), body=b""))).broken & {
        "success.complete",
        "success.media-type",
        "success.status",
    }


def test_whoever_leaves_early_cannot_blame_the_server() -> None:
    """But a server that breaks off can be blamed."""
    half = result(body=PICTURE.data[:-60])
    assert "success.complete" not in judged((TEST, half), ending=Ending.GONE).broken
    assert "success.complete" in judged((TEST, half), ending=Ending.RESET).broken


def test_media_types_may_have_parameters_and_any_case() -> None:
    """They compare without regard to case."""
    assert "success.media-type" in judged((TEST, result(kind="Image/PNG; q=1"))).kept
    assert "success.media-type" in judged((TEST, result(kind="image/x-png"))).broken


def test_an_account_may_have_an_empty_key_error() -> None:
    """Only an error object is an error."""
    assert "success.status" in judged((LOOK, described(error=None))).kept
    assert "success.status" in judged((LOOK, described(error={"code": 1}))).broken
    assert "success.status" not in judged((LOOK, refusal())).broken
