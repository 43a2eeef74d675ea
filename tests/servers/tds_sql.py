"""The database behind the TDS stand-in: a SQLite file that is asked in the little T-SQL that QC readers use."""

from __future__ import annotations

import datetime as dt
import re
import sqlite3
import uuid
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from servers.tds_types import CyrillicText, LatinText, LongText, OldDatetime, PaddedText

_TOP = re.compile(r"^(\s*SELECT\s+(?:DISTINCT\s+)?)TOP\s*\(?\s*(\d+)\s*\)?", re.IGNORECASE)
_SCHEMA = re.compile(r"\[?\bdbo\]?\.", re.IGNORECASE)
_NATIONAL = re.compile(r"\bN(?=')")
_MISSING = re.compile(r"no such (table|column): (.+)")
_SYSTEM = ("sqlite_master", "sqlite_schema")


class SqlError(Exception):
    """What SQL Server would complain about, with its number."""

    def __init__(self, number: int, text: str) -> None:
        super().__init__(text)
        self.number = number
        self.text = text


@dataclass(frozen=True)
class Rights:
    """What a user may do: the tables it may read (None: all), and whether it may change them."""

    tables: Sequence[str] | None = None
    writes: bool = False

    def may_read(self, table: str) -> bool:
        """Whether SELECT is granted on the table."""
        return self.tables is None or table.casefold() in [name.casefold() for name in self.tables]


@dataclass(frozen=True)
class Result:
    """Names and rows of an answer; no names where a statement gives no rows."""

    names: list[str]
    rows: list[Sequence[Any]]


def type_info(number: int) -> Result:
    """What ``sp_datatype_info_100`` knows of an ODBC type: drivers cut times to the digits that it tells."""
    names = [
        "TYPE_NAME",
        "DATA_TYPE",
        "PRECISION",
        "LITERAL_PREFIX",
        "LITERAL_SUFFIX",
        "CREATE_PARAMS",
        "NULLABLE",
    ]
    known = {12: ("varchar", 8000), -9: ("nvarchar", 4000), -3: ("varbinary", 8000), 93: ("datetime2", 27)}
    if number not in known:
        return Result(names, [])
    name, size = known[number]
    return Result(names, [[name, number, size, "'", "'", None, 1]])


class Database:
    """One SQLite file, read as one user."""

    def __init__(self, path: Path, name: str, rights: Rights) -> None:
        self._path = path
        self._name = name
        self._rights = rights
        self._refused: list[str] = []

    def ask(self, statement: str, names: Iterable[str], values: Sequence[Any]) -> Result:
        """Run one statement.

        Args:
            statement: T-SQL with ``@name`` as placeholders.
            names: of the placeholders, without the sign.
            values: one per name.

        Raises:
            SqlError: what SQL Server would say.
        """
        bound = dict(zip(names, map(_stored, values), strict=False))
        self._refused.clear()
        with closing(sqlite3.connect(self._path, detect_types=sqlite3.PARSE_DECLTYPES)) as connection:
            self._prepare(connection)
            try:
                cursor = connection.execute(_translated(statement), bound)
                names = [column[0] for column in cursor.description or ()]
                return Result(names, cursor.fetchall())
            except sqlite3.Error as error:
                raise self._as_sql_server(error) from error

    def _prepare(self, connection: sqlite3.Connection) -> None:
        connection.create_function("GETDATE", 0, lambda: dt.datetime.now().isoformat(" "))  # noqa: DTZ005
        connection.create_function("ISNULL", 2, lambda value, other: other if value is None else value)
        connection.create_function("HAS_PERMS_BY_NAME", 3, self._has_permission)
        connection.set_authorizer(self._authorise)

    def _authorise(self, action: int, first: str | None, _second: Any, _base: Any, _inner: Any) -> int:
        if action in (sqlite3.SQLITE_SELECT, sqlite3.SQLITE_FUNCTION):
            return sqlite3.SQLITE_OK
        table = str(first)
        if action == sqlite3.SQLITE_READ:
            if table in _SYSTEM or self._rights.may_read(table):
                return sqlite3.SQLITE_OK
            self._refused.append(f"The SELECT permission was denied on the object '{table}'")
        else:
            self._refused.append(f"The UPDATE permission was denied on the object '{table}'")
        return sqlite3.SQLITE_DENY

    def _has_permission(self, table: str, _kind: str, permission: str) -> int:
        if permission.upper() == "SELECT":
            return int(self._rights.may_read(table))
        return int(self._rights.writes)

    def _as_sql_server(self, error: sqlite3.Error) -> SqlError:
        if self._refused:
            return SqlError(229, f"{self._refused[0]}, database '{self._name}', schema 'dbo'.")
        if missing := _MISSING.match(str(error)):
            kind, name = missing.groups()
            if kind == "table":
                return SqlError(208, f"Invalid object name '{name}'.")
            return SqlError(207, f"Invalid column name '{name.split('.')[-1]}'.")
        return SqlError(102, f"Incorrect syntax: {error}.")


def _translated(statement: str) -> str:
    text = _NATIONAL.sub("", _SCHEMA.sub("", statement.strip().rstrip(";")))
    if top := _TOP.match(text):
        return f"{top[1]}{text[top.end() :]} LIMIT {top[2]}"
    return text


def _stored(value: Any) -> Any:
    """A parameter in the way in which the file keeps such values."""
    if isinstance(value, dt.datetime):
        return value.isoformat(" ")
    if isinstance(value, uuid.UUID):
        return str(value).upper()
    return str(value) if isinstance(value, Decimal) else value


def _converter(make: Callable[[str], Any]) -> Callable[[bytes], Any]:
    return lambda data: make(data.decode("utf-8"))


# Types of columns as the file declares them. EXACT is a decimal that SQLite keeps as text, digit by digit.
for _names, _make in (
    (("DATETIME2", "TIMESTAMP"), dt.datetime.fromisoformat),
    (("DATETIME",), OldDatetime.fromisoformat),
    (("UNIQUEIDENTIFIER",), uuid.UUID),
    (("DECIMAL", "NUMERIC", "EXACTTEXT"), Decimal),
    (("FLOAT", "REAL"), float),
    (("BIT",), lambda text: text != "0"),
    (("NTEXT",), LongText),
    (("VARCHAR", "LATINTEXT"), LatinText),
    (("CYRILLICTEXT",), CyrillicText),
    (("NCHAR",), PaddedText),
):
    for _name in _names:
        sqlite3.register_converter(_name, _converter(_make))
