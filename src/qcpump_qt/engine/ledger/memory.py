"""The memory of pumps, kept in the ledger."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, and_, bindparam, select

from qcpump_qt.engine.ledger.database import Database
from qcpump_qt.engine.ledger.schema import items, marks, records
from qcpump_qt.engine.memory import Item
from qcpump_qt.engine.records import DeliveryState

CHUNK = 400
"""Names asked for in one query; stays below every database's limit of parameters."""


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
