"""How the API behaves: from a request and an account to an answer, or to a plan of image work."""

from __future__ import annotations

import hashlib
import json
import re
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from contracts.behaviour import Answer, Credentials, ImageError, Problem, Recipe, Trouble, Work
from contracts.model import Headers, Response
from contracts.providers.xty.conversation import (
    MODEL,
    OUTLINED,
    Conversation,
    ConversationError,
    outline,
    read_conversation,
)
from contracts.providers.xty.settings import Settings
from contracts.redaction import in_text, scheme_of, without_credentials
from contracts.replies import html_reply, json_reply
from contracts.rules import load_errors

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from contracts.behaviour import SentField, Situation
    from contracts.model import ApiError, Operation, Request

RESULT_LIFETIME = 3600.0
"""How long a result URL can be fetched, in seconds (seed)."""

_FOLDER = Path(__file__).parent
_MAX_BYTES, _MAX_PIXELS = 32 * 1024 * 1024, 32_000_000
"""The largest picture (assumed: the page names no limit)."""
_FORMATS = frozenset({"bmp", "gif", "jpeg", "png", "tiff", "webp"})
_KEY = re.compile(r"sk-[!-~]{1,200}")
_TENANT = re.compile(r"sk-[!-~]{1,2}-[0-9a-f]{8}")
_RESULT_NAME = re.compile(r"/files/([A-Za-z0-9_-]{16,64})\.png")
_MODEL_CREATED = 1_704_067_200
_USAGE = {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}

_PARAM = {"openai": None, "gateway": ""}
"""What ``param`` is in the forms of the error object that have it."""

_ERROR_OF_TROUBLE = {
    Trouble.URL_INVALID: "image-url-failed",
    Trouble.URL_REFUSED: "image-url-failed",
    Trouble.URL_UNREACHABLE: "image-url-failed",
    Trouble.URL_STATUS: "image-url-failed",
    Trouble.URL_NOT_IMAGE: "image-url-failed",
    Trouble.URL_TOO_LARGE: "image-url-failed",
}

_DETAIL_ON_DEMAND = {
    "request-invalid": "messages: there are fewer than 1 items",
    "image-unreadable": "it is in no known format",
    "image-url-failed": "its server did not answer with status 200",
    "bad-json": "unexpected end of JSON input",
    "model-not-found": MODEL,
    "unknown-path": "POST /v1/chat/completions",
    "method-not-allowed": "POST /v1/chat/completions",
}
"""What stands for ``{detail}`` in errors that are asked for, where nothing has happened that they could tell."""

_ERROR_OF_PROBLEM = {
    Problem.UNKNOWN_PATH: "unknown-path",
    Problem.METHOD_NOT_ALLOWED: "method-not-allowed",
    Problem.BODY_TOO_LARGE: "body-too-large",
    Problem.UNKNOWN_CREDENTIALS: "bad-token",
    Problem.WRONG_SECRET: "bad-token",
    Problem.OUT_OF_CREDITS: "quota-exhausted",
    Problem.INTERNAL: "internal",
}


class XtyBehaviour:
    """The chat endpoint with the model ``remove-bg``, the list of models, and the host of the results."""

    settings: Mapping[str, tuple[object, ...]] = {"price": ()}
    credential_form = "a key that begins with sk-"

    def credentials(self, operation: Operation, request: Request) -> Credentials | Answer | None:
        """Return the key of ``Authorization: Bearer`` (seed), or the refusal; results need none."""
        if operation.id == "getResultFile":
            return None
        header = (request.headers.get("Authorization") or "").strip()
        scheme, _, key = header.partition(" ")
        if not header:
            return error_answer("no-token")
        if scheme.lower() != "bearer" or not _KEY.fullmatch(key.strip()):
            return error_answer("bad-token")
        return Credentials(_tenant(key.strip()), key.strip())

    def listed(self, line: str) -> Credentials | None:
        """Return the credentials of a line that is a key."""
        return Credentials(_tenant(line), line) if _KEY.fullmatch(line) else None

    def is_tenant(self, name: str) -> bool:
        """Tell whether *name* could have been made of a key."""
        return _TENANT.fullmatch(name) is not None

    def parameter_names(self, operation: Operation) -> Collection[str]:
        """Return what the outline of a chat request can have."""
        return OUTLINED if operation.id == "createChatCompletion" else ()

    def perform(self, operation: Operation, request: Request, situation: Situation) -> Answer | Work:
        """Hand out a result or the list of models, or plan the removal of a background."""
        if operation.id == "getResultFile":
            return _result_file(request, situation)
        if operation.id == "listModels":
            return Answer(json_reply(200, _models()), "models listed")
        try:
            conversation = read_conversation(request)
        except ConversationError as error:
            return error_answer(error.error, error.detail)
        price = Settings.chosen(situation.settings).price
        account = situation.account
        if not account.active or account.credits <= 0 or account.credits < price:
            return error_answer("quota-exhausted")
        recipe = Recipe(_FORMATS, _MAX_BYTES, _MAX_PIXELS, shrink_to_pixels=_MAX_PIXELS)
        return Work(
            conversation.source,
            recipe,
            lambda done, store: Answer(
                _completion(request.origin, situation.now, conversation, store(done, RESULT_LIFETIME)),
                "picture made",
                price,
            ),
            _failure,
        )

    def refuse(self, problem: Problem, request: Request) -> Answer:
        """Answer with the error object that suits *problem*."""
        return error_answer(_ERROR_OF_PROBLEM[problem], f"{request.method} {request.path}")

    def error(self, name: str) -> Answer:
        """Answer with the error *name* of ``errors.yaml``."""
        return error_answer(name, _DETAIL_ON_DEMAND.get(name, ""))

    def failure(self, status: int) -> Answer:
        """Answer with an error object in the documented form."""
        found = {"message": f"Status {status}.", "type": "invalid_request_error", "param": None, "code": None}
        return Answer(json_reply(status, {"error": found}), f"status {status}")

    def parameters(self, operation: Operation, request: Request) -> Mapping[str, str]:
        """Return the model, the first text and picture, and the options of the body."""
        del operation
        return outline(request)

    def fields(self, operation: Operation, request: Request) -> tuple[SentField, ...]:
        """Return everything in the body, by its path."""
        if operation.id != "createChatCompletion":
            return ()
        from contracts.providers.xty.fields import sent_fields  # noqa: PLC0415  only who looks closely needs it

        return sent_fields(request)

    def without_secrets(self, request: Request) -> Request:
        """Return *request* with the tenant's name instead of the key in its ``Authorization``."""
        return without_credentials(request, _shown(request.headers.get("Authorization") or ""))


BEHAVIOUR = XtyBehaviour()


def error_answer(name: str, detail: str = "") -> Answer:
    """Return the error *name* of ``errors.yaml``, with the sentence *detail* in its message."""
    error, detail = load_errors(_FOLDER)[name], in_text(detail)
    message = error.message.replace("{detail}", detail)
    reason = f"error {name}: {detail}" if detail else f"error {name}"
    if error.body == "empty":
        return Answer(Response(error.status), reason, error=name)
    if error.body == "html":
        return Answer(html_reply(error.status, str(error.status), message), reason, error=name)
    return Answer(json_reply(error.status, {"error": _error_object(error, message)}), reason, error=name)


def _error_object(error: ApiError, message: str) -> dict[str, object]:
    """Return the error object in the form that ``errors.yaml`` names for it."""
    found: dict[str, object] = {"message": message, "type": error.type}
    if error.body in _PARAM:
        found["param"] = _PARAM[error.body]
    if error.body != "panic":
        found["code"] = error.code
    return found


@lru_cache(maxsize=64)
def _shown(header: str) -> str:
    """Return what may be seen of the field ``Authorization``."""
    key = header.strip().partition(" ")[2].strip()
    scheme = scheme_of(header, "Bearer")
    return f"Bearer {_tenant(key)}" if scheme.lower() == "bearer" and _KEY.fullmatch(key) else scheme


@lru_cache(maxsize=64)
def _tenant(key: str) -> str:
    """Return a name for the holder of *key* that does not give the key away."""
    return f"{key[:5]}-{hashlib.sha256(key.encode()).hexdigest()[:8]}"


def _result_file(request: Request, situation: Situation) -> Answer:
    match = _RESULT_NAME.fullmatch(request.path)
    found = situation.stored(match[1]) if match else None
    if found is None:
        return error_answer("result-not-found", request.path)
    headers = Headers((("Content-Type", found.media_type), ("Cache-Control", "no-store")))
    return Answer(Response(200, headers, found.data), "result handed out")


def _models() -> dict[str, object]:
    model = {"id": MODEL, "object": "model", "created": _MODEL_CREATED, "owned_by": "xty"}
    return {"object": "list", "data": [model]}


def _completion(origin: str, now: float, conversation: Conversation, token: str) -> Response:
    """Return the URL of the result; ``id`` and ``created`` tell the same instant (seed)."""
    milliseconds = int(now * 1000)
    head = {"id": f"xty-{milliseconds}", "created": milliseconds // 1000, "model": MODEL}
    url = f"{origin}/files/{token}.png"
    return _streamed(head, url, usage=conversation.usage) if conversation.stream else _whole(head, url)


def _whole(head: dict[str, object], url: str) -> Response:
    message = {"role": "assistant", "content": url}
    body = {
        **head,
        "object": "chat.completion",
        "choices": [{"index": 0, "finish_reason": "stop", "message": message}],
        "usage": _USAGE,
    }
    return json_reply(200, body)


def _streamed(head: dict[str, object], url: str, *, usage: bool) -> Response:
    """Return the answer as the server-sent events that OpenAI's clients understand, with the *usage* if asked for."""
    none_yet = {"usage": None} if usage else {}
    chunk = {**head, "object": "chat.completion.chunk", **none_yet}
    first = {"index": 0, "delta": {"role": "assistant", "content": url}, "finish_reason": None}
    last = {"index": 0, "delta": {}, "finish_reason": "stop"}
    chunks = [{**chunk, "choices": [choice]} for choice in (first, last)]
    if usage:
        chunks.append({**chunk, "choices": [], "usage": _USAGE})
    events = [json.dumps(chunk, separators=(",", ":")) for chunk in chunks]
    body = "".join(f"data: {event}\n\n" for event in (*events, "[DONE]"))
    return Response(200, Headers((("Content-Type", "text/event-stream"),)), body.encode())


def _failure(error: ImageError) -> Answer:
    return error_answer(_ERROR_OF_TROUBLE.get(error.trouble, "image-unreadable"), error.detail)
