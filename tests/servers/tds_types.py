"""The data types of TDS 7.4: columns of a result, and the values of a request's parameters."""

from __future__ import annotations

import datetime as dt
import struct
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Context, Decimal, localcontext
from typing import Any

_EPOCH = dt.datetime(1900, 1, 1)  # noqa: DTZ001 - SQL Server's times have no zone
_NOTHING_16 = 0xFFFF
_NOTHING_64 = 0xFFFFFFFFFFFFFFFF
_DIGITS = 38
# SQL_Latin1_General_CP1_CI_AS, and Cyrillic_General_CI_AS (code page 1251).
LATIN = b"\x09\x04\xd0\x00\x34"
CYRILLIC = b"\x19\x04\xd0\x00\x00"


class LongText(str):
    """The text of an nvarchar(max) column."""

    __slots__ = ()


class LatinText(str):
    """The text of a varchar column in code page 1252."""

    __slots__ = ()


class CyrillicText(str):
    """The text of a varchar column in code page 1251."""

    __slots__ = ()


class PaddedText(str):
    """The text of an nchar(20) column, which is filled up with spaces."""

    __slots__ = ()


class OldDatetime(dt.datetime):
    """A moment of a datetime column, which counts in 1/300 s; others are datetime2(7)."""


@dataclass(frozen=True)
class Column:
    """How one column is announced, and how each of its values is packed."""

    info: bytes
    pack: Callable[[Any], bytes]
    nothing: bytes = b"\x00"

    def packed(self, value: Any) -> bytes:
        """One value as it goes into a row."""
        return self.nothing if value is None else self.pack(value)


def column_of(values: Sequence[Any]) -> Column:
    """The column that holds these values (SQLite forgets types; SQL Server would know them)."""
    for kinds, make in _COLUMNS:
        if any(isinstance(value, kinds) for value in values):
            return make(values)
    return _long_integers(values)


def _short(pattern: str) -> Callable[[Any], bytes]:
    packer = struct.Struct(pattern)
    return lambda value: bytes([packer.size]) + packer.pack(value)


def _bits(_values: Sequence[Any]) -> Column:
    return Column(b"\x68\x01", _short("<?"))


def _long_integers(values: Sequence[Any]) -> Column:
    if any(value is not None and abs(value) > 0x7FFFFFFF for value in values):
        return Column(b"\x26\x08", _short("<q"))
    return Column(b"\x26\x04", _short("<i"))


def _floats(_values: Sequence[Any]) -> Column:
    return Column(b"\x6d\x08", _short("<d"))


def _decimals(values: Sequence[Any]) -> Column:
    # The digits are the value's, whatever SQLite made of one that happens to be a whole number.
    exact = [Decimal(str(value)) for value in values if value is not None]
    scale = max(max(0, -int(value.as_tuple().exponent)) for value in exact)

    def pack(value: Any) -> bytes:
        with localcontext(Context(prec=_DIGITS)):
            number = int(Decimal(str(value)).scaleb(scale))
        return b"\x11" + bytes([number >= 0]) + abs(number).to_bytes(16, "little")

    return Column(bytes([0x6A, 17, _DIGITS, scale]), pack)


def _guids(_values: Sequence[Any]) -> Column:
    return Column(b"\x24\x10", lambda value: b"\x10" + value.bytes_le)


def _old_datetimes(_values: Sequence[Any]) -> Column:
    def pack(value: dt.datetime) -> bytes:
        since = value.replace(tzinfo=None) - _EPOCH
        ticks = round((since.seconds + since.microseconds / 1e6) * 300)
        return struct.pack("<BiI", 8, since.days, ticks)

    return Column(b"\x6f\x08", pack)


def _datetimes(_values: Sequence[Any]) -> Column:
    def pack(value: dt.datetime) -> bytes:
        since = value - value.replace(hour=0, minute=0, second=0, microsecond=0)
        ticks = since.seconds * 10_000_000 + since.microseconds * 10
        return b"\x08" + ticks.to_bytes(5, "little") + (value.toordinal() - 1).to_bytes(3, "little")

    return Column(b"\x2a\x07", pack)


def _texts(_values: Sequence[Any]) -> Column:
    def pack(value: Any) -> bytes:
        data = str(value).encode("utf-16-le")
        return struct.pack("<H", len(data)) + data

    return Column(struct.pack("<BH", 0xE7, 8000) + LATIN, pack, b"\xff\xff")


def _padded_texts(_values: Sequence[Any]) -> Column:
    def pack(value: Any) -> bytes:
        return struct.pack("<H", 40) + str(value).ljust(20).encode("utf-16-le")

    return Column(struct.pack("<BH", 0xEF, 40) + LATIN, pack, b"\xff\xff")


def _long_texts(_values: Sequence[Any]) -> Column:
    def pack(value: Any) -> bytes:
        data = str(value).encode("utf-16-le")
        return struct.pack("<QI", len(data), len(data)) + data + bytes(4 if data else 0)

    return Column(struct.pack("<BH", 0xE7, _NOTHING_16) + LATIN, pack, struct.pack("<Q", _NOTHING_64))


def _narrow(collation: bytes, code_page: str) -> Callable[[Sequence[Any]], Column]:
    def pack(value: Any) -> bytes:
        data = str(value).encode(code_page)
        return struct.pack("<H", len(data)) + data

    return lambda _values: Column(struct.pack("<BH", 0xA7, 8000) + collation, pack, b"\xff\xff")


_COLUMNS: tuple[tuple[type, Callable[[Sequence[Any]], Column]], ...] = (
    (bool, _bits),
    (LongText, _long_texts),
    (LatinText, _narrow(LATIN, "cp1252")),
    (CyrillicText, _narrow(CYRILLIC, "cp1251")),
    (PaddedText, _padded_texts),
    (str, _texts),
    (uuid.UUID, _guids),
    (OldDatetime, _old_datetimes),
    (dt.datetime, _datetimes),
    (Decimal, _decimals),
    (float, _floats),
)


class Reader:
    """Walks through the bytes of a request."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    @property
    def more(self) -> bool:
        """True while there is something left."""
        return self._at < len(self._data)

    def take(self, size: int) -> bytes:
        """The next `size` bytes."""
        part = self._data[self._at : self._at + size]
        self._at += size
        return part

    def number(self, size: int) -> int:
        """The next `size` bytes as a number."""
        return int.from_bytes(self.take(size), "little")

    def text(self, characters: int) -> str:
        """The next characters of a text."""
        return self.take(characters * 2).decode("utf-16-le")

    def value(self) -> Any:
        """The next parameter: its type, then its value."""
        kind = self.number(1)
        if kind in _FIXED:
            return _FIXED[kind](self)
        return self._of_some_length(kind)

    def _of_some_length(self, kind: int) -> Any:
        if kind in (0xE7, 0xEF, 0xA7, 0xAF, 0xA5, 0xAD):
            return self._characters(kind)
        if kind == 0x63:  # ntext
            self.take(9)
            return self.take(self.number(4)).decode("utf-16-le")
        scale = self._scale(kind)
        data = self.take(self.number(1))
        return _SIZED[kind](data, scale) if data else None

    def _scale(self, kind: int) -> int:
        if kind in (0x6A, 0x6C):  # decimal, numeric: size, precision, scale
            return self.take(3)[2]
        return 0 if kind == 0x28 else self.number(1)

    def _characters(self, kind: int) -> Any:
        size = self.number(2)
        binary = kind in (0xA5, 0xAD)
        if not binary:
            self.take(5)  # the collation
        data = self._in_chunks() if size == _NOTHING_16 else self._in_one()
        if data is None or binary:
            return data
        return data.decode("utf-16-le" if kind in (0xE7, 0xEF) else "cp1252")

    def _in_one(self) -> bytes | None:
        size = self.number(2)
        return None if size == _NOTHING_16 else self.take(size)

    def _in_chunks(self) -> bytes | None:
        if self.number(8) == _NOTHING_64:
            return None
        data = bytearray()
        while size := self.number(4):
            data += self.take(size)
        return bytes(data)


def _decimal(data: bytes, scale: int) -> Decimal:
    with localcontext(Context(prec=_DIGITS)):
        number = Decimal(int.from_bytes(data[1:], "little")).scaleb(-scale)
    return number if data[0] else -number


def _old_datetime(data: bytes, _scale: int) -> dt.datetime:
    days, ticks = struct.unpack("<iI", data)
    return _EPOCH + dt.timedelta(days=days, microseconds=round(ticks * 1e6 / 300))


def _datetime(data: bytes, scale: int) -> dt.datetime:
    day = dt.datetime.fromordinal(int.from_bytes(data[-3:], "little") + 1)
    ticks = int.from_bytes(data[:-3], "little")
    return day + dt.timedelta(microseconds=ticks * 10**6 // 10**scale)


def _integer(data: bytes, _scale: int) -> int:
    return int.from_bytes(data, "little", signed=True)


def _float(data: bytes, _scale: int) -> float:
    return float(struct.unpack("<d" if len(data) == 8 else "<f", data)[0])


_SIZED: dict[int, Callable[[bytes, int], Any]] = {
    0x26: _integer,
    0x68: lambda data, _scale: data != b"\x00",
    0x6D: _float,
    0x6A: _decimal,
    0x6C: _decimal,
    0x24: lambda data, _scale: uuid.UUID(bytes_le=data),
    0x6F: _old_datetime,
    0x2A: _datetime,
    0x28: lambda data, _scale: dt.date.fromordinal(int.from_bytes(data, "little") + 1),
}
_FIXED: dict[int, Callable[[Reader], Any]] = {
    0x1F: lambda _reader: None,
    0x30: lambda reader: _integer(reader.take(1), 0),
    0x32: lambda reader: reader.take(1) != b"\x00",
    0x34: lambda reader: _integer(reader.take(2), 0),
    0x38: lambda reader: _integer(reader.take(4), 0),
    0x3E: lambda reader: _float(reader.take(8), 0),
    0x7F: lambda reader: _integer(reader.take(8), 0),
}
