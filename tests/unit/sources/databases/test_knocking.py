"""A knock at a database server's door: open, closed, unknown."""

from __future__ import annotations

import socket
from dataclasses import replace

import pytest

from qcpump_qt.engine.errors import SourceUnavailable
from qcpump_qt.sources.databases.connection import Account
from qcpump_qt.sources.databases.knocking import knock, silent
from servers.closed_port import closed_port

ACCOUNT = Account(
    kind="sqlserver", driver="d", host="127.0.0.1", port=None, database="dqa3", user="u", password="p"
)


def test_somebody_is_there() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        knock(ACCOUNT, server.getsockname()[1])
        line, _ = server.accept()
        with line:
            assert line.recv(1) == b""


def test_without_a_host_it_is_this_computer() -> None:
    with closed_port() as port, pytest.raises(SourceUnavailable, match="The computer localhost is there"):
        knock(replace(ACCOUNT, host=""), port)


def test_nobody_is_there() -> None:
    with closed_port() as port, pytest.raises(SourceUnavailable) as caught:
        knock(ACCOUNT, port)
    assert caught.value.message == (
        f"The computer 127.0.0.1 is there, but nothing answers at its port {port}. "
        "Check the port, whether the database service is running there, and the firewall."
    )
    assert caught.value.subject == "dqa3"


@pytest.mark.parametrize("host", ["no-such-host.invalid", "a" * 70 + ".invalid"])
def test_a_host_that_nobody_knows(host: str) -> None:
    with pytest.raises(SourceUnavailable) as caught:
        knock(replace(ACCOUNT, host=host), 1433)
    assert caught.value.message == (
        f"The database server {host} is not known in the network. "
        "Check the host's spelling, and that this computer is in the hospital's network."
    )


def test_nobody_answers() -> None:
    assert silent(ACCOUNT, "pc\\dailyqa").message.startswith(
        "The database server pc\\dailyqa did not answer within"
    )
    assert silent(ACCOUNT, "pc, port 1433").message == (
        "The database server pc, port 1433, did not answer within 30 seconds. "
        "Check the host and the port, whether that computer is switched on, and the firewall."
    )
