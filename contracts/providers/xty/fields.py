"""What a chat request has sent, field by field."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from contracts.behaviour import SentField
from contracts.fields import is_large, json_fields, short
from contracts.providers.xty.conversation import SCHEMA, ConversationError, json_object, problems
from contracts.replies import described

if TYPE_CHECKING:
    from contracts.model import Request

_FILE = Path(__file__).parent / SCHEMA


def sent_fields(request: Request) -> tuple[SentField, ...]:
    """Return everything in the body of *request* by its path, with what is wrong there."""
    try:
        body = json_object(request)
        found = {"": "It holds too many values to say what is wrong."} if is_large(body) else problems(body)
    except RecursionError:
        return (SentField("", described(request.body), "It is nested too deeply.", known=False),)
    except ConversationError as error:
        return (SentField("", described(request.body), short(f"{error}."), known=False),)
    return json_fields(body, _FILE, {path: f"{text[:1].upper()}{text[1:]}." for path, text in found.items()})
