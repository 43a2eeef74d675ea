"""Records as a list shows them, a page at a time and without what was sent: quick with 100,000 of them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, and_, func, or_, select

from qcpump_qt.engine.ledger.database import Database
from qcpump_qt.engine.ledger.schema import Text
from qcpump_qt.engine.ledger.schema import records as book
from qcpump_qt.engine.ledger.shown import RecordLine
from qcpump_qt.engine.records import DeliveryState, WaitingFor

_COLUMNS = (
    *(book.c.id, book.c.pump, book.c.key, book.c.title, book.c.state, book.c.reason, book.c.waiting_for),
    *(book.c.unit, book.c.test_list, book.c.first_seen, book.c.updated, book.c.attempts, book.c.url),
)
_SEARCHED = (book.c.title, book.c.key, book.c.unit, book.c.test_list, book.c.reason)
_ORDERS: dict[str, ColumnElement[Any]] = {
    "updated": book.c.updated,
    "first_seen": book.c.id,  # records are numbered in the order in which they were first seen
    "title": func.lower(book.c.title),
    "state": book.c.state,
    "unit": func.lower(book.c.unit),
    "test_list": func.lower(book.c.test_list),
}


def page(
    database: Database,
    pump: str,
    *,
    state: DeliveryState | None = None,
    text: str = "",
    order: str = "updated",
    descending: bool = True,
    offset: int = 0,
    limit: int = 500,
) -> list[RecordLine]:
    """Some of a pump's records; arguments as `qcpump_qt.engine.ledger.browse.Browse.page`."""
    by = _ORDERS[order]
    ordered = (by.desc(), book.c.id.desc()) if descending else (by, book.c.id)
    # Which ones is found out from an index; only these are then read whole, as their rows are large.
    chosen = select(book.c.id).where(_matching(pump, state, text)).order_by(*ordered)
    query = select(*_COLUMNS).where(book.c.id.in_(chosen.offset(offset).limit(limit))).order_by(*ordered)
    with database.reading() as connection:
        return [_line(row) for row in connection.execute(query).mappings()]


def count(database: Database, pump: str, state: DeliveryState | None = None, text: str = "") -> int:
    """How many records of a pump fit."""
    query = select(func.count()).select_from(book).where(_matching(pump, state, text))
    with database.reading() as connection:
        return int(connection.execute(query).scalar_one())


def _matching(pump: str, state: DeliveryState | None, text: str) -> ColumnElement[bool]:
    wanted = [book.c.pump == pump]
    if state is not None:
        wanted.append(book.c.state == state.value)
    if text.strip():
        wanted.append(or_(*(_contains(column, text.strip()) for column in _SEARCHED)))
    return and_(*wanted)


def _contains(column: ColumnElement[str], text: str) -> ColumnElement[bool]:
    """Whether the column has the text in it, whatever the case; SQLite itself knows that of ASCII letters only."""
    text = "".join(_small(letter) for letter in text)
    for letter in sorted({letter for letter in text if not letter.isascii()}):
        large = letter.upper()
        if large != letter and _small(large) == letter:
            column = func.replace(column, large, letter, type_=Text)
    return column.icontains(text, autoescape=True)


def _small(letter: str) -> str:
    """The small letter, where the two belong to each other and to no third one (as ß, İ and the sign for kelvin do)."""
    small = letter.lower()
    return small if small.upper() == letter else letter


def _line(row: RowMapping) -> RecordLine:
    return RecordLine(
        number=row["id"],
        pump=row["pump"],
        key=row["key"],
        title=row["title"],
        state=DeliveryState(row["state"]),
        reason=row["reason"],
        waiting_for=WaitingFor(row["waiting_for"]),
        unit=row["unit"],
        test_list=row["test_list"],
        first_seen=datetime.fromisoformat(row["first_seen"]),
        updated=datetime.fromisoformat(row["updated"]),
        attempts=row["attempts"],
        url=row["url"],
    )
