"""Forms: the two kinds of them, what is none, parameters in wrong places, and parameters that are wrong."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

import multipart as parser

from contracts.checks import KEPT, Broken, demand
from contracts.providers.pixian.checks.acceptance import accepted, is_plain, is_telling, refused, said, turned_down
from contracts.providers.pixian.checks.form import SOURCES
from contracts.providers.pixian.checks.registry import CHECKS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from contracts.checks import Finding
    from contracts.providers.pixian.checks.call import Call

_MULTIPART, _URLENCODED = "multipart/form-data", "application/x-www-form-urlencoded"
_INTEGER = re.compile(r"[+-]?[0-9]{1,18}")
_HEXADECIMAL = re.compile(r"#(?:[0-9A-Fa-f]{3,4}|[0-9A-Fa-f]{6}|[0-9A-Fa-f]{8})")
_BOOLEANS = frozenset({"true", "false"})
_LIKE_BOOLEANS = _BOOLEANS | {"1", "0", "yes", "no", "on", "off", "t", "f", "y", "n", ""}
_SWITCHES = ("test", "result.crop_to_foreground")


@CHECKS.together("request.multipart")
def multipart(calls: Sequence[Call]) -> Iterable[tuple[Call, Finding]]:
    """Plain multipart forms are not refused if the same is taken urlencoded, nor all of those with a file."""
    any_served = any(call.is_served and _kind(call) == _MULTIPART for call in calls)
    for call, twins in _plain(calls, _MULTIPART):
        if call.is_served:
            yield call, KEPT
        elif twins or not any_served:
            finding = accepted(call, "The kind of the form is the likely cause: multipart/form-data.")
            if finding is not None:
                yield call, finding


@CHECKS.together("request.urlencoded")
def urlencoded(calls: Sequence[Call]) -> Iterable[tuple[Call, Finding]]:
    """A plain urlencoded form is not refused if the same fields are taken as multipart."""
    for call, twins in _plain(calls, _URLENCODED):
        finding = accepted(call, "The same fields in multipart/form-data were accepted.")
        if finding is not None and (twins or finding is KEPT):
            yield call, finding


@CHECKS.each("request.not-a-form")
def not_a_form(call: Call) -> Finding | None:
    """A body of another media type, and a multipart one without a boundary or an end, get a 4xx, and not a 500."""
    fault = _fault(call) if call.is_removal else ""
    if fault and call.status == 500:
        return Broken("status", "a status from 400 to 499", "500", fault)
    return turned_down(call, fault) if fault else None


@CHECKS.each("request.query-ignored")
def query_ignored(call: Call) -> Finding | None:
    """A query with test=true does not make a test of a request for production, nor output.format=jpeg a JPEG."""
    if not call.is_removal or not call.is_right:
        return None
    query = dict(parse_qsl(call.exchange.request.query))
    if query.get("test") == "true" and not call.form.is_test and call.status in {200, 402}:
        calculated = call.header("X-Credits-Calculated")
        expected = "no such field, since the form asks for no test"
        return demand(calculated is None, "X-Credits-Calculated", expected, calculated, _PLACE)
    if query.get("output.format") == "jpeg" and call.form.format == "png" and call.status == 200 and call.result:
        return demand(call.result.kind == "png", "result", "a PNG, as the form asks for", call.result.kind, _PLACE)
    return None


_PLACE = "The query is no place for parameters; clients that put them there have seen them without effect."


@CHECKS.each("parameter.unknown")
def unknown(call: Call) -> Finding | None:
    """A form that is right but for a field that is no parameter is served like one without it."""
    fields = call.form.fields or ()
    foreign = [field.name for field in fields if field.name not in call.form.parameters]
    if not call.is_removal or not foreign or not call.without(foreign).is_right:
        return None
    if call.status == 200:
        return KEPT
    hint = f"The form is right but for {foreign[0]!r}, which is no parameter."
    return Broken("answer", "status 200 with a picture", said(call), hint) if is_telling(call) else None


@CHECKS.each("parameter.invalid")
def invalid(call: Call) -> Finding | None:
    """A form that is right but for one parameter, of a value that no reading of the documents allows, gets 1019."""
    wrong = [name for name, text in call.form.texts.items() if _is_wrong(call, name, text)] if call.is_removal else []
    if len(wrong) != 1 or not call.without(wrong).is_right:
        return None
    return refused(call, 400, 1019, f"The value of {wrong[0]} is {call.form.texts[wrong[0]]!r}.")


@CHECKS.each("parameter.boolean")
def boolean(call: Call) -> Finding | None:
    """A form that is right but for a boolean in another spelling is refused."""
    odd = [name for name in _SWITCHES if _is_odd_boolean(call.form.texts.get(name, "true"))] if call.is_removal else []
    if len(odd) != 1 or not call.without(odd).is_right:
        return None
    return turned_down(call, f"The value of {odd[0]} is {call.form.texts[odd[0]]!r}.")


@CHECKS.each("parameter.repeated")
def repeated(call: Call) -> Finding | None:
    """A form that is right but for a parameter that stands in it twice is refused."""
    known = call.form.parameters.keys() - set(SOURCES)
    names = [field.name for field in call.form.fields or () if field.name in known]
    twice = sorted({name for name in names if names.count(name) > 1})
    if not call.is_removal or not twice or not call.without(twice).is_right:
        return None
    return turned_down(call, f"The form has {twice[0]} more than once.")


def _plain(calls: Sequence[Call], kind: str) -> Iterator[tuple[Call, bool]]:
    """Yield plain requests of the media type *kind*, and whether the other kind of form was taken with the same."""
    plain = [call for call in calls if call.is_removal and is_plain(call)]
    for call in plain:
        if _kind(call) == kind:
            others = (other for other in plain if _kind(other) != kind and other.is_served)
            yield call, any(map(call.asks_the_same_as, others))


def _kind(call: Call) -> str:
    return (call.exchange.request.headers.get("Content-Type") or "").partition(";")[0].strip().lower()


def _fault(call: Call) -> str:
    """Return why the body is surely no form, or nothing."""
    request = call.exchange.request
    kind, options = parser.parse_options_header(request.headers.get("Content-Type") or "")
    if "Content-Encoding" in request.headers or not request.body:
        return ""
    if kind == _MULTIPART:
        boundary = options.get("boundary", "")
        if not boundary:
            return "Content-Type names no boundary."
        return "" if f"--{boundary}--".encode() in request.body else "The multipart body has no end."
    return "" if kind == _URLENCODED else f"Content-Type is {kind!r}."


def _is_odd_boolean(text: str) -> bool:
    return text not in _BOOLEANS and text.strip().lower() in _LIKE_BOOLEANS - {""}


def _is_wrong(call: Call, name: str, text: str) -> bool:
    """Tell whether *text* is surely wrong for the parameter *name* in a request in which that has an effect."""
    if call.form.texts.get("output.format") == "delta_png" and name != "max_pixels":
        return False
    if name == "output.jpeg_quality" and call.form.format != "jpeg":
        return False
    if name == "result.vertical_alignment" and "result.target_size" not in call.form.given:
        return False
    schema = call.form.parameters.get(name, {})
    usual = _is_no_number if schema.get("type") == "integer" else _is_no_word
    return _JUDGES.get(name, usual)(text.strip(), schema)


def _is_no_number(text: str, schema: Mapping[str, Any]) -> bool:
    """Tell whether *text* is a whole number out of range, or has no digit at all."""
    if _INTEGER.fullmatch(text):
        return not schema["minimum"] <= int(text) <= schema["maximum"]
    return bool(text) and not any(letter.isdigit() for letter in text)


def _is_no_word(text: str, schema: Mapping[str, Any]) -> bool:
    """Tell whether *text* is none of the documented words, in whatever case of letters."""
    return bool(text) and "enum" in schema and text.lower() not in schema["enum"]


def _is_no_colour(text: str, schema: Mapping[str, Any]) -> bool:
    """Tell whether *text* has the prefix and yet is no colour of any usual length."""
    del schema
    return text.startswith("#") and not _HEXADECIMAL.fullmatch(text)


def _is_no_boolean(text: str, schema: Mapping[str, Any]) -> bool:
    """Tell whether *text* is no boolean in any usual spelling."""
    del schema
    return text.lower() not in _LIKE_BOOLEANS


def _is_no_length(text: str, schema: Mapping[str, Any]) -> bool:
    """Tell whether *text* has no digit."""
    del schema
    return bool(text) and not any(letter.isdigit() for letter in text)


_JUDGES: Mapping[str, Callable[[str, Mapping[str, Any]], bool]] = {
    "background.color": _is_no_colour,
    "test": _is_no_boolean,
    "result.crop_to_foreground": _is_no_boolean,
    "result.margin": _is_no_length,
    "result.target_size": _is_no_length,
}
