"""What a form has sent, field by field."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from contracts.behaviour import SentField
from contracts.fields import MOST, short
from contracts.multipart import FormError, read_form
from contracts.providers.pixian.parameters import complaint
from contracts.replies import described
from contracts.suggestion import did_you_mean

if TYPE_CHECKING:
    from contracts.model import Request
    from contracts.multipart import Field
    from contracts.providers.pixian.parameters import Dialect

_PICTURES = frozenset({"image", "image.base64"})
"""Fields that are pictures, however long they are."""


def sent_fields(request: Request, dialect: Dialect) -> tuple[SentField, ...]:
    """Return the fields of the form in *request*, with what is wrong with each by itself in the *dialect*."""
    try:
        fields = read_form(request)
    except FormError as error:
        return (SentField("", described(request.body), short(str(error)), known=False),)
    counts = Counter(field.name for field in fields)
    return tuple(_sent(field, dialect, again=counts[field.name] > 1) for field in fields[:MOST])


def _sent(field: Field, dialect: Dialect, *, again: bool) -> SentField:
    """Return *field*; *again* tells that there is another of its name."""
    known, name = field.name in dialect.properties, short(field.name)
    if not known:
        problem = f"There is no parameter {name!r}.{did_you_mean(field.name, dialect.properties)}"
    elif again:
        problem = "It is given more than once; send it once."
    else:
        problem = complaint(field, dialect)
    return SentField(name, _value(field), short(problem), known=known)


def _value(field: Field) -> str:
    """Return the text of *field* as far as it is short, or a description of a picture or a file."""
    if field.filename is not None or field.name in _PICTURES:
        return described(field.data, field.filename and short(field.filename))
    return short(field.data.decode(errors="replace"))
