"""The clock: real, scaled, frozen; and everybody who waits for it."""

from __future__ import annotations

import sys
import threading

import pytest

from contracts.clock import Clock, stopwatch


def test_a_frozen_clock_stands_still_until_advanced() -> None:
    """A frozen clock shows the moment it was given, and after an advance exactly that much later."""
    clock = Clock(frozen=True, now=1000.0)
    assert clock.now() == 1000.0
    clock.advance(5)
    assert clock.now() == 1005.0
    assert clock.mode == "frozen"


def test_a_scaled_clock_runs_faster_than_the_machine() -> None:
    """At speed 1000, a virtual second passes within a few real milliseconds."""
    clock = Clock(speed=1000, now=0.0)
    began = stopwatch()
    clock.sleep(10)
    assert clock.now() >= 10
    assert stopwatch() - began < 5
    assert clock.mode == "scaled"


def test_the_mode_is_real_at_speed_one() -> None:
    """A clock that is told nothing is real."""
    assert Clock().mode == "real"


def test_a_change_of_speed_does_not_move_the_moment() -> None:
    """Freezing and setting the speed keep the present moment."""
    clock = Clock(frozen=True, now=500.0)
    clock.set(speed=60)
    assert clock.now() == 500.0
    assert clock.speed == 60


@pytest.mark.parametrize("speed", [0, -1, float("nan")])
def test_a_speed_that_is_not_positive_is_refused(speed: float) -> None:
    """Zero, negative and undefined speeds are refused with a sentence that repeats them."""
    with pytest.raises(ValueError, match=f"not {speed}"):
        Clock(speed=speed)


def test_a_clock_is_not_advanced_backwards() -> None:
    """A negative advance is refused."""
    with pytest.raises(ValueError, match="not by -1"):
        Clock().advance(-1)


def test_waiting_times_follow_mode_and_speed() -> None:
    """The real time until a moment is the virtual one over the speed, 0 once it has passed, and none while frozen."""
    clock = Clock(frozen=True, now=0.0, speed=10)
    assert clock.real_seconds_until(100) is None
    assert clock.real_seconds_until(0) == 0
    clock.set(frozen=False)
    left = clock.real_seconds_until(100)
    assert left is not None
    assert 9 < left <= 10


def test_an_advance_wakes_a_sleeper() -> None:
    """A thread that sleeps on a frozen clock wakes when the clock is advanced past its deadline, not before."""
    clock = Clock(frozen=True, now=0.0)
    woken = threading.Event()
    asleep = threading.Event()

    def sleep() -> None:
        asleep.set()
        clock.sleep(10)
        woken.set()

    thread = threading.Thread(target=sleep, daemon=True)
    thread.start()
    asleep.wait(5)
    clock.advance(9)
    assert not woken.wait(0.05)
    clock.advance(2)
    assert woken.wait(5)
    thread.join(5)


def test_subscribers_are_told_of_every_change_until_they_leave() -> None:
    """A subscriber is called once for each change, and no more after it has unsubscribed."""
    clock = Clock(frozen=True, now=0.0)
    calls: list[float] = []

    def note() -> None:
        calls.append(clock.now())

    clock.subscribe(note)
    clock.advance(1)
    clock.set(speed=2)
    clock.unsubscribe(note)
    clock.advance(1)
    assert calls == [1.0, 1.0]


@pytest.mark.parametrize("start", [0.0, 1_704_067_200.0, 1_763_718_000.123456])
@pytest.mark.parametrize(("step", "times"), [(0.1, 10), (1 / 3, 3), (0.001, 1000), (1e-6, 100_000)])
def test_small_steps_add_up(start: float, step: float, times: int) -> None:
    """A frozen clock that is advanced in parts of a second has come as far as with one step."""
    clock = Clock(frozen=True, now=start)
    for _ in range(times):
        clock.advance(step)
    assert clock.real_seconds_until(start + step * times) == 0
    assert clock.real_seconds_until(start + step * times + 1e-5) is None


def test_steps_of_many_threads_all_count() -> None:
    """No advance is lost when several threads move the clock at once."""
    clock = Clock(frozen=True, now=1_704_067_200.0)
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)

    def step() -> None:
        for _ in range(2000):
            clock.advance(1)

    threads = [threading.Thread(target=step) for _ in range(8)]
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(20)
    finally:
        sys.setswitchinterval(before)
    assert clock.now() == 1_704_067_200.0 + 8 * 2000
