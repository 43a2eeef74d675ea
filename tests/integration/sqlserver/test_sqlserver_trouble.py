"""Every trouble with a SQL Server is told apart, in words that say what to do, over every driver."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from integration.sqlserver.odbc_scene import ROWS, USER, ask, refusal
from qcpump_qt.engine.errors import ConfigurationError, SourceUnavailable
from qcpump_qt.sources.databases.connection import Account
from servers.closed_port import closed_port
from servers.tds_process import TdsServer

GONE = (
    "The server 127.0.0.1 (port {port}) ended the connection while it was asked. "
    "The next cycle tries again; if this goes on, ask whoever looks after the server."
)
BAD_LOGIN = (
    "The server 127.0.0.1 (port {port}) does not accept the user {user} with this password. Check both. "
    "The user must be a SQL Server login, and the server must allow SQL Server logins."
)


@pytest.mark.parametrize("other", [{"password": "wrong"}, {"user": "nobody"}, {"password": ""}])
def test_a_wrong_password_or_user(
    account: Callable[..., Account], server: TdsServer, other: dict[str, str]
) -> None:
    mine = account(**other)
    error = refusal(mine)
    assert isinstance(error, ConfigurationError)
    assert error.message == BAD_LOGIN.format(port=server.port, user=mine.user)


def test_no_such_database(account: Callable[..., Account], server: TdsServer) -> None:
    error = refusal(account(database="Sncdata"))
    assert isinstance(error, ConfigurationError)
    assert error.message == (
        f"The server 127.0.0.1 (port {server.port}) accepts the user {USER}, but has no database Sncdata for "
        "that user. Check the database's name, and that the user may open it."
    )
    assert error.subject == "Sncdata"


def test_no_such_table(account: Callable[..., Account]) -> None:
    error = refusal(account(), "SELECT * FROM DQA3_DATA d JOIN DQA3_TREND t ON t.DATA_KEY = d.DATA_KEY")
    assert isinstance(error, ConfigurationError)
    assert error.message == (
        "The database DailyQA has no table DQA3_TREND. Check that this is the database of the device's software, "
        "and that the pump type suits its version."
    )


def test_no_such_column(account: Callable[..., Account]) -> None:
    error = refusal(account(), "SELECT NUMBER, RESULTS_BSC1 FROM DQA3_DATA")
    assert isinstance(error, ConfigurationError)
    assert error.message == (
        "A table in the database DailyQA has no column RESULTS_BSC1. "
        "Check that the pump type suits the version of the device's software."
    )


def test_no_right_to_read_a_table(account: Callable[..., Account]) -> None:
    error = refusal(account(), "SELECT d.NUMBER FROM DQA3_DATA d, DEVICE v WHERE v.SERIAL = d.NAME")
    assert isinstance(error, ConfigurationError)
    assert error.message == (
        "The user physics may not read the table DEVICE in the database DailyQA. Ask whoever looks after the server "
        "to run there: GRANT SELECT ON [DEVICE] TO [physics];"
    )


def test_a_statement_that_makes_no_sense(account: Callable[..., Account]) -> None:
    error = refusal(account(), "SELECTED NUMBER FROM MANY")
    assert isinstance(error, ConfigurationError)
    assert error.message == (
        "The database DailyQA refused a query. The driver says: "
        'Incorrect syntax: near "SELECTED": syntax error.'
    )


def test_an_unknown_host(account: Callable[..., Account]) -> None:
    error = refusal(account(host="no-such-host.invalid"))
    assert isinstance(error, SourceUnavailable)
    assert error.message == (
        "The database server no-such-host.invalid is not known in the network. "
        "Check the host's spelling, and that this computer is in the hospital's network."
    )


def test_a_closed_port(account: Callable[..., Account]) -> None:
    with closed_port() as port:
        error = refusal(account(port=port))
    assert isinstance(error, SourceUnavailable)
    assert error.message == (
        f"The computer 127.0.0.1 is there, but nothing answers at its port {port}. "
        "Check the port, whether the database service is running there, and the firewall."
    )


def test_a_server_that_never_says_a_word(account: Callable[..., Account], server: TdsServer) -> None:
    server.be_silent()
    error = refusal(account(connect_timeout=1))
    assert isinstance(error, SourceUnavailable)
    assert error.message == (
        f"The database server 127.0.0.1, port {server.port}, did not answer within 1 seconds. "
        "Check the host and the port, whether that computer is switched on, and the firewall."
    )
    server.be_silent(False)
    assert len(ask(account())) == ROWS


@pytest.mark.parametrize("trouble", ["silent", "deaf", "half"])
def test_a_query_that_is_never_answered_to_the_end(
    account: Callable[..., Account], server: TdsServer, trouble: str
) -> None:
    server.trouble(MANY=trouble)
    error = refusal(account(query_timeout=1))
    assert isinstance(error, SourceUnavailable)
    assert error.message == (
        f"The database server 127.0.0.1, port {server.port}, did not answer a query within 1 seconds. "
        "The next cycle tries again; if this goes on, ask whoever looks after the server."
    )
    server.trouble()
    assert len(ask(account())) == ROWS


@pytest.mark.parametrize("trouble", ["drop", "drop-half"])
def test_a_connection_that_ends_in_the_middle(
    account: Callable[..., Account], server: TdsServer, trouble: str
) -> None:
    server.trouble(MANY=trouble)
    error = refusal(account())
    assert isinstance(error, SourceUnavailable)
    assert error.message == GONE.format(port=server.port)
    server.trouble()
    assert len(ask(account())) == ROWS


def test_a_driver_that_is_not_installed(account: Callable[..., Account]) -> None:
    error = refusal(account(driver="ODBC Driver 11 for SQL Server"))
    assert isinstance(error, ConfigurationError)
    first, *middle, last = error.message.split(". ")
    assert first == "The ODBC driver ODBC Driver 11 for SQL Server is not installed on this computer"
    assert (
        last
        == "Microsoft offers ODBC Driver 11 for SQL Server as a free download for Windows, Linux and macOS."
    )
    assert all(text.startswith(("Installed for SQL Server: ", "Choose one of these")) for text in middle)


def test_tls_that_the_server_insists_on_is_no_trouble(
    serve: Callable[..., TdsServer], account: Callable[..., Account]
) -> None:
    server = serve(forced=True)
    assert len(ask(account(port=server.port))) == ROWS


def test_a_certificate_that_nobody_vouches_for(
    account: Callable[..., Account], driver: str, server: TdsServer
) -> None:
    # Another name for the loopback, so that the server is not taken for one on this computer.
    mine = account(host="127.1")
    if "msodbcsql" not in driver:
        assert len(ask(mine)) == ROWS
        return
    error = refusal(mine)
    assert isinstance(error, ConfigurationError)
    assert error.message == (
        f"The connection to 127.1 (port {server.port}) was given up, because nobody this computer trusts vouches for "
        "the server's certificate. Have a trusted certificate installed on the server. Where the network in between "
        "is safe, choose ODBC Driver 17 for SQL Server or FreeTDS instead, which do not check it."
    )


def test_a_server_without_tls(
    serve: Callable[..., TdsServer], account: Callable[..., Account], driver: str
) -> None:
    server = serve(tls=False)
    mine = account(port=server.port)
    if "msodbcsql" not in driver:
        assert len(ask(mine)) == ROWS
        return
    error = refusal(mine)
    assert isinstance(error, ConfigurationError)
    assert error.message == (
        f"The driver and the server 127.0.0.1 (port {server.port}) do not agree on encryption. Old servers need an "
        "older driver, such as ODBC Driver 17 for SQL Server or FreeTDS, or an update. "
        "The driver says: Encryption not supported on SQL Server."
    )
