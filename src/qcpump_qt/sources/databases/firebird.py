"""Firebird: opened through `firebirdsql` (pure Python) or `fdb` (the vendor's client library), read-only.

The drivers differ in how they connect, are interrupted and pad or break texts; here they give the same.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, time
from typing import Any

from qcpump_qt.engine.errors import ConfigurationError
from qcpump_qt.sources.databases.adapter import Account, Raw
from qcpump_qt.sources.databases.firebird_words import in_words, wrong_charset

__all__ = ["FirebirdCursor", "connect", "in_words", "writable"]

CODECS = {"UTF-8": ("UTF8", "utf-8"), "UTF8": ("UTF8", "utf-8"), "WIN1251": ("WIN1251", "cp1251")}
"""A charset of the configuration: Firebird's name and Python's."""
_WRITABLE = """
    SELECT r.RDB$RELATION_NAME FROM RDB$RELATIONS r
    WHERE CURRENT_USER = 'SYSDBA' OR CURRENT_ROLE = 'RDB$ADMIN' OR r.RDB$OWNER_NAME = CURRENT_USER
       OR EXISTS (SELECT 1 FROM RDB$USER_PRIVILEGES p
                  WHERE p.RDB$RELATION_NAME = r.RDB$RELATION_NAME AND p.RDB$USER IN (CURRENT_USER, 'PUBLIC')
                    AND p.RDB$PRIVILEGE IN ('I', 'U', 'D'))
"""
TextCleaner = Callable[[Any, Sequence[Any]], Any]
"""Makes of a driver's value and its column's description the text; UnicodeError where it cannot be read."""


class FirebirdCursor:
    """A driver's cursor whose texts are checked and cleaned.

    Args:
        cursor: the driver's.
        account: named in messages.
        is_text: whether a column (its description) holds texts.
        clean: makes the text.
    """

    def __init__(
        self, cursor: Any, account: Account, is_text: Callable[[Sequence[Any]], bool], clean: TextCleaner
    ) -> None:
        self._cursor = cursor
        self._account = account
        self._is_text = is_text
        self._clean = clean
        self._texts: list[tuple[int, Sequence[Any]]] = []

    @property
    def description(self) -> Sequence[Sequence[Any]] | None:
        """As the driver's."""
        columns: Sequence[Sequence[Any]] | None = self._cursor.description
        return columns or None

    def execute(self, statement: str, values: Sequence[Any]) -> None:
        """Run a statement; ConfigurationError for a time with a zone, which breaks drivers' connections."""
        for value in values:
            if isinstance(value, (datetime, time)) and value.tzinfo is not None:
                raise ConfigurationError(
                    f"The time {value} has a time zone, but this database keeps local times without one.",
                    subject=self._account.database,
                )
        self._cursor.execute(statement, tuple(values))
        columns = self.description or ()
        self._texts = [(place, column) for place, column in enumerate(columns) if self._is_text(column)]

    def fetchmany(self, size: int) -> Sequence[Sequence[Any]]:
        """The next rows; ConfigurationError names a column whose texts do not fit the charset."""
        rows: Sequence[Sequence[Any]] = self._cursor.fetchmany(size)
        return [self._cleaned(row) for row in rows] if self._texts else rows

    def close(self) -> None:
        """Give the statement back."""
        self._cursor.close()

    def _cleaned(self, row: Sequence[Any]) -> Sequence[Any]:
        values = list(row)
        for place, column in self._texts:
            if values[place] is not None:
                try:
                    values[place] = self._clean(values[place], column)
                except UnicodeError as error:
                    raise wrong_charset(self._account, str(column[0])) from error
        return values


def connect(account: Account) -> Raw:
    """Open a read-only connection with the account's driver.

    Raises:
        ConfigurationError: an unknown driver or charset, or a driver that is not installed.
        SourceUnavailable: nobody answers at that host and port.
        Exception: whatever else the driver raises; see `in_words`.
    """
    if account.charset.upper() not in CODECS:
        raise ConfigurationError(
            f"The charset {account.charset} is not one of those for Firebird: UTF-8, WIN1251.",
            subject=account.database,
        )
    if account.driver == "fdb":
        from qcpump_qt.sources.databases import firebird_client  # noqa: PLC0415 - brings its driver

        return firebird_client.open_connection(account)
    if account.driver == "firebirdsql":
        from qcpump_qt.sources.databases import firebird_pure  # noqa: PLC0415 - brings its driver

        return firebird_pure.open_connection(account)
    raise ConfigurationError(
        f"The driver {account.driver} is not one of those for Firebird: firebirdsql, fdb.",
        subject=account.database,
    )


def writable(raw: Raw, account: Account, tables: Sequence[str]) -> list[str]:  # noqa: ARG001 - as every adapter
    """Those of the tables that the account owns, was granted changes of, or may change as administrator."""
    cursor = raw.cursor()
    try:
        cursor.execute(_WRITABLE, ())
        found: set[str] = set()
        while rows := cursor.fetchmany(500):
            found.update(str(row[0]).strip().upper() for row in rows)
    finally:
        cursor.close()
    return [table for table in tables if table.upper() in found]
