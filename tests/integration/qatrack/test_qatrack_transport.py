"""The way to the server: connections, time-outs, redirects, garbage, and what is left behind."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import requests

from qcpump_qt.demo.server import StandIn
from qcpump_qt.engine.cancel import CancelToken
from qcpump_qt.engine.errors import (
    ConfigurationError,
    RecordRejected,
    ServerRefused,
    ServerUnavailable,
)
from qcpump_qt.engine.records import FileContent
from qcpump_qt.qatrack import transport
from qcpump_qt.qatrack.plain_session import plain_session
from qcpump_qt.qatrack.server import QATrackServer
from servers.closed_port import closed_port

MakeClient = Callable[..., QATrackServer]
SESSIONS = "qa/testlistinstances/"


def head(client: QATrackServer, payload: dict[str, Any] | None = None) -> Any:
    return client.transport.get("") if payload is None else client.transport.post(SESSIONS, payload)


def answering(status: str, body: bytes = b"{}", *headers: str) -> Callable[[socket.socket, bytes], None]:
    lines_ = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers, "Connection: close", "", ""]
    return lambda connection, _: connection.sendall("\r\n".join(lines_).encode() + body)


def test_what_is_sent(make_client: MakeClient, scripted: Callable[..., Any]) -> None:
    server = scripted(answering("201 Created"))
    client = make_client(server.url)
    client.transport.post(SESSIONS, {"comment": "Größe"})
    client.transport.get("units/units/", {"name": "Linac 1&2", "limit": 10})
    post, get = server.requests
    assert post.startswith(b"POST /api/qa/testlistinstances/ HTTP/1.1\r\n")
    assert b"\r\nContent-Type: application/json\r\n" in post
    assert b"\r\nAuthorization: Token c0ffee" in post
    assert b"\r\nAccept: application/json\r\n" in post
    assert b"\r\nUser-Agent: QCPump-Qt/test\r\n" in post
    assert post.endswith(b'\r\n\r\n{"comment": "Gr\\u00f6\\u00dfe"}')
    assert get.startswith(b"GET /api/units/units/?name=Linac+1%262&limit=10 HTTP/1.1\r\n")
    assert b"Content-Type" not in get
    assert client.transport.requests_sent == 2


def test_a_netrc_file_is_not_asked(
    make_client: MakeClient, scripted: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login me password hunter2\n", encoding="ascii")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    server = scripted(answering("200 OK"))
    head(make_client(server.url))
    assert b"Authorization: Token " in server.requests[0]
    assert b"Basic" not in server.requests[0]


def test_four_threads_use_four_connections_and_keep_them(client: QATrackServer, standin: StandIn) -> None:
    standin.faults.latency_ms = 5
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda number: client.find(f"key/{number}"), range(60)))
    assert standin.counts.requests("GET") == 60
    assert client.transport.requests_sent == 60
    assert 2 <= standin.counts.connections <= 4


def test_more_threads_than_connections_wait_for_one(client: QATrackServer, standin: StandIn) -> None:
    standin.faults.latency_ms = 2
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: client.find(f"key/{number}"), range(40)))
    assert standin.counts.connections <= 4


def test_a_kept_connection_that_the_server_closed_is_replaced(
    make_client: MakeClient, scripted: Callable[..., Any]
) -> None:
    server = scripted(
        lambda connection, _: connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
    )
    client = make_client(server.url)
    for number in range(1, 4):
        assert head(client).status == 200
        assert server.connections == number
        server.wait_until_served(number)


def test_closing_leaves_no_connection(client: QATrackServer, standin: StandIn) -> None:
    client.find("a")
    assert standin.counts.open_connections == 1
    client.close()
    end = time.monotonic() + 5
    while standin.counts.open_connections and time.monotonic() < end:
        time.sleep(0.01)
    assert standin.counts.open_connections == 0


def test_parallel_server_errors_lead_to_one_request_at_a_time(
    client: QATrackServer, standin: StandIn
) -> None:
    standin.faults.latency_ms = 50
    standin.faults.add("500", method="GET", times=4)

    def find(number: int) -> None:
        try:
            client.find(f"key/{number}")
        except ServerUnavailable:
            standin.counts.reset()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(find, range(4)))
        assert client.pace.connections() == 1
        standin.faults.clear()
        standin.faults.latency_ms = 10
        standin.counts.reset()
        list(pool.map(find, range(8)))
    assert standin.counts.max_in_flight == 1


def test_a_redirect_is_not_followed(make_client: MakeClient, standin: StandIn) -> None:
    client = make_client(standin.url)
    answer = client.transport.request("POST", client.address.url("qa/testlistinstances"), body=b"{}")
    assert (answer.status, answer.headers["location"]) == (301, "/api/qa/testlistinstances/")
    assert client.transport.requests_sent == 1


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_307_is_repeated_as_it_was(
    client: QATrackServer, standin: StandIn, tmp_path: Path, method: str
) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"content")
    standin.faults.add("307", method=method, times=2)
    if method == "GET":
        assert client.transport.get("").status == 200
    else:
        assert client.transport.post(SESSIONS, {"tests": {"u": {"value": FileContent(path)}}}).status == 400
    assert client.transport.requests_sent == 3


def test_a_307_without_end_is_told(client: QATrackServer, standin: StandIn) -> None:
    standin.faults.add("307", method="GET", times=None)
    with pytest.raises(ServerUnavailable, match="kept on sending the request back"):
        client.find("a")
    assert client.transport.requests_sent == 3


def test_no_answer_in_time(make_client: MakeClient, scripted: Callable[..., Any]) -> None:
    go = threading.Event()
    server = scripted(lambda *_: go.wait(10))
    with pytest.raises(ServerUnavailable) as caught:
        head(make_client(server.url, read_timeout=0.2))
    go.set()
    assert caught.value.title == "No answer in time"
    assert not caught.value.reached


def test_a_trickle_is_given_up(
    make_client: MakeClient, scripted: Callable[..., Any], monkeypatch: Any
) -> None:
    def trickle(connection: socket.socket, _: bytes) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        for each in b"x" * 1000:
            connection.sendall(bytes([each]))
            time.sleep(0.01)

    monkeypatch.setattr(transport, "ANSWER_TIMES", 1)
    monkeypatch.setattr(transport, "_PIECE", 1)
    server = scripted(trickle)
    with pytest.raises(ServerUnavailable, match="so slowly that it was given up"):
        head(make_client(server.url, read_timeout=0.3))


def test_a_refused_connection(make_client: MakeClient) -> None:
    with closed_port() as port, pytest.raises(ServerUnavailable) as caught:
        head(make_client(f"http://127.0.0.1:{port}/api"))
    assert caught.value.title == "Connection refused"


def test_an_unknown_name(make_client: MakeClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(ServerUnavailable) as caught:
        head(make_client("http://nowhere.localhost/api"))
    assert caught.value.title == "Server name not found"


def test_a_name_that_cannot_be_one(make_client: MakeClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qcpump_qt.qatrack.proxies.search", lambda _: [""])
    with pytest.raises(ConfigurationError, match="Check its spelling"):
        head(make_client(f"http://{'x' * 70}.localhost/api"))
    with pytest.raises(ConfigurationError, match="Check its spelling"):
        head(make_client("http://*ä.localhost/api"))


GARBAGE = {
    "nothing": b"",
    "no http": b"SSH-2.0-OpenSSH_9.2\r\n",
    "half a head": b"HTTP/1.1 200 OK\r\nContent-Le",
    "half a body": b"HTTP/1.1 201 Created\r\nContent-Length: 100\r\n\r\n{",
    "half a chunk": b"HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n{",
    "no chunk": b"HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{",
    "no gzip": b"HTTP/1.1 201 Created\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nabcd",
    "endless head": b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 300 + b"\r\n",
    "long line": b"HTTP/1.1 200 OK\r\nX: " + b"y" * 70_000 + b"\r\n\r\n",
}


@pytest.mark.parametrize("data", GARBAGE.values(), ids=GARBAGE)
def test_garbage_is_a_broken_connection(
    make_client: MakeClient, scripted: Callable[..., Any], caplog: pytest.LogCaptureFixture, data: bytes
) -> None:
    server = scripted(lambda connection, _: connection.sendall(data))
    with pytest.raises(ServerUnavailable) as caught:
        head(make_client(server.url), {})
    assert caught.value.title == "Connection broke"
    assert not caught.value.reached


def test_an_answer_without_end_is_cut(
    make_client: MakeClient, scripted: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def endless(connection: socket.socket, _: bytes) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            connection.sendall(b"x" * 65536)

    monkeypatch.setattr(transport, "ANSWER_LIMIT", 2**20)
    server = scripted(endless)
    with pytest.raises(ServerRefused, match="an answer of more than 1 MiB"):
        head(make_client(server.url))


def test_an_early_answer_to_a_large_body_is_read(
    make_client: MakeClient, scripted: Callable[..., Any], tmp_path: Path
) -> None:
    """A web server that refuses a large body answers and closes while we still send."""
    path = tmp_path / "large"
    path.write_bytes(b"x" * 3_000_000)

    def too_large(connection: socket.socket, _: bytes) -> None:
        connection.sendall(b"HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")

    server = scripted(too_large)
    with pytest.raises(RecordRejected, match="larger than the web server"):
        make_client(server.url).post({"user_key": "k", "tests": {"u": {"value": FileContent(path)}}})


def test_a_session_for_other_code_ends_with_the_client(client: QATrackServer, standin: StandIn) -> None:
    session = plain_session(client)
    assert session.get(f"{standin.url}/units/units/").json()["count"] == 6
    assert standin.counts.open_connections == 1
    client.close()
    assert not client.transport._lines._handles


def test_a_session_for_other_code_has_time_outs(
    make_client: MakeClient, scripted: Callable[..., Any]
) -> None:
    go = threading.Event()
    server = scripted(lambda *_: go.wait(10))
    session = plain_session(make_client(server.url, read_timeout=0.2))
    with pytest.raises(requests.ReadTimeout):
        session.get(server.url)
    go.set()


def test_requests_leave_no_thread_and_no_handle_behind(client: QATrackServer, cancel: CancelToken) -> None:
    client.find("a")
    before = threading.active_count()
    for number in range(5):
        client.find(str(number))
    assert threading.active_count() <= before
    lines_ = client.transport._lines
    assert (len(lines_._handles), lines_._busy, cancel._closers) == (1, {}, [])
    client.close()
    assert not lines_._handles
