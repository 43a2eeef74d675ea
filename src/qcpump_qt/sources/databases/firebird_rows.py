"""How rows arrive over Firebird's line, read in runs of columns instead of value by value.

The driver `firebirdsql` asks each value of each row what type it has. Here that is asked once for a statement (and
once for each pattern of NULLs in it), and neighbouring columns of a fixed size are unpacked in one go. What a value
becomes is the same; every type that is not common is still left to the driver's own column.

The rows are Firebird's wire protocol: up to version 12 (Firebird 2) each value is there and followed by a flag that
says whether it is NULL; from 13 on (Firebird 3) a row starts with one bit for each column, and NULLs are left out.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

Convert = Callable[[bytes], Any]
_TEXT, _VARYING, _DOUBLE, _FLOAT, _LONG, _SHORT = 452, 448, 480, 482, 496, 500
_TIMESTAMP, _INT64, _BLOB, _ARRAY = 510, 580, 520, 540
_PLAIN = {_DOUBLE: "d", _FLOAT: "f"}
_WHOLE = {_LONG: "i", _SHORT: "i", _INT64: "q"}
_EPOCH = datetime.fromisoformat("1858-11-17")
_TICK = 100
"""Microseconds in a tick of Firebird's clock."""
_HEADER = struct.Struct(">iii")
NEW_PROTOCOL = 13
"""The first version of the protocol with the NULLs in front of a row, that of Firebird 3."""
_PATTERNS = 500
"""So many patterns of NULLs are remembered for one statement."""
_CHUNK = 65_536


class Incoming:
    """What the server sent and nobody has read yet.

    Args:
        receive: gives what arrives next, at most so many bytes; b"" at the end of the line.
        broken: makes the error of that end.
    """

    def __init__(self, receive: Callable[[int], bytes], broken: Callable[[], Exception]) -> None:
        self._receive = receive
        self._broken = broken
        self.data = b""
        self.place = 0
        """Where in `data` the unread part starts."""

    def hold(self, size: int) -> None:
        """Wait until so many unread bytes are there."""
        missing = size - (len(self.data) - self.place)
        if missing <= 0:
            return
        parts = [self.data[self.place :]]
        while missing > 0:
            part = self._receive(_CHUNK)
            if not part:
                raise self._broken()
            parts.append(part)
            missing -= len(part)
        self.data, self.place = b"".join(parts), 0

    def take(self, size: int, word_alignment: bool = False) -> bytes:
        """Read so many bytes, and over the padding to a multiple of four where that is asked for."""
        whole = (size + 3) & ~3 if word_alignment else size
        if len(self.data) - self.place < whole:
            self.hold(whole)
        start = self.place
        self.place += whole
        return self.data[start : start + size]


class _Run:
    """Neighbouring columns of fixed sizes, and maybe the length of a text that follows them."""

    def __init__(self, layout: str, *, text_follows: bool) -> None:
        self.unpack_from = struct.Struct(f">{layout}").unpack_from
        self.size = struct.calcsize(f">{layout}")
        self.text_follows = text_follows


class RowLayout:
    """The rows of one statement.

    Args:
        columns: the driver's descriptions.
        version: of the protocol.
        decode: makes text.
    """

    def __init__(self, columns: Sequence[Any], version: int, decode: Convert) -> None:
        self._columns = columns
        self._converts = [(i, each) for i, column in enumerate(columns) if (each := _convert(column, decode))]
        self._nulls_first = version >= NEW_PROTOCOL
        self._flagged = [] if self._nulls_first else _runs(columns, flags=True)
        self._patterns: dict[bytes, tuple[list[_Run], list[int]]] = {}

    def row(self, incoming: Incoming) -> list[Any]:
        """Read one row."""
        values = self._sparse(incoming) if self._nulls_first else self._full(incoming)
        for place, convert in self._converts:
            value = values[place]
            if value is not None:
                values[place] = convert(value)
        return values

    def _full(self, incoming: Incoming) -> list[Any]:
        parts = _unpacked(self._flagged, incoming)
        return [None if null else value for value, null in zip(parts[::2], parts[1::2], strict=True)]

    def _sparse(self, incoming: Incoming) -> list[Any]:
        nulls = incoming.take((len(self._columns) + 7) // 8, word_alignment=True)
        known = self._patterns.get(nulls)
        if known is None:
            known = self._learned(nulls)
        runs, missing = known
        values = _unpacked(runs, incoming)
        for place in missing:
            values.insert(place, None)
        return values

    def _learned(self, nulls: bytes) -> tuple[list[_Run], list[int]]:
        bits = int.from_bytes(nulls, "little")
        missing = [place for place in range(len(self._columns)) if bits >> place & 1]
        there = [column for place, column in enumerate(self._columns) if not bits >> place & 1]
        if len(self._patterns) >= _PATTERNS:
            self._patterns.clear()
        self._patterns[nulls] = _runs(there, flags=False), missing
        return self._patterns[nulls]


class RowReader:
    """Takes the place of the driver's own reader of rows on one connection.

    Args:
        connection: the driver's, logged in.
        incoming: what its line brings.
        failed: makes the driver's error of an answer that is none.
    """

    def __init__(self, connection: Any, incoming: Incoming, failed: Callable[[str], Exception]) -> None:
        self._connection = connection
        self._incoming = incoming
        self._failed = failed
        self._layout: tuple[Any, RowLayout] | None = None

    def __call__(self, handle: int, columns: Sequence[Any]) -> tuple[list[list[Any]], bool]:  # noqa: ARG002 - as the driver calls it
        """The rows of one answer, and whether there are more."""
        incoming = self._incoming
        row = self._layout_of(columns).row
        rows: list[list[Any]] = []
        self._skip_to_answer()
        status, count = struct.unpack(">ii", incoming.take(8))
        while count:
            rows.append(row(incoming))
            code, status, count = self._next_header()
            if code != self._connection.op_fetch_response:
                raise self._failed(f"an answer {code} among rows")
        return rows, status != 100

    def _next_header(self) -> tuple[int, int, int]:
        incoming = self._incoming
        incoming.hold(12)
        code, status, count = _HEADER.unpack_from(incoming.data, incoming.place)
        if code == self._connection.op_response:
            incoming.place += 4
            self._connection._parse_op_response()  # noqa: SLF001 - raises what the server says
        incoming.place += 12
        return code, status, count

    def _skip_to_answer(self) -> None:
        """Over the answers that the driver left for later; what the server refuses is raised."""
        connection = self._connection
        while True:
            (code,) = struct.unpack(">i", self._incoming.take(4))
            if code == connection.op_fetch_response:
                return
            if code == connection.op_response:
                late = connection.lazy_response_count > 0
                connection.lazy_response_count -= int(late)
                connection._parse_op_response()  # noqa: SLF001 - raises what the server says
                if late:
                    continue
            if code != connection.op_dummy:
                raise self._failed(f"an answer {code} instead of rows")

    def _layout_of(self, columns: Sequence[Any]) -> RowLayout:
        if self._layout is None or self._layout[0] is not columns:
            connection = self._connection
            layout = RowLayout(columns, connection.accept_version, connection.bytes_to_str)
            self._layout = columns, layout
        return self._layout[1]


def _unpacked(runs: Sequence[_Run], incoming: Incoming) -> list[Any]:
    values: list[Any] = []
    for run in runs:
        incoming.hold(run.size)
        values += run.unpack_from(incoming.data, incoming.place)
        incoming.place += run.size
        if run.text_follows:
            values[-1] = incoming.take(values[-1], word_alignment=True)
    return values


def _runs(columns: Sequence[Any], *, flags: bool) -> list[_Run]:
    runs: list[_Run] = []
    layout = ""  # of the columns since the last text
    for column in columns:
        if column.sqltype == _VARYING:
            runs.append(_Run(f"{layout}i", text_follows=True))
            layout = ""
        else:
            layout += _fixed(column)
        layout += "i" if flags else ""
    if layout:
        runs.append(_Run(layout, text_follows=False))
    return runs


def _fixed(column: Any) -> str:
    """The layout of a value of a fixed size; padded to a multiple of four."""
    if column.sqltype in _PLAIN:
        return _PLAIN[column.sqltype]
    if column.sqltype in _WHOLE and not column.sqlscale:
        return _WHOLE[column.sqltype]
    size = column.io_length()
    return f"{size}s{_padded(size) - size}x"


def _convert(column: Any, decode: Convert) -> Convert | None:
    """What makes a value of its bytes; None where it is ready as it was unpacked."""
    kind = column.sqltype
    if kind in _PLAIN or kind in (_BLOB, _ARRAY) or (kind in _WHOLE and not column.sqlscale):
        return None
    if kind == _VARYING:
        return decode
    if kind == _TEXT:
        return lambda raw: decode(raw).rstrip()
    if kind == _TIMESTAMP:
        return _moment
    value: Convert = column.value
    return value


def _moment(raw: bytes) -> datetime:
    days, ticks = struct.unpack(">iI", raw)
    return _EPOCH + timedelta(days=days, microseconds=ticks * _TICK)


def _padded(size: int) -> int:
    return (size + 3) & ~3
