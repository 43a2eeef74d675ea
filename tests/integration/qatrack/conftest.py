"""Servers on loopback for the client: the stand-in, scripted ones, TLS ones and proxies."""

from __future__ import annotations

import contextlib
import datetime as dt
import ipaddress
import select
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from qcpump_qt.demo.server import StandIn
from qcpump_qt.demo.world import World
from qcpump_qt.engine.cancel import CancelToken
from qcpump_qt.qatrack.address import NetworkSettings, ServerAddress
from qcpump_qt.qatrack.gate import RateGate
from qcpump_qt.qatrack.server import QATrackServer

TOKEN = "c0ffee0123456789c0ffee0123456789c0ffee01"
NO_RIGHT = "deadbeef0123456789deadbeef0123456789dead"
INACTIVE = "facade000123456789facade000123456789face"

Script = Callable[[socket.socket, bytes], None]
MakeClient = Callable[..., QATrackServer]


def world() -> World:
    """Two sites, a name at both, a shared serial number, lists assigned once, twice and not at all."""
    made = World()
    for site in ("Main Campus", "North Campus"):
        made.add_site(site)
    made.add_unit("Linac 1", 1, "Main Campus", "1234")
    made.add_unit("Linac 1", 2, "North Campus", "9012")
    made.add_unit("TrueBeam 4", 4, None, "6543")
    made.add_unit("Twin", 5, "Main Campus", "7777")
    made.add_unit("Twin", 6, "North Campus", "7777")
    made.add_unit("Old Linac", 9, None, "0001", active=False)
    made.add_test_list("Small", {"a": "simple", "b": "simple", "note": "string"})
    made.add_test_list("Daily QA", {"dose": "simple"})
    made.add_test_list("Twice", {"x": "simple"})
    made.add_test_list("Retired", {"x": "simple"})
    made.add_test_list("Upload", {"upload": "upload"})
    made.add_cycle("Cycle", ["Small", "Daily QA"])
    for name in ("Small", "Daily QA", "Twice", "Cycle", "Upload"):
        made.assign(name, 1)
    made.assign("Twice", 1, "Monthly")
    made.assign("Retired", 1, active=False)
    made.assign("Small", 2)
    made.add_user("pump", TOKEN)
    made.add_user("reader", NO_RIGHT, may_add=False)
    made.add_user("gone", INACTIVE, active=False)
    return made


@pytest.fixture
def standin() -> Iterator[StandIn]:
    with StandIn(world()) as running:
        yield running


@pytest.fixture
def cancel() -> CancelToken:
    return CancelToken()


@pytest.fixture
def make_client(cancel: CancelToken) -> Iterator[MakeClient]:
    """Makes clients with a gate of their own, and closes them."""
    with contextlib.ExitStack() as stack:

        def make(
            url: str, token: str = TOKEN, *, read_timeout: float = 5.0, **address: object
        ) -> QATrackServer:
            network = NetworkSettings("QCPump-Qt/test", 2.0, read_timeout, max_307=2, sleep_307=0.01)
            where = ServerAddress(url, token, **address)  # type: ignore[arg-type]
            return stack.enter_context(QATrackServer(where, network, cancel, RateGate()))

        yield make


@pytest.fixture
def client(make_client: MakeClient, standin: StandIn) -> QATrackServer:
    """A client of the stand-in."""
    return make_client(standin.url)


class ScriptedServer:
    """Accepts connections, reads one request each and lets a script do with it what it likes.

    Args:
        script: gets the socket and the request's bytes; the connection is closed afterwards.
        tls: to wrap connections in, or None.
    """

    def __init__(self, script: Script, tls: ssl.SSLContext | None = None) -> None:
        self.requests: list[bytes] = []
        self.connections = 0
        self.ended = threading.Event()
        self._closed = threading.Semaphore(0)
        self._waited = 0
        self._script = script
        self._tls = tls
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._threads: list[threading.Thread] = []
        self._start(self._accept)

    @property
    def url(self) -> str:
        return f"{'https' if self._tls else 'http'}://127.0.0.1:{self.port}/api"

    def wait_until_served(self, number: int) -> None:
        """Wait until so many connections were closed by us."""
        assert all(self._closed.acquire(timeout=5) for _ in range(number - self._waited))
        self._waited = number

    def stop(self) -> None:
        self.ended.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join(10)

    def _start(self, work: Callable[[], None]) -> None:
        self._threads.append(threading.Thread(target=work, daemon=True))
        self._threads[-1].start()

    def _accept(self) -> None:
        while not self.ended.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            self._start(lambda connection=connection: self._serve(connection))  # type: ignore[misc]

    def _serve(self, connection: socket.socket) -> None:
        self._serve_one(connection)
        self._closed.release()

    def _serve_one(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError), connection:
            connection.settimeout(10)
            if self._tls is not None:
                connection = self._tls.wrap_socket(connection, server_side=True)
            with connection:
                request = read_request(connection)
                if request:
                    self.requests.append(request)
                    self._script(connection, request)


def read_request(connection: socket.socket) -> bytes:
    """Head and body (by Content-Length) of one request."""
    data = b""
    while b"\r\n\r\n" not in data:
        piece = connection.recv(65536)
        if not piece:
            return data
        data += piece
    head, _, body = data.partition(b"\r\n\r\n")
    length = next(
        (
            int(line.split(b":")[1])
            for line in head.split(b"\r\n")
            if line.lower().startswith(b"content-length:")
        ),
        0,
    )
    while len(body) < length:
        piece = connection.recv(65536)
        if not piece:
            break
        body += piece
    return head + b"\r\n\r\n" + body


def says(status: str, body: bytes = b"", kind: str = "application/json", *headers: str) -> Script:
    """A script that gives one answer."""
    head = [
        f"HTTP/1.1 {status}",
        f"Content-Type: {kind}",
        f"Content-Length: {len(body)}",
        "Connection: close",
    ]
    answer = "\r\n".join([*head, *headers, "", ""]).encode() + body
    return lambda connection, _: connection.sendall(answer)


ROOT = b'{"qa": "http://x/api/qa", "units": "http://x/api/units"}'


@pytest.fixture
def scripted() -> Iterator[Callable[..., ScriptedServer]]:
    """Makes scripted servers, and stops them."""
    servers: list[ScriptedServer] = []

    def make(script: Script, tls: ssl.SSLContext | None = None) -> ScriptedServer:
        servers.append(ScriptedServer(script, tls))
        return servers[-1]

    yield make
    for server in servers:
        server.stop()


@dataclass(frozen=True)
class Certificate:
    """A server's certificate with its key in one file, and the authority that signed it (itself or another)."""

    chain: Path
    authority: Path

    def context(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.chain)
        return context


@pytest.fixture
def certificate(tmp_path: Path) -> Callable[..., Certificate]:
    """Makes certificates for 127.0.0.1, or ones with something wrong."""

    def make(*, host: str = "127.0.0.1", days: int = 1, self_signed: bool = True) -> Certificate:
        authority_key = ec.generate_private_key(ec.SECP256R1())
        authority = _signed("Test authority", authority_key, None, authority_key, 30, None)
        key = authority_key if self_signed else ec.generate_private_key(ec.SECP256R1())
        name = "Test server"
        mine = _signed(name, key, None if self_signed else authority, authority_key, days, host)
        chain, trusted = tmp_path / "server.pem", tmp_path / "authority.pem"
        chain.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
            + mine.public_bytes(serialization.Encoding.PEM)
        )
        trusted.write_bytes((mine if self_signed else authority).public_bytes(serialization.Encoding.PEM))
        return Certificate(chain, trusted)

    return make


def _signed(
    name: str,
    key: ec.EllipticCurvePrivateKey,
    issuer: x509.Certificate | None,
    issuer_key: ec.EllipticCurvePrivateKey,
    days: int,
    host: str | None,
) -> x509.Certificate:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    end = dt.datetime.now(dt.timezone.utc) + dt.timedelta(days=days)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(end - dt.timedelta(days=60))
        .not_valid_after(end)
        .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False
        )
    )
    if host is not None:
        try:
            alternative: x509.GeneralName = x509.IPAddress(ipaddress.ip_address(host))
        except ValueError:
            alternative = x509.DNSName(host)
        builder = builder.add_extension(x509.SubjectAlternativeName([alternative]), critical=False)
    return builder.sign(issuer_key, hashes.SHA256())


class Proxy(ScriptedServer):
    """An HTTP proxy that leads every host name to one port of this machine.

    Args:
        target: the port.
        wants_login: answer 407 to everything.
    """

    def __init__(self, target: int, *, wants_login: bool = False) -> None:
        self.target = target
        self.wants_login = wants_login
        super().__init__(self._pass_on)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def _pass_on(self, connection: socket.socket, request: bytes) -> None:
        if self.wants_login:
            says("407 Proxy Authentication Required", b"<html>proxy</html>", "text/html")(connection, request)
            return
        with socket.create_connection(("127.0.0.1", self.target), 5) as beyond:
            if request.startswith(b"CONNECT "):
                connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            else:
                method, _, rest = request.partition(b" ")
                path = b"/" + rest.split(b"/", 3)[3]
                beyond.sendall(method + b" " + path)
            _both_ways(connection, beyond, self.ended)


def _both_ways(one: socket.socket, other: socket.socket, ended: threading.Event) -> None:
    while not ended.is_set():
        for ready in select.select([one, other], [], [], 0.1)[0]:
            data = ready.recv(65536)
            if not data:
                return
            (other if ready is one else one).sendall(data)


@pytest.fixture
def make_proxy() -> Iterator[Callable[..., Proxy]]:
    """Makes proxies, and stops them."""
    proxies: list[Proxy] = []

    def make(target: int, **options: bool) -> Proxy:
        proxies.append(Proxy(target, **options))
        return proxies[-1]

    yield make
    for proxy in proxies:
        proxy.stop()
