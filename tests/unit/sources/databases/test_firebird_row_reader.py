"""Rows read in runs are the rows that the driver reads value by value, whatever is NULL and however they arrive."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qcpump_qt.sources.databases.firebird_rows import Incoming, RowLayout, RowReader

firebirdsql = pytest.importorskip("firebirdsql", reason="needs the driver firebirdsql")
xsqlvar = pytest.importorskip("firebirdsql.xsqlvar", reason="needs the driver firebirdsql")

OLD, NEW = 12, 13
FETCHED, RESPONSE, DUMMY = 66, 9, 71
TEXT, VARYING, DOUBLE, FLOAT, LONG, SHORT = 452, 448, 480, 482, 496, 500
TIMESTAMP, INT64, BLOB, DATE, TIME, BOOLEAN = 510, 580, 520, 570, 560, 32764
WORD = struct.Struct(">i")
REFUSED = WORD.pack(1) + WORD.pack(335544778) + WORD.pack(0)
"""What a server says of an arithmetic error, as a vector of states."""

WHOLE = st.integers(-(2**31), 2**31 - 1)
CELLS: dict[int, st.SearchStrategy[bytes]] = {
    TEXT: st.sampled_from(["", "6X", "Зал"]).map(lambda text: text.encode().ljust(7)),
    VARYING: st.text(max_size=9).map(lambda text: text.encode("utf-8", "surrogatepass")),
    DOUBLE: st.floats(allow_nan=False).map(struct.Struct(">d").pack),
    FLOAT: st.floats(allow_nan=False, width=32).map(struct.Struct(">f").pack),
    LONG: WHOLE.map(WORD.pack),
    SHORT: st.integers(-(2**15), 2**15 - 1).map(WORD.pack),
    INT64: st.integers(-(2**63), 2**63 - 1).map(struct.Struct(">q").pack),
    TIMESTAMP: st.tuples(st.integers(-678575, 2973483), st.integers(0, 863_999_999)).map(
        lambda pair: struct.pack(">ii", *pair)
    ),
    DATE: st.integers(-678575, 2973483).map(WORD.pack),
    TIME: st.integers(0, 863_999_999).map(WORD.pack),
    BLOB: st.binary(min_size=8, max_size=8),
    BOOLEAN: st.sampled_from([b"\0", b"\1"]),
}


def column(kind: int, scale: int = 0) -> Any:
    """A column as the driver describes it."""
    made = xsqlvar.XSQLVAR(decoded)
    made.sqltype, made.sqlscale, made.sqllen = kind, scale, 7
    return made


def decoded(data: Any) -> str:
    return bytes(data).decode("utf-8", errors="surrogateescape")


def padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % 4)


def row_on_the_line(columns: list[Any], cells: list[bytes | None], version: int) -> bytes:
    """One row as a server sends it."""
    parts = []
    if version >= NEW:
        bits = sum(1 << place for place, cell in enumerate(cells) if cell is None)
        parts.append(padded(bits.to_bytes((len(columns) + 7) // 8, "little")))
    for each, cell in zip(columns, cells, strict=True):
        if cell is None and version >= NEW:
            continue
        here = cell if cell is not None else bytes(max(0, each.io_length()))
        length = WORD.pack(len(here)) if each.sqltype == VARYING else b""
        flag = b"" if version >= NEW else WORD.pack(-1 if cell is None else 0)
        parts.append(length + padded(here) + flag)
    return b"".join(parts)


def answer(rows: list[bytes], status: int = 100) -> bytes:
    """A whole answer: a header before each row, and one that says that there are no more."""
    header = struct.pack(">iii", FETCHED, 0, 1)
    return b"".join(header + row for row in rows) + struct.pack(">iii", FETCHED, status, 0)


def refusal(code: int = RESPONSE) -> bytes:
    return WORD.pack(code) + bytes(16) + REFUSED


def accepted() -> bytes:
    return WORD.pack(RESPONSE) + bytes(16) + WORD.pack(0)


class Line:
    """The socket of the driver, which gives the data in pieces."""

    def __init__(self, data: bytes, piece: int) -> None:
        self._pieces = (data[start : start + piece] for start in range(0, len(data), piece))
        self._rest = b""

    def recv(self, size: int) -> bytes:
        data = self._rest or next(self._pieces, b"")
        self._rest = data[size:]
        return data[:size]

    def close(self) -> None:
        """As the driver asks for in the end."""


def connection(data: bytes, version: int = NEW, *, piece: int = 7, late: int = 0) -> Any:
    """The driver's connection at the end of such a line."""
    made = firebirdsql.Connection(host="nowhere", database="none")
    made.sock = Line(data, piece)
    made.accept_version, made.lazy_response_count = version, late
    made.bytes_to_str = decoded
    return made


def quick(driver: Any) -> RowReader:
    """Our reader on a connection of the driver."""
    incoming = Incoming(driver.sock.recv, lambda: firebirdsql.OperationalError("gone"))
    driver._recv_channel = incoming.take
    return RowReader(driver, incoming, firebirdsql.InternalError)


@st.composite
def answers(draw: st.DrawFn) -> tuple[list[Any], list[list[bytes | None]]]:
    kinds = draw(st.lists(st.sampled_from(sorted(CELLS)), min_size=1, max_size=20))
    columns = [column(kind, draw(st.sampled_from([0, -3])) if kind in (LONG, INT64) else 0) for kind in kinds]
    row = st.tuples(*(st.none() | CELLS[kind] for kind in kinds)).map(list)
    return columns, draw(st.lists(row, max_size=4))


@given(what=answers(), version=st.sampled_from([OLD, NEW]), piece=st.sampled_from([1, 5, 1000]))
def test_as_the_driver_reads_them(
    what: tuple[list[Any], list[list[bytes | None]]], version: int, piece: int
) -> None:
    columns, rows = what
    data = answer([row_on_the_line(columns, cells, version) for cells in rows])
    expected = connection(data, version, piece=piece)._op_fetch_response(1, columns)
    found = quick(connection(data, version, piece=piece))(1, columns)
    assert found == expected
    assert [[type(value) for value in row] for row in found[0]] == [
        [type(value) for value in row] for row in expected[0]
    ]


@pytest.mark.parametrize(("status", "more"), [(100, False), (0, True)])
def test_whether_there_is_more(status: int, more: bool) -> None:
    assert quick(connection(answer([], status)))(1, [column(LONG)]) == ([], more)


def test_a_statement_after_another_on_the_same_line() -> None:
    first, second = [column(LONG)], [column(VARYING), column(LONG)]
    data = answer([row_on_the_line(first, [WORD.pack(7)], NEW)])
    data += answer([row_on_the_line(second, [b"text", WORD.pack(8)], NEW)])
    read = quick(connection(data))
    assert read(1, first)[0] == [[7]]
    assert read(2, second)[0] == [["text", 8]]


def test_late_answers_and_signs_of_life_are_passed_over() -> None:
    columns = [column(LONG)]
    data = WORD.pack(DUMMY) + accepted() + WORD.pack(DUMMY) + accepted()
    data += answer([row_on_the_line(columns, [WORD.pack(7)], NEW)])
    driver = connection(data, late=2)
    assert quick(driver)(1, columns)[0] == [[7]]
    assert driver.lazy_response_count == 0


def one_row() -> Iterator[bytes]:
    yield struct.pack(">iii", FETCHED, 0, 1)
    yield row_on_the_line([column(LONG)], [WORD.pack(7)], NEW)


@pytest.mark.parametrize("before", [b"", b"".join(one_row())])
def test_what_the_server_refuses_is_raised_as_by_the_driver(before: bytes) -> None:
    caught = []
    for read in (connection(before + refusal())._op_fetch_response, quick(connection(before + refusal()))):
        with pytest.raises(firebirdsql.OperationalError) as info:
            read(1, [column(LONG)])
        caught.append((str(info.value), info.value.gds_codes))
    assert caught[0] == caught[1]
    assert caught[0][1] == {335544778}


@pytest.mark.parametrize(
    ("before", "said"),
    [(b"", "an answer 5 instead of rows"), (b"".join(one_row()), "an answer 5 among rows")],
)
def test_an_answer_that_is_none(before: bytes, said: str) -> None:
    data = before + WORD.pack(5) + bytes(20)
    with pytest.raises(firebirdsql.InternalError, match=said):
        quick(connection(data))(1, [column(LONG)])


def test_an_acceptance_in_place_of_rows() -> None:
    with pytest.raises(firebirdsql.InternalError, match="an answer 9 instead of rows"):
        quick(connection(accepted()))(1, [column(LONG)])


@pytest.mark.parametrize("kept", [0, 3, 15, 20, 30])
def test_a_line_that_ends_too_soon(kept: int) -> None:
    columns = [column(VARYING)]
    data = answer([row_on_the_line(columns, [b"0123456789"], NEW)])
    with pytest.raises(firebirdsql.OperationalError, match="gone"):
        quick(connection(data[:kept]))(1, columns)


def test_many_patterns_of_null_do_not_pile_up() -> None:
    columns = [column(LONG) for _ in range(10)]
    layout = RowLayout(columns, NEW, decoded)
    for pattern in range(1024):
        cells = [None if pattern >> place & 1 else WORD.pack(place) for place in range(10)]
        incoming = Incoming(Line(row_on_the_line(columns, cells, NEW), 99).recv, RuntimeError)
        expected = [None if pattern >> place & 1 else place for place in range(10)]
        assert layout.row(incoming) == expected
    assert len(layout._patterns) <= 500


def test_nothing_is_lost_between_two_reads() -> None:
    incoming = Incoming(Line(b"abcdefghijklmnop", 5).recv, RuntimeError)
    assert incoming.take(3, word_alignment=True) == b"abc"
    assert incoming.take(0) == b""
    assert incoming.take(6) == b"efghij"
    incoming.hold(2)
    assert incoming.take(6) == b"klmnop"
    with pytest.raises(RuntimeError):
        incoming.take(1)
