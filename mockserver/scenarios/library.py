"""The scenarios there are: those that are shipped, and files of one's own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from contracts.suggestion import did_you_mean
from mockserver.faults import WordError, check
from mockserver.scenarios.scenario import Scenario

if TYPE_CHECKING:
    from mockserver.scenarios.vocabulary import Vocabulary

_SHIPPED = Path(__file__).parent / "shipped"
_SUFFIXES = {".yaml", ".yml", ".json"}


class ScenarioError(Exception):
    """A scenario cannot be used; the text says which one, where it is wrong, and what is allowed."""


class Library:
    """Scenarios by name, read when they are asked for."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        """Check scenarios by *vocabulary*."""
        self._vocabulary = vocabulary
        self._paths = {path.stem: path for path in sorted(_SHIPPED.glob("*.yaml"))}
        self._read: dict[str, Scenario] = {}
        self._written: dict[str, object] = {}

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all scenarios."""
        return tuple(self._paths)

    def add(self, file: Path) -> str:
        """Add the scenario in *file*, whose name without its suffix names it; return that.

        Raises:
            ScenarioError: it cannot be read, or is wrong, or its name cannot be sent to the control API.
        """
        try:
            check("ScenarioName", file.stem)
        except WordError as error:
            raise ScenarioError(f"The scenario {file} needs another file name: {error.problem}.") from error
        self._paths[file.stem] = file
        self._read.pop(file.stem, None)
        return self.get(file.stem).name

    def find(self, name_or_file: str) -> str:
        """Return the name of the scenario of that name, or of the one in that file, which is added.

        Raises:
            ScenarioError: there is neither, or the file is wrong.
        """
        if Path(name_or_file).suffix in _SUFFIXES:
            return self.add(Path(name_or_file))
        return self.get(name_or_file).name

    def get(self, name: str) -> Scenario:
        """Return the scenario *name*.

        Raises:
            ScenarioError: there is none, or its file is wrong.
        """
        if name not in self._paths:
            hint = did_you_mean(name, self._paths)
            raise ScenarioError(f"There is no scenario {name!r}.{hint} There are {', '.join(self._paths)}.")
        if name not in self._read:
            self._read[name] = self._load(name, self._paths[name])
        return self._read[name]

    def written(self, name: str) -> object:
        """Return the scenario *name* as it was written in its file when that was read.

        Raises:
            ScenarioError: there is none, or its file is wrong.
        """
        self.get(name)
        return self._written[name]

    def _load(self, name: str, path: Path) -> Scenario:
        try:
            written = yaml.safe_load(path.read_text(encoding="utf-8"))
            found = Scenario.read(name, written, self._vocabulary)
        except (OSError, UnicodeDecodeError) as error:
            raise ScenarioError(f"The scenario {path} cannot be read: {error}.") from error
        except yaml.YAMLError as error:
            raise ScenarioError(f"The scenario {path} is no YAML: {error}.") from error
        except WordError as error:
            raise ScenarioError(
                f"The scenario {path} is wrong at {error.field or 'its top'}: {error.problem}"
            ) from error
        self._written[name] = written
        return found
