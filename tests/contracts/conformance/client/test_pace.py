"""The fast clock of client processes: every wait is as long as asked by the client's clock, and short by ours."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from contracts.clock import Clock, stopwatch
from contracts.conformance.client.pace import faketime, measured, obstacle
from fast_clock import pace_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from contracts.conformance.client.pace import Pace

SPEED = 60.0
CORRECTED = 0.05 * SPEED
"""Seconds of the clock by which the time of day, which programs see, may be corrected meanwhile; ours only counts."""
ASKED = 30.0
"""How long the waits are, in virtual seconds: half a real second."""
LONG = 60.0
"""How long they are where a program takes long to start."""
SOON = 15.0
"""Within how many real seconds such a wait is over at the latest, on however busy a machine."""

PYTHON_WAITS = {
    "time.sleep": "time.sleep(T)",
    "select": "import select; select.select([], [], [], T)",
    "socket": """
import socket
listener = socket.create_server(("127.0.0.1", 0))
listener.settimeout(T)
try:
    listener.accept()
    sys.exit("accepted")
except socket.timeout:
    pass
""",
    "Event.wait": "import threading; assert not threading.Event().wait(T)",
    "Condition.wait": """
import threading
condition = threading.Condition()
with condition:
    assert not condition.wait(T)
""",
    "Condition.wait_for": """
import threading
condition = threading.Condition()
with condition:
    assert not condition.wait_for(lambda: False, timeout=T)
""",
    "Lock.acquire": "import threading; lock = threading.Lock(); lock.acquire(); assert not lock.acquire(timeout=T)",
    "RLock.acquire": """
import threading
lock = threading.RLock()
holder = threading.Thread(target=lock.acquire)
holder.start()
holder.join()
assert not lock.acquire(True, T)
""",
    "Semaphore.acquire": "import threading; assert not threading.Semaphore(0).acquire(timeout=T)",
    "Queue.get": """
import queue
try:
    queue.Queue().get(timeout=T)
    sys.exit("got something")
except queue.Empty:
    pass
""",
    "SimpleQueue.get": """
import queue
try:
    queue.SimpleQueue().get(timeout=T)
    sys.exit("got something")
except queue.Empty:
    pass
""",
    "Timer": """
import threading
done = threading.Event()
threading.Timer(T, done.set).start()
done.wait()
""",
    "Thread.join": """
import threading
hold = threading.Event()
thread = threading.Thread(target=hold.wait)
thread.start()
thread.join(T)
assert thread.is_alive()
hold.set()
""",
    "futures.wait": "import concurrent.futures as f; assert f.wait([f.Future()], timeout=T).not_done",
    "Future.result": """
import concurrent.futures
try:
    concurrent.futures.Future().result(timeout=T)
    sys.exit("got something")
except concurrent.futures.TimeoutError:
    pass
""",
    "signal.alarm": """
import signal
signal.signal(signal.SIGALRM, lambda *_: None)
signal.alarm(int(T))
signal.pause()
""",
    "signal.setitimer": """
import signal
signal.signal(signal.SIGALRM, lambda *_: None)
signal.setitimer(signal.ITIMER_REAL, T)
assert T / 2 < signal.getitimer(signal.ITIMER_REAL)[0] <= T
signal.pause()
""",
    "signal.sigtimedwait": "import signal; assert signal.sigtimedwait([signal.SIGUSR1], T) is None",
    "Popen.wait": """
import subprocess
process = subprocess.Popen(["sleep", "6000"])
try:
    process.wait(T)
    sys.exit("ended")
except subprocess.TimeoutExpired:
    process.kill()
    process.wait()
""",
    "Popen.communicate": """
import subprocess
process = subprocess.Popen(["sleep", "6000"], stdout=subprocess.PIPE)
try:
    process.communicate(timeout=T)
    sys.exit("ended")
except subprocess.TimeoutExpired:
    process.kill()
    process.communicate()
""",
    "asyncio.sleep": "import asyncio; asyncio.run(asyncio.sleep(T))",
    "asyncio.wait_for": """
import asyncio
async def main():
    try:
        await asyncio.wait_for(asyncio.Event().wait(), T)
        sys.exit("came")
    except asyncio.TimeoutError:
        pass
asyncio.run(main())
""",
    "multiprocessing.Lock": """
import multiprocessing
lock = multiprocessing.Lock()
lock.acquire()
assert sys.version_info < (3, 10) and time.sleep(T) is None or not lock.acquire(timeout=T)
""",
}

MEASURED = """
import sys, time
T = {seconds}
before = time.monotonic(), time.time()
{wait}
print(time.monotonic() - before[0], time.time() - before[1])
"""

JAVA = """
class Wait {
  public static void main(String[] words) throws Exception {
    long before = System.nanoTime(), day = System.currentTimeMillis();
    Thread.sleep((long) (1000 * Double.parseDouble(words[0])));
    System.out.println((System.nanoTime() - before) / 1e9 + " " + (System.currentTimeMillis() - day) / 1e3);
  }
}
"""
LANGUAGES = {
    "node": ("node", "-e", "b=performance.now();d=Date.now();setTimeout(()=>console.log((performance.now()-b)/1000,(Date.now()-d)/1000),{seconds}*1000)"),  # noqa: E501
    "ruby": ("ruby", "-e", "b=Process.clock_gettime(Process::CLOCK_MONOTONIC);d=Time.now;sleep {seconds};puts Process.clock_gettime(Process::CLOCK_MONOTONIC)-b,Time.now-d"),  # noqa: E501
    "php": ("php", "-r", "$b=hrtime(true);$d=microtime(true);sleep({seconds});echo (hrtime(true)-$b)/1e9,' ',microtime(true)-$d;"),  # noqa: E501
    "java": ("java", "{folder}/Wait.java", "{seconds}"),
    "bash": ("bash", "-c", "d=$(date +%s%N); sleep {seconds}; d=$(($(date +%s%N)-d)); printf '%s.%09d\\n' $((d/1000000000)) $((d%1000000000))"),  # noqa: E501
}  # fmt: skip


@pytest.fixture
def pace() -> Iterator[Pace]:
    """A fast clock; the test is skipped where the system has none, unless nothing is to be skipped."""
    with pace_of(Clock(speed=SPEED)) as made:
        yield made


def run(pace: Pace, command: Sequence[str]) -> tuple[list[float], float]:
    """Return the numbers that *command* prints, and how many real seconds it takes."""
    began = stopwatch()
    done = subprocess.run(
        command, env=pace.environment(os.environ, command), capture_output=True, text=True, timeout=60, check=False
    )
    real = stopwatch() - began
    assert done.returncode == 0, done.stderr
    assert not done.stderr, done.stderr
    return [float(word) for word in done.stdout.split()], real


def required(program: str) -> None:
    """Skip the test where there is no such *program*, unless nothing is to be skipped."""
    if shutil.which(program) is None and os.environ.get("MATTEPROOF_REQUIRE_SAMPLES") != "1":
        pytest.skip(f"{program} is not installed")


@pytest.mark.parametrize("wait", PYTHON_WAITS)
def test_waits_of_python_are_as_long_as_asked_and_take_little_real_time(pace: Pace, wait: str) -> None:
    """By both clocks of the client: the one that tells the time of day, and the one that never goes back."""
    source = MEASURED.format(seconds=ASKED, wait=PYTHON_WAITS[wait])
    waited, real = run(pace, [sys.executable, "-c", source])
    assert min(waited) >= ASKED
    assert real < SOON


@pytest.mark.parametrize("version", ["3.8", "3.9", "3.10", "3.11", "3.12", "3.13", "3.14"])
def test_every_version_of_python_waits_right(pace: Pace, version: str) -> None:
    """Threads, locks and queues are not the same inside in all versions that clients run on."""
    found = shutil.which(f"python{version}")
    if found is None or subprocess.run([found, "-c", ""], check=False, capture_output=True).returncode:
        pytest.skip(f"Python {version} is not installed")
    source = "".join(MEASURED.format(seconds=6, wait=wait) for wait in PYTHON_WAITS.values())
    waited, real = run(pace, [found, "-W", "ignore", "-c", source])
    assert len(waited) == 2 * len(PYTHON_WAITS)
    assert min(waited) >= 6
    assert real < 2 * SOON


@pytest.mark.parametrize("language", LANGUAGES)
def test_sleeps_of_other_languages_are_as_long_as_asked(pace: Pace, language: str, tmp_path: Path) -> None:
    """Real time is little, but for what a language needs to start."""
    required(LANGUAGES[language][0])
    (tmp_path / "Wait.java").write_text(JAVA, encoding="utf-8")
    words = [word.replace("{folder}", str(tmp_path)).replace("{seconds}", str(LONG)) for word in LANGUAGES[language]]
    waited, real = run(pace, words)
    # Node's timers are as exact as a millisecond.
    assert min(waited) >= LONG - 0.002
    assert real < LONG / 2


def test_limits_of_curl_in_php_are_fast(pace: Pace) -> None:
    """Its curl extension loads libcurl past libfaketime, if it is not loaded before."""
    required("php")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        source = (
            f"$c=curl_init('http://127.0.0.1:{listener.getsockname()[1]}/');curl_setopt($c,CURLOPT_TIMEOUT,120);"
            "curl_setopt($c,CURLOPT_PROXY,'');$b=hrtime(true);"
            "if(curl_exec($c)!==false||curl_errno($c)!==28)exit(1);echo (hrtime(true)-$b)/1e9;"
        )
        waited, real = run(pace, ["php", "-r", source])
    assert waited[0] >= 119.9  # curl's own limit, which is exact to some milliseconds of real time
    assert real < SOON


def test_all_processes_of_a_run_show_the_time_of_the_clock() -> None:
    """A shell's children count from the same moment as the shell and we do; the clock may show any time."""
    clock = Clock(speed=SPEED, now=1_000_000_000.0)
    with pace_of(clock) as pace:
        before = clock.now()
        moments, _ = run(pace, ["sh", "-c", "date +%s.%N; sleep 60; date +%s.%N"])
        after = clock.now()
    assert before - CORRECTED <= moments[0]
    assert moments[0] + 60 - CORRECTED <= moments[1] <= after + CORRECTED


def test_nothing_is_left_behind_when_a_client_is_killed() -> None:
    """Neither what the processes share nor what libfaketime itself would make."""
    with pace_of(Clock(speed=SPEED)) as pace:
        environment = pace.environment(os.environ, ["sleep"])
        with subprocess.Popen(["sleep", "60000"], env=environment, start_new_session=True) as process:
            Clock().sleep(0.2)
            os.kill(process.pid, signal.SIGKILL)
    shared = environment["FAKETIME_SHARED"].split()[0].removeprefix("/")
    names = {f"{before}{name}" for name in (shared, f"faketime_shm_{process.pid}") for before in ("", "sem.")}
    names.add(f"sem.faketime_sem_{process.pid}")
    assert not {path.name for path in Path("/dev/shm").iterdir()} & names  # noqa: S108


def test_what_the_user_preloads_and_imports_is_kept(pace: Pace) -> None:
    """Behind our own; other settings of libfaketime are not."""
    mine = {"LD_PRELOAD": "/lib/mine.so", "PYTHONPATH": "/mine", "FAKETIME_NO_CACHE": "1", "HOME": "/home"}
    made = pace.environment(mine, ["client"])
    assert made["LD_PRELOAD"] == f"{faketime()}:/lib/mine.so"
    assert made["PYTHONPATH"].endswith(":/mine")
    assert made["HOME"] == "/home"
    assert "FAKETIME_NO_CACHE" not in made


@pytest.mark.parametrize("command", [["php", "a.php"], ["/usr/bin/php8.2", "a"], ["env", "php-cgi"], ["./a.sh"], ["b"]])
def test_php_gets_libcurl_first(
    pace: Pace, command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Under any name, and also where a script says that PHP runs it."""
    monkeypatch.chdir(tmp_path)
    for name in ("a.sh", "b"):
        (tmp_path / name).write_text("#!/usr/bin/env php\n<?php", encoding="utf-8")
    preloaded = pace.environment({"PATH": f"/nowhere:{tmp_path}"}, command)["LD_PRELOAD"].split(":")
    assert preloaded[-1] == str(faketime())
    assert [Path(path).name for path in preloaded[:-1]] in (["libcurl.so.4"], [])


@pytest.mark.parametrize("command", [["python", "php_client.py"], ["bash", "-c", "php-like words"], ["./binary"]])
def test_others_start_without_libcurl(
    pace: Pace, command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It takes time to load, which is many times longer by a fast clock."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "binary").write_bytes(b"\x7fELF php")
    assert pace.environment({"PATH": "/nowhere"}, command)["LD_PRELOAD"] == str(faketime())


def test_a_sitecustomize_of_the_users_own_runs_too(pace: Pace, tmp_path: Path) -> None:
    """Once, as the module of that name, and with the fast waits in place."""
    (tmp_path / "sitecustomize.py").write_text("import threading\nmine = threading.Event().wait(6)\n", encoding="utf-8")
    code = "import sitecustomize, sys; print(sitecustomize.mine, sitecustomize.__file__, *sys.path)"
    environment = pace.environment({**os.environ, "PYTHONPATH": str(tmp_path)}, [sys.executable])
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, timeout=60, check=True
    )
    result, path, *folders = done.stdout.split()
    assert (result, Path(path).parent) == ("False", tmp_path)
    assert not [folder for folder in folders if "injected" in folder]


@pytest.mark.parametrize("missing", ["LD_PRELOAD", "MATTEPROOF_PACE"])
def test_python_is_left_alone_where_its_clock_is_not_faster(pace: Pace, missing: str) -> None:
    """Without libfaketime in the process, or without the variable, all waits are the true ones."""
    environment = pace.environment(os.environ, [sys.executable])
    del environment[missing]
    code = "import threading, _thread; print(type(threading.Lock()) is type(_thread.allocate_lock()))"
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.split() == ["True"]


def test_locks_are_still_locks(pace: Pace) -> None:
    """What else programs do with locks goes on to work: nesting, pickling refused, forks, news that come at once."""
    source = """
import copy, os, pickle, queue, threading, time
lock, other = threading.Lock(), threading.RLock()
with lock:
    assert lock.locked() and not lock.acquire(False)
assert not lock.locked()
with other, other:
    pass
try:
    pickle.dumps(lock)
    raise SystemExit("a lock was pickled")
except TypeError:
    pass
for arguments in ((False, 5), (True, -5)):
    try:
        lock.acquire(*arguments)
        raise SystemExit("taken")
    except ValueError:
        pass
waiting = queue.SimpleQueue()
threading.Timer(6, waiting.put, [None]).start()
before = time.monotonic()
assert waiting.get(timeout=6000) is None
done = threading.Event()
threading.Timer(6, done.set).start()
assert done.wait(6000)
thread = threading.Thread(target=time.sleep, args=[6])
thread.start()
thread.join(6000)
assert not thread.is_alive()
try:
    threading.current_thread().join(1)
    raise SystemExit("joined itself")
except RuntimeError:
    pass
try:
    threading.Thread().join(1)
    raise SystemExit("joined what never began")
except RuntimeError:
    pass
child = os.fork()
if not child:
    os._exit(threading.Event().wait(1))
assert os.waitpid(child, 0)[1] == 0
print(time.monotonic() - before)
"""
    waited, real = run(pace, [sys.executable, "-W", "ignore", "-c", source])
    assert 18 <= waited[0] < 3000
    assert real < SOON


def test_how_well_waits_go_is_measured(pace: Pace) -> None:
    """In virtual seconds, at a speed; where that works there is no obstacle."""
    assert pace.speed == SPEED
    measurement = measured(SPEED)
    assert measurement.follows
    assert len(measurement.late) > 4
    assert 0 <= min(measurement.late) <= measurement.jitter == max(measurement.late)
    assert obstacle() == ""
