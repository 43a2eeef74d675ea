"""What a client asks of a SQL Server: the login, batches, and the procedures that drivers call."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from servers.tds_types import Reader

_PROCEDURES = {2: "sp_cursoropen", 10: "sp_executesql", 11: "sp_prepare", 12: "sp_execute", 13: "sp_prepexec"}
_PROCEDURES |= {9: "sp_cursorclose", 15: "sp_unprepare"}
_READ_ONLY = 0x20


@dataclass(frozen=True)
class Login:
    """Who wants in, and to what."""

    user: str
    password: str = field(repr=False)
    database: str
    read_only: bool


@dataclass(frozen=True)
class Call:
    """A call of one procedure."""

    procedure: str
    values: list[Any]
    names: list[str]


def wanted_encryption(data: bytes) -> int:
    """What the client's PRELOGIN says about encryption: 0 login only, 1 all, 2 impossible."""
    for place in range(0, len(data), 5):
        if data[place] == 0xFF:
            break
        if data[place] == 1:
            return data[int.from_bytes(data[place + 1 : place + 3], "big")]
    return 2


def read_login(data: bytes) -> Login:
    """The LOGIN7 message; the password in it is merely scrambled."""

    def text(place: int) -> bytes:
        offset, length = struct.unpack_from("<HH", data, place)
        return data[offset : offset + length * 2]

    password = bytes((byte ^ 0xA5) >> 4 | ((byte ^ 0xA5) << 4 & 0xF0) for byte in text(44))
    return Login(
        user=text(40).decode("utf-16-le"),
        password=password.decode("utf-16-le"),
        database=text(68).decode("utf-16-le"),
        read_only=bool(data[26] & _READ_ONLY),
    )


def read_batch(data: bytes) -> str:
    """The text of a batch, without the headers before it."""
    return data[struct.unpack_from("<I", data)[0] :].decode("utf-16-le")


def read_calls(data: bytes) -> Iterator[Call]:
    """The procedures called by one message."""
    reader = Reader(data)
    reader.take(reader.number(4) - 4)  # the headers
    while reader.more:
        length = reader.number(2)
        name = _PROCEDURES.get(reader.number(2), "") if length == 0xFFFF else reader.text(length)
        reader.take(2)
        values, names = [], []
        while reader.more:
            size = reader.number(1)
            if size >= 0x80:  # the next call begins
                break
            names.append(reader.text(size))
            reader.take(1)
            values.append(reader.value())
        yield Call(name.casefold().removeprefix("sys."), values, names)


def parameter_names(declaration: str | None) -> list[str]:
    """The names in ``@P1 int, @P2 decimal(9,2)``, without the sign."""
    return re.findall(r"@(\w+)\s+\w", declaration or "")
