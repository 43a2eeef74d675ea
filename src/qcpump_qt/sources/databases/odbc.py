"""SQL Server (and whatever else ODBC reaches) through pyodbc: the adapter of `connection.Adapter`.

Nothing is ever written: the connection is opened read-only, without transactions, and closed after the cycle.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

from qcpump_qt.engine.errors import ConfigurationError, PumpError
from qcpump_qt.sources.databases.adapter import Account, Raw
from qcpump_qt.sources.databases.knocking import knock, unreachable
from qcpump_qt.sources.databases.odbc_browser import PORT as BROWSER_PORT
from qcpump_qt.sources.databases.odbc_browser import ask_browser
from qcpump_qt.sources.databases.odbc_drivers import (
    driver_for,
    installed_drivers,
    is_freetds,
    is_sqlite,
    load_pyodbc,
    not_installed,
)
from qcpump_qt.sources.databases.odbc_text import DEFAULT_PORT, Server, connection_text, server_of
from qcpump_qt.sources.databases.odbc_words import driver_missing, login_failed, no_such_database, words_for

__all__ = ["OdbcConnection", "OdbcCursor", "connect", "in_words", "installed_drivers", "writable"]

BROWSER_PATIENCE = 6.0
"""Seconds that SQL Server Browser has for its answer, which is one small packet."""
_CHANGES = ("INSERT", "UPDATE", "DELETE")


class OdbcCursor:
    """One statement; a `connection.Cursor`.

    Args:
        cursor: pyodbc's.
        stopped: set once nobody waits for the rows any more.
    """

    def __init__(self, cursor: Any, stopped: threading.Event) -> None:
        self._cursor = cursor
        self._stopped = stopped

    @property
    def description(self) -> Sequence[Sequence[Any]] | None:
        """One entry per column, the name first."""
        description: Sequence[Sequence[Any]] | None = self._cursor.description
        return description

    def execute(self, statement: str, values: Sequence[Any]) -> object:
        """Run a statement with ``?`` as placeholders."""
        return self._cursor.execute(statement, *values)

    def fetchmany(self, size: int) -> Sequence[Sequence[Any]]:
        """The next rows; texts without the spaces with which CHAR columns are filled up.

        They are asked for one by one, so that an interruption is heeded before the next wait for the server.
        """
        rows: list[Sequence[Any]] = []
        while len(rows) < size and not self._stopped.is_set():
            row = self._cursor.fetchone()
            if row is None:
                break
            rows.append([_plain(value) for value in row])
        return rows

    def close(self) -> None:
        """Give the statement back."""
        self._cursor.close()


class OdbcConnection:
    """One open connection; a `connection.Raw`.

    The driver is only ever entered by the connection's own thread. ODBC would let another one cancel a statement,
    but `pyodbc.Cursor.cancel` also reads the statement's complaints then, and unixODBC and FreeTDS change those
    without a lock: when the server ended the connection meanwhile, that took the whole program with it
    (a segmentation fault). What waits for a silent server is ended by the driver itself instead, after the
    query time-out: it tells the server to stop, and the thread that was left behind closes the connection.
    """

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self._stopped = threading.Event()

    def cursor(self) -> OdbcCursor:
        """A new cursor."""
        return OdbcCursor(self._connection.cursor(), self._stopped)

    def interrupt(self) -> None:
        """Ask for no more rows; called from another thread, and leaves the driver alone."""
        self._stopped.set()

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


def connect(account: Account) -> OdbcConnection:
    """Open a read-only connection.

    Raises:
        ConfigurationError: the driver is missing, or something in the account cannot be used.
        SourceUnavailable: nobody is there.
        pyodbc.Error: whatever else the driver says (see `in_words`).
    """
    pyodbc = load_pyodbc()
    driver = driver_for(account.driver, pyodbc.drivers)
    found = account if is_sqlite(driver) else _found(account)
    try:
        connection = _opened(pyodbc, connection_text(found, driver), account)
    except pyodbc.Error as error:
        if driver_missing(error):
            raise not_installed(driver, pyodbc.drivers()) from error
        if is_freetds(driver) and login_failed(error) and _lets_in(pyodbc, found, driver):
            raise no_such_database(account) from error
        raise
    return OdbcConnection(connection)


def in_words(error: Exception, account: Account, statement: str) -> PumpError:
    """What the driver raised, as an error for people; see `odbc_words`."""
    return words_for(error, account, statement)


def writable(raw: Raw, account: Account, tables: Sequence[str]) -> list[str]:
    """Those of the tables that the account could change, as the server itself says.

    Raises:
        PumpError: it does not say (ConfigurationError), or is gone.
    """
    found = []
    question = "SELECT " + ", ".join(f"HAS_PERMS_BY_NAME(?, 'OBJECT', '{change}')" for change in _CHANGES)
    for table in tables:
        cursor = raw.cursor()
        try:
            cursor.execute(question, [table] * len(_CHANGES))
            if any(any(row) for row in cursor.fetchmany(1)):
                found.append(table)
        except Exception as error:
            raise words_for(error, account, question) from error
        finally:
            with suppress(Exception):
                cursor.close()
    return found


def _found(account: Account) -> Account:
    """The account with the port that answers.

    It tells an unknown host, a closed port and a silent one apart, which drivers do not, or only after long. On this
    computer a server may be reached without the network, so only a port that was given is tried there.
    """
    server = server_of(account)
    there = replace(account, host=server.address)
    port = server.port
    if port is None and not server.local:
        port = _usual_port(server, there)
    if port is None:
        return account
    knock(there, port)
    return replace(there, port=port)


def _usual_port(server: Server, account: Account) -> int | None:
    if not server.instance:
        return DEFAULT_PORT
    seconds = min(account.connect_timeout, BROWSER_PATIENCE)
    try:
        return ask_browser(server.address, server.instance, account.database, seconds)
    except (OSError, UnicodeError) as error:
        raise unreachable(error, account, BROWSER_PORT) from error


def _opened(pyodbc: Any, text: str, account: Account) -> Any:
    connection = pyodbc.connect(
        text, timeout=max(1, math.ceil(account.connect_timeout)), readonly=True, autocommit=True
    )
    # Also what ends a call that was given up: see `OdbcConnection`.
    connection.timeout = max(1, math.ceil(account.query_timeout))
    # As Unicode, whatever the column's code page: the driver knows that page, Python does not.
    connection.setdecoding(pyodbc.SQL_CHAR, encoding="utf-16-le", ctype=pyodbc.SQL_WCHAR)
    return connection


def _lets_in(pyodbc: Any, account: Account, driver: str) -> bool:
    """Whether the login works without the database: FreeTDS says of a missing one that the login failed."""
    try:
        _opened(pyodbc, connection_text(account, driver, database=False), account).close()
    except (pyodbc.Error, ConfigurationError):
        return False
    return True


def _plain(value: Any) -> Any:
    return value.rstrip(" ") if isinstance(value, str) else value
