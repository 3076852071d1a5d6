"""The measure of our server: one Flask route that validates a chat request and answers with a constant."""

from __future__ import annotations

from typing import Any

from flask import Flask, request

from contracts.providers import discover
from contracts.schemas import schema_at

app = Flask(__name__)
schema = schema_at(discover()["xty"].folder, "schemas/chat-request.schema.json")


@app.get("/")
def index() -> str:
    """Answer, so that the moment of readiness can be seen."""
    return "ready"


@app.post("/v1/chat/completions")
def complete() -> tuple[dict[str, Any], int]:
    """Validate the body and answer."""
    if not schema.accepts(request.get_json()):
        return {"error": "invalid"}, 400
    return {
        "id": "xty-1704067200000",
        "object": "chat.completion",
        "created": 1704067200,
        "model": "remove-bg",
        "choices": [
            {
                "index": 0,
                "finish_reason": "stop",
                "message": {"role": "assistant", "content": "https://file.xty.app/docs/msk-bg.png"},
            }
        ],
        "usage": {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0},
    }, 200
