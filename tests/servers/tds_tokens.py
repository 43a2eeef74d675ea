"""What a SQL Server says: the tokens that make up an answer."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import Any

from servers.tds_types import LATIN, column_of

MORE, ERROR, COUNT, ATTENTION = 0x01, 0x02, 0x10, 0x20
_DONE, _DONE_PROCEDURE, _DONE_IN_PROCEDURE = 0xFD, 0xFE, 0xFF
_VERSION = bytes((15, 0, 0x07, 0xD0))


def done(status: int = 0, rows: int = 0) -> bytes:
    """The end of a batch."""
    return _end(_DONE, status, rows)


def done_procedure(status: int = 0) -> bytes:
    """The end of a procedure, after its return status."""
    return struct.pack("<Bi", 0x79, 0) + _end(_DONE_PROCEDURE, status, 0)


def done_in_procedure(rows: int) -> bytes:
    """The end of one statement within a procedure."""
    return _end(_DONE_IN_PROCEDURE, MORE | COUNT, rows)


def error(number: int, text: str, state: int = 1, severity: int = 16) -> bytes:
    """A complaint with SQL Server's own number."""
    body = struct.pack("<iBBH", number, state, severity, len(text)) + text.encode("utf-16-le")
    body += _name("STANDIN") + _name("") + struct.pack("<i", 1)
    return struct.pack("<BH", 0xAA, len(body)) + body


def handle(number: int) -> bytes:
    """The output parameter with the number of a prepared statement."""
    value = b"\x26\x04" + struct.pack("<Bi", 4, number)
    return struct.pack("<BH", 0xAC, 0) + _name("") + b"\x01" + bytes(6) + value


def prelogin(encryption: int) -> bytes:
    """The server's side of the first exchange: its version, and what it wants encrypted."""
    values = {0: _VERSION + bytes(2), 1: bytes([encryption]), 2: b"\x00", 3: b"", 4: b"\x00"}
    offset = len(values) * 5 + 1
    head, body = b"", b""
    for token, value in values.items():
        head += struct.pack(">BHH", token, offset + len(body), len(value))
        body += value
    return head + b"\xff" + body


def welcome(database: str) -> bytes:
    """The answer to a login that was accepted."""
    collation = bytes([len(LATIN)]) + LATIN + b"\x00"
    changes = _change(1, _name(database) + _name("master")) + _change(7, collation)
    changes += _change(2, _name("us_english") + _name(""))
    program = _name("Microsoft SQL Server")
    body = b"\x01\x74\x00\x00\x04" + program + _VERSION
    return changes + struct.pack("<BH", 0xAD, len(body)) + body + _change(4, _name("4096") + _name("4096"))


def result(names: Sequence[str], rows: Sequence[Sequence[Any]]) -> bytes:
    """Columns and rows of a result."""
    columns = [column_of([row[place] for row in rows]) for place in range(len(names))]
    answer = bytearray(struct.pack("<BH", 0x81, len(names)))
    for name, column in zip(names, columns, strict=True):
        answer += struct.pack("<IH", 0, 9) + column.info + _name(name)
    for row in rows:
        answer += b"\xd1"
        for column, value in zip(columns, row, strict=True):
            answer += column.packed(value)
    return bytes(answer)


def _end(token: int, status: int, rows: int) -> bytes:
    return struct.pack("<BHHQ", token, status, 0xC1 if status & COUNT else 0, rows)


def _name(text: str) -> bytes:
    return bytes([len(text)]) + text.encode("utf-16-le")


def _change(kind: int, values: bytes) -> bytes:
    return struct.pack("<BHB", 0xE3, len(values) + 1, kind) + values
