"""Stored results: found by their token until they end, each picture once, bounded on disk."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from contracts.behaviour import Box, Rendering
from contracts.clock import Clock
from mockserver.state.renderings import Made, Renderings
from mockserver.state.results import Results

if TYPE_CHECKING:
    from pathlib import Path

BOX = Box(0, 0, 1, 1)


def made(data: bytes) -> Made:
    """Return a finished picture that consists of *data*."""
    return Made.of(Rendering(data, "image/png", 1, (1, 1), (1, 1), (1, 1), BOX, BOX))


@pytest.fixture
def clock() -> Clock:
    """A clock that stands still."""
    return Clock(frozen=True, now=1000.0)


def test_a_result_is_found_until_its_end(clock: Clock) -> None:
    """The token leads to the picture up to, and not at, the moment of its end."""
    results = Results(clock)
    token = results.keep(made(b"picture"), 60)
    clock.advance(59.9)
    found = results.get(token)
    assert found is not None
    assert found.data == b"picture"
    assert found.media_type == "image/png"
    clock.advance(0.2)
    assert results.get(token) is None
    results.close()


def test_a_picture_is_stored_once_however_often_it_is_kept(clock: Clock) -> None:
    """Equal pictures share their bytes and have tokens of their own."""
    results = Results(clock)
    tokens = {results.keep(made(b"x" * 100), 60) for _ in range(50)}
    assert len(tokens) == 50
    assert results.size == 100
    results.close()


def test_the_oldest_picture_makes_room(clock: Clock) -> None:
    """Beyond the limit, the picture longest unused is forgotten; the newest is always kept."""
    results = Results(clock, max_bytes=250)
    tokens = [results.keep(made(bytes([n]) * 100), 60) for n in range(4)]
    assert [results.get(token) is not None for token in tokens] == [False, False, True, True]
    assert results.size == 200
    results.close()


def test_pictures_that_nobody_can_fetch_any_more_leave_the_disk(clock: Clock) -> None:
    """Once all its tokens have ended, a picture makes room when the next one comes."""
    results = Results(clock)
    for data in (b"a" * 100, b"b" * 100):
        results.keep(made(data), 60)
    clock.advance(30)
    lasting = results.keep(made(b"b" * 100), 60)
    clock.advance(40)
    results.keep(made(b"c" * 100), 60)
    assert results.size == 200
    assert results.get(lasting) is not None
    results.close()


@pytest.mark.parametrize("token", ["", "A", "A" * 38, "../../etc/passwd", "ü" * 30, "=" * 40])
def test_a_made_up_token_leads_nowhere(clock: Clock, token: str) -> None:
    """Only tokens that were given out are good."""
    results = Results(clock)
    results.keep(made(b"picture"), 60)
    assert results.get(token) is None
    results.close()


def test_a_token_cannot_be_extended(clock: Clock) -> None:
    """Every single changed character makes a token worthless."""
    results = Results(clock)
    token = results.keep(made(b"picture"), 60)
    for position, letter in enumerate(token):
        changed = token[:position] + ("A" if letter != "A" else "B") + token[position + 1 :]
        assert results.get(changed) is None, position
    results.close()


def test_tokens_of_another_server_are_worthless(clock: Clock) -> None:
    """Each server signs with a secret of its own."""
    one, other = Results(clock), Results(clock)
    other.keep(made(b"picture"), 60)
    assert other.get(one.keep(made(b"picture"), 60)) is None
    one.close()
    other.close()


def test_closing_deletes_the_files(clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is left on disk, and the tokens lead nowhere."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    results = Results(clock)
    token = results.keep(made(b"picture"), 60)
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()]
    results.close()
    assert not list(tmp_path.iterdir())
    assert results.get(token) is None


def test_the_cache_of_renderings_is_bounded_in_bytes() -> None:
    """The pictures longest unused make room; one that is too large is not kept at all."""
    cache = Renderings(capacity=10_000)
    for name in "abcd":
        cache.keep(name, made(name.encode() * 1400))
    cache.get("a")
    cache.keep("e", made(b"e" * 1400))
    cache.keep("large", made(b"l" * 5000))
    assert [name for name in ("a", "b", "c", "d", "e", "large") if cache.get(name)] == ["a", "c", "d", "e"]
    assert cache.size <= 10_000
