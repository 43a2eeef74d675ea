"""``qcpump.core.db``: one query to a database; the connection is closed again whatever happens.

The drivers are imported when they are needed. Values go into a statement as parameters only.
"""

from __future__ import annotations

import importlib
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from qcpump_qt.compat.qcpump.settings import Settings
from qcpump_qt.engine.cancel import CancelToken
from qcpump_qt.engine.errors import ConfigurationError, ItemError, PumpError, SourceUnavailable
from qcpump_qt.engine.logs.redaction import Redactor
from qcpump_qt.sources.databases.adapter import Account
from qcpump_qt.sources.databases.firebird_words import PORT as FIREBIRD_PORT
from qcpump_qt.sources.databases.guarded import GuardedThread, TooLateError
from qcpump_qt.sources.databases.knocking import knock, silent

Parameters = Sequence[Any] | Mapping[str, Any] | None
FETCH_METHODS = ("fetchall", "fetchone", "fetchallmap")
_PACKAGES = {"fdb": "fdb", "firebirdsql": "firebirdsql", "pyodbc": "pyodbc", "pytds": "python-tds"}
_PYODBC_OPTIONS = frozenset({"timeout", "autocommit", "readonly", "ansi", "encoding", "attrs_before"})
_SECRETS = ("password", "passwd", "pwd")


def fdb_query(
    connect_kwargs: Mapping[str, Any],
    statement: str,
    params: Parameters = None,
    fetch_method: str = "fetchall",
) -> Any:
    """Ask a Firebird database through ``fdb``.

    Args:
        connect_kwargs: what the driver's ``connect`` takes: host, port, database, user, password, charset.
        statement: the SQL, with the driver's placeholders.
        params: the values for the placeholders.
        fetch_method: ``fetchall``, ``fetchone``, or ``fetchallmap`` for dicts with lower-case names.

    Raises:
        ConfigurationError: the driver is missing or the call itself is wrong.
        SourceUnavailable: there is no connection.
        ItemError: the database refused the statement.
    """

    def connect() -> Any:
        driver = _driver("fdb")
        if not connect_kwargs.get("host"):
            return driver.connect(**connect_kwargs)
        # fdb cannot time out by itself and would hang on a host that does not answer.
        account = _account(connect_kwargs)
        knock(account, account.port or FIREBIRD_PORT)
        thread = GuardedThread("fdb", CancelToken())
        try:
            return thread.call(lambda: driver.connect(**connect_kwargs), account.connect_timeout)
        except TooLateError as error:
            raise silent(account, account.server) from error
        finally:
            thread.end(lambda: None, 0)

    return _query(connect, connect_kwargs, statement, params, fetch_method)


def firebirdsql_query(
    connect_kwargs: Mapping[str, Any],
    statement: str,
    params: Parameters = None,
    fetch_method: str = "fetchall",
) -> Any:
    """Ask a Firebird database through ``firebirdsql``; as `fdb_query`."""

    def connect() -> Any:
        return _driver("firebirdsql").connect(**{"timeout": _patience(), **connect_kwargs})

    return _query(connect, connect_kwargs, statement, params, fetch_method)


def mssql_query(
    connect_kwargs: Mapping[str, Any],
    statement: str,
    params: Parameters = None,
    fetch_method: str = "fetchall",
) -> Any:
    """Ask a SQL Server through ``pyodbc``, or through ``pytds`` where ``driver`` is ``py-tds``; as `fdb_query`."""

    def connect() -> Any:
        options = dict(connect_kwargs)
        if str(options.get("driver", "")).casefold() in ("py-tds", "pytds"):
            del options["driver"]
            options["dsn"] = options.pop("host", options.pop("server", options.get("dsn")))
            return _driver("pytds").connect(**{"login_timeout": _patience(), **options})
        extra = {name: options.pop(name) for name in _PYODBC_OPTIONS & options.keys()}
        return _driver("pyodbc").connect(odbc_text(options), **{"timeout": _patience(), **extra})

    return _query(connect, connect_kwargs, statement, params, fetch_method)


def sqlite_query(
    connect_kwargs: Mapping[str, Any],
    statement: str,
    params: Parameters = None,
    fetch_method: str = "fetchall",
) -> Any:
    """Ask a SQLite file, which must be there already; as `fdb_query`."""

    def connect() -> Any:
        options: dict[str, Any] = {"timeout": _patience(), **connect_kwargs}
        name = str(options.get("database", ""))
        if name != ":memory:" and not options.get("uri") and not Path(name).is_file():
            raise SourceUnavailable(f"There is no database file {name}.", subject=name)
        return sqlite3.connect(**options)

    return _query(connect, connect_kwargs, statement, params, fetch_method)


def odbc_text(options: Mapping[str, Any]) -> str:
    """An ODBC connection text; the names are those of the section *DQA3Reader* or ODBC's own.

    Microsoft's driver takes the port behind the server's name, FreeTDS as a part of its own, and
    neither wants one for a named instance.
    """
    names = {"host": "SERVER", "user": "UID", "password": "PWD"}
    parts = {names.get(name.casefold(), name.upper()): value for name, value in options.items()}
    port = parts.pop("PORT", None)
    server = str(parts.get("SERVER", ""))
    if port and "\\" not in server and "," not in server:
        if "freetds" in str(parts.get("DRIVER", "")).casefold():
            parts["PORT"] = port
        else:
            parts["SERVER"] = f"{server},{port}"
    return ";".join(f"{name}={_quoted(name, value)}" for name, value in parts.items() if value is not None)


def _quoted(name: str, value: Any) -> str:
    text = str(value)
    if name == "DRIVER":
        return "{" + text.strip("{}").replace("}", "}}") + "}"
    special = any(letter in text for letter in ";{}[]()?*=!@") or text != text.strip()
    return "{" + text.replace("}", "}}") + "}" if special else text


def _patience() -> int:
    """Seconds to wait for a connection (setting DB_CONNECT_TIMEOUT)."""
    return int(Settings.DB_CONNECT_TIMEOUT)


def _driver(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise ConfigurationError(
            f"The database driver {name} is not installed or does not load ({error}). "
            f"Install the Python package {_PACKAGES[name]} and what it needs.",
            subject=name,
        ) from error


def _account(connect_kwargs: Mapping[str, Any]) -> Account:
    """What messages name of a Firebird server that is reached through ``fdb``."""
    return Account(
        kind="firebird",
        driver="fdb",
        host=str(connect_kwargs["host"]),
        port=int(connect_kwargs.get("port") or FIREBIRD_PORT),
        database=str(connect_kwargs.get("database", "")),
        user="",
        password="",
        connect_timeout=_patience(),
    )


def _query(
    connect: Callable[[], Any],
    connect_kwargs: Mapping[str, Any],
    statement: str,
    params: Parameters,
    fetch_method: str,
) -> Any:
    if fetch_method not in FETCH_METHODS:
        raise ConfigurationError(f"A query can use {', '.join(FETCH_METHODS)}, but not {fetch_method!r}.")
    database = str(connect_kwargs.get("database", ""))
    redactor = Redactor(
        str(value) for key, value in connect_kwargs.items() if key.casefold() in _SECRETS and value
    )
    try:
        connection = connect()
    except PumpError:
        raise
    except Exception as error:
        text = redactor.redact(f"The database {database} cannot be opened: {error}")
        raise SourceUnavailable(text, subject=database) from error
    with closing(connection):
        try:
            return _fetch(connection, statement, params, fetch_method)
        except PumpError:
            raise
        except Exception as error:
            text = redactor.redact(f"The database {database} refused the statement: {error}")
            raise ItemError(text, subject=database) from error


def _fetch(connection: Any, statement: str, params: Parameters, fetch_method: str) -> Any:
    with closing(connection.cursor()) as cursor:
        cursor.execute(statement, params or ())
        if cursor.description is None:
            raise ConfigurationError(
                "The statement gives no rows. These queries only read; nothing was changed in the database."
            )
        if fetch_method == "fetchone":
            return cursor.fetchone()
        rows = cursor.fetchall()
        if fetch_method == "fetchall":
            return rows
        names = [str(column[0]).lower() for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in rows]
