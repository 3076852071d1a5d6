"""Virtual time inside a process: the code under test waits by a clock, and everybody else by the system's."""

from __future__ import annotations

import asyncio
import concurrent.futures
import queue
import sched
import socket
import subprocess
import sys
import threading
import time
import types
from typing import TYPE_CHECKING, Any

import pytest

from contracts.clock import Clock, stopwatch
from contracts.virtual_time import VirtualTime, VirtualTimeError
from fresh import run_fresh

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SOON = 20.0
"""Real seconds in which all of a test is over, on however busy a machine; nothing waits for less than ten minutes."""


@pytest.fixture
def clock() -> Clock:
    """A clock that stands still at 1000."""
    return Clock(frozen=True, now=1000.0)


@pytest.fixture(autouse=True)
def _soon() -> Iterator[None]:
    """All of that takes hardly any real time."""
    began = stopwatch()
    yield
    assert stopwatch() - began < SOON


def _sleep(seconds: float) -> None:
    time.sleep(seconds)


def _event(seconds: float) -> None:
    assert not threading.Event().wait(seconds)


def _condition(seconds: float) -> None:
    condition = threading.Condition()
    with condition:
        assert not condition.wait_for(lambda: False, seconds)


def _semaphore(seconds: float) -> None:
    assert not threading.Semaphore(0).acquire(timeout=seconds)


def _queue(seconds: float) -> None:
    with pytest.raises(queue.Empty):
        queue.Queue[int]().get(timeout=seconds)


def _timer(seconds: float) -> None:
    done = threading.Event()
    threading.Timer(seconds, done.set).start()
    done.wait()


def _join(seconds: float) -> None:
    hold = threading.Event()
    thread = threading.Thread(target=hold.wait)
    thread.start()
    thread.join(seconds)
    assert thread.is_alive()
    hold.set()


def _futures_wait(seconds: float) -> None:
    assert concurrent.futures.wait([concurrent.futures.Future[int]()], seconds).not_done


def _future(seconds: float) -> None:
    with pytest.raises(TimeoutError):
        concurrent.futures.Future[int]().result(seconds)


def _pool(seconds: float) -> None:
    with concurrent.futures.ThreadPoolExecutor() as pool:
        pool.submit(time.sleep, seconds).result()


def _scheduler(seconds: float) -> None:
    scheduler = sched.scheduler(time.monotonic, time.sleep)
    scheduler.enter(seconds, 1, lambda: None)
    scheduler.run()


def _asyncio_sleep(seconds: float) -> None:
    asyncio.run(asyncio.sleep(seconds))


def _asyncio_wait_for(seconds: float) -> None:
    async def main() -> None:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(asyncio.Event().wait(), seconds)

    asyncio.run(main())


def _asyncio_timeout(seconds: float) -> None:
    async def main() -> None:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(seconds):
                await asyncio.get_running_loop().create_future()

    asyncio.run(main())


def _asyncio_thread(seconds: float) -> None:
    asyncio.run(asyncio.to_thread(time.sleep, seconds))


WAITS: list[Callable[[float], Any]] = [
    *(_sleep, _event, _condition, _semaphore, _queue, _timer, _join, _futures_wait, _future, _pool, _scheduler),
    *(_asyncio_sleep, _asyncio_wait_for, _asyncio_timeout, _asyncio_thread),
]


@pytest.mark.parametrize("wait", WAITS)
def test_a_wait_passes_at_once_and_moves_the_clock_by_as_much(clock: Clock, wait: Callable[[float], Any]) -> None:
    """Whatever it is that waits; and it is written down."""
    with VirtualTime(clock) as virtual:
        wait(600.0)
    assert clock.now() == pytest.approx(1600, abs=0.01)
    assert clock.now() >= 1600 - 1e-5
    assert [one.seconds for one in virtual.waits] == [600.0]
    assert virtual.waits[0].moment == pytest.approx(1000, abs=0.01)
    assert virtual.waits[0].passed == pytest.approx(600, abs=0.01)


def test_all_clocks_show_the_same_time(clock: Clock) -> None:
    """The time of day is the clock's; the others go on from where they were, by as much."""
    real = time.monotonic()
    with VirtualTime(clock):
        before = time.monotonic(), time.perf_counter(), time.monotonic_ns(), time.perf_counter_ns()
        assert time.time() == 1000
        assert time.time_ns() == 1000 * 10**9
        time.sleep(600)
        after = time.monotonic(), time.perf_counter(), time.monotonic_ns(), time.perf_counter_ns()
        assert time.time() == pytest.approx(1600)
    passed = [two - one for one, two in zip(before, after, strict=True)]
    assert passed[:2] == pytest.approx([600, 600], abs=1e-3)
    assert passed[2:] == pytest.approx([600 * 10**9] * 2, abs=10**6)
    assert 0 <= before[0] - real < SOON


def test_threads_wait_at_the_same_time(clock: Clock) -> None:
    """Of three that wait for 600, 1200 and 1200 seconds, the last are done after 1200; each at its own deadline."""
    ended: dict[float, list[float]] = {}

    def wait(seconds: float) -> None:
        time.sleep(seconds)
        ended.setdefault(seconds, []).append(time.time() - 1000)

    with VirtualTime(clock) as virtual:
        threads = [threading.Thread(target=wait, args=[seconds], name=f"{seconds}") for seconds in (1200, 600, 1200)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert ended == {600: [pytest.approx(600)], 1200: [pytest.approx(1200)] * 2}
    assert {(one.thread, one.seconds) for one in virtual.waits} == {("600", 600.0), ("1200", 1200.0)}


def test_a_chain_of_waits_in_each_thread_is_independent(clock: Clock) -> None:
    """Two back-offs of 5, 10 and 15 minutes take half an hour together."""

    def back_off() -> None:
        for minutes in (5, 10, 15):
            time.sleep(60 * minutes)

    with VirtualTime(clock), concurrent.futures.ThreadPoolExecutor(2) as pool:
        for future in [pool.submit(back_off) for _ in range(2)]:
            future.result(7200)
    assert clock.now() == pytest.approx(1000 + 1800, abs=0.01)


def test_tasks_of_asyncio_wait_at_the_same_time(clock: Clock) -> None:
    """In the order of their deadlines."""
    ended: list[int] = []

    async def wait(seconds: int) -> None:
        await asyncio.sleep(seconds)
        ended.append(seconds)

    async def main() -> None:
        await asyncio.gather(*map(wait, (1800, 600, 1200)))

    with VirtualTime(clock):
        asyncio.run(main())
    assert ended == [600, 1200, 1800]
    assert clock.now() == pytest.approx(2800, abs=0.01)


def test_what_comes_ends_a_wait_before_its_limit(clock: Clock) -> None:
    """And the clock has not moved further than that took."""
    done = threading.Event()
    with VirtualTime(clock) as virtual:
        threading.Timer(600, done.set).start()
        assert done.wait(6000)
    assert clock.now() == pytest.approx(1600, abs=0.01)
    assert {(one.seconds, one.passed) for one in virtual.waits} == {(600.0, 600.0), (6000.0, 600.0)}


def test_no_time_passes_while_somebody_computes(clock: Clock) -> None:
    """A thread that works takes no virtual time, however long it takes; those who wait do so until it waits too."""
    moments = []

    def work() -> None:
        end = stopwatch() + 0.2
        while stopwatch() < end:
            sum(range(100))
        moments.append(time.time())
        time.sleep(60)
        moments.append(time.time())

    with VirtualTime(clock):
        thread = threading.Thread(target=work)
        thread.start()
        time.sleep(600)
        thread.join()
    assert moments == pytest.approx([1000, 1060])


def test_no_time_passes_while_the_mock_is_busy(clock: Clock) -> None:
    """It may be at work for who waits; that takes real time and no virtual time."""
    busy = threading.Event()
    busy.set()
    real = threading.Timer(0.3, busy.clear)
    real.start()
    began = stopwatch()
    with VirtualTime(clock, busy=busy.is_set):
        time.sleep(600)
        assert stopwatch() - began > 0.25
    real.join()


def test_a_server_in_this_process_answers_before_limits_are_over(clock: Clock) -> None:
    """Its work takes no virtual time, also where it works in another thread and says nothing of being busy."""

    def serve(listener: socket.socket) -> None:
        for _ in range(10):
            peer, _ = listener.accept()
            with peer:
                peer.recv(10)
                end = stopwatch() + 0.02
                while stopwatch() < end:
                    sum(range(1000))
                peer.send(b"answer")

    async def ask(port: int) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"question")
        answer = await asyncio.wait_for(reader.read(10), 60)
        writer.close()
        return answer

    async def ask_often(port: int) -> list[bytes]:
        return [await ask(port) for _ in range(10)]

    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = threading.Thread(target=serve, args=[listener])
        server.start()
        with VirtualTime(clock):
            answers = asyncio.run(ask_often(listener.getsockname()[1]))
        server.join()
    assert answers == [b"answer"] * 10
    assert clock.now() == 1000


def test_time_passes_for_who_else_waits_for_the_clock(clock: Clock) -> None:
    """A mock that answers after ten minutes does so at once, while the client waits for it without a limit."""
    ours, theirs = socket.socketpair()

    def answer() -> None:
        clock.sleep(600)
        theirs.send(b"x")

    mock = threading.Thread(target=answer)
    mock.start()
    with ours, theirs, VirtualTime(clock, due=lambda: 1600.0 if clock.now() < 1600 else None):
        assert ours.recv(1) == b"x"
        mock.join()
    assert clock.now() == pytest.approx(1600)


def test_other_threads_keep_the_true_time(clock: Clock) -> None:
    """Those that were there before, and what they start."""
    asked, answered = queue.SimpleQueue[str](), queue.SimpleQueue[float]()

    def other() -> None:
        while asked.get():
            before = time.monotonic()
            time.sleep(0.01)
            answered.put(time.time())
            answered.put(time.monotonic() - before)

    thread = threading.Thread(target=other)
    thread.start()
    with VirtualTime(clock):
        asked.put("time")
        assert answered.get() > 1_000_000
        assert 0.01 <= answered.get() < SOON
    asked.put("")
    thread.join()
    assert clock.now() == 1000


def test_outside_threads_are_started_that_keep_the_true_time(clock: Clock) -> None:
    """As a mock server that is started late."""
    found: list[float] = []
    with VirtualTime(clock) as virtual:
        with virtual.outside():
            thread = threading.Thread(target=lambda: found.append(time.time()))
            thread.start()
            thread.join()
            assert time.time() > 1_000_000
        assert time.time() == 1000
    assert found[0] > 1_000_000


def test_spared_packages_keep_the_true_time(clock: Clock) -> None:
    """Also in the threads of the code under test: a mock server's own limits are real."""
    module = types.ModuleType("mockserver.pretended")
    exec("import time\ndef ask(): return time.time()", module.__dict__)  # noqa: S102
    with VirtualTime(clock):
        assert module.ask() == 1000
    clock.set(now=1000.0)
    with VirtualTime(clock, spared=["mockserver"]):
        assert module.ask() > 1_000_000


def test_the_time_of_other_processes_is_real(clock: Clock) -> None:
    """A limit for a program that the code under test runs does not pass at once."""
    with VirtualTime(clock):
        subprocess.run([sys.executable, "-c", "import time; time.sleep(0.1)"], timeout=60, check=True)
    assert clock.now() == 1000


def test_a_process_that_is_forked_off_has_the_true_time() -> None:
    """Nobody moves the clock there: what it waits for passes by itself, and it may have a virtual time of its own."""
    run_fresh("""
        import multiprocessing
        import threading
        import time

        from contracts.clock import Clock
        from contracts.virtual_time import VirtualTime

        fork = multiprocessing.get_context("fork")
        answers = fork.SimpleQueue()

        def child():
            time.sleep(0.01)
            assert not threading.Event().wait(0.01)
            with VirtualTime(Clock(frozen=True, now=0.0)) as own:
                time.sleep(600)
            answers.put((time.time(), own.waits[0].passed))

        clock = Clock(frozen=True, now=1000.0)
        with VirtualTime(clock):
            process = fork.Process(target=child)
            process.start()
            process.join(20)
            code = process.exitcode
            process.kill()
        assert code == 0, f"the process that was forked off ended with {code}"
        now, passed = answers.get()
        assert now > 1_000_000
        assert passed == 600
        assert clock.now() == 1000
    """)


def test_pools_of_processes_have_the_true_time() -> None:
    """What they do takes no virtual time."""
    run_fresh("""
        import concurrent.futures
        import multiprocessing
        import time

        from contracts.clock import Clock
        from contracts.virtual_time import VirtualTime

        clock, fork = Clock(frozen=True, now=1000.0), multiprocessing.get_context("fork")
        with VirtualTime(clock), concurrent.futures.ProcessPoolExecutor(1, fork) as pool:
            pool.submit(time.sleep, 0.01).result()
        assert clock.now() == 1000
    """)


def test_functions_that_modules_imported_before_are_reached(clock: Clock) -> None:
    """By any name; afterwards they have the true ones again, and so have modules imported meanwhile."""
    before, meanwhile = types.ModuleType("imported_before"), types.ModuleType("imported_meanwhile")
    true = time.sleep
    code = "from time import sleep as nap, time"
    sys.modules.update({one.__name__: one for one in (before, meanwhile)})
    try:
        exec(code, before.__dict__)  # noqa: S102
        with VirtualTime(clock):
            exec(code, meanwhile.__dict__)  # noqa: S102
            for module in (before, meanwhile):
                module.nap(600)
            assert before.time() == pytest.approx(2200)
            kept = time.sleep
        assert before.nap is true
        assert meanwhile.nap is true
        kept(0.001)
    finally:
        for module in (before, meanwhile):
            del sys.modules[module.__name__]
    assert clock.now() == pytest.approx(2200)


def test_everything_is_as_it_was_afterwards(clock: Clock) -> None:
    """Also after an error inside."""
    names = ("sleep", "time", "monotonic", "perf_counter", "time_ns", "monotonic_ns", "perf_counter_ns")
    threads = ("_allocate_lock", "Lock")
    before = [getattr(time, name) for name in names] + [getattr(threading, name) for name in threads]
    methods = threading.Thread.start, threading.Thread.join
    with pytest.raises(KeyError), VirtualTime(clock):
        raise KeyError
    assert [getattr(time, name) for name in names] + [getattr(threading, name) for name in threads] == before
    assert (threading.Thread.start, threading.Thread.join) == methods


def test_who_still_waits_at_the_end_goes_on_in_real_time(clock: Clock) -> None:
    """And does not wait for ever."""
    with VirtualTime(clock, busy=lambda: True):
        thread = threading.Thread(target=time.sleep, args=[0.2])
        thread.start()
    thread.join(SOON)
    assert not thread.is_alive()


def test_a_clock_that_runs_is_followed(clock: Clock) -> None:
    """At its speed, and not ahead of it."""
    clock.set(frozen=False, speed=60)
    began = stopwatch()
    with VirtualTime(clock):
        time.sleep(30)
        assert not threading.Event().wait(30)
    assert stopwatch() - began >= 1.0
    assert clock.now() >= 1060


def test_a_second_virtual_time_is_refused(clock: Clock) -> None:
    """With what to do instead; afterwards another may begin, but none twice."""
    with VirtualTime(clock) as first, pytest.raises(VirtualTimeError, match="leave the first"), VirtualTime(clock):
        pass
    with VirtualTime(clock):
        time.sleep(600)
    with pytest.raises(VirtualTimeError, match="make a new one"), first:
        pass
    with pytest.raises(VirtualTimeError, match="inside only"):
        VirtualTime(clock).outside()


def test_what_is_wrong_with_a_wait_is_said_as_ever(clock: Clock) -> None:
    """A negative sleep is refused, one of no length takes none."""
    with VirtualTime(clock) as virtual:
        with pytest.raises(ValueError, match="non-negative"):
            time.sleep(-1)
        with pytest.raises(OverflowError):
            time.sleep(1e300)
        time.sleep(0)
        assert not threading.Event().wait(0)
    assert not virtual.waits


@pytest.mark.thorough
def test_a_loop_that_only_looks_at_the_clock_ends(clock: Clock) -> None:
    """Or one that waits where the clock is not seen; after a while time passes all the same."""
    lock = threading.Lock()
    lock.acquire()
    with VirtualTime(clock):
        end = time.monotonic() + 100
        while time.monotonic() < end:
            assert not lock.acquire(timeout=0.02)
