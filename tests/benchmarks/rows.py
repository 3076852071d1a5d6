"""The rows of the benchmark table."""

from __future__ import annotations

import http.client
import itertools
import json
import statistics
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from contracts.clock import stopwatch
from load import http_request, press
from photographs import photograph, variant
from servers import bare, libvips, ours
from suites import JUDGED, NO_SOCKET, SOCKET, loading, seconds_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from suites import Suite

_CHAT = json.dumps(
    {
        "model": "remove-bg",
        "messages": [
            {
                "role": "user",
                "content": [
                    {"type": "text", "text": "a person"},
                    {"type": "image_url", "image_url": {"url": "https://file.xty.app/docs/msk.jpg"}},
                ],
            }
        ],
    }
).encode()
_CHAT_REQUEST = http_request(
    "POST",
    "/v1/chat/completions",
    _CHAT,
    {"Content-Type": "application/json", "Authorization": "Bearer sk-benchmark"},
)
_BASIC = {"Authorization": "Basic YmVuY2g6c2VjcmV0"}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table; ``ratio`` is value over beside, in the direction that ``goal`` names."""

    name: str
    value: str
    beside: str
    ratio: str
    goal: str
    met: bool


def upload(picture: bytes, **parameters: str) -> bytes:
    """Return the bytes of a request that uploads *picture*; double underscores in names stand for dots."""
    parts = [
        b'--frontier\r\nContent-Disposition: form-data; name="image"; filename="picture.jpg"\r\n\r\n' + picture,
        *(
            f'--frontier\r\nContent-Disposition: form-data; name="{name.replace("__", ".")}"\r\n\r\n{value}'.encode()
            for name, value in parameters.items()
        ),
        b"--frontier--\r\n",
    ]
    headers = {**_BASIC, "Content-Type": "multipart/form-data; boundary=frontier"}
    return http_request("POST", "/api/v2/remove-background", b"\r\n".join(parts), headers)


def start_up() -> Iterator[Row]:
    """Time until the first answer, and memory at rest."""
    readiness, beside, memory = [], [], []
    for _ in range(5):
        with ours() as server:
            readiness.append(server.ready)
            memory.append(server.memory())
        with bare() as server:
            beside.append(server.ready)
    mine, theirs = statistics.median(readiness), statistics.median(beside)
    yield Row(
        "time until ready", f"{mine:.2f} s", f"{theirs:.2f} s (bare)", f"{mine / theirs:.2f}", "0.50 s", mine < 0.5
    )
    rest = statistics.median(memory)
    yield Row("memory at rest", f"{rest:.0f} MB", "", "", "80 MB", rest < 80)


def chat() -> Iterator[Row]:
    """Chat completions a second, alternating with the bare route."""
    rates: dict[str, list[float]] = {"ours": [], "bare": []}
    tails = []
    with ours() as mine, bare() as theirs:
        for server in (mine, theirs):
            press(server.origin, lambda: _CHAT_REQUEST, connections=16, seconds=1)
        for _ in range(5):
            for name, server in (("ours", mine), ("bare", theirs)):
                load = press(server.origin, lambda: _CHAT_REQUEST, connections=16, seconds=2)
                rates[name].append(load.rate if not load.failures else 0.0)
                if server is mine:
                    tails.append(load.p99)
    value, beside = (statistics.median(rates[name]) for name in ("ours", "bare"))
    ratio = value / beside
    yield Row(
        "chat completions", f"{value:,.0f}/s", f"{beside:,.0f}/s (bare)", f"{ratio:.2f}", "at least 0.50", ratio >= 0.5
    )
    yield Row("  99th percentile", f"{statistics.median(tails) * 1000:.1f} ms", "", "", "", met=True)


def round_trips() -> Iterator[Row]:
    """A JPEG to a transparent PNG over HTTP, beside libvips alone; and the delta PNG beside the PNG."""
    yield from _round_trip("1 megapixel", photograph(1155, 866), 25)
    yield from _round_trip("25 megapixels", photograph(5770, 4330), 15)


def _round_trip(label: str, picture: bytes, rounds: int) -> Iterator[Row]:
    delta_format = {"output__format": "delta_png"}
    with ours() as server:
        result, delta_result = (_answer(server.origin, upload(picture, **more)) for more in ({}, delta_format))
        with libvips(picture, result) as alone:
            # One after the other, so that what else the machine does meets all three alike.
            times = [
                (
                    _seconds(server.origin, upload(variant(picture, number))),
                    _seconds(server.origin, upload(variant(picture, number), **delta_format)),
                    alone(),
                )
                for number in range(rounds + 1)
            ]
    full, delta, beside = (statistics.median(column) for column in zip(*times[1:], strict=True))
    ratio = full / beside
    yield Row(f"{label}: png", _ms(full), f"{_ms(beside)} (libvips)", f"{ratio:.2f}", "at most 1.50", ratio <= 1.5)
    ratio = delta / full
    yield Row(f"{label}: delta_png", _ms(delta), f"{_ms(full)} (png)", f"{ratio:.2f}", "below 1", ratio < 1)
    ratio = len(delta_result) / len(result)
    sizes = (f"{len(delta_result) / 1000:,.0f} kB", f"{len(result) / 1000:,.0f} kB (png)")
    yield Row("  size", *sizes, f"{ratio:.2f}", "below 1", ratio < 1)


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:,.0f} ms"


def repeated() -> Iterator[Row]:
    """The same picture again and again."""
    request = upload(photograph(700, 525), test="true")
    with ours() as server:
        _answer(server.origin, request)
        load = press(server.origin, lambda: request, connections=4, seconds=5)
    value = f"{load.rate:,.0f}/s" if not load.failures else f"{load.failures} failures"
    yield Row(
        f"repeated upload of {len(request) // 1000} kB", value, "", "", "600/s", load.rate >= 600 and not load.failures
    )


def memory() -> Iterator[Row]:
    """Memory after 10,000 uploads, beside memory after the first 2,000, which fill the bounded cache."""
    picture = photograph(160, 120)
    numbers = itertools.count()
    with ours() as server:
        first = press(
            server.origin, lambda: upload(variant(picture, next(numbers)), test="true"), connections=4, count=2000
        )
        early = server.memory()
        rest = press(
            server.origin, lambda: upload(variant(picture, next(numbers)), test="true"), connections=4, count=8000
        )
        late = server.memory()
    failures = first.failures + rest.failures
    value = f"{late:.0f} MB" if not failures else f"{failures} failures"
    growth = late / early
    yield Row(
        "memory after 10,000 uploads",
        value,
        f"{early:.0f} MB (after 2,000)",
        f"{growth:.2f}",
        "at most 1.25",
        growth <= 1.25 and not failures,
    )


def limited() -> Iterator[Row]:
    """Chat completions a second of a caller with limits, which it never reaches, beside the bare route."""
    limits = {"limits": {"concurrency": 1000, "rate": {"per_second": 1e6, "burst": 1_000_000}, "ramp": {"start": 1000}}}
    rates: dict[str, list[float]] = {"ours": [], "bare": []}
    with ours() as mine, bare() as theirs:
        press(mine.origin, lambda: _CHAT_REQUEST, connections=16, seconds=1)
        press(theirs.origin, lambda: _CHAT_REQUEST, connections=16, seconds=1)
        (tenant,) = _control(mine.origin, "GET", "tenants")["tenants"]
        _control(mine.origin, "PATCH", f"tenants/{tenant['id']}", limits)
        for _ in range(3):
            for name, server in (("ours", mine), ("bare", theirs)):
                load = press(server.origin, lambda: _CHAT_REQUEST, connections=16, seconds=2)
                rates[name].append(load.rate if not load.failures else 0.0)
    value, beside = (statistics.median(rates[name]) for name in ("ours", "bare"))
    ratio = value / beside
    yield Row(
        "chat with limits", f"{value:,.0f}/s", f"{beside:,.0f}/s (bare)", f"{ratio:.2f}", "at least 0.50", ratio >= 0.5
    )


def reset() -> Iterator[Row]:
    """The time that the reset of a tenant takes, over HTTP, with a full journal."""
    with ours() as server:
        press(server.origin, lambda: _CHAT_REQUEST, connections=1, count=1)
        (tenant,) = _control(server.origin, "GET", "tenants")["tenants"]
        # The first call of its kind also reads the control API's document, about 10 ms once in a server's life.
        _control(server.origin, "DELETE", f"tenants/{tenant['id']}")
        press(server.origin, lambda: _CHAT_REQUEST, connections=16, count=11_000)
        durations = []
        for _ in range(100):
            began = stopwatch()
            _control(server.origin, "DELETE", f"tenants/{tenant['id']}")
            durations.append(stopwatch() - began)
            press(server.origin, lambda: _CHAT_REQUEST, connections=4, count=20)
    first, median = durations[0], statistics.median(durations)
    yield Row("reset of a tenant", f"{median * 1000:.1f} ms", "", "", "5 ms", median < 0.005)
    yield Row("  with 10,000 exchanges", f"{first * 1000:.1f} ms", "", "", "20 ms", first < 0.02)


def credit() -> Iterator[Row]:
    """Credits after 64 connections have bought pictures at once: what was charged and what is left make the whole."""
    request = upload(photograph(400, 300))
    with ours() as server:
        _answer(server.origin, request)
        load = press(server.origin, lambda: request, connections=64, count=2000)
        left = Decimal(_control(server.origin, "GET", "tenants/bench")["credits"])
    expected = Decimal(1000) - (load.answers + 1) * Decimal("0.12")
    yield Row(
        "credits left after 64 at once",
        str(left),
        f"{expected} (exact)",
        "",
        "equal",
        left == expected and not load.failures,
    )


def journal() -> Iterator[Row]:
    """Memory after 100,000 uploads, beside memory after the first 10,000, which fill the journal."""
    request = upload(photograph(160, 120), test="true")
    with ours() as server:
        press(server.origin, lambda: request, connections=4, count=10_000)
        early = server.memory()
        press(server.origin, lambda: request, connections=4, count=90_000)
        late = server.memory()
    growth = late / early
    yield Row(
        "memory after 100,000 uploads",
        f"{late:.0f} MB",
        f"{early:.0f} MB (after 10,000)",
        f"{growth:.2f}",
        "at most 1.10",
        growth <= 1.1,
    )


def plugin() -> Iterator[Row]:
    """What the pytest plugin costs: loading, the first test, and each further one, beside other mocks of HTTP."""
    names = {
        "matteproof": "mockserver.pytest_plugin",
        "respx": "respx.plugin",
        "pytest-httpserver": "pytest_httpserver.pytest_plugin",
    }
    costs: dict[str, list[float]] = {name: [] for name in names}
    for _ in range(15):
        for name, option in names.items():
            costs[name].append(loading(option))
    medians = {name: statistics.median(found) for name, found in costs.items()}
    mine = medians.pop("matteproof")
    beside = ", ".join(f"{_ms(found)} ({name})" for name, found in medians.items())
    yield Row("loading the pytest plugin", _ms(mine), beside, "", "20 ms", mine < 0.02)
    for suites in (SOCKET, NO_SOCKET):
        yield from _tests(suites)
    yield from _verdicts()


def _tests(suites: Sequence[Suite]) -> Iterator[Row]:
    """The first test and each further one of the first of *suites*, beside the others."""
    runs: dict[str, list[list[float]]] = {suite.name: [] for suite in suites}
    for _ in range(5):
        for suite in suites:
            runs[suite.name].append(seconds_of(suite))
    goals: dict[str, tuple[float, Callable[[list[float]], float]]] = {
        "the first test": (0.3, lambda run: run[0]),
        "each further test": (0.005, lambda run: statistics.median(run[1:])),
    }
    for what, (goal, part) in goals.items():
        (name, mine), *others = [(name, statistics.median(map(part, found))) for name, found in runs.items()]
        beside = ", ".join(f"{found * 1000:.1f} ms ({other})" for other, found in others)
        ratio = f"{mine / others[0][1]:.2f}"
        yield Row(f"{name}: {what}", f"{mine * 1000:.1f} ms", beside, ratio, f"{goal * 1000:.0f} ms", mine < goal)


def _verdicts() -> Iterator[Row]:
    """What ``assert_conforms()`` adds to a test: the first one of a session loads the checks."""
    runs = [(seconds_of(JUDGED), seconds_of(SOCKET[0])) for _ in range(5)]
    first = statistics.median(judged[0] - plain[0] for judged, plain in runs)
    further = statistics.median(statistics.median(judged[1:]) - statistics.median(plain[1:]) for judged, plain in runs)
    yield Row("the first assert_conforms()", _ms(first), "", "", "600 ms", first < 0.6)
    yield Row("each further assert_conforms()", _ms(further), "", "", "10 ms", further < 0.01)


ROWS: dict[str, Callable[[], Iterator[Row]]] = {
    "start-up": start_up,
    "plugin": plugin,
    "chat": chat,
    "round-trips": round_trips,
    "repeated": repeated,
    "memory": memory,
    "limited": limited,
    "reset": reset,
    "credits": credit,
    "journal": journal,
}


def _control(origin: str, method: str, path: str, content: object = None) -> Any:  # noqa: ANN401  any JSON value
    """Ask the control API of the server at *origin*, and return its answer."""
    connection = http.client.HTTPConnection(origin.removeprefix("http://"), timeout=30)
    connection.request(method, f"/_mock/v1/{path}", None if content is None else json.dumps(content))
    response = connection.getresponse()
    answer = json.loads(response.read())
    connection.close()
    if response.status != 200:
        raise RuntimeError(f"{method} {path} -> {response.status} {answer}")
    return answer


def _answer(origin: str, request: bytes) -> bytes:
    """Send *request* once and return the body of its answer."""
    head, _, body = request.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    method, path, _ = first.split(" ")
    connection = http.client.HTTPConnection(origin.removeprefix("http://"), timeout=120)
    connection.request(method, path, body, dict(line.split(": ", 1) for line in lines))
    response = connection.getresponse()
    content = response.read()
    connection.close()
    if response.status != 200:
        raise RuntimeError(f"{method} {path} -> {response.status} {content[:300]!r}")
    return content


def _seconds(origin: str, request: bytes) -> float:
    """Return the seconds that the answer to *request* takes, and let the journal's thumbnails be made after it.

    Meanwhile the processor is kept awake: sleep would be charged to the next measurement.
    """
    began = stopwatch()
    _answer(origin, request)
    seconds = stopwatch() - began
    while stopwatch() - began < 3 * seconds:
        pass
    return seconds
