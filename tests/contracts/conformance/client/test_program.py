"""Clients that are programs: what they are given, and what is made of how they end."""

from __future__ import annotations

import json
import os
import signal
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from contracts.clock import Clock, stopwatch
from contracts.conformance.client.performer import PerformerError, Setting
from contracts.conformance.client.program import Program
from contracts.model import Claim, Input, Job
from serving import until

PAIR = Job((Input("picture.png", b"bytes"),), {"test": True, "n": 3}, "http://127.0.0.1:1", "me", "hush")


def program(source: str, *words: str) -> Program:
    """Return a client that is the Python program *source*, called with *words*."""
    return Program((sys.executable, "-c", source, *words))


def setting(**changes: Any) -> Setting:  # noqa: ANN401  fields by name
    """Return a setting in real time, with *changes*."""
    return replace(Setting(Clock(), 30.0), **changes)


WRITES = "import os; open(os.environ['MATTEPROOF_OUTPUT'], 'wb').write({})"


def test_the_job_is_in_the_environment() -> None:
    """Address, credentials, a file with the input, and parameters with the types of JSON."""
    source = """
import json, os
own = {name: value for name, value in os.environ.items() if name.startswith("MATTEPROOF_")}
own["content"] = open(own["MATTEPROOF_INPUT"], "rb").read().decode()
open(own["MATTEPROOF_OUTPUT"], "w").write(json.dumps(own))
"""
    outcome = program(source).perform(PAIR, setting(environment={"MATTEPROOF_CA_FILE": "/ca.pem"}))
    assert outcome.claim is Claim.SUCCESS, outcome.said
    found = json.loads(outcome.outputs[0] or b"")
    assert found["MATTEPROOF_BASE_URL"] == "http://127.0.0.1:1"
    assert (found["MATTEPROOF_API_ID"], found["MATTEPROOF_API_SECRET"]) == ("me", "hush")
    assert "MATTEPROOF_API_KEY" not in found
    assert json.loads(found["MATTEPROOF_PARAMETERS"]) == {"test": True, "n": 3}
    assert found["content"] == "bytes"
    assert found["MATTEPROOF_INPUT"].endswith("picture.png")
    assert found["MATTEPROOF_CA_FILE"] == "/ca.pem"
    assert "MATTEPROOF_THREADS" not in found


def test_a_key_and_a_url() -> None:
    """A provider with keys has its key in the environment, and an input behind a URL is that URL."""
    job = Job((Input("p.png", b"", "http://127.0.0.1:2/p.png"),), {}, "http://127.0.0.1:1", "", "sk-1")
    outcome = program(
        "import os; open(os.environ['MATTEPROOF_OUTPUT'], 'w').write("
        "os.environ['MATTEPROOF_API_KEY'] + ' ' + os.environ['MATTEPROOF_INPUT'])"
    ).perform(job, setting())
    assert outcome.outputs == (b"sk-1 http://127.0.0.1:2/p.png",)


def test_tokens_in_arguments_are_replaced() -> None:
    """Only those that are a whole argument."""
    source = "import os, sys; open(sys.argv[1], 'w').write(' '.join(sys.argv[2:]))"
    words = ("{output}", "{base_url}", "{api_id}", "{api_secret}", "{parameters}", "a{input}")
    outcome = program(source, *words).perform(PAIR, setting())
    assert outcome.outputs == (b'http://127.0.0.1:1 me hush {"test": true, "n": 3} a{input}',)


def test_several_pictures() -> None:
    """Inputs and outputs stand in lines, and the number of threads beside them."""
    source = """
import os
sources, targets = (os.environ[f"MATTEPROOF_{name}"].splitlines() for name in ("INPUT", "OUTPUT"))
for one, other in zip(sources, targets):
    open(other, "w").write(open(one).read() + os.environ["MATTEPROOF_THREADS"])
"""
    job = Job((Input("a.png", b"A"), Input("a.png", b"B")), {}, "http://127.0.0.1:1", "me", "hush", threads=2)
    assert program(source).perform(job, setting()).outputs == (b"A2", b"B2")


@pytest.mark.parametrize(("status", "claim"), [(0, Claim.SUCCESS), (77, Claim.UNABLE), (1, Claim.FAILURE)])
def test_what_the_exit_status_says(status: int, claim: Claim) -> None:
    """0 claims success, 77 that such a job cannot be done, and anything else reports failure with its reason."""
    source = f"import sys; sys.stderr.write('because'); print('not this'); sys.exit({status})"
    outcome = program(source).perform(PAIR, setting())
    assert (outcome.claim, outcome.said, outcome.outputs) == (claim, "because", (None,))


def test_a_program_that_is_killed_reports_failure() -> None:
    """Whatever signal ends it."""
    outcome = program("import os; os.kill(os.getpid(), 9)").perform(PAIR, setting())
    assert (outcome.claim, outcome.said) == (Claim.FAILURE, "nothing, and ended by SIGKILL")
    assert program("import sys; sys.exit(4)").perform(PAIR, setting()).said == "nothing, with status 4"


def test_a_program_that_does_not_end_is_stopped_with_all_that_it_started(tmp_path: Path) -> None:
    """Its children do not live on either."""
    source = f"""
import subprocess, sys
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(1000)"])
open({str(tmp_path / "child")!r}, "w").write(str(child.pid))
child.wait()
"""
    began = stopwatch()
    outcome = program(source).perform(PAIR, setting(patience=2.0))
    assert outcome.claim is Claim.NONE
    assert stopwatch() - began < 60
    child = int((tmp_path / "child").read_text())
    until(lambda: _has_ended(child))


def _has_ended(process: int) -> bool:
    """Tell whether *process* has ended, be it that nobody has asked for its status yet."""
    try:
        return Path(f"/proc/{process}/stat").read_text().split()[2] == "Z"
    except OSError:
        return True


def test_a_job_can_be_stopped_by_who_watches() -> None:
    """Who watches is told the process, and ends the job by returning true."""
    seen: list[int | None] = []

    def watch(process: int | None) -> bool:
        seen.append(process)
        return len(seen) > 3

    outcome = program("import time; time.sleep(1000)").perform(PAIR, setting(watch=watch))
    assert outcome.claim is Claim.NONE
    assert len(set(seen)) == 1
    assert isinstance(seen[0], int)


@pytest.mark.parametrize("word", ["no-such-command-anywhere", str(Path(__file__).parent), "nul\0"])
def test_what_cannot_be_started_is_said(word: str) -> None:
    """With what was tried, and how to write it."""
    with pytest.raises(PerformerError, match="cannot be started") as refused:
        Program((word,)).perform(PAIR, setting())
    assert "two dashes" in str(refused.value)


def test_proxies_are_passed_by(monkeypatch: pytest.MonkeyPatch) -> None:
    """The mock server is on this machine; hosts that are excepted already stay so."""
    monkeypatch.setenv("no_proxy", "example.com")
    source = WRITES.format("os.environ['no_proxy'].encode()")
    assert program(source).perform(PAIR, setting()).outputs == (b"example.com,localhost,127.0.0.1,.localhost",)


def test_enormous_words_are_cut() -> None:
    """Of what a program says on standard error the end is kept."""
    outcome = program("import sys; sys.stderr.write('x' * 300000 + 'end')").perform(PAIR, setting())
    assert outcome.said.endswith("xend")
    assert len(outcome.said) == 20_000


@pytest.mark.parametrize(
    ("deed", "obstacle"),
    [
        ("os.mkdir(there)", "a folder in place of a file"),
        ("os.mkfifo(there)", "a named pipe in place of a file"),
        ("os.symlink('nowhere', there)", "a link that leads nowhere"),
        ("shutil.rmtree(os.path.dirname(there))", "nothing, since the folder of the job is gone"),
        ("pass", ""),
    ],
)
def test_an_output_that_is_no_file_is_none(deed: str, obstacle: str) -> None:
    """What is there instead is told; what the program said is still known."""
    source = f"import os, shutil, sys; there = os.environ['MATTEPROOF_OUTPUT']; {deed}; sys.exit('because')"
    outcome = program(source).perform(PAIR, setting())
    assert (outcome.outputs, outcome.obstacle, outcome.said.strip()) == ((None,), obstacle, "because")


@pytest.mark.parametrize("what", ["there", "os.path.dirname(there)"])
def test_an_output_that_may_not_be_read_is_none(what: str, tmp_path: Path) -> None:
    """Its folder may be closed as well; that is told, and no fault of the test."""
    closed = tmp_path / "closed"
    closed.touch(mode=0)
    if os.access(closed, os.R_OK):
        pytest.skip("root may read everything")
    source = f"""
import os
there = os.environ['MATTEPROOF_OUTPUT']
open(there, 'w').close()
os.chmod({what}, 0)
"""
    outcome = program(source).perform(PAIR, setting())
    assert (outcome.claim, outcome.outputs) == (Claim.SUCCESS, (None,))
    assert outcome.obstacle == "something that cannot be read: Permission denied"


def test_processes_that_outlive_the_client_are_told() -> None:
    """Those that leave its group are nobody's to end; the report names them."""
    source = """
import os, subprocess
child = subprocess.Popen(["sleep", "20"], start_new_session=True)
while not open(f"/proc/{child.pid}/environ").read():
    pass  # the system has not yet finished to make it that program
open(os.environ["MATTEPROOF_OUTPUT"], "w").write(str(child.pid))
"""
    tidy, untidy = program(""), program(source)
    tidy.perform(PAIR, setting())
    assert not tidy.remark
    outcome = untidy.perform(PAIR, setting())
    os.kill(int(outcome.outputs[0] or b"0"), signal.SIGKILL)
    assert untidy.remark.endswith("nobody ends them: sleep.")


def test_the_end_is_a_moment_of_the_clock() -> None:
    """Also if that is not the time of day."""
    outcome = program("").perform(PAIR, setting(clock=Clock(now=1000.0)))
    assert 1000 <= outcome.ended < 1100


def test_as_many_at_once_as_there_are_processors() -> None:
    """Each job is a process of its own."""
    assert program("").at_once == os.cpu_count()
    assert program("", "a b").name.endswith("'a b'")
