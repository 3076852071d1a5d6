"""Whatever is written is read back, and whatever is read is an archive or refused."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

from hypothesis import given
from hypothesis import strategies as st

from contracts.har import HarError, dump, load
from contracts.model import Ending, Exchange, Headers, Request, Response
from tests.contracts.har.archives import CHROME, FIREFOX, PNG, exchange, har

if TYPE_CHECKING:
    from collections.abc import Iterator

octets = st.binary(max_size=40).map(lambda data: data.decode("latin-1"))
paths = st.one_of(octets, st.binary(max_size=40).map(lambda data: data.decode(errors="replace")), st.text(max_size=40))
names = st.from_regex(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,12}", fullmatch=True)
known_names = st.sampled_from(["Cookie", "Set-Cookie", "Content-Type", "Location"])
headers = st.lists(st.tuples(names | known_names, octets), max_size=4).map(Headers.of)
origins = st.sampled_from(["http://localhost", "https://api.example:8443", "http://[::1]:80"]) | st.text(max_size=10)
requests = st.builds(Request, names, paths.map("/".__add__) | paths, paths, headers, st.binary(max_size=60), origins)
responses = st.builds(Response, st.integers(1, 999), headers, st.binary(max_size=60))
moments = st.floats(-1e9, 1e11)
exchanges = st.builds(
    Exchange,
    st.integers(0, 2**40),
    st.integers(0, 2**40),
    requests,
    st.none() | responses,
    moments,
    st.none() | moments,
    st.none() | st.sampled_from(Ending),
)
histories = st.lists(exchanges, max_size=4).map(lambda found: tuple(sorted(found, key=lambda one: one.received)))


def keys_of(value: object) -> Iterator[str]:
    """Yield the names of all members in *value*."""
    if isinstance(value, dict):
        yield from value
    for child in children(value).values():
        yield from keys_of(child)


def children(value: object) -> dict[Any, Any]:
    """Return the members of an object or the items of a list, by name or index."""
    if isinstance(value, dict):
        return value
    return dict(enumerate(value)) if isinstance(value, list) else {}


WRITTEN = dump([exchange(Request("GET", "*", "\xff", body=b"\xff"), Response(302, body=PNG))], version="1.0")
KNOWN = sorted({*keys_of(CHROME), *keys_of(FIREFOX), *keys_of(WRITTEN), "params", "fileName"})
scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.just(10**400),
    st.floats(),
    st.text(st.characters()),
    st.sampled_from(["", "base64", "2026-01-31", "0001-01-01T00:00:00+23:59", "http://[/", "data:,x", "-0", "9" * 400]),
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KNOWN) | st.text(), inner, max_size=5),
    max_leaves=12,
)


def places(value: object, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the way to everything within *value*, and to itself."""
    yield way
    for key, child in children(value).items():
        yield from places(child, (*way, key))


@st.composite
def damaged(draw: st.DrawFn) -> object:
    """Draw a document that was good until values in it were replaced."""
    document: Any = {"": copy.deepcopy(draw(st.sampled_from([CHROME, FIREFOX, WRITTEN])))}
    for _ in range(draw(st.integers(1, 3))):
        way = draw(st.sampled_from([way for way in places(document) if way]))
        holder = document
        for step in way[:-1]:
            holder = holder[step]
        holder[way[-1]] = draw(values)
    return document[""]


@given(histories)
def test_what_is_written_is_read_back_without_loss(history: tuple[Exchange, ...]) -> None:
    """Whatever bytes are in bodies, fields, paths and queries, they survive the way to a file and back."""
    assert load(json.loads(json.dumps(dump(history, version="1.0")))) == history


def read_or_refuse(document: object) -> None:
    """Load *document*; if it is an archive, check that what was read can be written and read again."""
    try:
        read = load(document)
    except HarError:
        return
    assert load(json.loads(json.dumps(dump(read, version="1.0")))) == read


@given(values | values.map(har) | values.map(lambda value: {"log": {"entries": value}}))
def test_no_json_escapes_as_another_error(document: object) -> None:
    """Any JSON value is either an archive or a HarError."""
    read_or_refuse(document)


@given(damaged())
def test_no_damage_escapes_as_another_error(document: object) -> None:
    """An archive in which anything was replaced is still one, or else a HarError."""
    read_or_refuse(document)
