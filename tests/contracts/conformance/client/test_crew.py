"""Work that several hands share."""

from __future__ import annotations

import threading

import pytest

from contracts.conformance.client.crew import share_out


def test_everything_is_done_once_by_all_hands() -> None:
    """Two hands work at the same time."""
    done: list[tuple[str, int]] = []
    both = threading.Barrier(2)

    def work(hand: str, item: int) -> None:
        if item < 2:
            both.wait(timeout=30)
        done.append((hand, item))

    share_out(range(6), ("left", "right"), work, threading.Event())
    assert sorted(item for _, item in done) == list(range(6))
    assert {hand for hand, item in done if item < 2} == {"left", "right"}


def test_the_first_error_ends_it() -> None:
    """And is raised where the work was given out."""
    done: list[int] = []

    def work(hand: str, item: int) -> None:
        del hand
        done.append(item)
        if item == 1:
            raise ValueError("enough")

    with pytest.raises(ValueError, match="enough"):
        share_out(range(100), ("only",), work, threading.Event())
    assert done == [0, 1]


def test_nothing_more_is_begun_once_it_is_over() -> None:
    """What is at work is finished."""
    over, done = threading.Event(), []

    def work(hand: str, item: int) -> None:
        del hand
        done.append(item)
        over.set()

    share_out(range(100), ("only",), work, over)
    assert done == [0]
