"""The architecture: imports point downwards, time has one source, and providers are named in their folders only."""

from __future__ import annotations

import ast
import tokenize
from pathlib import Path

import pytest

import contracts
import mockserver
from contracts.providers import discover

ROOTS = (Path(contracts.__file__).parent, Path(mockserver.__file__).parent)

LAYERS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("contracts.model", ()),
    ("contracts.clock", ()),
    ("contracts.virtual_time", ("contracts.clock", "contracts.virtual_time")),
    ("contracts.addresses", ()),
    ("contracts.behaviour", ("contracts.model",)),
    ("contracts.schemas", ()),
    ("contracts.replies", ("contracts.model",)),
    ("contracts.rules", ("contracts.model", "contracts.schemas")),
    ("contracts.sources", ()),
    ("contracts.openapi", ("contracts.model", "contracts.schemas")),
    ("contracts.bundle", ("contracts.schemas",)),
    ("contracts.fields", ("contracts.behaviour", "contracts.schemas", "contracts.suggestion")),
    ("contracts.multipart", ("contracts.model",)),
    ("contracts.forms", ()),
    ("contracts.redaction", ("contracts.model",)),
    ("contracts.har", ("contracts.har", "contracts.model")),
    ("mockserver.wire", ("contracts.clock", "contracts.model", "mockserver.wire")),
    ("mockserver.imaging", ("contracts.behaviour", "mockserver.imaging")),
    ("mockserver.fetch", ("contracts.behaviour", "contracts.clock", "mockserver.fetch")),
    (
        "mockserver.faults",
        (
            "contracts.behaviour",
            "contracts.model",
            "contracts.replies",
            "contracts.schemas",
            "contracts.suggestion",
            "mockserver.faults",
            "mockserver.wire",
        ),
    ),
    ("mockserver.state", ("contracts.behaviour", "contracts.clock", "mockserver.faults", "mockserver.state")),
    ("contracts.suggestion", ()),
    ("contracts.checks", ("contracts.checks", "contracts.model")),
    ("contracts.judge", ("contracts.checks", "contracts.model")),
    ("contracts.trials", ("contracts.model",)),
    ("contracts.cases", ("contracts.checks", "contracts.model", "contracts.trials")),
    (
        "contracts.strategies",
        (
            "contracts.cases",
            "contracts.model",
            "contracts.providers",
            "contracts.rules",
            "contracts.strategies",
            "contracts.suggestion",
            "contracts.trials",
        ),
    ),
    ("contracts.drift", ("contracts.checks", "contracts.drift", "contracts.model")),
    (
        "contracts.conformance",
        (
            "contracts.cases",
            "contracts.checks",
            "contracts.clock",
            "contracts.conformance",
            "contracts.judge",
            "contracts.model",
            "contracts.openapi",
            "contracts.redaction",
            "contracts.rules",
            "contracts.trials",
            "contracts.virtual_time",
        ),
    ),
    (
        "contracts.report",
        (
            "contracts.checks",
            "contracts.conformance.client.story",
            "contracts.conformance.run",
            "contracts.judge",
            "contracts.model",
            "contracts.redaction",
            "contracts.report",
        ),
    ),
    ("mockserver.scenarios", ("contracts.suggestion", "mockserver.faults", "mockserver.scenarios", "mockserver.state")),
    ("mockserver.journal", ("contracts.clock", "contracts.model", "mockserver.imaging", "mockserver.journal")),
    ("mockserver.snippets", ("contracts.model", "contracts.multipart", "contracts.redaction", "mockserver.snippets")),
    (
        "mockserver.mending",
        (
            "contracts.behaviour",
            "contracts.clock",
            "contracts.fields",
            "contracts.model",
            "contracts.multipart",
            "contracts.replies",
            "mockserver.imaging",
            "mockserver.mending",
        ),
    ),
    ("mockserver.certificates", ("contracts.clock", "contracts.openapi", "contracts.providers")),
)
"""What a module, or a package, may import of ours; the longest name decides."""

OUTERMOST = {
    *("mockserver.cli", "mockserver.mock", "mockserver.stage", "mockserver.__main__"),
    *("mockserver.testing", "mockserver.pytest_plugin"),
}
"""Nothing below imports these."""


def modules() -> dict[str, Path]:
    """Return all our modules by their import names."""
    return {
        ".".join(path.relative_to(root.parent).with_suffix("").parts).removesuffix(".__init__"): path
        for root in ROOTS
        for path in root.rglob("*.py")
    }


def imports(path: Path) -> list[tuple[int, str]]:
    """Return the line and the name of every import of ours in the file at *path*."""
    found: list[tuple[int, str]] = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            found.append((node.lineno, node.module))
        elif isinstance(node, ast.Import):
            found.extend((node.lineno, alias.name) for alias in node.names)
    return [(line, name) for line, name in found if name.split(".")[0] in {"contracts", "mockserver"}]


def within(name: str, package: str) -> bool:
    """Tell whether the module *name* is *package* or in it."""
    return name == package or name.startswith(f"{package}.")


def allowed(module: str) -> tuple[str, ...] | None:
    """Return what *module* may import, or ``None`` where no layer limits it."""
    matches = [(layer, below) for layer, below in LAYERS if within(module, layer)]
    return max(matches, key=lambda match: len(match[0]))[1] if matches else None


def test_imports_point_downwards() -> None:
    """No module imports a layer beside or above its own; ``contracts`` never imports ``mockserver``."""
    wrong: list[str] = []
    for module, path in modules().items():
        below = allowed(module)
        for line, name in imports(path):
            if within(module, "contracts") and within(name, "mockserver"):
                wrong.append(f"{path}:{line}: contracts must not import {name}")
            if below is not None and not any(within(name, one) for one in below):
                wrong.append(f"{path}:{line}: {module} may import only {below or 'nothing of ours'}, not {name}")
            if name in OUTERMOST and not any(within(module, outer) for outer in OUTERMOST):
                wrong.append(f"{path}:{line}: {name} is outermost; {module} must not import it")
    assert not wrong, "\n".join(wrong)


def test_a_provider_imports_no_other_provider() -> None:
    """The folder of a provider imports the core and itself only."""
    folders = {name: f"contracts.providers.{name}" for name in discover()}
    wrong = [
        f"{path}:{line}: {module} imports {name}"
        for module, path in modules().items()
        for own in folders.values()
        if within(module, own)
        for line, name in imports(path)
        if any(within(name, other) for other in folders.values() if other != own)
    ]
    assert not wrong, "\n".join(wrong)


def test_checks_use_nothing_that_makes_answers() -> None:
    """What judges an answer shares no code with what renders the mock's, so that no mistake hides in both."""
    rendering = {"contracts.behaviour", "contracts.replies", "mockserver"}
    wrong = []
    for module, path in modules().items():
        folder, found, _ = module.partition(".checks")
        if not found or not within(module, "contracts.providers"):
            continue
        own = {f"{folder}.{name.stem}" for name in path.parent.parent.glob("*.py")} - {f"{folder}.__init__"}
        for line, name in imports(path):
            if any(within(name, one) for one in rendering | own):
                wrong.append(f"{path}:{line}: {module} imports {name}")
    assert not wrong, "\n".join(wrong)


def test_no_provider_is_named_outside_its_folder() -> None:
    """Code outside a provider's folder, strings and names alike, does not contain the provider's name."""
    names = [path.parent.name for path in (ROOTS[0] / "providers").glob("*/__init__.py")]
    wrong = []
    for module, path in modules().items():
        if any(within(module, f"contracts.providers.{name}") for name in names):
            continue
        with path.open("rb") as file:
            for token in tokenize.tokenize(file.readline):
                documented = token.type == tokenize.STRING and token.string.startswith('"""')
                if token.type in {tokenize.NAME, tokenize.STRING} and not documented:
                    wrong += [f"{path}:{token.start[0]}: {name}" for name in names if name in token.string.lower()]
    assert not wrong, "\n".join(wrong)


TIME_MODULES = {"time", "sched", "select", "selectors"}
TIME_NAMES = {
    *("datetime.datetime.now", "datetime.datetime.utcnow", "datetime.datetime.today", "datetime.date.today"),
    *("asyncio.sleep", "asyncio.wait_for", "asyncio.timeout", "asyncio.timeout_at", "threading.Timer"),
    *("os.times", "uuid.uuid1", "email.utils.localtime", "email.utils.formatdate", "signal.alarm", "signal.setitimer"),
}
TIME_METHODS = {"call_later", "call_at", "utcnow"}
WAITS = {"wait": 0, "wait_for": 1, "join": None, "result": 0, "exception": None, "acquire": 2, "get": None, "put": None}
"""Methods that can wait for so long, with the place of the time among their arguments where others do not stand there.

To join strings, or to get from a dictionary, looks the same; of these only ``timeout=`` is known.
"""

WAITS_ALLOWED = {
    ("contracts.clock", "*"): "it is the clock",
    ("contracts.conformance.client.function", ".join(timeout)"): "a limit of real time, by the clock's stopwatch",
    ("contracts.conformance.client.program", ".wait(timeout)"): "a limit of real time, by the clock's stopwatch",
    ("contracts.conformance.client.pace.origin", "import time"): "tells libfaketime what the machine's clocks showed",
    ("contracts.conformance.client.pace.injected.sitecustomize", "*"): "runs in clients, as part of their clock",
    ("contracts.virtual_time.replacements", "*"): "stands in for what tells the time and waits",
    ("contracts.virtual_time.turns", "*"): "how waits that go by the clock are carried out",
    ("mockserver.control.journal", ".get(timeout)"): "a heartbeat of a stream, by the clock's stopwatch",
    ("mockserver.control.journal", ".wait(timeout)"): "our own journal's, see there",
    ("mockserver.fetch.connection", ".get(timeout)"): "a safety limit, by the clock's stopwatch",
    ("mockserver.journal.journal", ".wait(timeout)"): "a limit of real time that the user names, by the stopwatch",
    ("mockserver.wire.alarm", ".call_later"): "carries out the waits of the clock on the event loop",
    ("mockserver.wire.connection", ".time()"): "deadlines of idle peers, which are real; the event loop's own time",
    ("mockserver.wire.delivery", ".wait(timeout)"): "our own line's, which goes by the clock",
    ("mockserver.wire.service", ".call_later"): "looks after idle peers, whose limits are real",
    ("mockserver.wire.service", ".time()"): "looks after idle peers, whose limits are real",
    ("mockserver.wire.service", "asyncio.wait_for"): "a safety limit at the end, which is real",
    ("mockserver.testing.attendance", ".wait(timeout)"): "a limit of real time, by the clock's stopwatch",
}
"""What modules may do with time, and why: the event loop's plumbing, and limits that the clock's stopwatch measures."""


def imported(tree: ast.AST) -> dict[str, str]:
    """Return the full names of all that *tree* imports, by the names that it has there."""
    found: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                top = alias.name.partition(".")[0]
                found[alias.asname or top] = alias.name if alias.asname else top
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.update({alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names})
    return found


def full_name(node: ast.expr, names: dict[str, str]) -> str:
    """Return the full name of what *node* refers to, or nothing if it is not something imported."""
    if isinstance(node, ast.Name):
        return names.get(node.id, "")
    if isinstance(node, ast.Attribute):
        owner = full_name(node.value, names)
        return f"{owner}.{node.attr}" if owner else ""
    return ""


def waits(source: str) -> list[tuple[int, str]]:
    """Return line and kind of everything in *source* that reads the system's time, or waits for a time."""
    tree = ast.parse(source)
    names = imported(tree)
    found = [(1, f"import {name}") for name in set(names.values()) if name.partition(".")[0] in TIME_MODULES]
    yields = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            function = full_name(node.func, names)
            found += [(node.lineno, kind) for kind in called(node) if function not in TIME_NAMES]
            if function == "asyncio.sleep" and [ast.unparse(one) for one in node.args] == ["0"]:
                yields.add(node.func)  # lets others run, and takes no time
        if isinstance(node, ast.Attribute) and node.attr in TIME_METHODS:
            found.append((node.lineno, f".{node.attr}"))
        if isinstance(node, ast.Attribute | ast.Name) and node not in yields:
            name = full_name(node, names)
            found += [(node.lineno, name)] if name in TIME_NAMES else []
    return found


def called(call: ast.Call) -> list[str]:
    """Return what is wrong with a *call* by the look of it: a method with a time to wait, or a loop's own time."""
    if not isinstance(call.func, ast.Attribute):
        return []
    method = call.func.attr
    if method == "time" and not call.args and not call.keywords:
        return [".time()"]
    place = WAITS.get(method)
    timed = any(keyword.arg == "timeout" for keyword in call.keywords) or (place is not None and len(call.args) > place)
    number = len(call.args) == 1 and isinstance(call.args[0], ast.Constant) and type(call.args[0].value) in {int, float}
    if method in WAITS and (timed or (method == "join" and number)):
        return [f".{method}(timeout)"]
    return []


WAITING = {
    "import time": "import time",
    "import time as clock\nclock.time()": "import time",
    "from time import monotonic as now": "import time.monotonic",
    "def f():\n    import time": "import time",
    "import select\nselect.select([], [], [], 1)": "import select",
    "from selectors import DefaultSelector": "import selectors.DefaultSelector",
    "import asyncio\nasyncio.sleep(1)": "asyncio.sleep",
    "import asyncio as aio\naio.sleep(seconds)": "asyncio.sleep",
    "from asyncio import sleep as nap\nnap(1)": "asyncio.sleep",
    "import asyncio\nasyncio.wait_for(one, 5)": "asyncio.wait_for",
    "import asyncio\nasyncio.timeout(5)": "asyncio.timeout",
    "import threading\nthreading.Event().wait(5)": ".wait(timeout)",
    "event.wait(timeout=seconds)": ".wait(timeout)",
    "condition.wait_for(ready, 5)": ".wait_for(timeout)",
    "import threading\nthreading.Timer(5, f)": "threading.Timer",
    "from threading import Timer as Later\nLater(5, f)": "threading.Timer",
    "loop.call_later(5, f)": ".call_later",
    "self.loop.call_at(5, f)": ".call_at",
    "asyncio.get_running_loop().time()": ".time()",
    "from datetime import datetime\ndatetime.now()": "datetime.datetime.now",
    "from datetime import datetime as dt, UTC\ndt.now(UTC)": "datetime.datetime.now",
    "import datetime as d\nd.datetime.utcnow()": "datetime.datetime.utcnow",
    "import datetime\ndatetime.date.today()": "datetime.date.today",
    "from datetime import datetime\nfield(default_factory=datetime.now)": "datetime.datetime.now",
    "queue.get(timeout=5)": ".get(timeout)",
    "thread.join(5)": ".join(timeout)",
    "thread.join(timeout=5)": ".join(timeout)",
    "future.result(5)": ".result(timeout)",
    "lock.acquire(True, timeout=5)": ".acquire(timeout)",
}

HARMLESS = [
    "clock.now()",
    "clock.sleep(5)",
    "event.wait()",
    "', '.join(names)",
    "names.get('a', 5)",
    "future.result()",
    "from mockserver.control import time\ntime.add_routes(5)",
    "from datetime import datetime\ndatetime.fromtimestamp(5)",
    "import asyncio\nasyncio.sleep(0)",
    "lock.acquire()",
]


@pytest.mark.parametrize(("source", "kind"), WAITING.items())
def test_every_way_to_ask_for_the_time_or_to_wait_is_seen(source: str, kind: str) -> None:
    """Under any name it was imported by, and also where it is only handed on."""
    assert kind in [found for _, found in waits(source)]


@pytest.mark.parametrize("source", HARMLESS)
def test_what_goes_by_the_clock_is_not_taken_for_waiting(source: str) -> None:
    """Nor are strings that are joined, waits without an end, or modules of ours that have such a name."""
    assert not waits(source)


def test_only_the_clock_asks_for_the_time() -> None:
    """No other module reads the system's time, sleeps or waits for a time, but for what has a reason."""
    seen = [
        (module, kind, f"{path}:{line}: {kind}")
        for module, path in modules().items()
        for line, kind in waits(path.read_text(encoding="utf-8"))
    ]
    wrong = [text for module, kind, text in seen if not {(module, kind), (module, "*")} & WAITS_ALLOWED.keys()]
    assert not wrong, "\n".join(wrong)
    used = {(module, one) for module, kind, _ in seen for one in (kind, "*")}
    assert not WAITS_ALLOWED.keys() - used, "nothing needs these any more"
