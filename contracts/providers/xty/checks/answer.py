"""What a chat request was answered with: a completion, a stream of chunks, or an error."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from contracts.checks.call import json_in

if TYPE_CHECKING:
    from contracts.model import Response

DONE = "[DONE]"
_LINE_END = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, eq=False)
class Answer:
    """A response of the API, read. ``members`` are those of the JSON object that is the body, if it is one."""

    response: Response
    members: dict[str, Any] | None

    @property
    def is_success(self) -> bool:
        """Whether the status is one of success."""
        return self.response.is_success

    @property
    def error(self) -> dict[str, Any] | None:
        """The error object, if there is one."""
        error = self.members.get("error") if self.members is not None else None
        return error if isinstance(error, dict) else None

    @property
    def message(self) -> object:
        """The message of the error, if there is one."""
        return self.error.get("message") if self.error is not None else None

    @property
    def code(self) -> object:
        """The code of the error, if there is one."""
        return self.error.get("code") if self.error is not None else None

    @property
    def has_choices(self) -> bool:
        """Whether the body is a completion, or at least something with choices and without an error."""
        return self.members is not None and self.error is None and isinstance(self.members.get("choices"), list)

    @property
    def first_choice(self) -> dict[str, Any]:
        """The first choice of the completion, empty if there is none."""
        choices = self.members["choices"] if self.members is not None and self.has_choices else []
        return choices[0] if choices and isinstance(choices[0], dict) else {}

    @property
    def assistant(self) -> dict[str, Any]:
        """The message of the first choice, empty if there is none."""
        message = self.first_choice.get("message")
        return message if isinstance(message, dict) else {}

    @property
    def is_stream(self) -> bool:
        """Whether it is a stream of events."""
        return self.response.media_type == "text/event-stream"

    @cached_property
    def events(self) -> tuple[str, ...]:
        """The data of every event of a stream, in order; comments and other fields are passed over."""
        if not self.is_stream:
            return ()
        found: list[str] = []
        lines: list[str] = []
        for line in (*_LINE_END.split(self.response.body.decode(errors="replace")), ""):
            name, _, value = line.partition(":")
            if name == "data":
                lines.append(value.removeprefix(" "))
            elif not line and lines:
                found.append("\n".join(lines))
                lines = []
        return tuple(found)

    @cached_property
    def chunks(self) -> tuple[Any, ...]:
        """The JSON of every event but for the one that says that it is over; ``None`` for what is no JSON."""
        return tuple(json_in(event) for event in self.events if event.strip() != DONE)

    @property
    def streamed(self) -> str:
        """The contents of the chunks of a stream, in order."""
        return "".join(piece for chunk in self.chunks for piece in _pieces(chunk))

    @property
    def content(self) -> str | None:
        """What the model said, in one piece or in many, ``None`` if nothing."""
        if self.is_stream:
            return self.streamed or None
        content = self.assistant.get("content")
        return content if isinstance(content, str) else None


def _pieces(chunk: object) -> list[str]:
    """Return the contents of the choices of *chunk*."""
    choices = chunk.get("choices") if isinstance(chunk, dict) else None
    deltas = [choice.get("delta") for choice in choices or () if isinstance(choice, dict)] if _is_list(choices) else []
    contents = [delta.get("content") for delta in deltas if isinstance(delta, dict)]
    return [content for content in contents if isinstance(content, str)]


def _is_list(value: object) -> bool:
    return isinstance(value, list)
