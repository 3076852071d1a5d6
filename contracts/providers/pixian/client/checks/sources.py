"""The ways in which a client sends a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import unquote

from contracts.checks import KEPT, Broken, demand, shown
from contracts.providers.pixian.checks.form import SOURCES
from contracts.providers.pixian.client.checks.registry import CLIENT_CHECKS
from contracts.providers.pixian.client.checks.resemblance import shows
from contracts.suggestion import did_you_mean

if TYPE_CHECKING:
    from contracts.checks import Finding
    from contracts.providers.pixian.client.checks.call import ClientCall


@CLIENT_CHECKS.each("image.source")
def source(call: ClientCall) -> Finding | None:
    """A form that can be read has one of the three fields, or more."""
    if not _has_form(call):
        return None
    names = [field.name for field in call.form.fields or ()]
    hint = next((hint for name in names if (hint := did_you_mean(name, SOURCES).strip())), "")
    return demand(call.form.sources, "form", f"one of {', '.join(SOURCES)}", f"only {shown(tuple(names))}", hint)


@CLIENT_CHECKS.each("image.single")
def single(call: ClientCall) -> Finding | None:
    """Of the three fields there is one in all."""
    if not _has_form(call) or not call.form.sources:
        return None
    return demand(len(call.form.sources) == 1, "form", "one picture", shown(call.form.sources))


@CLIENT_CHECKS.each("image.file")
def file(call: ClientCall) -> Finding | None:
    """The field image has a file name, or a media type that is not that of text."""
    fields = [field for field in call.form.fields or () if field.name == "image"] if _has_form(call) else []
    if not fields:
        return None
    for field in fields:
        if field.filename is None and (field.content_type or "text/").lower().startswith("text/"):
            hint = "It may be the path of the file: open the file, and give that to the HTTP library."
            return Broken("image", "a file with a file name", f"a text: {shown(field.data)}", hint)
    return KEPT


@CLIENT_CHECKS.each("image.url")
def url(call: ClientCall) -> Finding | None:
    """Where the job's input is a URL, that is what image.url holds, or what is found there is sent otherwise.

    A URL with other signs encoded by percent is the same URL.
    """
    given = call.given_input
    if given is None or not given.url or not _has_form(call) or len(call.form.sources) != 1:
        return None
    sent = call.form.url
    if sent is not None:
        same = "://" in sent and unquote(sent) == unquote(given.url)
        return demand(same, "image.url", shown(given.url), shown(sent), "A form encodes it; nothing else need do so.")
    data = call.sent_picture
    kept = data is not None and (data == given.data or (call.input is not None and shows(call.input, given.data)))
    return demand(kept, call.form.sources[0], "the picture that is found at the URL", shown(data))


def _has_form(call: ClientCall) -> bool:
    return (call.is_removal or call.is_v1) and bool(call.form.fields)
