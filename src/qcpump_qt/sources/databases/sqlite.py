"""SQLite files as databases, for the demonstration and for tests: the same interface, nothing to install."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

from qcpump_qt.engine.errors import ConfigurationError, PumpError, SourceUnavailable
from qcpump_qt.sources.databases.connection import Account


class SQLiteCursor:
    """One statement; values that SQLite does not know are passed as the text it would keep."""

    def __init__(self, cursor: sqlite3.Cursor) -> None:
        self._cursor = cursor

    @property
    def description(self) -> Sequence[Sequence[Any]] | None:
        """As PEP 249."""
        return self._cursor.description

    def execute(self, statement: str, values: Sequence[Any]) -> None:
        """Run a statement with ``?`` as placeholders."""
        self._cursor.execute(statement, [_bound(value) for value in values])

    def fetchmany(self, size: int) -> Sequence[Sequence[Any]]:
        """The next rows."""
        return self._cursor.fetchmany(size)

    def close(self) -> None:
        """Give the statement back."""
        self._cursor.close()


class SQLiteConnection:
    """A connection that only reads."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def cursor(self) -> SQLiteCursor:
        """A new cursor."""
        return SQLiteCursor(self._connection.cursor())

    def interrupt(self) -> None:
        """End a statement under way; SQLite allows this from any thread."""
        self._connection.interrupt()

    def close(self) -> None:
        """Close the file."""
        self._connection.close()


def connect(account: Account) -> SQLiteConnection:
    """Open the file read-only.

    Raises:
        SourceUnavailable: there is no such file now.
    """
    file = Path(account.database)
    if not file.is_file():
        raise SourceUnavailable(
            f"There is no database file {file}. Look at its name and whether its folder is connected.",
            subject=str(file),
        )
    address = f"{file.absolute().as_uri()}?mode=ro"
    # The guard's threads call it one at a time, but interrupt() comes from another one.
    return SQLiteConnection(
        sqlite3.connect(address, uri=True, timeout=account.connect_timeout, check_same_thread=False)
    )


def in_words(error: Exception, account: Account, statement: str) -> PumpError:  # noqa: ARG001 - the words name it
    """What SQLite raised, as an error for people."""
    text = str(error)
    if text.startswith("no such table"):
        table = text.rpartition(": ")[2]
        return ConfigurationError(
            f"The database {account.database} has no table {table}. Choose the file of a Daily QA3 database.",
            subject=account.database,
        )
    if "not a database" in text:
        return ConfigurationError(
            f"The file {account.database} is no SQLite database. Choose another one.",
            subject=account.database,
        )
    if isinstance(error, sqlite3.OperationalError) and ("locked" in text or "unable to open" in text):
        return SourceUnavailable(
            f"The database {account.database} cannot be read now ({text}). The next cycle tries again.",
            subject=account.database,
        )
    return ConfigurationError(
        f"The database {account.database} could not be read ({text}).", subject=account.database
    )


def writable(raw: SQLiteConnection, account: Account, tables: Sequence[str]) -> list[str]:  # noqa: ARG001 - one answer for all
    """None: the file is opened for reading only."""
    return []


def _bound(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    return str(value) if isinstance(value, Decimal | UUID) else value
