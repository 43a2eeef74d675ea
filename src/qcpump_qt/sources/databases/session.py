"""One open database: its queries and its end, each call guarded, each driver's error in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import Any, TypeVar

from qcpump_qt.engine.cancel import CancelToken
from qcpump_qt.engine.errors import ConfigurationError, PumpError, SourceUnavailable
from qcpump_qt.sources.databases.adapter import Account, Adapter, Cursor, Raw
from qcpump_qt.sources.databases.guarded import GuardedThread, TooLateError
from qcpump_qt.sources.databases.knocking import silent

Answer = TypeVar("Answer")
AT_ONCE = 500
"""Rows that are fetched in one go: few round trips, and a stop is noticed between two."""
CLOSING = 2.0
"""Seconds that a driver has to close a connection before it is left behind."""
CONNECT_MARGIN = 1.0
"""Seconds on top of the driver's own connect time-out, so that its more exact words come first."""


class GuardedDatabase:
    """An `OpenDatabase` over any adapter.

    Args:
        adapter: knows the driver.
        account: how to reach the database.
        cancel: the wish to stop.

    Raises:
        PumpError: as `connection.open_database`.
    """

    def __init__(self, adapter: Adapter, account: Account, cancel: CancelToken) -> None:
        self._adapter = adapter
        self._account = account
        self._opened: list[Raw] = []
        self._closed = False
        self._thread = GuardedThread(f"database {account.database}", cancel)
        try:
            self._raw = self._guarded(self._connect, "", account.connect_timeout + CONNECT_MARGIN)
        except BaseException:
            self.close()
            raise

    def rows(self, statement: str, values: Sequence[Any] = ()) -> Iterator[dict[str, Any]]:
        """Rows as dicts with lower-case column names, fetched as they are asked for.

        Texts arrive as str without the padding of CHAR, decimals as Decimal, times naive, NULL as None.

        Args:
            statement: one SELECT with ``?`` as placeholders.
            values: one per placeholder.

        Raises:
            SourceUnavailable: the server died, or gave no answer in time.
            ConfigurationError: no such table, no right, wrong charset, or a statement that gives no rows.
            Cancelled: an end was asked for.
        """
        cursor: Cursor | None = None
        try:
            cursor = self._guarded(self._raw.cursor, statement)
            self._guarded(lambda: cursor.execute(statement, values), statement)
            names = self._names(cursor)
            while batch := self._guarded(lambda: cursor.fetchmany(AT_ONCE), statement):
                for row in batch:
                    yield dict(zip(names, row, strict=True))
        finally:
            if cursor is not None:
                self._give_back(cursor)

    def writable(self, tables: Sequence[str]) -> list[str]:
        """Those of the tables that the account could change; [] when it cannot be told."""
        try:
            return self._guarded(lambda: self._adapter.writable(self._raw, self._account, tables), "")
        except ConfigurationError:
            return []

    def close(self) -> None:
        """Close the connection; may be called more than once, and never takes long."""
        if not self._closed:
            self._closed = True
            self._thread.end(self._close_opened, CLOSING)

    def _connect(self) -> Raw:
        raw = self._adapter.connect(self._account)
        self._opened.append(raw)
        return raw

    def _close_opened(self) -> None:
        # A connection that is broken already may fail to close; there is nothing left to do about it then.
        for raw in self._opened:
            with suppress(Exception):
                raw.close()

    def _interrupt(self) -> None:
        for raw in self._opened:
            with suppress(Exception):
                raw.interrupt()

    def _give_back(self, cursor: Cursor) -> None:
        """Close a cursor; what went wrong with it was told where it mattered."""
        if not self._thread.abandoned and not self._closed:
            with suppress(Exception):
                self._guarded(cursor.close, "", CLOSING)

    def _names(self, cursor: Cursor) -> list[str]:
        if cursor.description is None:
            raise ConfigurationError(
                "The statement gives no rows. The program only reads; nothing was changed in the database.",
                subject=self._account.database,
            )
        return [str(column[0]).lower() for column in cursor.description]

    def _guarded(self, work: Callable[[], Answer], statement: str, seconds: float | None = None) -> Answer:
        if self._closed:
            raise SourceUnavailable("The database is closed already.", subject=self._account.database)
        patience = self._account.query_timeout if seconds is None else seconds
        try:
            return self._thread.call(work, patience, self._interrupt)
        except PumpError:
            raise
        except TooLateError as error:
            raise self._silent(connecting=seconds is not None) from error
        except Exception as error:
            raise self._adapter.in_words(error, self._account, statement) from error

    def _silent(self, *, connecting: bool) -> SourceUnavailable:
        account = self._account
        if connecting:
            return silent(account, account.server)
        return SourceUnavailable(
            f"The database server {account.server_as_subject} did not answer a query within "
            f"{account.query_timeout:g} seconds. "
            "The next cycle tries again; if this goes on, ask whoever looks after the server.",
            subject=account.database,
        )
