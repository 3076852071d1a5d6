"""What stands in for large pictures."""

from __future__ import annotations

import base64
import json
from urllib.parse import quote

from hypothesis import given
from hypothesis import strategies as st

from mockserver.imaging.kinds import kind_of
from mockserver.mending.originals import Originals

SIGNATURES = st.sampled_from([b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF89a"])
REST = st.tuples(st.binary(min_size=1, max_size=40), st.integers(5000, 9000)).map(
    lambda one: (one[0] * one[1])[: one[1]]
)
PICTURES = st.tuples(SIGNATURES, REST).map(b"".join)


@given(pictures=st.lists(PICTURES, max_size=3), rest=st.binary(max_size=50))
def test_bytes_come_back(pictures: list[bytes], rest: bytes) -> None:
    """What stands in is small, of the same kind, and becomes the original wherever it is put."""
    originals = Originals()
    small = [originals.shortened(one) for one in pictures]
    assert all(len(one) < 100 for one in small)
    assert [kind_of(one) for one in small] == [kind_of(one) for one in pictures]
    assert originals.restored(rest.join(small)) == rest.join(pictures)


@given(picture=PICTURES, head=st.sampled_from(["", "data:image/png;base64,"]))
def test_base64_comes_back(picture: bytes, head: str) -> None:
    """As a text, in JSON and in a form; decoded or encoded meanwhile as well."""
    whole = base64.b64encode(picture).decode()
    originals = Originals()
    small = originals.shortened_text(head + whole)
    assert len(small) < 150
    body = json.dumps(originals.shortened_tree({"a": [head + whole]})).encode()
    assert json.loads(originals.restored(body)) == {"a": [head + whole]}
    form = f"a={quote(small, safe='')}".encode()
    assert originals.restored(form, is_urlencoded=True) == f"a={quote(head + whole, safe='')}".encode()
    assert originals.restored(base64.b64decode(small.removeprefix(head))) == picture
    assert originals.restored(base64.b64encode(originals.shortened(picture))) == whole.encode()


@given(st.text(max_size=10_000) | st.binary(max_size=10_000))
def test_what_is_no_picture_stays(value: str | bytes) -> None:
    """Nothing stands in for anything else."""
    if isinstance(value, str):
        assert Originals().shortened_text(value) == value
    else:
        assert kind_of(value) or Originals().shortened(value) == value
