"""The token is shown nowhere: in no message, no representation of an object, no log."""

from __future__ import annotations

import logging
import socket
import traceback
from collections.abc import Callable
from typing import Any

import pytest

from qcpump_qt.engine.errors import (
    PumpError,
    RecordRejected,
)
from qcpump_qt.qatrack.server import QATrackServer

MakeClient = Callable[..., QATrackServer]


def answering(status: str, body: bytes = b"{}", *headers: str) -> Callable[[socket.socket, bytes], None]:
    lines_ = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers, "Connection: close", "", ""]
    return lambda connection, _: connection.sendall("\r\n".join(lines_).encode() + body)


CANARY = "ca9a12ca9a12ca9a12ca9a12ca9a12ca9a12ca9a"


def mirror(connection: socket.socket, request: bytes) -> None:
    """A page for developers, as some servers show them on errors: with all headers of the request."""
    body = b"<html><title>Error</title><pre>" + request + b"</pre></html>"
    head_ = f"HTTP/1.1 400 Bad\r\nContent-Type: text/html\r\nContent-Length: {len(body)}\r\n\r\n"
    connection.sendall(head_.encode() + body)


def mirror_json(connection: socket.socket, request: bytes) -> None:
    token = request.split(b"Token ")[1].split(b"\r\n")[0]
    body = b'{"non_field_errors": ["Nobody knows Token ' + token + b'"]}'
    head_ = f"HTTP/1.1 400 Bad\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    connection.sendall(head_.encode() + body)


SCRIPTS: dict[str, Callable[[socket.socket, bytes], None]] = {
    "mirrored page": mirror,
    "mirrored json": mirror_json,
    "401": answering("401 Unauthorized", b'{"detail": "Invalid token."}'),
    "500": answering("500 Oops", b"<title>500</title>"),
    "redirect": answering("302 Found", b"", "Location: /accounts/login/"),
    "garbage": lambda connection, _: connection.sendall(b"garbage\r\n\r\n"),
    "dropped": lambda connection, _: None,
}


@pytest.mark.parametrize("script", SCRIPTS.values(), ids=SCRIPTS)
def test_the_token_is_in_no_text_and_in_no_log(
    make_client: MakeClient, scripted: Callable[..., Any], caplog: pytest.LogCaptureFixture, script: Any
) -> None:
    caplog.set_level(logging.DEBUG)
    for name in ("urllib3", "requests", "pypac"):
        logging.getLogger(name).setLevel(logging.DEBUG)
    client = make_client(scripted(script).url, CANARY)
    with pytest.raises(PumpError) as caught:
        client.post({"user_key": "k"})
    error = caught.value
    shown = [str(error), repr(error), repr(vars(error)), caplog.text, repr(client), repr(vars(client))]
    shown += [repr(client.address), repr(client.transport), repr(client.transport._session)]
    shown += [str(each.args) for each in caplog.records]
    shown += traceback.format_exception(error)
    if isinstance(error, RecordRejected):
        shown.append(repr(error.answer))
    assert "urllib3" in {record.name.split(".")[0] for record in caplog.records}
    assert not [text for text in shown if CANARY in text]
