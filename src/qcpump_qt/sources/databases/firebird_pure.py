"""Firebird through `firebirdsql`, which speaks the server's protocol in pure Python."""

from __future__ import annotations

import socket
import traceback
import warnings
from collections.abc import Callable, Sequence
from typing import Any

from qcpump_qt.sources.databases.adapter import Account, Cursor
from qcpump_qt.sources.databases.firebird import CODECS, FirebirdCursor
from qcpump_qt.sources.databases.firebird_cipher import speed_up
from qcpump_qt.sources.databases.firebird_rows import NEW_PROTOCOL, Incoming, RowReader
from qcpump_qt.sources.databases.firebird_words import PORT, driver_missing, is_no_login, is_wrong_login

_TEXT_TYPES = (448, 452)
"""SQL_VARYING and SQL_TEXT."""
_BLOB = 520
_ROOM, _ROOM_EACH = 20_000, 64
"""Bytes for the description of a statement's columns, and of each placeholder."""
_OLD_ROOM = 65_535
"""The most that Firebird 2 can count to there."""
_SEGMENT = 32_000
"""Bytes of a BLOB that are asked for at once; the driver reads their number as a signed one of 16 bits."""
_LEGACY = "Legacy_Auth"
_WAYS = (None, "Srp", _LEGACY)
"""Ways to log in, as plugins of the server: the driver's choice, that of Firebird 3, that of Firebird 2."""


class PureConnection:
    """A connection of `firebirdsql`.

    Args:
        connection: the driver's, just opened.
        account: named in messages, and whose charset it uses.
    """

    def __init__(self, connection: Any, account: Account) -> None:
        self._connection = connection
        self._account = account
        self._socket: socket.socket = connection.sock._sock  # noqa: SLF001 - nothing else can wake the driver
        # From here on the guard keeps the time: its words are those of a query and not of a connection.
        connection.timeout = None
        self._socket.settimeout(None)
        # A text that cannot be decoded would leave the driver in the middle of an answer. So it is read as it
        # stands, with its odd bytes marked, and refused once its column is known.
        connection.bytes_to_str = _marking_decoder(CODECS[account.charset.upper()][1])
        _speed_up(connection)

    def cursor(self) -> Cursor:
        """A new cursor."""
        return _PureCursor(self._connection, self._account)

    def interrupt(self) -> None:
        """Wake the driver: it reads the end of the line instead of an answer."""
        self._socket.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Detach and hang up."""
        self._connection.close()


class _PureCursor(FirebirdCursor):
    """A cursor of `firebirdsql` that gives the server room to describe a statement in one go.

    The driver asks for the rest of a description that does not fit, but fails on placeholders there.
    """

    def __init__(self, connection: Any, account: Account) -> None:
        super().__init__(connection.cursor(), account, _is_text, _clean)
        self._connection = connection

    def execute(self, statement: str, values: Sequence[Any]) -> None:
        """As `FirebirdCursor.execute`."""
        room = _ROOM + _ROOM_EACH * len(values)
        connection = self._connection
        connection.buffer_length = room if connection.accept_version >= NEW_PROTOCOL else min(room, _OLD_ROOM)
        try:
            super().execute(statement, values)
        finally:
            connection.buffer_length = _SEGMENT


def open_connection(account: Account) -> PureConnection:
    """Connect; a server that refuses the login is asked once more in the way of Firebird 2.

    Raises:
        ConfigurationError: the driver is not installed.
        Exception: whatever else the driver raises.
    """
    try:
        import firebirdsql  # noqa: PLC0415 - heavy, and not installed everywhere
    except ImportError as error:
        raise driver_missing(account, error) from error
    return PureConnection(_connect_somehow(firebirdsql, account), account)


def _connect_somehow(driver: Any, account: Account) -> Any:
    """Log in, in another way where the driver and the server do not find the right one by themselves.

    Few tries: after some failed logins a server answers only after eight seconds.
    """
    errors: list[Exception] = []
    for way in _WAYS:
        if way == "Srp" and is_wrong_login(errors[0]):
            continue
        try:
            return _connect(driver, account, way)
        except driver.OperationalError as error:
            if not is_no_login(error):
                raise
            errors.append(error)
        except ImportError:
            if not errors:
                raise
    raise next(filter(is_wrong_login, errors), errors[0])


def _load_old_hash() -> None:
    """Import what hashes passwords as Firebird 2 did, without its warning of a module that it can do without."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        import passlib.handlers.des_crypt  # noqa: F401, PLC0415 - the driver asks for it; only where a login failed


def _connect(driver: Any, account: Account, way: str | None) -> Any:
    try:
        if way == _LEGACY:
            _load_old_hash()
        return driver.connect(
            host=account.host or "localhost",
            port=account.port or PORT,
            database=account.database,
            user=account.user,
            password=account.password,
            charset=CODECS[account.charset.upper()][0],
            timeout=account.connect_timeout,
            isolation_level=driver.ISOLATION_LEVEL_READ_COMMITED_RO,
            auth_plugin_name=way,
        )
    except Exception as error:
        # The half-open connection lives on in the error's frames; without them it closes its socket.
        traceback.clear_frames(error.__traceback__)
        raise


def _speed_up(connection: Any) -> None:
    """Let the driver read in bulk what it would read value by value and decrypt byte by byte."""
    from firebirdsql.err import InternalError, OperationalError  # noqa: PLC0415 - as above

    connection.buffer_length = _SEGMENT
    speed_up(connection.sock)
    incoming = Incoming(connection.sock.recv, lambda: OperationalError("Can not recv() packets"))
    connection._recv_channel = incoming.take  # noqa: SLF001 - the driver has no other way in
    connection._op_fetch_response = RowReader(connection, incoming, InternalError)  # noqa: SLF001 - see above


def _marking_decoder(codec: str) -> Callable[[Any], str]:
    def decode(data: Any) -> str:
        return bytes(data).decode(codec, errors="surrogateescape")

    return decode


def _is_text(column: Sequence[Any]) -> bool:
    return column[1] in _TEXT_TYPES or column[1] == _BLOB


def _clean(value: Any, column: Sequence[Any]) -> Any:  # noqa: ARG001 - the driver strips CHAR by itself
    """The text, unless it has marked bytes; a BLOB that is no text stays what it is."""
    if isinstance(value, str) and not value.isascii():
        value.encode("utf-8")
    return value
