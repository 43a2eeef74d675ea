"""Opens the ledger's database and turns the database library's errors into ours."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from qcpump_qt.engine.errors import LedgerError
from qcpump_qt.engine.ledger import schema

BUSY_SECONDS = 30


class Database:
    """One ledger database, opened by URL so that a shared one on a server stays possible.

    Args:
        url: an SQLAlchemy URL; `Database.at` makes the one for a file.

    Raises:
        LedgerError: it cannot be opened, is damaged, or is newer than this program.
    """

    def __init__(self, url: str | URL) -> None:
        parsed, self._engine = _open(url)
        self._where = parsed.database if _is_file(parsed) else parsed.render_as_string(hide_password=True)
        try:
            with self.writing() as connection:
                schema.prepare(connection, self._where or "")
        except BaseException:
            self.close()
            raise

    @classmethod
    def at(cls, file: Path) -> Database:
        """The ledger in `file`, made with its folder when absent."""
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise LedgerError(
                f"The folder for the ledger cannot be made: {error.strerror}.", subject=str(file.parent)
            ) from error
        return cls(URL.create("sqlite", database=str(file)))

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that is on the disk when the block has ended."""
        with self._border(), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection for looking things up; sees what was committed."""
        with self._border(), self._engine.connect().execution_options(reading=True) as connection:
            yield connection

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    @contextmanager
    def _border(self) -> Iterator[None]:
        try:
            yield
        except SQLAlchemyError as error:
            cause = getattr(error, "orig", None) or error
            raise LedgerError(
                f"The record of deliveries could not be read or written ({cause}). {_remedy(cause)}",
                subject=self._where or "",
            ) from error


def _open(url: str | URL) -> tuple[URL, Engine]:
    try:
        parsed = make_url(url)
        engine = create_engine(parsed)
    except (ArgumentError, ImportError) as error:
        raise LedgerError(
            "The ledger's address is no database URL, or there is no driver for it. "
            "It looks like sqlite:///C:/folder/ledger.sqlite3.",
        ) from error
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _set_up_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return parsed, engine


def _is_file(url: URL) -> bool:
    return url.get_backend_name() == "sqlite"


def _remedy(cause: object) -> str:
    """What to do about it; a damaged file is told from one that only cannot be written now."""
    if type(cause) is sqlite3.DatabaseError:
        return (
            "The file is damaged. Put back a copy of it, or move it away: a new one is made then, and what is on "
            "the server already is recognised there and not stored twice."
        )
    return (
        "Nothing is sent while it is out of order. Check that the disk is not full and that the folder may be "
        "written to."
    )


def _set_up_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    """WAL with full syncing: what is committed survives a crash of the program and of the machine."""
    connection.isolation_level = None
    for pragma in (f"busy_timeout={BUSY_SECONDS * 1000}", "journal_mode=WAL", "synchronous=FULL"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    """Take the write lock at the start: two writers then wait for each other instead of failing."""
    if not connection.get_execution_options().get("reading"):
        connection.exec_driver_sql("BEGIN IMMEDIATE")
