"""TLS: what this computer trusts, what it does not and why, and pumps that accept any certificate."""

from __future__ import annotations

import socket
import threading
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from qcpump_qt.engine.cancel import CancelToken
from qcpump_qt.engine.errors import Cancelled, PumpError, ServerRefused
from qcpump_qt.qatrack.server import QATrackServer

MakeClient = Callable[..., QATrackServer]
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"


def ok(connection: socket.socket, _: bytes) -> None:
    connection.sendall(ANSWER)


def trust(monkeypatch: pytest.MonkeyPatch, authority: Path) -> None:
    """Make OpenSSL take the file for the operating system's store."""
    monkeypatch.setenv("SSL_CERT_FILE", str(authority))
    monkeypatch.setenv("SSL_CERT_DIR", str(authority.parent / "none"))


def refused(make_client: MakeClient, url: str) -> PumpError:
    with pytest.raises(ServerRefused) as caught:
        make_client(url).transport.get("")
    return caught.value


@pytest.mark.parametrize("self_signed", [True, False])
def test_what_the_system_trusts_is_trusted(
    make_client: MakeClient,
    scripted: Callable[..., Any],
    certificate: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
    self_signed: bool,
) -> None:
    made = certificate(self_signed=self_signed)
    trust(monkeypatch, made.authority)
    client = make_client(scripted(ok, made.context()).url)
    assert client.transport.get("").status == 200
    assert client.transport.insecure_warning == ""


def test_certificate_files_named_by_the_environment_of_requests_do_not_count(
    make_client: MakeClient,
    scripted: Callable[..., Any],
    certificate: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = certificate()
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(made.authority))
    assert refused(make_client, scripted(ok, made.context()).url).title == "Certificate not trusted"


@pytest.mark.parametrize(
    ("wrong", "trusted", "words"),
    [
        ({}, False, "is self-signed"),
        (
            {"self_signed": False},
            False,
            "comes from a certificate authority that this computer does not know",
        ),
        ({"days": -1}, True, "has expired"),
        ({"days": 61}, True, "is not valid yet"),
        ({"host": "qa.example.org"}, True, "is for another host name"),
        ({"host": "127.0.0.2"}, True, "is for another host name"),
    ],
)
def test_a_certificate_that_is_not_trusted_is_explained(
    make_client: MakeClient,
    scripted: Callable[..., Any],
    certificate: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
    wrong: dict[str, Any],
    trusted: bool,
    words: str,
) -> None:
    made = certificate(**wrong)
    if trusted:
        trust(monkeypatch, made.authority)
    server = scripted(ok, made.context())
    error = refused(make_client, server.url)
    assert error.title == "Certificate not trusted"
    assert f"The certificate of 127.0.0.1 {words}" in error.message
    assert server.requests == []


def test_a_pump_may_accept_any_certificate_and_is_warned_in_our_words(
    make_client: MakeClient, scripted: Callable[..., Any], certificate: Callable[..., Any]
) -> None:
    server = scripted(ok, certificate(days=-1, host="elsewhere").context())
    client = make_client(server.url, verify_ssl=False)
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        assert client.transport.get("").status == 200
    assert told == []
    assert client.transport.insecure_warning.startswith(
        "The certificate of 127.0.0.1 is not checked, so anybody on the way can read the API token"
    )


def test_without_tls_there_is_nothing_to_check(make_client: MakeClient) -> None:
    assert make_client("http://127.0.0.1/api", verify_ssl=False).transport.insecure_warning == ""


def test_a_server_without_tls_is_told(make_client: MakeClient, scripted: Callable[..., Any]) -> None:
    server = scripted(lambda connection, _: connection.sendall(b"HTTP/1.1 400 Bad\r\n\r\n"))
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def plain() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.recv(1000)
                connection.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")

        thread = threading.Thread(target=plain)
        thread.start()
        error = refused(make_client, f"https://127.0.0.1:{listener.getsockname()[1]}/api")
        thread.join()
    assert error.title == "Server speaks no TLS"
    assert "127.0.0.1 does not speak TLS on this port." in error.message
    assert server.requests == []


@pytest.mark.parametrize("stage", ["handshake", "answer"])
def test_cancelling_ends_a_hanging_tls_connection(
    make_client: MakeClient,
    scripted: Callable[..., Any],
    certificate: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
    cancel: CancelToken,
    stage: str,
) -> None:
    made, go = certificate(), threading.Event()
    trust(monkeypatch, made.authority)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"https://127.0.0.1:{silent.getsockname()[1]}/api"
        if stage == "answer":
            url = scripted(lambda *_: go.wait(10), made.context()).url
        moment: list[float] = []

        def stop() -> None:
            moment.append(time.monotonic())
            cancel.cancel()

        timer = threading.Timer(0.3, stop)
        timer.start()
        with pytest.raises(Cancelled):
            make_client(url, read_timeout=20).transport.get("")
        assert time.monotonic() - moment[0] < 1
        timer.join()
        go.set()
