"""A server that keeps the rules in a way of its own: another matting, small palettes, other words, more keys."""

from __future__ import annotations

import base64
import json
import time
import urllib.request
import uuid
from dataclasses import dataclass, field
from typing import Any

from PIL import Image

from tests.independent.matting import cut_out, opened, written
from tests.independent.serving import Asked, Said

KEY = "sk-somebody"
_MISSING = "remove-bg模型需要图片,请在请求中包含图片"


@dataclass
class Service:
    """The application; ``results`` are files by their paths."""

    results: dict[str, bytes] = field(default_factory=dict)

    def __call__(self, asked: Asked) -> Said:
        """Answer a request."""
        if asked.method == "OPTIONS":
            allowed = {
                "access-control-allow-methods": "*",
                "access-control-allow-headers": "authorization, content-type",
            }
            return Said(200, "text/plain", b"", allowed)
        if asked.path.startswith("/r/"):
            return self._file(asked.path)
        if asked.path not in {"/v1/models", "/v1/chat/completions"}:
            return _failure(404, "Invalid URL")
        if asked.headers.get("Authorization") != f"Bearer {KEY}":
            return _failure(401, "无效的令牌", type="new_api_error")
        if asked.path == "/v1/models":
            model = {"id": "remove-bg", "object": "model", "created": 1, "owned_by": "x", "more": []}
            return _json(200, {"object": "list", "data": [model], "success": True})
        return self._completion(asked)

    def _file(self, path: str) -> Said:
        found = self.results.get(path)
        return Said(404, "text/plain", b"gone") if found is None else Said(200, "image/png", found)

    def _completion(self, asked: Asked) -> Said:
        try:
            question = json.loads(asked.body)
            parts = [one for message in question["messages"] for one in _parts(message)]
            model = question["model"]
        except (ValueError, KeyError, TypeError):
            return _failure(400, "This is no conversation.")
        if model != "remove-bg":
            return _failure(503, "No channel for this model.", code="model_not_found")
        urls = [part["image_url"] for part in parts if part.get("type") == "image_url" and "image_url" in part]
        if not urls:
            return _failure(400, _MISSING)
        try:
            cut = cut_out(opened(_data(urls[0]["url"])).image)
        except Exception:  # noqa: BLE001  whatever a wrong request makes of it
            return _failure(400, "Nobody can read that picture.")
        path = f"/r/{uuid.uuid4().hex}.png"
        self.results[path] = written(cut.quantize(64, method=Image.Quantize.FASTOCTREE), "PNG")
        return _json(200, _answer(f"{asked.origin}{path}"))


def _answer(url: str) -> dict[str, Any]:
    now = time.time_ns() // 10**6
    choice = {"index": 0, "message": {"role": "assistant", "content": url, "refusal": None}, "finish_reason": "stop"}
    counts = {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0, "details": {}}
    head = {"id": f"xty-{now}", "object": "chat.completion", "created": now // 1000, "model": "remove-bg"}
    return {**head, "system_fingerprint": None, "choices": [{**choice, "logprobs": None}], "usage": counts}


def _parts(message: dict[str, Any]) -> list[dict[str, Any]]:
    content = message["content"]
    return [dict(part) for part in content] if isinstance(content, list) else []


def _data(url: str) -> bytes:
    if url.startswith("data:"):
        return base64.b64decode(url.split(",", 1)[1], validate=True)
    with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310  what a tester asks for
        found: bytes = answer.read()
    return found


def _failure(status: int, message: str, **more: str) -> Said:
    told = {"message": message, "type": "invalid_request_error", "param": None, "code": None, **more}
    return _json(status, {"error": told, "request": 1})


def _json(status: int, value: object) -> Said:
    return Said(status, "application/json; charset=utf-8", json.dumps(value, ensure_ascii=False).encode())
