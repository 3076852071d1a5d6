"""A certificate authority for this machine, and how to have programs trust it."""

from __future__ import annotations

import os
import ssl
import tempfile
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from contracts.clock import system_time
from contracts.openapi import OpenApi
from contracts.providers import discover

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from types import TracebackType
    from typing import Self

    from trustme import CA, Blob, LeafCert

_FILE = "matteproof-ca.pem"
_STORE = "matteproof-ca.p12"
_DESCRIPTORS = Path("/dev/fd")
"""Where the system shows a process its open files, so that a pipe has a path."""

_BEFORE = timedelta(days=1)
"""How far the clock of a client, such as a container or a phone, may be behind."""
_AFTER = timedelta(days=800)
"""Apple's systems accept no server certificate that is valid for more than 825 days, whoever issued it."""

DOTTED = "mock.matteproof.localhost"
"""A name with a dot that leads to this machine, where programs know that names below ``localhost`` do."""
_LOOPBACK = ("127.0.0.1", "::1")
_HTTPS_PORT = 443
_STORE_PASSWORD = "changeit"  # noqa: S105  Java's customary one; the store holds nothing secret

_INSTRUCTIONS = """\
Programs started from one shell trust the server at {url} once these lines have been run there:

  export SSL_CERT_FILE={path}
  export REQUESTS_CA_BUNDLE={path}
  export CURL_CA_BUNDLE={path}
  export NODE_EXTRA_CA_CERTS={path}

SSL_CERT_FILE (OpenSSL, Python, Ruby, Go on Linux), REQUESTS_CA_BUNDLE and CURL_CA_BUNDLE replace the system's own CAs
for that shell: calls to other HTTPS sites may fail there. NODE_EXTRA_CA_CERTS adds to the CAs of Node.

One call with curl needs none of them:

  curl --cacert {path} {url}/

Java has a trust store of its own kind; this one replaces that of the JVM. Java names no server to which it connects by
a name without a dot, such as localhost, and is refused where one is required; use a name from the end of this text.

  rm -f {store}
  keytool -importcert -noprompt -alias matteproof -file {path} -keystore {store} -storetype PKCS12 -storepass {password}
  export JAVA_TOOL_OPTIONS={java}

This line in /etc/hosts leads the whole machine's calls to the real host names here, until it is removed
({port}):

  127.0.0.1 {hosts}
"""


class CertificateError(RuntimeError):
    """No certificate can be made; the text says why, and what to do."""


class LocalAuthority:
    """A certificate authority that issues one certificate, and then forgets its own key.

    Who trusts it therefore trusts the one server that has :attr:`context`, and nobody else. Private keys stay in memory
    where the system gives pipes a path (Linux and macOS do); elsewhere the server's key is, while OpenSSL reads it, in
    a file that only its owner may read. As a context manager it is closed at the end.
    """

    def __init__(self, names: Sequence[str], folder: Path | None = None) -> None:
        """Issue a certificate for *names*, which are host names and IP addresses, and write that of the CA to *folder*.

        Without *folder* that is a new temporary one, closed to other users.

        Raises:
            CertificateError: the library trustme is missing, a name is none, or the folder cannot be written.
        """
        authority = _new_authority()
        leaf = _issue(authority, names)
        with ExitStack() as stack:
            with _writing():
                self._folder = _temporary(stack) if folder is None else _made(folder)
                self.path.write_bytes(authority.cert_pem.bytes())
            self._context = _server_context(leaf, self._folder)
            self._resources = stack.pop_all()

    @property
    def context(self) -> ssl.SSLContext:
        """What a server needs to speak TLS 1.2 or newer with the certificate."""
        return self._context

    @property
    def path(self) -> Path:
        """The absolute path of the CA's certificate in PEM, which clients are to trust; it holds nothing secret."""
        return self._folder / _FILE

    def close(self) -> None:
        """Remove the temporary folder; one that was given stays as it is. May be called any number of times."""
        self._resources.close()

    def __enter__(self) -> Self:
        """Return the authority itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close."""
        self.close()


def provider_hosts() -> tuple[str, ...]:
    """Return the host names of all installed providers, as their documents give them."""
    documents = (OpenApi(provider.folder, name).document for name, provider in discover().items())
    urls = (server["url"] for document in documents for server in document.get("servers", ()))
    return tuple(dict.fromkeys(host for url in urls if (host := urlsplit(url).hostname)))


def trust_instructions(path: Path, url: str, hosts: Sequence[str] | None = None) -> str:
    """Return, for people at a terminal, how to trust the CA certificate at *path* for the server at *url* in one shell.

    *hosts* are the names by which clients know the real servers (default: :func:`provider_hosts`). A loopback address
    in *url* is replaced by localhost, since clients send no server name to an address and are refused for it.
    """
    path = path.absolute()
    store = path.with_name(_STORE)
    options = {"trustStore": store, "trustStorePassword": _STORE_PASSWORD}
    return _INSTRUCTIONS.format(
        path=quote(str(path)),
        url=named(url.rstrip("/")),
        store=quote(str(store)),
        password=_STORE_PASSWORD,
        java=quote(" ".join(quote(f"-Djavax.net.ssl.{key}={value}") for key, value in options.items())),
        port=_port_advice(urlsplit(url).port or _HTTPS_PORT),
        hosts=" ".join(provider_hosts() if hosts is None else hosts),
    )


def trust_environment(path: Path, folder: Path) -> dict[str, str]:
    """Return the environment variables by which a program trusts the CA certificate at *path*, and no other CA.

    A trust store for Java, and the addresses of names that only Java asks for there, are written to *folder*. Java
    names no server to which it connects by a name without a dot; :data:`DOTTED` leads to this machine as well.

    Raises:
        CertificateError: a library is missing, or the folder cannot be written.
    """
    store, hosts = folder / _STORE, folder / "hosts"
    with _writing():
        store.write_bytes(_java_store(path.read_bytes()))
        hosts.write_text(f"127.0.0.1 localhost {DOTTED}\n", encoding="ascii")
    java = {
        "javax.net.ssl.trustStore": store,
        "javax.net.ssl.trustStorePassword": _STORE_PASSWORD,
        "jdk.net.hosts.file": hosts,
    }
    files = ("MATTEPROOF_CA_FILE", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NODE_EXTRA_CA_CERTS")
    options = " ".join(quote(f"-D{name}={value}") for name, value in java.items())
    return {**dict.fromkeys(files, str(path)), "JAVA_TOOL_OPTIONS": options}


def named(url: str) -> str:
    """Return *url* with ``localhost`` for a loopback address, to which clients send no server name."""
    parts = urlsplit(url)
    if parts.hostname not in _LOOPBACK:
        return url
    return parts._replace(netloc="localhost" if parts.port is None else f"localhost:{parts.port}").geturl()


def _java_store(certificate: bytes) -> bytes:
    """Return a trust store for Java that holds the *certificate*, which is in PEM."""
    try:
        from cryptography.hazmat.primitives.serialization import BestAvailableEncryption  # noqa: PLC0415  an extra
        from cryptography.hazmat.primitives.serialization.pkcs12 import (  # noqa: PLC0415  likewise
            PKCS12Certificate,
            serialize_java_truststore,
        )
        from cryptography.x509 import load_pem_x509_certificate  # noqa: PLC0415  likewise
    except ImportError as error:
        raise CertificateError(
            "Trust stores for Java need the library cryptography, 45 or newer."
            " Install it with: pip install 'matteproof[check]'."
        ) from error
    entry = PKCS12Certificate(load_pem_x509_certificate(certificate), b"matteproof")
    return serialize_java_truststore([entry], BestAvailableEncryption(_STORE_PASSWORD.encode()))


def _port_advice(port: int) -> str:
    if port == _HTTPS_PORT:
        return f"clients need no other change, since the server has the port {port}"
    return f"clients go to the port {_HTTPS_PORT}: give the server that one, or their base URL the port {port}"


def _new_authority() -> CA:
    try:
        import trustme  # noqa: PLC0415  an optional extra
    except ModuleNotFoundError as error:
        raise CertificateError(
            f"Certificates are made by the library trustme, and {error.name} is missing."
            " Install it with: pip install 'matteproof[tls]'."
        ) from error
    return trustme.CA(organization_name="matteproof", path_length=0)


def _issue(authority: CA, names: Sequence[str]) -> LeafCert:
    now = datetime.fromtimestamp(system_time(), UTC)
    try:
        return authority.issue_cert(
            *dict.fromkeys(names), organization_name="matteproof", not_before=now - _BEFORE, not_after=now + _AFTER
        )
    except ValueError as error:
        raise CertificateError(
            f"No certificate can be made for {', '.join(names) or 'no name'}: {error}."
            " Give host names and IP addresses, such as localhost and 127.0.0.1."
        ) from error


def _temporary(stack: ExitStack) -> Path:
    return Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="matteproof-"))).absolute()


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder.absolute()


@contextmanager
def _writing() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise CertificateError(
            f"The CA certificate cannot be written: {error}. Choose a folder that can be written to."
        ) from error


def _server_context(leaf: LeafCert, folder: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    (certificate,) = leaf.cert_chain_pems
    with certificate.tempfile(str(folder)) as public, _secret_path(leaf.private_key_pem, folder) as private:
        context.load_cert_chain(public, private)
    return context


@contextmanager
def _secret_path(secret: Blob, folder: Path) -> Iterator[str]:
    """Yield a path from which *secret* can be read once: of a pipe if that has one, else of a file in *folder*.

    A pipe takes 512 bytes everywhere before anybody reads. The key of an elliptic curve is half as long.
    """
    reading, writing = os.pipe()
    try:
        with open(writing, "wb") as pipe:  # noqa: PTH123  a descriptor has no Path
            pipe.write(secret.bytes())
        path = _DESCRIPTORS / str(reading)
        if path.exists():
            yield str(path)
        else:
            with secret.tempfile(str(folder)) as name:  # made with mode 0600
                yield name
    finally:
        os.close(reading)
