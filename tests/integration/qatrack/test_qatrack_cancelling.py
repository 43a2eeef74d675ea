"""Cancelling ends whatever hangs, wherever it hangs, within a second."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from qcpump_qt.demo.server import StandIn
from qcpump_qt.engine.cancel import CancelToken
from qcpump_qt.engine.errors import (
    Cancelled,
    ServerUnavailable,
)
from qcpump_qt.engine.records import FileContent
from qcpump_qt.qatrack import lines
from qcpump_qt.qatrack.lines import OpenLines
from qcpump_qt.qatrack.server import QATrackServer

MakeClient = Callable[..., QATrackServer]


def head(client: QATrackServer) -> Any:
    return client.transport.get("")


def cancelled_after(cancel: CancelToken, work: Callable[[], object], seconds: float = 0.2) -> float:
    """Cancel while `work` hangs; seconds from then to its end."""
    moment: list[float] = []

    def stop() -> None:
        moment.append(time.monotonic())
        cancel.cancel()

    timer = threading.Timer(seconds, stop)
    timer.start()
    with pytest.raises(Cancelled):
        work()
    end = time.monotonic()
    timer.join()
    return end - moment[0]


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"HTTP/1.1 200 OK\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{",
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\nConnection: close\r\n\r\n{",
        b"HTTP/1.0 200 OK\r\n\r\n{",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n",
    ],
    ids=["no answer", "half a head", "half a body", "half a last body", "old http", "half of the chunks"],
)
def test_cancelling_ends_a_hanging_request(
    make_client: MakeClient, scripted: Callable[..., Any], cancel: CancelToken, sent: bytes
) -> None:
    go = threading.Event()

    def hang(connection: socket.socket, _: bytes) -> None:
        connection.sendall(sent)
        go.wait(20)

    client = make_client(scripted(hang).url, read_timeout=20)
    assert cancelled_after(cancel, lambda: head(client)) < 1
    go.set()


def test_cancelling_ends_an_upload_that_is_not_taken(
    make_client: MakeClient, cancel: CancelToken, tmp_path: Path
) -> None:
    path = tmp_path / "large"
    path.write_bytes(b"x" * 30_000_000)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        client = make_client(f"http://127.0.0.1:{listener.getsockname()[1]}/api", read_timeout=20)
        payload = {"user_key": "k", "tests": {"u": {"value": FileContent(path)}}}
        assert cancelled_after(cancel, lambda: client.post(payload), 0.5) < 1


def test_cancelling_ends_four_requests_at_once(
    client: QATrackServer, standin: StandIn, cancel: CancelToken
) -> None:
    standin.faults.add("hang", method="GET", times=None, seconds=20)

    def find(number: int) -> str:
        try:
            client.find(f"key/{number}")
        except Cancelled:
            return "cancelled"
        return "answered"

    with ThreadPoolExecutor(6) as pool:
        found = [pool.submit(find, number) for number in range(6)]
        end = time.monotonic() + 5
        while standin.counts.open_connections < 4 and time.monotonic() < end:
            time.sleep(0.01)
        start = time.monotonic()
        cancel.cancel()
        assert [each.result(5) for each in found] == ["cancelled"] * 6
        assert time.monotonic() - start < 1


def test_cancelling_ends_a_name_look_up(
    make_client: MakeClient, cancel: CancelToken, monkeypatch: pytest.MonkeyPatch
) -> None:
    go = threading.Event()

    def slow(*_: object, **__: object) -> None:
        go.wait(20)
        raise socket.gaierror(socket.EAI_AGAIN, "later")

    monkeypatch.setattr(socket, "getaddrinfo", slow)
    client = make_client("http://slow.localhost/api")
    assert cancelled_after(cancel, lambda: head(client)) < 1
    go.set()


def test_a_name_look_up_without_end_is_given_up(
    make_client: MakeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    go = threading.Event()

    def slow(*_: object, **__: object) -> None:
        go.wait(20)
        raise socket.gaierror(socket.EAI_AGAIN, "later")

    monkeypatch.setattr(lines, "DIALS", 0.1)
    monkeypatch.setattr(socket, "getaddrinfo", slow)
    with pytest.raises(ServerUnavailable) as caught:
        head(make_client("http://slow.localhost/api"))
    go.set()
    assert caught.value.title == "No connection in time"


def test_a_connection_that_stands_just_when_it_is_cancelled_is_closed(cancel: CancelToken) -> None:
    near, far = socket.socketpair()

    def connect() -> socket.socket:
        cancel.cancel()
        return near

    with far, pytest.raises(Cancelled):
        OpenLines(cancel, 1.0).dial(connect, 5.0)
    assert near.fileno() == -1


def test_a_connection_that_is_kept_just_after_cancelling_is_shut(cancel: CancelToken) -> None:
    near, far = socket.socketpair()
    open_lines = OpenLines(cancel, 1.0)
    with near, far:
        cancel.cancel()
        open_lines.keep("line", near)
        assert far.recv(1) == b""
        open_lines.drop("line")


def test_nothing_is_sent_after_cancelling(
    client: QATrackServer, standin: StandIn, cancel: CancelToken
) -> None:
    client.find("a")
    cancel.cancel()
    with pytest.raises(Cancelled):
        client.find("b")
    with pytest.raises(Cancelled):
        client.post({"user_key": "c"})
    assert standin.counts.requests() == 1
