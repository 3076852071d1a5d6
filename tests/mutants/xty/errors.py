"""Mutants that answer wrong requests in a wrong way."""

from __future__ import annotations

from tests.mutants.changes import with_header
from tests.mutants.mutant import Mutant
from tests.mutants.xty.answers import (
    CHAT,
    MODELS,
    completion,
    error,
    failed,
    holds,
    instead,
    is_chat,
    lacks,
    page,
    said,
    when,
    with_status,
    without_fields,
)

_PICTURELESS = lacks("image_url")
_BARE = said(400, {"error": {"message": "remove-bg模型需要图片,请在请求中包含图片", "type": "invalid_request_error"}})
_GATEWAY = said(400, {"error": {"message": "No.", "type": "new_api_error", "param": "", "code": ""}})

MUTANTS = (
    Mutant("xty.server.error.image-missing", "a completion", instead(_PICTURELESS, completion())),
    Mutant("xty.server.error.image-missing.message", "in English", instead(_PICTURELESS, error(400, "No picture."))),
    Mutant(
        "xty.server.error.image-missing.message",
        "another comma",
        instead(_PICTURELESS, error(400, "remove-bg模型需要图片\uff0c请在请求中包含图片")),
    ),
    Mutant("xty.server.error.image-missing.form", "without param and code", instead(_PICTURELESS, _BARE)),
    Mutant("xty.server.error.image-missing.form", "the gateway's", instead(_PICTURELESS, _GATEWAY)),
    Mutant("xty.server.error.image-missing.form", "a page", instead(_PICTURELESS, page(400))),
    Mutant("xty.server.error.image-missing.status", "422", with_status(400, 422)),
    Mutant("xty.server.error.content-string", "a completion", instead(holds('"content": "'), completion())),
    Mutant("xty.server.error.content-string", "other words", instead(holds('"content": "'), error(400))),
    Mutant("xty.server.error.request-invalid", "422", with_status(400, 422)),
    Mutant("xty.server.error.request-invalid", "a crash", instead(holds('"role": 7'), error(500))),
    Mutant("xty.server.error.request-invalid", "any role", instead(holds('"role": "assistant"'), completion())),
    Mutant("xty.server.error.image-unreadable", "422", instead(holds(".invalid/"), error(422))),
    Mutant("xty.server.error.image-unreadable", "a completion", instead(holds("SGVsbG8s"), completion())),
    Mutant("xty.server.error.message", "a text", failed(lambda body: {"error": body["error"]["message"]})),
    Mutant("xty.server.error.message", "no words", failed(lambda body: {"error": {**body["error"], "message": ""}})),
    Mutant("xty.server.error.message", "a page", instead(_PICTURELESS, page(400))),
    Mutant("xty.server.error.key", "403", with_status(401, 403)),
    Mutant(
        "xty.server.error.key",
        "nobody is asked for one",
        instead(lambda one: is_chat(one) and "Authorization" not in one.headers, completion()),
    ),
    Mutant("xty.server.error.quota", "402", instead(is_chat, error(402, "Pay first."))),
    Mutant("xty.server.error.quota", "429", instead(is_chat, error(429, "No.", "insufficient_user_quota"))),
    Mutant("xty.server.error.model-not-found", "404", with_status(503, 404)),
    Mutant("xty.server.error.model-not-found", "another code", instead(holds("no-such-model"), error(503))),
    Mutant("xty.server.error.model-not-found", "any model", instead(holds("no-such-model"), completion())),
    Mutant("xty.server.error.body-too-large", "400", with_status(413, 400)),
    Mutant("xty.server.error.unknown-path", "a page", instead(lambda one: "no-such-path" in one.path, page(200))),
    Mutant("xty.server.error.unknown-path", "no name", instead(lambda one: "no-such-path" in one.path, error(404))),
    Mutant("xty.server.error.method-not-allowed", "no Allow", without_fields("Allow")),
    Mutant(
        "xty.server.error.method-not-allowed",
        "GET allowed",
        when(
            lambda one: one.path == CHAT and one.method == "GET",
            lambda response: with_header(response, "Allow", "GET, OPTIONS"),
        ),
    ),
    Mutant("xty.server.models.list", "no list", instead(lambda one: one.path == MODELS, said(200, {"models": []}))),
    Mutant(
        "xty.server.models.list",
        "names only",
        instead(lambda one: one.path == MODELS, said(200, {"object": "list", "data": [{"id": "remove-bg"}]})),
    ),
    Mutant(
        "xty.server.models.remove-bg",
        "another model",
        instead(lambda one: one.path == MODELS, said(200, {"object": "list", "data": [{"id": "remove-bg-2"}]})),
    ),
    Mutant("xty.server.cross-origin", "for itself only", without_fields("Access-Control-Allow-Origin")),
    Mutant("xty.server.cross-origin", "no key from pages", without_fields("Access-Control-Allow-Headers")),
    Mutant(
        "xty.server.cross-origin",
        "no preflight",
        when(
            lambda one: one.method == "OPTIONS",
            lambda response: with_header(error(405), "Access-Control-Allow-Origin", "*") if response else response,
        ),
    ),
)
