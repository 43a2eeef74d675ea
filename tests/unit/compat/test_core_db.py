"""``qcpump.core.db``: queries of users' pump types; the connection is closed whatever happens."""

from __future__ import annotations

import socket
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from qcpump_qt.compat.bridge import use_settings
from qcpump_qt.compat.qcpump.core.db import (
    fdb_query,
    firebirdsql_query,
    mssql_query,
    odbc_text,
    sqlite_query,
)
from qcpump_qt.engine.errors import ConfigurationError, ItemError, SourceUnavailable


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "beams.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE Beams (Name TEXT, OutputDose REAL)")
        connection.executemany("INSERT INTO Beams VALUES (?, ?)", [("6X", 1.01), ("it's", 2.0)])
        connection.commit()
    return path


@pytest.fixture(autouse=True)
def _quick() -> Iterator[None]:
    use_settings({"DB_CONNECT_TIMEOUT": 2})
    yield
    use_settings(None)


def ask(database: Path, statement: str, *rest: Any, **options: Any) -> Any:
    return sqlite_query({"database": str(database)}, statement, *rest, **options)


def test_rows_in_the_three_ways(database: Path) -> None:
    statement = "SELECT Name, OutputDose FROM Beams ORDER BY OutputDose"
    assert ask(database, statement) == [("6X", 1.01), ("it's", 2.0)]
    assert ask(database, statement, fetch_method="fetchone") == ("6X", 1.01)
    assert ask(database, statement, None, "fetchallmap") == [
        {"name": "6X", "outputdose": 1.01},
        {"name": "it's", "outputdose": 2.0},
    ]


def test_values_go_in_as_parameters(database: Path) -> None:
    assert ask(database, "SELECT OutputDose FROM Beams WHERE Name = ?", ("it's",)) == [(2.0,)]
    assert ask(database, "SELECT OutputDose FROM Beams WHERE Name = :n", {"n": "6X"}) == [(1.01,)]


def test_a_missing_file_is_told_and_not_made(tmp_path: Path) -> None:
    missing = tmp_path / "no.db"
    with pytest.raises(SourceUnavailable) as caught:
        ask(missing, "SELECT 1")
    assert caught.value.message == f"There is no database file {missing}."
    assert not missing.exists()


def test_memory_needs_no_file() -> None:
    assert sqlite_query({"database": ":memory:"}, "SELECT 1") == [(1,)]


def test_a_statement_that_the_database_refuses(database: Path) -> None:
    with pytest.raises(ItemError) as caught:
        ask(database, "SELECT Missing FROM Beams")
    assert caught.value.message == f"The database {database} refused the statement: no such column: Missing"


def test_a_statement_that_only_writes_is_refused_and_changes_nothing(database: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"gives no rows\. These queries only read"):
        ask(database, "DELETE FROM Beams")
    assert len(ask(database, "SELECT * FROM Beams")) == 2


def test_an_unknown_way_to_fetch(database: Path) -> None:
    with pytest.raises(
        ConfigurationError, match="can use fetchall, fetchone, fetchallmap, but not 'fetchmany'"
    ):
        ask(database, "SELECT 1", fetch_method="fetchmany")


class Driver(ModuleType):
    """Stands for a driver that is not installed here; behind it is a real SQLite database."""

    def __init__(self, name: str, database: Path) -> None:
        super().__init__(name)
        self.database = database
        self.asked: list[tuple[tuple[Any, ...], dict[str, Any]]] = []
        self.opened: list[sqlite3.Connection] = []

    def connect(self, *args: Any, **kwargs: Any) -> sqlite3.Connection:
        self.asked.append((args, kwargs))
        # Its threads are none of a driver's business here.
        self.opened.append(sqlite3.connect(self.database, check_same_thread=False))
        return self.opened[-1]

    def all_closed(self) -> bool:
        for connection in self.opened:
            with pytest.raises(sqlite3.ProgrammingError, match="closed"):
                connection.execute("SELECT 1")
        return bool(self.opened)


@pytest.fixture
def driver(database: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    def install(name: str) -> Driver:
        module = Driver(name, database)
        monkeypatch.setitem(sys.modules, name, module)
        return module

    return install


def test_firebirdsql_gets_a_time_out_and_is_closed(driver: Any) -> None:
    module = driver("firebirdsql")
    options = {"host": "server", "database": "dqa3", "user": "sysdba", "password": "masterkey"}
    rows = firebirdsql_query(options, "SELECT Name FROM Beams", fetch_method="fetchallmap")
    assert rows == [{"name": "6X"}, {"name": "it's"}]
    assert module.asked == [((), {"timeout": 2, **options})]
    assert module.all_closed()


def test_the_connection_is_closed_when_the_statement_is_refused(driver: Any) -> None:
    module = driver("firebirdsql")
    with pytest.raises(ItemError):
        firebirdsql_query({"database": "dqa3"}, "SELECT nonsense")
    assert module.all_closed()


def test_fdb_is_only_asked_when_its_server_answers(driver: Any) -> None:
    module = driver("fdb")
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        options = {"host": "127.0.0.1", "port": port, "database": "dqa3"}
        assert fdb_query(options, "SELECT Name FROM Beams", fetch_method="fetchone") == ("6X",)
    assert module.asked == [((), options)]
    assert module.all_closed()
    with pytest.raises(SourceUnavailable) as caught:
        fdb_query(options, "SELECT 1")
    assert caught.value.message == (
        f"The computer 127.0.0.1 is there, but nothing answers at its port {port}. "
        "Check the port, whether the database service is running there, and the firewall."
    )
    assert len(module.asked) == 1


def test_fdb_without_a_host_is_embedded(driver: Any) -> None:
    module = driver("fdb")
    fdb_query({"database": "dqa3.fdb"}, "SELECT 1")
    assert module.asked == [((), {"database": "dqa3.fdb"})]


def test_sql_server_by_odbc(driver: Any) -> None:
    module = driver("pyodbc")
    options = {"host": "sql", "port": 1433, "driver": "ODBC Driver 17 for SQL Server", "autocommit": True}
    mssql_query(options, "SELECT 1")
    expected = "SERVER=sql,1433;DRIVER={ODBC Driver 17 for SQL Server}"
    assert module.asked == [((expected,), {"timeout": 2, "autocommit": True})]
    assert module.all_closed()


def test_sql_server_by_pytds(driver: Any) -> None:
    module = driver("pytds")
    options = {"host": "sql", "port": 1433, "driver": "py-tds", "user": "sa", "password": "secret"}
    mssql_query(options, "SELECT 1")
    expected = {"login_timeout": 2, "port": 1433, "user": "sa", "password": "secret", "dsn": "sql"}
    assert module.asked == [((), expected)]


@pytest.mark.parametrize(
    ("options", "text"),
    [
        (
            {"host": "sql", "user": "sa", "password": "x", "database": "d"},
            "SERVER=sql;UID=sa;PWD=x;DATABASE=d",
        ),
        ({"server": "sql", "port": 1433}, "SERVER=sql,1433"),
        ({"host": "sql,1500", "port": 1433}, "SERVER=sql,1500"),
        ({"host": "localhost\\DailyQA", "port": 1433}, "SERVER=localhost\\DailyQA"),
        ({"driver": "FreeTDS", "host": "sql", "port": 1433}, "DRIVER={FreeTDS};SERVER=sql;PORT=1433"),
        ({"password": "a;UID=sa"}, "PWD={a;UID=sa}"),
        ({"password": "a}b"}, "PWD={a}}b}"),
        ({"password": " a"}, "PWD={ a}"),
        ({"user": None, "database": "d"}, "DATABASE=d"),
    ],
)
def test_odbc_texts(options: dict[str, Any], text: str) -> None:
    assert odbc_text(options) == text


def test_a_connection_that_fails_gives_no_password_away(monkeypatch: pytest.MonkeyPatch) -> None:
    module = ModuleType("firebirdsql")

    def connect(**options: Any) -> Any:
        raise UnicodeError(f"cannot log in with {options['password']}")

    module.connect = connect  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "firebirdsql", module)
    with pytest.raises(SourceUnavailable) as caught:
        firebirdsql_query({"database": "dqa3", "password": "masterkey"}, "SELECT 1")
    assert caught.value.message == "The database dqa3 cannot be opened: cannot log in with ***"


@pytest.mark.parametrize(
    ("name", "package", "query"),
    [
        ("firebirdsql", "firebirdsql", firebirdsql_query),
        ("pyodbc", "pyodbc", mssql_query),
        ("fdb", "fdb", fdb_query),
    ],
)
def test_a_missing_driver_is_told(
    name: str, package: str, query: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(ConfigurationError) as caught:
        query({"database": "d"}, "SELECT 1")
    assert caught.value.message == (
        f"The database driver {name} is not installed or does not load (import of {name} halted; None in sys.modules). "
        f"Install the Python package {package} and what it needs."
    )
