"""The architecture: imports point downwards, time has one source, and providers are named in their folders only."""

from __future__ import annotations

import ast
import tokenize
from pathlib import Path

import contracts
import mockserver
from contracts.providers import discover

ROOTS = (Path(contracts.__file__).parent, Path(mockserver.__file__).parent)

LAYERS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("contracts.model", ()),
    ("contracts.clock", ()),
    ("contracts.addresses", ()),
    ("contracts.behaviour", ("contracts.model",)),
    ("contracts.schemas", ()),
    ("contracts.replies", ("contracts.model",)),
    ("contracts.rules", ("contracts.model", "contracts.schemas")),
    ("contracts.openapi", ("contracts.model", "contracts.schemas")),
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
    ("mockserver.scenarios", ("contracts.suggestion", "mockserver.faults", "mockserver.scenarios", "mockserver.state")),
    ("mockserver.journal", ("contracts.clock", "contracts.model", "mockserver.imaging", "mockserver.journal")),
    ("mockserver.certificates", ("contracts.clock", "contracts.openapi", "contracts.providers")),
)
"""What a module, or a package, may import of ours; the longest name decides."""

OUTERMOST = {"mockserver.cli", "mockserver.mock", "mockserver.__main__"}
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


def test_only_the_clock_asks_for_the_time() -> None:
    """No other module reads the system's time or sleeps."""
    wrong = []
    for module, path in modules().items():
        if module == "contracts.clock":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import) and any(alias.name == "time" for alias in node.names):
                wrong.append(f"{path}:{node.lineno}: import time")
            if isinstance(node, ast.ImportFrom) and node.module == "time":
                wrong.append(f"{path}:{node.lineno}: from time import")
            if isinstance(node, ast.Attribute) and node.attr in {"utcnow", "today"}:
                wrong.append(f"{path}:{node.lineno}: .{node.attr}")
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "now":
                owner = ast.unparse(node.func.value)
                if owner.endswith(("datetime", "date")):
                    wrong.append(f"{path}:{node.lineno}: {owner}.now()")
    assert not wrong, "\n".join(wrong)
