"""The certificate authority of this machine: who trusts it, what it refuses, what it leaves behind."""

from __future__ import annotations

import os
import socket
import ssl
import subprocess
import sys
import tempfile
import urllib.request
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import httpx
import pytest
import requests
from cryptography import x509

from command import needs
from contracts.clock import Clock
from mockserver import certificates
from mockserver.certificates import CertificateError, LocalAuthority, provider_hosts, trust_instructions
from mockserver.wire import Server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from wsgiref.types import StartResponse, WSGIEnvironment

    Ask = Callable[[str, Path | None], str]

PATIENCE = 20
"""Seconds after which a test gives up waiting; no test that passes comes near."""

REAL = "api.pixian.ai"
NAMES = ("localhost", "127.0.0.1", "::1", REAL, "api.xty.app")
STRANGER = "api.example.com"
"""A name that leads to the server, but is not in its certificate."""

JAVA = """
class Ask {
    public static void main(String[] args) throws Exception {
        System.out.print(new String(new java.net.URL(args[0]).openStream().readAllBytes()));
    }
}
"""
NODE = """
const here = { address: "127.0.0.1", family: 4 };
const lookup = (_, { all }, done) => (all ? done(null, [here]) : done(null, here.address, here.family));
require("https").get(process.argv[1], { lookup }, (answer) => answer.pipe(process.stdout));
"""


def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """Answer with the name by which the client knows the server."""
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [environ["HTTP_HOST"].rpartition(":")[0].encode()]


@pytest.fixture(scope="module")
def authority() -> Iterator[LocalAuthority]:
    """Return an authority for the names of this machine and of the providers."""
    with LocalAuthority(NAMES) as made:
        yield made


@pytest.fixture(scope="module")
def port(authority: LocalAuthority) -> Iterator[int]:
    """Return the port of a server with the certificate, which refuses handshakes without a server name."""
    with Server(app, "127.0.0.1", 0, Clock(), ssl_context=authority.context, require_sni=True) as server:
        yield server.port


@pytest.fixture
def _hosts_entry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have all names lead to this machine, as lines in ``/etc/hosts`` would."""
    look_up = socket.getaddrinfo

    def here(_: object, *arguments: Any, **named: Any) -> object:  # noqa: ANN401  passed on as they are
        return look_up("127.0.0.1", *arguments, **named)

    monkeypatch.setattr(socket, "getaddrinfo", here)


def by_httpx(url: str, trusted: Path | None) -> str:
    """Return what httpx gets."""
    with httpx.Client(verify=trusting(trusted), trust_env=False, timeout=PATIENCE) as client:
        return client.get(url).text


def by_requests(url: str, trusted: Path | None) -> str:
    """Return what requests gets."""
    with requests.Session() as session:
        session.trust_env = False
        return session.get(url, verify=True if trusted is None else str(trusted), timeout=PATIENCE).text


def by_urllib(url: str, trusted: Path | None) -> str:
    """Return what urllib gets."""
    ways = urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=trusting(trusted))
    with urllib.request.build_opener(*ways).open(url, timeout=PATIENCE) as answer:
        text: str = answer.read().decode()
        return text


def by_ssl(url: str, trusted: Path | None) -> str:
    """Return what a bare TLS connection to 127.0.0.1 gets that names the server."""
    host, port = urlsplit(url).hostname, urlsplit(url).port
    with connected(trusting(trusted), port or 0, host) as connection:
        connection.sendall(f"GET / HTTP/1.0\r\nHost: {host}:{port}\r\n\r\n".encode())
        return connection.makefile("rb").read().decode().rpartition("\r\n\r\n")[2]


CLIENTS = pytest.mark.parametrize("ask", [by_httpx, by_requests, by_urllib, by_ssl])


def trusting(path: Path | None) -> ssl.SSLContext:
    """Return what a client needs that trusts the CA at *path*, or the system's own."""
    return ssl.create_default_context(cafile=path)


def connected(context: ssl.SSLContext, port: int, name: str | None) -> ssl.SSLSocket:
    """Return a connection to *port* of this machine that has shaken hands with the server *name*."""
    plain = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
    try:
        return context.wrap_socket(plain, server_hostname=name)
    except BaseException:
        plain.close()
        raise


def run(*command: str, **environ: str | Path) -> subprocess.CompletedProcess[str]:
    """Run *command* in an environment that trusts no other CA and knows no proxy."""
    kept = {key: os.environ[key] for key in ("PATH", "HOME", "LANG", "JAVA_HOME") if key in os.environ}
    env = kept | {key: str(value) for key, value in environ.items()}
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, env=env)


def commands(text: str) -> dict[str, str]:
    """Return the commands of instructions: the lines that are indented, by what they start with."""
    lines = [line.strip() for line in text.splitlines() if line.startswith("  ")]
    return {line.partition("=")[0].removeprefix("export ").split(" ")[0]: line for line in lines}


def secrets(folder: Path) -> list[Path]:
    """Return the files below *folder* that hold a private key."""
    return [path for path in folder.rglob("*") if path.is_file() and b"PRIVATE KEY" in path.read_bytes()]


@CLIENTS
@pytest.mark.usefixtures("_hosts_entry")
@pytest.mark.parametrize("name", ["localhost", REAL])
def test_clients_that_trust_the_file_are_served(authority: LocalAuthority, port: int, ask: Ask, name: str) -> None:
    """The CA certificate at ``path`` is all that a client needs, for this machine and for a provider's real name."""
    assert ask(f"https://{name}:{port}/", authority.path) == name


@CLIENTS
@pytest.mark.usefixtures("_hosts_entry")
def test_clients_that_do_not_trust_the_file_fail(port: int, ask: Ask) -> None:
    """To everybody else the certificate is one of an unknown authority."""
    with pytest.raises(Exception, match=r"CERTIFICATE_VERIFY_FAILED.*(local issuer|self-signed)"):
        ask(f"https://{REAL}:{port}/", None)


@CLIENTS
@pytest.mark.usefixtures("_hosts_entry")
def test_names_that_were_not_given_fail(authority: LocalAuthority, port: int, ask: Ask) -> None:
    """The certificate holds for the names in the list and no other, also for clients that trust the authority."""
    with pytest.raises(Exception, match=f"Hostname mismatch.*'{STRANGER}'"):
        ask(f"https://{STRANGER}:{port}/", authority.path)


def test_another_authority_is_not_trusted(port: int) -> None:
    """Each authority is its own: the file of one is worth nothing at the server of another."""
    with LocalAuthority(NAMES) as other, pytest.raises(ssl.SSLCertVerificationError):
        connected(trusting(other.path), port, "localhost")


def test_a_handshake_without_a_server_name_is_refused(authority: LocalAuthority, port: int) -> None:
    """The server's alert is ``unrecognized_name``; clients send no name when they connect to an address."""
    with pytest.raises(ssl.SSLError) as caught:
        connected(trusting(authority.path), port, "127.0.0.1")
    assert caught.value.reason == "TLSV1_UNRECOGNIZED_NAME"


@pytest.mark.parametrize("address", ["127.0.0.1", "::1"])
def test_addresses_are_names_too(authority: LocalAuthority, address: str) -> None:
    """Where no server name is required, clients can connect to an address in the list and verify it."""
    with (
        LocalAuthority(NAMES) as own,
        Server(app, "127.0.0.1", 0, Clock(), ssl_context=own.context) as server,
    ):
        with connected(trusting(own.path), server.port, address) as connection:
            assert connection.version() == "TLSv1.3"
        with pytest.raises(ssl.SSLCertVerificationError, match="IP address mismatch"):
            connected(trusting(own.path), server.port, "127.0.0.2")
    assert authority.path != own.path


@pytest.mark.parametrize(("version", "spoken"), [("TLSv1_2", "TLSv1.2"), ("TLSv1_3", "TLSv1.3")])
def test_tls_from_1_2_on_is_spoken(authority: LocalAuthority, port: int, version: str, spoken: str) -> None:
    """Both current versions are served."""
    context = trusting(authority.path)
    context.minimum_version = context.maximum_version = ssl.TLSVersion[version]
    with connected(context, port, "localhost") as connection:
        assert connection.version() == spoken


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1_1:DeprecationWarning")
def test_tls_1_1_is_refused(authority: LocalAuthority, port: int) -> None:
    """A client that offers no better is told by the alert ``protocol_version``."""
    context = trusting(authority.path)
    context.set_ciphers("DEFAULT:@SECLEVEL=0")  # else the client itself would not speak it
    context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_1
    with pytest.raises(ssl.SSLError) as caught:
        connected(context, port, "localhost")
    assert caught.value.reason == "TLSV1_ALERT_PROTOCOL_VERSION"


def test_the_certificate_suits_strict_clients(authority: LocalAuthority, port: int) -> None:
    """It is valid since yesterday and for less than the 825 days that Apple allows, and passes strict verification."""
    context = trusting(authority.path)
    context.verify_flags |= ssl.VERIFY_X509_STRICT
    with connected(context, port, "localhost") as connection:
        found = x509.load_der_x509_certificate(connection.getpeercert(binary_form=True) or b"")
    start, end = found.not_valid_before_utc, found.not_valid_after_utc
    age = datetime.now(start.tzinfo) - start
    assert timedelta(days=1) <= age < timedelta(days=2)
    assert timedelta(days=365) < end - start < timedelta(days=825)


@pytest.fixture
def seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """Have temporary files made below *tmp_path*; return a list of all with a private key, while OpenSSL reads it."""
    found: list[tuple[str, int]] = []
    load = ssl.SSLContext.load_cert_chain

    def watched(context: ssl.SSLContext, certfile: str, keyfile: str) -> None:
        found.extend((str(path), path.stat().st_mode & 0o777) for path in secrets(tmp_path))
        load(context, certfile, keyfile)

    monkeypatch.setattr(ssl.SSLContext, "load_cert_chain", watched)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return found


@pytest.mark.skipif(sys.platform == "win32", reason="pipes have no path there")
def test_nothing_private_is_written(tmp_path: Path, seen: list[tuple[str, int]]) -> None:
    """No private key is in any file, not even for a moment; what stays is the certificate of the CA."""
    with LocalAuthority(NAMES) as authority:
        assert [path for path in tmp_path.rglob("*") if path.is_file()] == [authority.path]
        assert not secrets(tmp_path)
    assert not seen


def test_without_paths_for_pipes_the_key_is_in_a_file_for_a_moment(
    tmp_path: Path, seen: list[tuple[str, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only its owner may read that file, in the authority's own folder, and it is gone when the authority is made."""
    monkeypatch.setattr(certificates, "_DESCRIPTORS", tmp_path / "missing")
    with LocalAuthority(NAMES) as authority:
        assert [path for path in tmp_path.rglob("*") if path.is_file()] == [authority.path]
        ((path, mode),) = seen
        assert (Path(path).parent, mode) == (authority.path.parent, 0o600)


def test_the_temporary_folder_is_private_and_goes_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Other users cannot look into it; closing removes it with all that is in it, and may be repeated."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    authority = LocalAuthority(NAMES)
    folder = authority.path.parent
    assert list(tmp_path.iterdir()) == [folder]
    assert folder.stat().st_mode & 0o777 == 0o700
    (folder / "store.p12").touch()
    authority.close()
    authority.close()
    assert not list(tmp_path.iterdir())


def test_a_folder_may_be_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is made where it is missing, stays, and keeps the file, which the next authority replaces."""
    monkeypatch.chdir(tmp_path)
    texts = []
    for _ in range(2):
        with LocalAuthority(["localhost"], Path("new/folder")) as authority:
            assert authority.path.is_absolute()
        texts.append(authority.path.read_text(encoding="ascii"))
        assert list(tmp_path.joinpath("new", "folder").iterdir()) == [authority.path]
    assert len(set(texts)) == 2


def test_without_the_extra_a_sentence_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The library is optional, and nothing is written before it is found to be missing."""
    monkeypatch.setitem(sys.modules, "trustme", None)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with pytest.raises(CertificateError, match=r"trustme.* missing.*matteproof\[tls\]"):
        LocalAuthority(NAMES)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("names", [[], ["localhost", "not a name"], ["under_score"], ["x" * 64]], ids=str)
def test_what_is_no_name_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, names: list[str]) -> None:
    """The error lists the names and says what they can be, and nothing is left on the disk."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with pytest.raises(CertificateError, match="host names and IP addresses") as caught:
        LocalAuthority(names)
    assert (names[-1] if names else "no name") in str(caught.value)
    assert not list(tmp_path.iterdir())


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    """The error says which file is in the way."""
    file = tmp_path / "file"
    file.touch()
    with pytest.raises(CertificateError, match=r"cannot be written.*file.*Choose a folder"):
        LocalAuthority(["localhost"], file)


@needs("curl")
@pytest.mark.parametrize("name", ["localhost", REAL])
def test_curl(authority: LocalAuthority, port: int, name: str) -> None:
    """``--cacert`` is all that curl needs; without it, curl ends with status 60, and for an unknown name as well."""
    resolve = [f"{one}:{port}:127.0.0.1" for one in (name, STRANGER)]
    curl = ("curl", "-q", "-sS", "--resolve", resolve[0], "--resolve", resolve[1])
    trust = ("--cacert", str(authority.path))
    done = run(*curl, *trust, f"https://{name}:{port}/")
    assert (done.returncode, done.stdout) == (0, name), done.stderr
    assert run(*curl, f"https://{name}:{port}/").returncode == 60
    assert run(*curl, *trust, f"https://{STRANGER}:{port}/").returncode == 60


@needs("node")
def test_node(authority: LocalAuthority, port: int) -> None:
    """``NODE_EXTRA_CA_CERTS`` is all that Node needs."""
    asked = ("node", "-e", NODE, f"https://{REAL}:{port}/")
    done = run(*asked, NODE_EXTRA_CA_CERTS=authority.path)
    assert (done.returncode, done.stdout) == (0, REAL), done.stderr
    failed = run(*asked)
    assert failed.returncode != 0
    assert "unable to" in failed.stderr or "self-signed" in failed.stderr


@pytest.fixture(scope="module")
def awkward(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[LocalAuthority, str]]:
    """Return an authority in a folder that needs quoting, and the origin of its server, which requires a name."""
    folder = tmp_path_factory.mktemp("certificates") / "it's $HOME"
    with (
        LocalAuthority(NAMES, folder) as authority,
        Server(app, "127.0.0.1", 0, Clock(), ssl_context=authority.context, require_sni=True) as server,
    ):
        yield authority, server.url


@needs("curl")
def test_the_command_of_the_instructions_works_as_it_is(awkward: tuple[LocalAuthority, str]) -> None:
    """It can be pasted into a shell, also where the origin of the server is an address."""
    authority, origin = awkward
    done = run("sh", "-c", commands(trust_instructions(authority.path, origin))["curl"])
    assert (done.returncode, done.stdout) == (0, "localhost"), done.stderr


@pytest.mark.parametrize(
    ("variable", "program"),
    [
        ("SSL_CERT_FILE", "import httpx; print(httpx.get('{}').text, end='')"),
        ("SSL_CERT_FILE", "import urllib.request as u; print(u.urlopen('{}').read().decode(), end='')"),
        ("REQUESTS_CA_BUNDLE", "import requests; print(requests.get('{}').text, end='')"),
    ],
    ids=["httpx", "urllib", "requests"],
)
def test_python_trusts_by_the_variables(awkward: tuple[LocalAuthority, str], variable: str, program: str) -> None:
    """A Python program started from the shell needs no change; from another shell it fails."""
    authority, origin = awkward
    line = commands(trust_instructions(authority.path, origin))[variable]
    script = '"$0" -c "$1"'
    asked = (sys.executable, program.format(origin.replace("127.0.0.1", "localhost")))
    done = run("sh", "-c", f"{line}\n{script}", *asked)
    assert (done.returncode, done.stdout) == (0, "localhost"), done.stderr
    failed = run("sh", "-c", script, *asked)
    assert "CERTIFICATE_VERIFY_FAILED" in failed.stderr


@pytest.mark.parametrize(
    ("variable", "command"),
    [
        pytest.param("CURL_CA_BUNDLE", 'curl -q -sS "$1"', marks=needs("curl"), id="curl"),
        pytest.param("NODE_EXTRA_CA_CERTS", 'node -e "$0" "$1"', marks=needs("node"), id="node"),
    ],
)
def test_other_programs_trust_by_the_variables(
    awkward: tuple[LocalAuthority, str], variable: str, command: str
) -> None:
    """The same holds for curl and for Node."""
    authority, origin = awkward
    line = commands(trust_instructions(authority.path, origin))[variable]
    asked = (NODE, origin.replace("127.0.0.1", "localhost"))
    done = run("sh", "-c", f"{line}\n{command}", *asked)
    assert (done.returncode, done.stdout) == (0, "localhost"), done.stderr
    assert run("sh", "-c", command, *asked).returncode != 0


@pytest.mark.thorough
@needs("keytool")
@needs("javac")
def test_java_trusts_by_its_own_store(awkward: tuple[LocalAuthority, str], tmp_path: Path) -> None:
    """The lines make a trust store, also where there is one already, and have every JVM of the shell use it.

    The server is called by a real name, since Java sends none that has no dot.
    """
    authority, origin = awkward
    lines = commands(trust_instructions(authority.path, origin))
    (tmp_path / "Ask.java").write_text(JAVA, encoding="ascii")
    (tmp_path / "hosts").write_text(f"127.0.0.1 localhost\n{lines['127.0.0.1']}\n", encoding="ascii")
    store = f"{lines['rm']} && {lines['keytool']}"
    java = ("java", f"-Djdk.net.hosts.file={tmp_path / 'hosts'}", str(tmp_path / "Ask.java"))
    asked = (*java, origin.replace("127.0.0.1", REAL))
    done = run("sh", "-c", f'{store} && {store} && {lines["JAVA_TOOL_OPTIONS"]} && "$0" "$@"', *asked)
    assert (done.returncode, done.stdout.splitlines()[-1:]) == (0, [REAL]), done.stderr
    assert "PKIX path building failed" in run(*asked).stderr
    assert "unrecognized_name" in run(*java, origin.replace("127.0.0.1", "localhost")).stderr


def test_the_instructions_say_what_they_change() -> None:
    """That the system's own CAs are replaced, and which port a line in the hosts file needs; there are no colours."""
    text = trust_instructions(Path("/x/ca.pem"), "https://127.0.0.1:8443")
    assert "https://localhost:8443" in text
    assert "replace the system's own CAs\nfor that shell" in text
    assert f"\n  127.0.0.1 {' '.join(provider_hosts())}\n" in text
    assert "port 443: give the server that one, or their base URL the port 8443" in text
    assert "\x1b" not in text
    assert text.isascii()


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("https://[::1]:8443", "server at https://localhost:8443 "),
        ("https://127.0.0.1", "no other change, since the server has the port 443"),
        ("https://192.0.2.1:8443/", "curl --cacert /x/ca.pem https://192.0.2.1:8443/\n"),
        ("https://mock.test:8443", "curl --cacert /x/ca.pem https://mock.test:8443/\n"),
    ],
)
def test_the_instructions_name_the_server(url: str, said: str) -> None:
    """Loopback addresses become localhost, since a name is required; other origins stay as they are."""
    assert said in trust_instructions(Path("/x/ca.pem"), url)


def test_the_hosts_are_those_of_the_providers_or_others() -> None:
    """The providers' documents name their servers; who serves fewer or others can say so."""
    assert provider_hosts()[:2] == ("api.pixian.ai", "api.xty.app")
    assert "\n  127.0.0.1 one.test two.test\n" in trust_instructions(
        Path("ca.pem"), "https://x", ["one.test", "two.test"]
    )
