"""Each failure of a Firebird connection told apart, with both drivers, in words that say what to do."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable

import pytest

from integration.firebird.conftest import HEAVY, PASSWORD, USER, Asking, ask, busy, until
from qcpump_qt.engine.cancel import CancelToken
from qcpump_qt.engine.errors import Cancelled, ConfigurationError, PumpError, SourceUnavailable
from qcpump_qt.sources.databases.connection import Account, open_database
from servers.closed_port import closed_port
from servers.firebird import FirebirdServer
from servers.stalling_proxy import StallingProxy

MakeAccount = Callable[..., Account]


def trouble(account: Account, statement: str = "SELECT * FROM BEAMS") -> PumpError:
    with pytest.raises(PumpError) as caught:
        ask(account, statement)
    assert account.password not in str(caught.value)
    return caught.value


@pytest.mark.parametrize("other", [{"password": "wrong-one"}, {"user": "NOBODY"}])
def test_a_wrong_login(account: MakeAccount, other: dict[str, str]) -> None:
    asked = account(**other)
    error = trouble(asked)
    assert isinstance(error, ConfigurationError)
    assert error.message == (
        f"The database server 127.0.0.1, port {asked.port}, does not accept the user {asked.user} with this password. "
        "Check both in the pump's configuration; capital letters count in the password."
    )
    assert error.subject == asked.database


@pytest.mark.parametrize("host", ["no-such-host.invalid", "x" * 70])
def test_an_unknown_host(account: MakeAccount, host: str) -> None:
    error = trouble(account(host=host))
    assert isinstance(error, SourceUnavailable)
    assert error.message == (
        f"The database server {host} is not known in the network. "
        "Check the host's spelling, and that this computer is in the hospital's network."
    )


def test_a_closed_port(account: MakeAccount) -> None:
    with closed_port() as port:
        error = trouble(account(port=port))
    assert isinstance(error, SourceUnavailable)
    assert error.message == (
        f"The computer 127.0.0.1 is there, but nothing answers at its port {port}. "
        "Check the port, whether the database service is running there, and the firewall."
    )


def test_a_silent_host(account: MakeAccount, driver: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        error = trouble(account(port=port, connect_timeout=0.5))
    assert isinstance(error, SourceUnavailable)
    assert error.message == (
        f"The database server 127.0.0.1, port {port}, did not answer within 0.5 seconds. "
        "Check the host and the port, whether that computer is switched on, and the firewall."
    )


def test_something_else_at_the_port(account: MakeAccount) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        ending = threading.Event()
        server.settimeout(0.05)
        thread = threading.Thread(target=hang_up_on_everybody, args=(server, ending))
        thread.start()
        error = trouble(account(port=port))
        ending.set()
        thread.join()
    assert isinstance(error, SourceUnavailable)
    assert error.message == (
        f"The computer 127.0.0.1, port {port}, hung up during the login. Check that a Firebird server listens "
        "there and not another program; if the server was just restarted, the next cycle tries again."
    )


def hang_up_on_everybody(server: socket.socket, ending: threading.Event) -> None:
    """Take each call, listen to how it begins, and hang up."""
    while not ending.is_set():
        with contextlib.suppress(TimeoutError):
            line, _ = server.accept()
            with line:
                line.settimeout(30)
                line.recv(1 << 16)


def test_no_such_database(account: MakeAccount) -> None:
    asked = account(database="/nowhere/Sncdata.fdb")
    error = trouble(asked)
    assert isinstance(error, ConfigurationError)
    assert error.message == (
        f"The database server 127.0.0.1, port {asked.port}, has no database /nowhere/Sncdata.fdb. "
        "Give the path of the file as that computer itself sees it (such as C:\\SNC\\Sncdata.fdb), or its alias."
    )


def test_a_file_that_is_no_database(server: FirebirdServer, account: MakeAccount) -> None:
    path = server.folder / "firebird.conf"
    error = trouble(account(database=str(path)))
    assert isinstance(error, ConfigurationError)
    assert error.message.startswith(
        f"The file of the database {path} on 127.0.0.1, port {server.port} is not a Firebird database that this "
        'server can read (I/O error during "read" operation'
    )
    assert error.message.endswith("Check the path, and the version of the server.")


def test_no_such_table(account: MakeAccount, beams: str, server: FirebirdServer) -> None:
    error = trouble(account(), "SELECT * FROM DQA3_TREND")
    assert isinstance(error, ConfigurationError)
    assert error.message == (
        f"There is no table DQA3_TREND in the database {beams} on 127.0.0.1, port {server.port}. "
        "Check that it is the right database, and that its version is one that this pump type supports."
    )


def test_no_such_column(account: MakeAccount, beams: str, server: FirebirdServer) -> None:
    error = trouble(account(), "SELECT b.RESULTS_DOSE FROM BEAMS b")
    assert isinstance(error, ConfigurationError)
    assert error.message == (
        f"There is no column B.RESULTS_DOSE in the database {beams} on 127.0.0.1, port {server.port}. "
        "Check that the database's version is one that this pump type supports."
    )


def test_no_right(account: MakeAccount, beams: str, server: FirebirdServer) -> None:
    error = trouble(account(user=USER.lower()), "SELECT * FROM SECRETS")
    assert isinstance(error, ConfigurationError)
    assert error.message == (
        f"The user READER has no right to read the table SECRETS in the database {beams} on 127.0.0.1, "
        f"port {server.port}. Let its administrator run there: GRANT SELECT ON SECRETS TO USER READER;"
    )


def test_a_query_that_is_refused(account: MakeAccount, beams: str, server: FirebirdServer) -> None:
    error = trouble(account(), "SELEC 1")
    assert isinstance(error, ConfigurationError)
    assert error.message == (
        f"The query was refused by the database {beams} on 127.0.0.1, port {server.port} (Dynamic SQL Error; "
        "SQL error code = -104; Token unknown - line 1, column 1; SELEC). "
        "Check that the database's version is one that this pump type supports."
    )


@pytest.mark.parametrize(
    ("other", "message"),
    [
        ({"charset": "KOI8"}, "The charset KOI8 is not one of those for Firebird: UTF-8, WIN1251."),
        ({"driver": "odbc"}, "The driver odbc is not one of those for Firebird: firebirdsql, fdb."),
    ],
)
def test_what_the_configuration_cannot_mean(
    account: MakeAccount, other: dict[str, str], message: str
) -> None:
    error = trouble(account(**other))
    assert isinstance(error, ConfigurationError)
    assert error.message == message


def test_a_stop_in_mid_query(server: FirebirdServer, beams: str, account: MakeAccount) -> None:
    asking = Asking(account(), HEAVY)
    until(lambda: busy(server, beams))
    asking.cancel.cancel()
    assert isinstance(asking.wait(), Cancelled)
    # The server does not go on with what nobody waits for.
    until(lambda: server.attachments(beams) == 0)


def test_a_stop_between_two_rows(account: MakeAccount) -> None:
    cancel = CancelToken()
    with open_database(account(), cancel) as database:
        rows = database.rows("SELECT a.RDB$FIELD_NAME FROM RDB$FIELDS a, RDB$FIELDS b")
        next(rows)
        cancel.cancel()
        with pytest.raises(Cancelled):
            list(rows)


def test_a_query_that_takes_too_long(server: FirebirdServer, beams: str, account: MakeAccount) -> None:
    error = trouble(account(query_timeout=0.5), HEAVY)
    assert isinstance(error, SourceUnavailable)
    assert error.message == (
        f"The database server 127.0.0.1, port {server.port}, did not answer a query within 0.5 seconds. "
        "The next cycle tries again; if this goes on, ask whoever looks after the server."
    )
    until(lambda: server.attachments(beams) == 0)


def test_a_line_that_goes_dead_in_mid_answer(server: FirebirdServer, account: MakeAccount) -> None:
    statement = "SELECT RPAD(a.RDB$FIELD_NAME, 2000, 'x') N FROM RDB$FIELDS a, RDB$FIELDS b"
    with (
        StallingProxy(server.port) as proxy,
        open_database(account(port=proxy.port, query_timeout=3.0), CancelToken()) as database,
    ):
        rows = database.rows(statement)
        assert len(next(rows)["n"]) == 2000
        proxy.stall()
        with pytest.raises(SourceUnavailable, match="did not answer a query within 3 seconds"):
            list(rows)
        with pytest.raises(SourceUnavailable, match="did not answer a query within 3 seconds"):
            list(database.rows("SELECT 1 FROM RDB$DATABASE"))


def test_a_server_that_is_killed_in_mid_query(
    tmp_path_factory: pytest.TempPathFactory, server: FirebirdServer, account: MakeAccount
) -> None:
    with FirebirdServer(tmp_path_factory.mktemp("killed") / "server") as own:
        own.add_user(USER, PASSWORD)
        path = own.create("own.fdb")
        asked = account(port=own.port, database=path)
        asking = Asking(asked, HEAVY)
        until(lambda: busy(own, path))
        own.kill()
        error = asking.wait()
        assert isinstance(error, SourceUnavailable)
        assert error.message == (
            f"The connection to the database {path} on 127.0.0.1, port {own.port} broke in the middle of a query. "
            "Nothing was lost: the next cycle reads it again. If this goes on, ask whoever looks after the server."
        )
        own.start()
        assert ask(asked, "SELECT 1 N FROM RDB$DATABASE") == [{"n": 1}]


@pytest.mark.parametrize(
    ("plugins", "wire_crypt"),
    [
        ("Legacy_Auth", "Disabled"),
        ("Legacy_Auth", "Enabled"),
        ("Srp256, Srp, Legacy_Auth", "Enabled"),
        ("Srp256, Srp, Legacy_Auth", "Disabled"),
    ],
)
def test_the_login_of_firebird_2(
    tmp_path_factory: pytest.TempPathFactory,
    server: FirebirdServer,
    account: MakeAccount,
    plugins: str,
    wire_crypt: str,
) -> None:
    folder = tmp_path_factory.mktemp("old") / "server"
    with FirebirdServer(folder, plugins=plugins, wire_crypt=wire_crypt) as old:
        old.add_user("OLDIE", "oldpass", legacy=True)
        script = "CREATE TABLE T (ID INTEGER); GRANT SELECT ON T TO USER OLDIE;"
        path = old.create("old.fdb", "WIN1251", script)
        asked = account(port=old.port, database=path, user="OLDIE", password="oldpass")
        assert ask(asked, "SELECT * FROM T") == []
        error = trouble(account(port=old.port, database=path, user="OLDIE", password="other"))
        assert isinstance(error, ConfigurationError)
        assert error.message.startswith(
            f"The database server 127.0.0.1, port {old.port}, does not accept the user OLDIE with this password"
        )


@pytest.mark.parametrize("plugins", ["Srp", "Srp256"])
@pytest.mark.parametrize("wire_crypt", ["Required", "Enabled", "Disabled"])
def test_every_login_of_firebird_3(
    tmp_path_factory: pytest.TempPathFactory,
    server: FirebirdServer,
    account: MakeAccount,
    plugins: str,
    wire_crypt: str,
) -> None:
    folder = tmp_path_factory.mktemp("wire") / "server"
    with FirebirdServer(folder, plugins=plugins, wire_crypt=wire_crypt) as own:
        own.add_user(USER, PASSWORD)
        path = own.create("own.fdb")
        asked = account(port=own.port, database=path)
        assert ask(asked, "SELECT 1 N FROM RDB$DATABASE") == [{"n": 1}]
        error = trouble(account(port=own.port, database=path, password="other"))
        assert isinstance(error, ConfigurationError)
        assert "does not accept the user READER with this password" in error.message
