"""Opens the ledger's database and turns the database library's errors into ours."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import SQLAlchemyError

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

    def __init__(self, url: str) -> None:
        self._where = url.removeprefix("sqlite:///")
        self._engine = _open(url)
        with self.writing() as connection:
            schema.prepare(connection, self._where)

    @classmethod
    def at(cls, file: Path) -> Database:
        """The ledger in `file`, made with its folder when absent."""
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise LedgerError(
                f"The folder for the ledger cannot be made: {error.strerror}.", subject=str(file.parent)
            ) from error
        return cls(f"sqlite:///{file}")

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
                f"The record of deliveries could not be read or written ({cause}). Nothing is sent while "
                "it is out of order. Check that the disk is not full and that the folder may be written to.",
                subject=self._where,
            ) from error


def _open(url: str) -> Engine:
    engine = create_engine(url)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _set_up_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _set_up_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    """WAL with full syncing: what is committed survives a crash of the program and of the machine."""
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", f"busy_timeout={BUSY_SECONDS * 1000}"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    """Take the write lock at the start: two writers then wait for each other instead of failing."""
    if not connection.get_execution_options().get("reading"):
        connection.exec_driver_sql("BEGIN IMMEDIATE")
