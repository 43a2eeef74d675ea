"""What is said of a database before it is open, and what an adapter for one kind of driver must bring."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from qcpump_qt.engine.errors import PumpError
from qcpump_qt.engine.logs.redaction import Redactor

Kind = Literal["firebird", "sqlserver", "sqlite"]


@dataclass(frozen=True, kw_only=True)
class Account:
    """How to reach one database.

    Attributes:
        kind: which adapter reads it.
        driver: ``firebirdsql``, ``fdb``, ``py-tds``, the name of an ODBC driver, or "" for SQLite.
        host: the server's name; for SQL Server also ``server\\instance``; "" for SQLite.
        port: None for the driver's own.
        database: its name, alias or path on the server.
        charset: of the connection; Firebird only: ``UTF-8`` or ``WIN1251``.
        connect_timeout: seconds to wait for a connection (setting DB_CONNECT_TIMEOUT).
        query_timeout: seconds without an answer to a query.
    """

    kind: Kind
    driver: str
    host: str
    port: int | None
    database: str
    user: str
    password: str = field(repr=False)
    charset: str = "UTF-8"
    connect_timeout: float = 30.0
    query_timeout: float = 60.0

    @property
    def server(self) -> str:
        """Host and port, as they are named in messages."""
        host = self.host or "localhost"
        return host if self.port is None else f"{host}, port {self.port}"

    @property
    def server_as_subject(self) -> str:
        """The same in front of a verb: a port is enclosed in commas."""
        return self.server if self.port is None else f"{self.server},"

    def hide(self, text: str) -> str:
        """The text (a driver's own words) without the password."""
        return Redactor([self.password]).redact(text)


class OpenDatabase(Protocol):
    """One open connection, read-only, for one cycle."""

    def rows(self, statement: str, values: Sequence[Any] = ()) -> Iterator[dict[str, Any]]:
        """Rows as dicts with lower-case column names; see `session.GuardedDatabase.rows`."""

    def writable(self, tables: Sequence[str]) -> list[str]:
        """Those of the tables that the account could change; [] when it cannot be told."""

    def close(self) -> None:
        """Close the connection; may be called more than once."""


class Cursor(Protocol):
    """One statement under way, as in PEP 249; its values are already those that `OpenDatabase.rows` gives."""

    @property
    def description(self) -> Sequence[Sequence[Any]] | None:
        """One entry per column, the name first; None when the statement gives no rows."""

    def execute(self, statement: str, values: Sequence[Any]) -> object:
        """Run a statement with ``?`` as placeholders."""

    def fetchmany(self, size: int) -> Sequence[Sequence[Any]]:
        """The next rows, none at the end."""

    def close(self) -> None:
        """Give the statement back."""


class Raw(Protocol):
    """What an adapter opens; every method but `interrupt` is called on one and the same thread."""

    def cursor(self) -> Cursor:
        """A new cursor."""

    def interrupt(self) -> None:
        """End what the driver is doing, as far as it can be ended; called from another thread."""

    def close(self) -> None:
        """Close the connection, also one that was interrupted."""


class Adapter(Protocol):
    """A module (or object) for one kind of driver; may raise `PumpError` itself wherever it knows the words.

    The methods run on the connection's own thread, and raise the driver's exceptions as they are.
    """

    def connect(self, account: Account) -> Raw:
        """Open a read-only connection; ConfigurationError when the driver is missing."""

    def in_words(self, error: Exception, account: Account, statement: str) -> PumpError:
        """What the driver raised, as an error for people; `statement` is "" while connecting."""

    def writable(self, raw: Any, account: Account, tables: Sequence[str]) -> list[str]:
        """Those of the tables that the account could change; `raw` is what `connect` gave."""
