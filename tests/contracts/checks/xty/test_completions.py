"""Completions: what may differ, and what may not."""

from __future__ import annotations

import json
from typing import Any

import pytest

from contracts.model import Ending
from tests.contracts.checks.xty.exchanges import answer, ask, completion, judged, refusal, right


@pytest.mark.parametrize(
    "changes",
    [
        {"system_fingerprint": None, "service_tier": "default"},
        {"created": 1704067200.0},
        {"usage": {"prompt_tokens": 0, "completion_tokens": 0.0, "total_tokens": 0, "prompt_tokens_details": None}},
        {"id": "xty-1704067200999"},
    ],
    ids=["more keys", "a number with a point", "more in usage", "a fraction of a second"],
)
def test_what_the_documents_leave_open_is_kept(changes: dict[str, Any]) -> None:
    """Keys besides, other ways to write a number, and any millisecond are no faults."""
    assert not judged((ask(right()), completion(**changes))).broken


def test_media_types_with_parameters_and_suffixes_are_json() -> None:
    """A charset, and types that end in +json, are JSON as well."""
    body = json.loads(completion().body)
    assert not judged((ask(right()), answer(200, body, "Application/JSON; charset=utf-8"))).broken
    assert "media-type" not in judged((ask(right()), answer(200, body, "application/vnd.api+json"))).broken
    assert "media-type" in judged((ask(right()), answer(200, body, "text/plain"))).broken


def test_an_error_without_null_members_is_the_gateways() -> None:
    """Errors before the model have another type, and neither param nor code."""
    bare = answer(401, {"error": {"message": "无效的令牌", "type": "one_api_error"}})
    assert not judged((ask(right()), bare)).broken


def test_a_page_with_success_is_no_completion() -> None:
    """What a wrong base URL leads to is one fault, not seven."""
    found = judged((ask(right()), answer(200, b"<!DOCTYPE html>", "text/html")))
    assert found.broken == {"completion.object"}


def test_a_client_that_left_proves_nothing() -> None:
    """An answer that the client did not wait for is not looked at."""
    half = answer(200, completion().body[:50])
    assert not judged((ask(right()), half), ending=Ending.GONE).broken


def test_the_moment_is_about_now() -> None:
    """Our clock may differ by minutes from the server's; with a Date both moments are the server's own."""
    assert "completion.instant-is-now" in judged((ask(right()), completion()), after=600).kept
    assert "completion.instant-is-now" in judged((ask(right()), completion()), after=6000).broken
    body, dated = json.loads(completion().body), ("Date", "Mon, 01 Jan 2024 00:00:01 GMT")
    elsewhen = judged((ask(right()), answer(200, body, "application/json", dated)), after=6000)
    assert "completion.instant-is-now" in elsewhen.kept


def test_a_stream_that_fails_on_the_way_is_no_wrong_stream() -> None:
    """An error event takes the place of the content."""
    events = b'data: {"error": {"message": "busy", "type": "upstream_error"}}\n\n'
    found = judged((ask(right(stream=True)), answer(200, events, "text/event-stream")))
    assert "stream.content" not in found.broken


def test_streams_may_have_comments_and_other_line_ends() -> None:
    """Comments keep a connection open; lines may end in CR LF; contents may come in pieces."""
    head = {"id": "xty-1704067200000", "object": "chat.completion.chunk", "created": 1704067200, "model": "remove-bg"}
    pieces = ["https://cdn.exa", "mple/msk-bg.png"]
    chunks = [{**head, "choices": [{"index": 0, "delta": {"content": one}, "finish_reason": None}]} for one in pieces]
    events = [": wait", "event: message", *(f"data:{json.dumps(chunk)}\r\n" for chunk in chunks), "data: [DONE]\r\n"]
    stream = answer(200, "\r\n".join([*events, ""]).encode(), "text/event-stream; charset=utf-8")
    found = judged((ask(right(stream=True)), stream))
    assert not found.broken
    assert {"stream.events", "stream.content"} <= found.kept


def test_a_stream_that_is_refused_alone_proves_nothing() -> None:
    """Only the same picture, accepted without a stream, shows that the stream is what is refused."""
    assert not judged((ask(right(stream=True)), refusal(400, message="No."))).broken
