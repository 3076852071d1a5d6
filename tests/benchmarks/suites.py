"""Small suites, each with one kind of mock, run by pytest in processes of their own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

_TESTS = 300
_PATH = "/api/v2/account"
_CONFTEST = """
import json
from collections import defaultdict

seconds = defaultdict(float)

def pytest_runtest_logreport(report):
    seconds[report.nodeid] += report.duration

def pytest_sessionfinish(session):
    (session.config.rootpath / "seconds.json").write_text(json.dumps(list(seconds.values())))
"""
_LOADER = """
import time

def pytest_sessionstart(session):
    began = time.process_time()
    session.config.pluginmanager.import_plugin("{plugin}")
    seconds = time.process_time() - began
    (session.config.rootpath / "seconds").write_text(str(seconds))
"""
_SUITE = """
import pytest
{prelude}

@pytest.mark.parametrize("number", range({tests}))
def test_one_request({fixture}, number):
    {prepared}
    assert {asked}.status_code == 200
"""


@dataclass(frozen=True, slots=True)
class Suite:
    """Tests that each take a ``fixture``, are ``prepared`` by one statement, and have ``asked`` for one answer."""

    name: str
    prelude: str
    fixture: str
    prepared: str
    asked: str


_FIXTURE = """
import requests, responses as library

@pytest.fixture
def responses():
    with library.RequestsMock() as mock:
        yield mock
"""
_CLIENT = "import httpx\n\nCLIENT = httpx.Client()"
_AWAY = f"https://api.pixian.ai{_PATH}"
SOCKET = (
    Suite(
        "pixian_mock",
        "import requests",
        "pixian_mock",
        "mock = pixian_mock",
        f"requests.get(mock.url + '{_PATH}', auth=mock.credentials)",
    ),
    Suite(
        "pytest-httpserver",
        "import requests",
        "httpserver",
        f"httpserver.expect_request('{_PATH}').respond_with_json({{}})",
        f"requests.get(httpserver.url_for('{_PATH}'), auth=('me', 'secret'))",
    ),
)
"""With a server: ours, and what it is compared with."""
_JUDGED = f"""
import requests

def asked(mock):
    answer = requests.get(mock.url + '{_PATH}', auth=mock.credentials)
    mock.assert_conforms()
    return answer
"""
JUDGED = Suite("pixian_mock, judged", _JUDGED, "pixian_mock", "mock = pixian_mock", "asked(mock)")
"""The first of them, with a verdict about every client."""
NO_SOCKET = (
    Suite(
        "pixian_respx",
        _CLIENT,
        "pixian_respx",
        "mock = pixian_respx",
        f"CLIENT.get(mock.url + '{_PATH}', auth=mock.credentials)",
    ),
    Suite(
        "respx",
        _CLIENT,
        "respx_mock",
        f"respx_mock.get('{_AWAY}').respond(json={{}})",
        f"CLIENT.get('{_AWAY}', auth=('me', 'secret'))",
    ),
    Suite(
        "responses",
        _FIXTURE,
        "responses",
        f"responses.get('{_AWAY}', json={{}})",
        f"requests.get('{_AWAY}', auth=('me', 'secret'))",
    ),
)
"""Without one."""


def seconds_of(suite: Suite) -> list[float]:
    """Return the seconds that each test of *suite* took with its fixtures, the first one first."""
    with tempfile.TemporaryDirectory() as folder:
        source = _SUITE.format(
            prelude=suite.prelude, tests=_TESTS, fixture=suite.fixture, prepared=suite.prepared, asked=suite.asked
        )
        Path(folder, "test_suite.py").write_text(source, encoding="utf-8")
        Path(folder, "conftest.py").write_text(_CONFTEST, encoding="utf-8")
        _run(folder)
        found: list[float] = json.loads(Path(folder, "seconds.json").read_text(encoding="utf-8"))
        return found


def loading(plugin: str) -> float:
    """Return the processor seconds that pytest, without other plugins, takes to load the module *plugin*."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "test_suite.py").write_text("def test_nothing(): pass\n", encoding="utf-8")
        Path(folder, "conftest.py").write_text(_LOADER.format(plugin=plugin), encoding="utf-8")
        _run(folder, PYTEST_DISABLE_PLUGIN_AUTOLOAD="1")
        return float(Path(folder, "seconds").read_text(encoding="utf-8"))


def _run(folder: str, **environment: str) -> None:
    """Run pytest in *folder*, with compiled modules kept as they are for everybody else."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"} | environment
    command = (sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:randomly")
    subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True)
