"""Whether what the job asks for is what the client sends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contracts.checks import KEPT, Broken, shown
from contracts.providers.pixian.checks.form import SOURCES
from contracts.providers.pixian.client.checks.meaning import meaning
from contracts.providers.pixian.client.checks.registry import CLIENT_CHECKS
from contracts.providers.pixian.client.checks.values import errors_of, is_open

if TYPE_CHECKING:
    from contracts.checks import Finding
    from contracts.providers.pixian.client.checks.call import ClientCall

_TEST = "test"


@CLIENT_CHECKS.each("parameter.test")
def test(call: ClientCall) -> Finding | None:
    """Where the job is a test the form says so; the case of letters is another rule's matter."""
    if call.asked.get(_TEST) is not True or not _is_form(call):
        return None
    text = call.form.texts.get(_TEST)
    if text is not None and text.strip().lower() == "true":
        return KEPT
    received = "nothing" if text is None else shown(text)
    if text is None and _TEST in call.query:
        received = "nothing in the form, but in the query"
    return Broken(_TEST, "true, in the form", received, "Without it the picture is charged.")


@CLIENT_CHECKS.each("parameter.complete")
def complete(call: ClientCall) -> Finding | None:
    """What was asked for is sent and means the same, but for what has no effect if it is left out.

    What is sent as a value that there is not is another rule's matter.
    """
    asked = {name for name in call.asked if name in call.form.parameters and name not in {_TEST, *SOURCES}}
    if not asked or not _is_form(call):
        return None
    for name in sorted(asked):
        text, wanted = call.form.texts.get(name), call.asked[name]
        if text is None and not _has_no_effect(call, name):
            return Broken(name, shown(wanted), "nothing", "It was asked for, and is not in the form.")
        if text is not None and _is_readable(name, text) and meaning(name, text) != meaning(name, wanted):
            return Broken(name, shown(wanted), shown(text), "It was asked for with another value.")
    return KEPT


def _is_form(call: ClientCall) -> bool:
    return (call.is_removal or call.is_v1) and bool(call.form.fields)


def _is_readable(name: str, text: str) -> bool:
    """Tell whether *text* is a value of *name*, if not in the form of the schema; a colour may lack its '#'."""
    if name in {"background.color", "result.crop_to_foreground"}:
        return True
    return not errors_of(name, text) or is_open(name, text)


def _has_no_effect(call: ClientCall, name: str) -> bool:
    """Tell whether the result is the same if the parameter *name*, which was asked for, is left out."""
    asked = call.asked
    default = call.form.parameters[name].get("default")
    encoding = asked.get("output.format", "auto")
    if default is not None and meaning(name, asked[name]) == meaning(name, default):
        return True
    if encoding == "delta_png" and (name == "background.color" or name.startswith("result.")):
        return True
    if name == "output.jpeg_quality":
        return encoding in {"png", "delta_png"} or (encoding == "auto" and "background.color" not in asked)
    if name == "result.vertical_alignment":
        return "result.target_size" not in asked
    return name == "max_pixels" and _is_small(call)


def _is_small(call: ClientCall) -> bool:
    """Tell whether the picture that was sent is known to have no more pixels than were asked for."""
    most, picture = call.asked["max_pixels"], call.input
    return isinstance(most, int) and picture is not None and picture.size[0] * picture.size[1] <= most
