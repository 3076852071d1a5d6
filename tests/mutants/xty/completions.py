"""Mutants whose completions are not as documented."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tests.mutants.changes import with_header
from tests.mutants.mutant import Mutant
from tests.mutants.xty.answers import completed, is_chat, later, when, with_status

if TYPE_CHECKING:
    from collections.abc import Callable

    from contracts.model import Request, Response
    from tests.mutants.mutant import Ask


def _same(request: Request, ask: Ask) -> Response:
    return ask(request)


def _key(name: str, change: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Return how a completion's member *name* is changed."""
    return lambda body: {**body, name: change(body[name])}


def _choice(**changes: object) -> Callable[[Any], Any]:
    return _key("choices", lambda choices: [{**choices[0], **changes}])


def _content(change: Callable[[str], object]) -> Callable[[Any], Any]:
    def changed(choices: Any) -> Any:  # noqa: ANN401  JSON
        message = choices[0]["message"]
        return [{**choices[0], "message": {**message, "content": change(message["content"])}}]

    return _key("choices", changed)


def _counting(count: int) -> Callable[[Any], Any]:
    return _key("usage", lambda usage: {**usage, "total_tokens": count})


def _as_of_2024(body: Any) -> Any:  # noqa: ANN401  JSON
    return {**body, "id": "xty-1704067200000", "created": 1704067200}


def _rounded_up(body: Any) -> Any:  # noqa: ANN401  JSON
    return {**body, "created": body["created"] + 1}


MUTANTS = (
    Mutant(
        "xty.server.status",
        "a completion that says it failed",
        when(is_chat, lambda one: replace(one, status=500) if one.status == 200 else one),
    ),
    Mutant("xty.server.status", "an error that says all is well", with_status(400, 200)),
    Mutant(
        "xty.server.media-type",
        "JSON as a page",
        when(is_chat, lambda response: with_header(response, "Content-Type", "text/html")),
    ),
    Mutant("xty.server.completion.id", "another prefix", completed(_key("id", lambda old: f"chatcmpl-{old[4:]}"))),
    Mutant("xty.server.completion.id", "seconds", completed(_key("id", lambda old: old[:-3]))),
    Mutant("xty.server.completion.created", "milliseconds", completed(_key("created", lambda old: old * 1000))),
    Mutant("xty.server.completion.created", "a second later", completed(_rounded_up)),
    Mutant("xty.server.completion.created", "a text", completed(_key("created", str))),
    Mutant("xty.server.completion.instant-is-now", "always that of the sample", completed(_as_of_2024)),
    Mutant("xty.server.completion.object", "a chunk", completed(_key("object", lambda old: f"{old}.chunk"))),
    Mutant("xty.server.completion.model", "another model", completed(_key("model", lambda old: f"{old}-2"))),
    Mutant("xty.server.completion.choices", "no choice", completed(_key("choices", lambda _: []))),
    Mutant("xty.server.completion.choices", "counted from 1", completed(_choice(index=1))),
    Mutant("xty.server.completion.choices", "no reason", completed(_choice(finish_reason=None))),
    Mutant(
        "xty.server.completion.choices",
        "said by the user",
        completed(_choice(message={"role": "user", "content": "https://files.example/a.png"})),
    ),
    Mutant("xty.server.completion.content", "Markdown", completed(_content(lambda url: f"![picture]({url})"))),
    Mutant("xty.server.completion.content", "a new line", completed(_content(lambda url: f"{url}\n"))),
    Mutant("xty.server.completion.content", "a path only", completed(_content(lambda _: "/files/a.png"))),
    Mutant("xty.server.completion.content", "a list", completed(_content(lambda url: [url]))),
    Mutant("xty.server.completion.usage", "tokens", completed(_counting(7))),
    Mutant("xty.server.completion.usage", "none", completed(_key("usage", lambda _: None))),
    Mutant("xty.server.processing-time", "half a minute", _same, later(30.0, files_only=False)),
)
