"""What a pump remembers of its source: items it has dealt with, and small marks.

The main book tells what became of records; this tells which folder or row went into which record, so
that nothing old needs to be looked at again.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from sqlalchemy import Connection, and_, bindparam, select

from qcpump_qt.engine.ledger.database import Database
from qcpump_qt.engine.ledger.schema import items, marks, records
from qcpump_qt.engine.records import DeliveryState

CHUNK = 400
"""Names asked for in one query; stays below every database's limit of parameters."""


@dataclass(frozen=True)
class Item:
    """One folder, file or row of a source.

    Args:
        container: what it lies in (a machine's folder), as the pump names it.
        name: its name in there.
        record: key of the record it belongs to.
        facts: what the pump wants to know of it later; JSON.
        state: the state of that record; filled in when read.
        drafted: True when what is to be sent for that record is kept in the ledger; filled in when read.
    """

    container: str
    name: str
    record: str | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    state: DeliveryState | None = None
    drafted: bool = False

    @property
    def final(self) -> bool:
        """True when nothing is left to be done for it."""
        return self.state is not None and self.state.final


class SourceMemory(Protocol):
    """What a pump may ask and tell about its source; preview answers without remembering."""

    def mark(self, name: str) -> Any:
        """The value of a mark, or None."""

    def set_mark(self, name: str, value: Any) -> None:
        """Remember a small JSON value under a name."""

    def final_names(self, container: str) -> set[str]:
        """Names of the items in a container that need no further look."""

    def open_items(self) -> list[Item]:
        """All remembered items whose record is waiting, on its way, or rejected."""

    def items_named(self, container: str, first: str, last: str) -> list[Item]:
        """Remembered items of a container whose names lie from `first` to `last` in the order of text."""

    def items_called(self, names: Iterable[str]) -> list[Item]:
        """Remembered items of any container that have one of these names, with the states of their records."""

    def remember(self, found: Iterable[Item]) -> None:
        """Remember items, replacing what was known under the same container and name."""

    def open_records(self) -> dict[str, DeliveryState]:
        """The pump's records that are not final, by key."""

    def records_between(self, first: str, last: str) -> dict[str, DeliveryState]:
        """The pump's records whose keys lie from `first` to `last` in the order of text."""


class LedgerMemory:
    """A pump's memory in the ledger."""

    def __init__(self, database: Database, pump: str) -> None:
        self._database = database
        self._pump = pump

    def mark(self, name: str) -> Any:
        """The value of a mark, or None."""
        query = select(marks.c.value).where(marks.c.pump == self._pump, marks.c.name == name)
        with self._database.reading() as connection:
            text = connection.execute(query).scalar_one_or_none()
        return None if text is None else json.loads(text)

    def set_mark(self, name: str, value: Any) -> None:
        """Remember a small JSON value under a name."""
        with self._database.writing() as connection:
            _put(connection, marks, {"pump": self._pump, "name": name}, {"value": json.dumps(value)})

    def final_names(self, container: str) -> set[str]:
        """Names of the items in a container that need no further look.

        Items of a rejected record are not among them: it may be tried again with what is there then.
        """
        finals = [
            state.value for state in DeliveryState if state.final and state is not DeliveryState.REJECTED
        ]
        query = (
            select(items.c.name)
            .join(records, and_(records.c.pump == items.c.pump, records.c.key == items.c.record))
            .where(items.c.pump == self._pump, items.c.container == container, records.c.state.in_(finals))
        )
        with self._database.reading() as connection:
            return set(connection.execute(query).scalars())

    def open_items(self) -> list[Item]:
        """All remembered items whose record is waiting, on its way, or rejected."""
        open_states = [DeliveryState.WAITING.value, DeliveryState.SENDING.value, DeliveryState.REJECTED.value]
        query = (
            select(
                *(items.c.container, items.c.name, items.c.record, items.c.facts, records.c.state),
                records.c.payload.is_not(None),
            )
            .join(records, and_(records.c.pump == items.c.pump, records.c.key == items.c.record))
            .where(items.c.pump == self._pump, records.c.state.in_(open_states))
        )
        with self._database.reading() as connection:
            return [
                Item(container, name, record, json.loads(facts), DeliveryState(state), bool(drafted))
                for container, name, record, facts, state, drafted in connection.execute(query)
            ]

    def items_named(self, container: str, first: str, last: str) -> list[Item]:
        """Remembered items of a container whose names lie from `first` to `last` in the order of text."""
        query = select(items.c.name, items.c.record, items.c.facts).where(
            *(items.c.pump == self._pump, items.c.container == container),
            *(items.c.name >= first, items.c.name <= last),
        )
        with self._database.reading() as connection:
            return [
                Item(container, name, record, json.loads(facts))
                for name, record, facts in connection.execute(query)
            ]

    def items_called(self, names: Iterable[str]) -> list[Item]:
        """Remembered items of any container that have one of these names, with the states of their records."""
        wanted = list(names)
        query = (
            select(items.c.container, items.c.name, items.c.record, items.c.facts, records.c.state)
            .join(records, and_(records.c.pump == items.c.pump, records.c.key == items.c.record))
            .where(items.c.pump == self._pump)
        )
        found: list[Item] = []
        with self._database.reading() as connection:
            for start in range(0, len(wanted), CHUNK):
                chunk = query.where(items.c.name.in_(wanted[start : start + CHUNK]))
                found += [
                    Item(container, name, record, json.loads(facts), DeliveryState(state))
                    for container, name, record, facts, state in connection.execute(chunk)
                ]
        return found

    def remember(self, found: Iterable[Item]) -> None:
        """Remember items, replacing what was known under the same container and name."""
        rows = [
            {
                "pump": self._pump,
                "container": item.container,
                "name": item.name,
                "record": item.record,
                "facts": json.dumps(item.facts, ensure_ascii=False),
            }
            for item in found
        ]
        if rows:
            with self._database.writing() as connection:
                _replace_items(connection, rows)

    def open_records(self) -> dict[str, DeliveryState]:
        """The pump's records that are not final, by key."""
        query = select(records.c.key, records.c.state).where(
            records.c.pump == self._pump,
            records.c.state.in_([DeliveryState.WAITING.value, DeliveryState.SENDING.value]),
        )
        with self._database.reading() as connection:
            return {key: DeliveryState(state) for key, state in connection.execute(query)}

    def records_between(self, first: str, last: str) -> dict[str, DeliveryState]:
        """The pump's records whose keys lie from `first` to `last` in the order of text."""
        query = select(records.c.key, records.c.state).where(
            records.c.pump == self._pump, records.c.key >= first, records.c.key <= last
        )
        with self._database.reading() as connection:
            return {key: DeliveryState(state) for key, state in connection.execute(query)}


class ForgetfulMemory:
    """Reads another memory and remembers nothing: for a preview."""

    def __init__(self, behind: SourceMemory) -> None:
        self._behind = behind

    def mark(self, name: str) -> Any:
        """As it stands in the memory behind."""
        return self._behind.mark(name)

    def set_mark(self, name: str, value: Any) -> None:
        """Nothing is remembered."""

    def final_names(self, container: str) -> set[str]:
        """As it stands in the memory behind."""
        return self._behind.final_names(container)

    def open_items(self) -> list[Item]:
        """As it stands in the memory behind."""
        return self._behind.open_items()

    def items_named(self, container: str, first: str, last: str) -> list[Item]:
        """As it stands in the memory behind."""
        return self._behind.items_named(container, first, last)

    def items_called(self, names: Iterable[str]) -> list[Item]:
        """As it stands in the memory behind."""
        return self._behind.items_called(names)

    def remember(self, found: Iterable[Item]) -> None:
        """Nothing is remembered."""

    def open_records(self) -> dict[str, DeliveryState]:
        """As it stands in the memory behind."""
        return self._behind.open_records()

    def records_between(self, first: str, last: str) -> dict[str, DeliveryState]:
        """As it stands in the memory behind."""
        return self._behind.records_between(first, last)


def _put(connection: Connection, table: Any, identity: Mapping[str, Any], values: Mapping[str, Any]) -> None:
    """Update the row with this identity, or insert it; plain SQL that every database understands."""
    where = [table.c[name] == value for name, value in identity.items()]
    if connection.execute(table.update().where(*where).values(**values)).rowcount == 0:
        connection.execute(table.insert().values(**identity, **values))


def _replace_items(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    known = items.delete().where(
        items.c.pump == rows[0]["pump"],
        items.c.container == bindparam("b_container"),
        items.c.name == bindparam("b_name"),
    )
    connection.execute(known, [{"b_container": row["container"], "b_name": row["name"]} for row in rows])
    connection.execute(items.insert(), rows)
