"""Code that is copied sends the request again that it was made of."""

from __future__ import annotations

import base64
import re
import shutil
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from http.client import HTTPConnection
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mockserver.journal import Filter
from mockserver.mock import Mock
from mockserver.snippets import LANGUAGES, sketch_of
from mockserver.snippets.model import files_of
from tests.mockserver.snippets.requests_sent import ACCOUNT, PICTURE, REQUESTS, multipart, part, request, same
from tests.mockserver.snippets.running import COMPILED, KEY, SECRET, output, require, run
from tests.mockserver.snippets.texts import texts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from contracts.model import Request
    from mockserver.journal import Entry

WRITE = {language.name: language.write for language in LANGUAGES}
INTERPRETED = ("curl", "fetch", "node", "php", "ruby")
SEEN_IN_NODE = frozenset(REQUESTS) - {
    "upload",
    "nasty texts",
    "base64 as a part",
    "data URL",
    "many bytes",
    "bytes",
    "chat",
}
"""Requests whose code is the same for browsers as for Node.js, but for the secret."""


@pytest.fixture(scope="module")
def mock() -> Iterator[Mock]:
    """A running mock whose journal is the module's own."""
    with Mock() as running:
        yield running


@dataclass(frozen=True, slots=True)
class Received:
    """A request as the mock has received it, with what it answered."""

    request: Request
    status: int
    media_type: str
    body: bytes

    @classmethod
    def of(cls, entry: Entry) -> Received:
        """Return what is in the journal as *entry*."""
        assert entry.response is not None
        assert entry.response_body is not None
        assert entry.request_body.data is not None
        request = replace(entry.request, body=entry.request_body.data)
        answer = entry.response_body.data or b""
        return cls(request, entry.response.status, entry.response.media_type, answer)

    def code(self, language: str, *, known: bool = True) -> str:
        """Return the request in *language*; the answer's type may be *known*."""
        good = self.status < 300 and known
        return WRITE[language](sketch_of(self.request, answer=self.media_type if good else ""))

    def lay_out(self, folder: Path) -> dict[str, str]:
        """Write the files that the code reads; return their media types by their names."""
        sketch = sketch_of(self.request)
        bodies = [sketch.body, sketch.body.raw] if sketch.body is not None else []
        files = {file.name: file for body in bodies for file in files_of(body)}
        for file in files.values():
            assert not (folder / file.name).exists() or (folder / file.name).read_bytes() == file.data
            (folder / file.name).write_bytes(file.data)
        return {name: file.media_type for name, file in files.items()}


def sent(mock: Mock, request: Request) -> Received:
    """Send *request* as it is and return it as it was received."""
    number, place = mock.journal.next_number, urlsplit(mock.url)
    connection = HTTPConnection(f"{place.hostname}:{place.port}", timeout=30)
    with closing(connection):
        # Whole texts for the query, too, which libraries would put into a better form.
        connection.putrequest(request.method, f"{quote(request.path)}?{request.query}", skip_accept_encoding=True)
        for name, value in (*request.headers, ("Content-Length", str(len(request.body)))):
            connection.putheader(name, value)
        connection.endheaders(request.body or None)
        connection.getresponse().read()
    return last(mock, number)


def last(mock: Mock, number: int) -> Received:
    """Return the only request since the one with that *number*."""
    assert mock.journal.next_number == number + 1, "it was to be sent once"
    entry = mock.journal.get(number)
    assert entry is not None
    return Received.of(entry)


@pytest.fixture(scope="module")
def received(mock: Mock) -> Mapping[str, Received]:
    """Each request as the mock has received it."""
    return {name: sent(mock, request) for name, request in REQUESTS.items()}


def assert_told(one: Received, printed: str, folder: Path, *, succeeded: bool) -> None:
    """Assert that the answer was saved if it is a picture, and else shown; and that what is no success failed."""
    assert succeeded == (one.status < 300), printed
    if succeeded and one.media_type.startswith("image/"):
        saved = [path.read_bytes() for path in folder.glob("result.*")]
        assert saved == [one.body]
        return
    shown = re.sub(r"\s", "", printed)
    assert re.sub(r"\s", "", one.body.decode()) in shown
    assert succeeded or str(one.status) in shown


@pytest.mark.parametrize(
    ("language", "name"),
    [(one, name) for one in INTERPRETED for name in REQUESTS if one != "fetch" or name not in SEEN_IN_NODE],
)
def test_an_interpreted_language(
    mock: Mock, received: Mapping[str, Received], tmp_path: Path, language: str, name: str
) -> None:
    """The journal has the same request a second time, and the program does with the answer what it should."""
    tool, first = require(language), received[name]
    number = mock.journal.next_number
    succeeded, printed = run(tool, first.code(language), tmp_path, first.lay_out(tmp_path))
    assert mock.journal.next_number > number, printed
    second = last(mock, number)
    assert same(second.request) == same(first.request)
    assert_told(second, printed, tmp_path, succeeded=succeeded)


@pytest.mark.parametrize("name", ["upload", "chat", "malformed JSON"])
def test_curl_where_the_type_of_the_answer_is_not_known(
    mock: Mock, received: Mapping[str, Received], tmp_path: Path, name: str
) -> None:
    """It goes by the type that comes."""
    tool, first = require("curl"), received[name]
    number = mock.journal.next_number
    first.lay_out(tmp_path)
    succeeded, printed = run(tool, first.code("curl", known=False), tmp_path)
    (tmp_path / "result.tmp").unlink(missing_ok=True)
    assert_told(last(mock, number), printed, tmp_path, succeeded=succeeded)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in which this process works now, with secrets in its environment and no proxy."""
    monkeypatch.chdir(tmp_path)
    for name, value in (("NO_PROXY", "*"), ("MATTEPROOF_API_SECRET", SECRET), ("MATTEPROOF_API_KEY", KEY)):
        monkeypatch.setenv(name, value)
    return tmp_path


@pytest.mark.parametrize("name", REQUESTS)
def test_python(
    mock: Mock, received: Mapping[str, Received], folder: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    """The same for Python, which runs within the test."""
    first, number = received[name], mock.journal.next_number
    first.lay_out(folder)
    failure = ""
    try:
        _run_here(first.code("python"))
    except SystemExit as end:
        failure = str(end.code)
    second = last(mock, number)
    assert same(second.request) == same(first.request)
    assert_told(second, capsys.readouterr().out + failure, folder, succeeded=not failure)


@pytest.mark.parametrize("language", COMPILED)
def test_a_compiled_language(mock: Mock, received: Mapping[str, Received], tmp_path: Path, language: str) -> None:
    """The same for languages of which all requests are in one program."""
    require(language)
    for one in received.values():
        one.lay_out(tmp_path)
    number = mock.journal.next_number
    succeeded, printed = COMPILED[language].run([one.code(language) for one in received.values()], tmp_path)
    assert succeeded, printed
    again = [Received.of(one) for one in mock.journal.find(Filter(since=number))]
    assert [same(one.request) for one in again] == [same(one.request) for one in received.values()]
    shown = re.sub(r"\s", "", printed)
    texts = [one for one in again if not one.media_type.startswith("image/")]
    assert all(re.sub(r"\s", "", one.body.decode()) in shown for one in texts)
    assert all(f"Exception:{one.status}:" in shown for one in texts if one.status >= 300)
    assert list(tmp_path.glob("result.*"))


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(texts, texts), min_size=1, max_size=8))
@pytest.mark.usefixtures("folder")
def test_any_form_in_python(mock: Mock, pairs: list[tuple[str, str]]) -> None:
    """Names and values of any form come back as they were."""
    parts = [part(re.sub(r'[\r\n"%\\]', "", name) or "x", value) for name, value in pairs]
    first, number = sent(mock, multipart(*parts)), mock.journal.next_number
    with suppress(SystemExit):
        _run_here(first.code("python"))
    assert same(last(mock, number).request) == same(first.request)


@pytest.mark.parametrize("language", ["curl", "node", "php", "ruby"])
@settings(max_examples=3, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(fields=st.lists(texts, min_size=20, max_size=40))
def test_any_texts(mock: Mock, tmp_path: Path, language: str, fields: list[str]) -> None:
    """Many fields at once, since programs take a while to start."""
    tool = require(language)
    parts = [part("image", PICTURE, "p.jpg"), *(part(f"f{number}", one) for number, one in enumerate(fields))]
    first, number = sent(mock, multipart(*parts)), mock.journal.next_number
    _, printed = run(tool, first.code(language), tmp_path, first.lay_out(tmp_path))
    assert mock.journal.next_number > number, printed
    assert same(last(mock, number).request) == same(first.request)


@pytest.mark.parametrize("secret", ["plain", "Übergröße", "日本語 \U0001f600", "a:b"])
def test_a_secret_of_any_letters_in_a_browser(mock: Mock, tmp_path: Path, secret: str) -> None:
    """``btoa`` alone would not take some, and send others in another encoding; the account knows its secret again."""
    tool, caller = require("fetch"), f"of-{secret.encode().hex()}"
    field = "Basic " + base64.b64encode(f"{caller}:{secret}".encode()).decode()
    first = sent(mock, request("GET", ACCOUNT, auth=("Authorization", field)))
    assert first.status == 200
    number = mock.journal.next_number
    succeeded, printed = run(tool, first.code("fetch").replace("put the secret here", secret), tmp_path)
    assert mock.journal.next_number > number, printed
    assert_told(last(mock, number), printed, tmp_path, succeeded=succeeded)
    assert succeeded, printed


def test_curl_pasted_into_a_shell(mock: Mock, received: Mapping[str, Received], tmp_path: Path) -> None:
    """A shell that somebody types into looks for earlier commands behind exclamation marks, and finds none here."""
    require("curl")
    if shutil.which("bash") is None:
        pytest.skip("needs bash")
    first, number = received["nasty lines"], mock.journal.next_number
    first.lay_out(tmp_path)
    typed = f"set -o history -o histexpand\n{first.code('curl')}\nexit 0\n"
    output(("bash", "--norc", "--noprofile", "-i"), tmp_path, typed.encode())
    assert same(last(mock, number).request) == same(first.request)


def _run_here(code: str) -> None:
    exec(compile(code, "snippet", "exec"), {})  # noqa: S102  that is what is tested
