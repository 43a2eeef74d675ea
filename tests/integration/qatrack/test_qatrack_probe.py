"""Validation tells the many ways in which a server cannot be used apart, each with what to do."""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import Any

import pytest

from qcpump_qt.demo.server import StandIn
from qcpump_qt.engine.errors import PumpError, ServerRefused, ServerUnavailable
from qcpump_qt.qatrack.probe import check_server
from qcpump_qt.qatrack.server import QATrackServer
from servers.closed_port import closed_port

MakeClient = Callable[..., QATrackServer]
TOKEN = "c0ffee0123456789c0ffee0123456789c0ffee01"
NO_RIGHT = "deadbeef0123456789deadbeef0123456789dead"
INACTIVE = "facade000123456789facade000123456789face"


def trouble(client: QATrackServer, kind: type[PumpError] = ServerRefused) -> PumpError:
    with pytest.raises(PumpError) as caught:
        check_server(client)
    assert type(caught.value) is kind
    return caught.value


def test_a_good_server_is_told_with_its_units(client: QATrackServer, standin: StandIn) -> None:
    assert check_server(client) == (
        f"{standin.url} answers as QATrack+; the token is good and its user may upload. There are 5 active units."
    )
    assert standin.sessions() == []
    for unit in standin.world.units[1:]:
        unit.active = False
    assert check_server(client).endswith("There is 1 active unit.")


@pytest.mark.parametrize("more", ["", "/api/qa", "/api/qa/testlistinstances/", "/api/units"])
def test_the_better_address_is_named(make_client: MakeClient, standin: StandIn, more: str) -> None:
    error = trouble(make_client(standin.page_url + more))
    assert error.title == "API address wrong"
    assert f"but at {standin.url}. Enter that address." in error.message


def test_the_better_address_is_named_for_a_wrong_token_too(make_client: MakeClient, standin: StandIn) -> None:
    assert f"but at {standin.url}." in trouble(make_client(standin.page_url, "0" * 40)).message


@pytest.mark.parametrize(
    ("token", "title", "words"),
    [
        ("0" * 40, "API token refused", "The server does not know the API token."),
        (INACTIVE, "API token refused", "inactive or deleted in QATrack+."),
        (NO_RIGHT, "API user lacks a right", "“Can add test list instance”"),
    ],
)
def test_tokens_and_rights(
    make_client: MakeClient, standin: StandIn, token: str, title: str, words: str
) -> None:
    error = trouble(make_client(standin.url, token))
    assert error.title == title
    assert words in error.message


def test_a_header_that_gets_lost(
    make_client: MakeClient, standin: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = make_client(standin.url)
    del client.transport._session.headers["Authorization"]
    assert "takes the Authorization header away" in trouble(client).message


def answering(
    status: str, body: bytes, kind: str = "text/html", *more: str
) -> Callable[[socket.socket, bytes], None]:
    head = [
        f"HTTP/1.1 {status}",
        f"Content-Type: {kind}",
        f"Content-Length: {len(body)}",
        "Connection: close",
    ]
    return lambda connection, _: connection.sendall("\r\n".join([*head, *more, "", ""]).encode() + body)


@pytest.mark.parametrize(
    ("script", "title", "words"),
    [
        (
            answering("200 OK", b"<title>Intranet</title>"),
            "Not QATrack+",
            "It said: “Intranet” Check the API address",
        ),
        (
            answering("200 OK", b'{"hello": 1}', "application/json"),
            "Not QATrack+",
            "another program. Check the API",
        ),
        (
            answering("404 Not Found", b"<title>404</title>"),
            "API address wrong",
            "There is no QATrack+ API at http://",
        ),
        (
            answering("302 Found", b"", "text/html", "Location: /accounts/login/"),
            "API address wrong",
            "login page",
        ),
        (
            answering("301 Moved", b"", "text/html", "Location: https://127.0.0.1/api/"),
            "API address wrong",
            "The server wants https:// for this address.",
        ),
        (answering("400 Bad", b"<title>Bad Request (400)</title>"), "API address wrong", "ALLOWED_HOSTS"),
        (
            answering("403 No", b"<title>Blocked</title>"),
            "Server refuses",
            "Something before QATrack+ forbids",
        ),
        (answering("407 Auth", b"<title>Proxy</title>"), "Proxy wants a login", "(407)"),
    ],
)
def test_other_things_that_answer(
    make_client: MakeClient, scripted: Callable[..., Any], script: Any, title: str, words: str
) -> None:
    error = trouble(make_client(scripted(script).url))
    assert error.title == title
    assert words in error.message


def test_a_server_that_gives_the_root_but_takes_no_sessions(
    make_client: MakeClient, scripted: Callable[..., Any]
) -> None:
    def half(connection: socket.socket, request: bytes) -> None:
        if request.startswith(b"GET"):
            answering("200 OK", b'{"qa": "", "units": ""}', "application/json")(connection, request)
        else:
            answering("405 No", b'{"detail": "no"}', "application/json")(connection, request)

    error = trouble(make_client(scripted(half).url))
    assert "does not take this kind of request (405)" in error.message


def test_a_server_with_trouble_of_its_own(make_client: MakeClient, scripted: Callable[..., Any]) -> None:
    error = trouble(
        make_client(scripted(answering("502 Bad", b"<h1>Bad Gateway</h1>")).url), ServerUnavailable
    )
    assert error.title == "Server has an error"


def test_a_server_that_is_not_there(make_client: MakeClient) -> None:
    with closed_port() as port:
        error = trouble(make_client(f"http://127.0.0.1:{port}/api"), ServerUnavailable)
    assert error.title == "Connection refused"


def test_a_server_that_does_not_answer(make_client: MakeClient) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        client = make_client(f"http://127.0.0.1:{silent.getsockname()[1]}/api", read_timeout=0.2)
        assert trouble(client, ServerUnavailable).title == "No answer in time"


def test_a_certificate_that_is_not_trusted(
    make_client: MakeClient, scripted: Callable[..., Any], certificate: Callable[..., Any]
) -> None:
    server = scripted(answering("200 OK", b"{}"), certificate().context())
    assert trouble(make_client(server.url)).title == "Certificate not trusted"
