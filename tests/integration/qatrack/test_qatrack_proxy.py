"""Proxies: configured or found, plain or tunnelling, broken or wanting a login."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from qcpump_qt.demo.server import StandIn
from qcpump_qt.engine.errors import ServerRefused, ServerUnavailable
from qcpump_qt.qatrack.server import QATrackServer
from servers.closed_port import closed_port

MakeClient = Callable[..., QATrackServer]
MakeProxy = Callable[..., Any]
NAMES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")


@pytest.fixture(autouse=True)
def bare_system(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setattr("pypac.api.proxy_urls_from_dns", list)


def port_of(standin: StandIn) -> int:
    return int(standin.page_url.rpartition(":")[2])


def test_a_configured_proxy_is_used(
    make_client: MakeClient, make_proxy: MakeProxy, standin: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    proxy = make_proxy(port_of(standin))
    client = make_client("http://qa.example.org/api", http_proxy=proxy.address)
    assert len(client.units()) == 6
    assert proxy.requests[0].startswith(b"GET http://qa.example.org/api/units/sites/")
    assert b"Authorization: Token" in proxy.requests[0]


def test_threads_share_the_connections_to_a_proxy(
    make_client: MakeClient, make_proxy: MakeProxy, standin: StandIn
) -> None:
    proxy = make_proxy(port_of(standin))
    client = make_client("http://qa.example.org/api", http_proxy=proxy.address)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda number: client.find(f"key/{number}"), range(20)))
    assert proxy.connections <= 4


def test_tls_goes_through_a_tunnel_that_does_not_see_the_token(
    make_client: MakeClient,
    make_proxy: MakeProxy,
    scripted: Callable[..., Any],
    certificate: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = certificate(host="qa.example.org")
    monkeypatch.setenv("SSL_CERT_FILE", str(made.authority))
    server = scripted(
        lambda connection, _: connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"),
        made.context(),
    )
    proxy = make_proxy(server.port)
    client = make_client("https://qa.example.org/api", https_proxy=proxy.address)
    assert client.transport.get("").status == 200
    assert proxy.requests[0].startswith(b"CONNECT qa.example.org:443 ")
    assert b"Token" not in proxy.requests[0]
    assert b"Authorization: Token" in server.requests[0]


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_proxy_that_wants_a_login_is_told(
    make_client: MakeClient, make_proxy: MakeProxy, scheme: str
) -> None:
    proxy = make_proxy(9, wants_login=True)
    client = make_client(
        f"{scheme}://qa.example.org/api", http_proxy=proxy.address, https_proxy=proxy.address
    )
    with pytest.raises(ServerRefused) as caught:
        client.find("a")
    assert caught.value.title == "Proxy wants a login"
    assert "(407)" in caught.value.message


@pytest.mark.parametrize("kind", ["http", "socks5"])
def test_a_proxy_that_is_not_there_is_told_without_its_password(make_client: MakeClient, kind: str) -> None:
    with closed_port() as port, pytest.raises(ServerUnavailable) as caught:
        make_client("http://192.0.2.1/api", http_proxy=f"{kind}://me:hunter2@127.0.0.1:{port}").find("a")
    assert caught.value.title == "Proxy trouble"
    assert f"The proxy 127.0.0.1:{port} does not connect to 192.0.2.1." in caught.value.message


def test_this_machine_is_reached_directly(make_client: MakeClient, standin: StandIn) -> None:
    client = make_client(standin.url, http_proxy="http://127.0.0.1:9")
    assert client.find("a") is None


@pytest.fixture
def socks(standin: StandIn) -> Iterator[tuple[int, list[bytes]]]:
    """A SOCKS5 proxy without login that leads every address to the stand-in; its port and what was asked."""
    asked: list[bytes] = []

    def serve(listener: socket.socket) -> None:
        with closing(listener.accept()[0]) as near:
            near.settimeout(5)
            near.recv(2 + 1)
            near.sendall(b"\x05\x00")
            asked.append(near.recv(300))
            near.sendall(b"\x05\x00\x00\x01\x7f\x00\x00\x01\x00\x50")
            with socket.create_connection(("127.0.0.1", port_of(standin)), 5) as far:
                far.sendall(near.recv(65536))
                near.sendall(far.recv(65536))

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve, args=(listener,))
        thread.start()
        yield listener.getsockname()[1], asked
        thread.join(10)


def test_a_socks_proxy_is_used(make_client: MakeClient, socks: tuple[int, list[bytes]]) -> None:
    port, asked = socks
    client = make_client("http://qa.example.org/api", http_proxy=f"socks5h://127.0.0.1:{port}")
    assert client.transport.get("").status == 200
    assert b"qa.example.org" in asked[0]


@pytest.fixture
def pac_server(scripted: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Any]:
    """Serves a PAC file where the system looks for one."""

    def make(value: str) -> Any:
        body = f"function FindProxyForURL(url, host) {{ return '{value}'; }}".encode()
        head = (
            "HTTP/1.1 200 OK\r\nContent-Type: application/x-ns-proxy-autoconfig\r\n"
            f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        )
        server = scripted(lambda connection, _: connection.sendall(head.encode() + body))
        monkeypatch.setattr(
            "pypac.api.proxy_urls_from_dns", lambda: [f"http://127.0.0.1:{server.port}/wpad.dat"]
        )
        return server

    return make


def test_a_pac_file_is_found_once_for_a_session(
    make_client: MakeClient, make_proxy: MakeProxy, standin: StandIn, pac_server: Callable[[str], Any]
) -> None:
    proxy = make_proxy(port_of(standin))
    server = pac_server(f"PROXY 127.0.0.1:{proxy.port}; DIRECT")
    client = make_client("http://qa.example.org/api")
    for number in range(5):
        client.find(str(number))
    assert len(server.requests) == 1
    assert b"Token" not in server.requests[0]
    assert proxy.requests


def test_the_next_proxy_of_a_pac_file_takes_over(
    make_client: MakeClient, make_proxy: MakeProxy, standin: StandIn, pac_server: Callable[[str], Any]
) -> None:
    proxy = make_proxy(port_of(standin))
    client = make_client("http://qa.example.org/api")
    with closed_port() as closed:
        pac_server(f"PROXY 127.0.0.1:{closed}; PROXY 127.0.0.1:{proxy.port}")
        assert client.find("a") is None
        assert client.find("b") is None
    assert client.transport.requests_sent == 3, "the proxy that was not there was asked once only"


def test_a_proxy_of_the_environment_is_used(
    make_client: MakeClient,
    make_proxy: MakeProxy,
    standin: StandIn,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    proxy = make_proxy(port_of(standin))
    monkeypatch.setenv("http_proxy", proxy.address)
    assert make_client("http://qa.example.org/api").find("a") is None
    assert proxy.requests
