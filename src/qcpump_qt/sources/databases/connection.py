"""The door to every database: opened for one cycle, read, and closed.

Whichever driver works underneath, no call to it can hold a cycle for longer than its time-out, nor for more than
two seconds after a stop (see `guarded`).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from qcpump_qt.engine.cancel import CancelToken
from qcpump_qt.sources.databases.adapter import Account, Adapter, Cursor, Kind, OpenDatabase, Raw
from qcpump_qt.sources.databases.session import GuardedDatabase

__all__ = ["Account", "Adapter", "Cursor", "Kind", "OpenDatabase", "Raw", "open_database"]


@contextmanager
def open_database(account: Account, cancel: CancelToken) -> Iterator[OpenDatabase]:
    """Open a database read-only for the block, and close it whatever happens.

    Raises:
        SourceUnavailable: unknown host, closed port, silent server, a server that died.
        ConfigurationError: what needs a person: driver, name, password, right, table, charset.
        Cancelled: an end was asked for meanwhile.
    """
    database = GuardedDatabase(_adapter(account.kind), account, cancel)
    try:
        yield database
    finally:
        database.close()


def _adapter(kind: Kind) -> Adapter:
    """The adapter for a kind of database, imported when it is needed: each brings its own drivers."""
    if kind == "firebird":
        from qcpump_qt.sources.databases import firebird  # noqa: PLC0415 - only where it is used

        return firebird
    if kind == "sqlserver":
        from qcpump_qt.sources.databases import odbc  # noqa: PLC0415 - only where it is used

        return odbc
    from qcpump_qt.sources.databases import sqlite  # noqa: PLC0415 - only where it is used

    return sqlite
