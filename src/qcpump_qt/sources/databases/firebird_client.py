"""Firebird through `fdb`, which calls the vendor's client library."""

from __future__ import annotations

import ctypes
import threading
from collections.abc import Sequence
from typing import Any

from qcpump_qt.sources.databases.adapter import Account, Cursor
from qcpump_qt.sources.databases.firebird import CODECS, FirebirdCursor
from qcpump_qt.sources.databases.firebird_words import PORT, driver_missing
from qcpump_qt.sources.databases.guarded import GRACE
from qcpump_qt.sources.databases.knocking import knock

_CANCEL_RAISE, _CANCEL_ABORT = 3, 4
"""Ask the server to end the query; hang up (fb_cancel_operation)."""
_UNREADABLE = "\ufffd"
"""What the driver puts in the place of bytes that do not fit the charset."""


class ClientConnection:
    """A connection of `fdb`.

    Args:
        connection: the driver's.
        driver: the module.
        account: named in messages, and whose charset it uses.
    """

    def __init__(self, connection: Any, driver: Any, account: Account) -> None:
        self._connection = connection
        self._account = account
        self._codec = CODECS[account.charset.upper()][1]
        self._library = driver.load_api().client_library
        self._handle = connection._db_handle  # noqa: SLF001 - the driver does not know how to cancel
        self._status = (driver.ISC_STATUS * 20)()
        self._closed = threading.Event()

    def cursor(self) -> Cursor:
        """A new cursor."""
        return _ClientCursor(self._connection.cursor(), self._account, _is_text, self._clean)

    def interrupt(self) -> None:
        """Ask the server to end the query, and hang up where it does not in good time."""
        self._cancel(_CANCEL_RAISE)
        if not self._closed.wait(GRACE / 2):
            self._cancel(_CANCEL_ABORT)

    def close(self) -> None:
        """Detach and hang up."""
        self._closed.set()
        self._connection.close()

    def _cancel(self, how: int) -> None:
        self._library.fb_cancel_operation(self._status, ctypes.byref(self._handle), ctypes.c_ushort(how))

    def _clean(self, value: Any, column: Sequence[Any]) -> Any:
        """The text without the padding of CHAR, which always fills its column."""
        if isinstance(value, bytes):
            return value.decode(self._codec).rstrip(" ") if column[2] else value
        if _UNREADABLE in value:
            raise UnicodeError
        if value.endswith(" ") and column[2] in (len(value), 0):
            return value.rstrip(" ")
        return value


class _ClientCursor(FirebirdCursor):
    """A cursor that reads BLOBs of any size at once."""

    def execute(self, statement: str, values: Sequence[Any]) -> None:
        """Run a statement."""
        super().execute(statement, values)
        self._cursor.set_stream_blob_treshold(-1)


def open_connection(account: Account) -> ClientConnection:
    """Connect, after a knock that tells what the driver cannot.

    Raises:
        ConfigurationError: the driver or its client library is not installed.
        SourceUnavailable: nobody answers at that host and port.
        Exception: whatever else the driver raises.
    """
    try:
        import fdb  # noqa: PLC0415 - heavy, and not installed everywhere

        fdb.load_api()
    except Exception as error:  # it raises a plain Exception where the library is not found
        raise driver_missing(account, error) from error
    knock(account, account.port or PORT)
    connection = fdb.connect(
        host=account.host or "localhost",
        port=account.port or PORT,
        database=account.database,
        user=account.user,
        password=account.password,
        charset=CODECS[account.charset.upper()][0],
        isolation_level=_read_only(fdb),
    )
    return ClientConnection(connection, fdb, account)


def _read_only(driver: Any) -> bytes:
    """Transactions that read what is committed, and neither write nor wait for those who do."""
    items = (
        driver.isc_tpb_version3,
        driver.isc_tpb_read,
        driver.isc_tpb_nowait,
        driver.isc_tpb_read_committed,
        driver.isc_tpb_rec_version,
    )
    return bytes(items)


def _is_text(column: Sequence[Any]) -> bool:
    return column[1] is str
