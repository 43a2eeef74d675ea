"""The ledger's main book: exactly one state for every record of every pump."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, bindparam, func, select, update

from qcpump_qt.engine.clock import now
from qcpump_qt.engine.ledger.database import Database
from qcpump_qt.engine.ledger.drafts import Draft, kept_upload, text_of, upload_columns
from qcpump_qt.engine.ledger.schema import records as book
from qcpump_qt.engine.ledger.sightings import sighting_of
from qcpump_qt.engine.records import (
    DeliveryState,
    Record,
    Sighting,
    Upload,
    WaitingFor,
)

_CAN_BE_RETRIED = (DeliveryState.REJECTED.value, DeliveryState.WAITING.value)
CHUNK = 400
"""Keys asked for in one query; stays below every database's limit of parameters."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What is to be written about one record.

    Args:
        key: the record's key; it has to be in the book already.
        state: what became of it.
        reason: why, in words; empty where the state says it all.
        waiting_for: what a waiting record waits for.
        upload: what is to be sent, kept so that it can be sent even when the source is gone.
        fingerprint: of the content that `upload`, or a final state, is about; left as it was where None.
        unit: the unit as shown to people, where it is known.
        payload, answer, url: as sent and as answered; left as they were where None.
        attempt: True counts one more attempt to send.
    """

    key: str
    state: DeliveryState
    reason: str = ""
    waiting_for: WaitingFor = WaitingFor.TIME
    upload: Upload | None = None
    fingerprint: str | None = None
    unit: str | None = None
    payload: Mapping[str, Any] | None = None
    answer: Any = None
    url: str | None = None
    attempt: bool = False


@dataclass(frozen=True)
class Standing:
    """How a record stood in the book when the cycle met it."""

    state: DeliveryState
    reason: str
    fingerprint: str
    attempts: int
    drafted: bool
    new: bool = False


@dataclass(frozen=True, kw_only=True)
class Page:
    """Which records are wanted: by pump, by state, and how many from where on."""

    pump: str | None = None
    state: DeliveryState | None = None
    keys: Sequence[str] = field(default_factory=tuple)
    after: int = 0
    limit: int | None = None


class Deliveries:
    """Reads and writes the states of records."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def meet(self, pump: str, found: Sequence[Record]) -> dict[str, Standing]:
        """Enter records that are new as *waiting*, and tell how each one stands.

        Args:
            pump: the pump's id.
            found: the records, each key once.

        Returns:
            the standing of every key; a new one has ``new=True``.
        """
        known = self.standings(pump, [record.key for record in found])
        fresh = [record for record in found if record.key not in known]
        if fresh:
            with self._database.writing() as connection:
                connection.execute(book.insert(), [_new_row(pump, record) for record in fresh])
        known.update(
            {
                r.key: Standing(DeliveryState.WAITING, "", r.fingerprint, attempts=0, drafted=False, new=True)
                for r in fresh
            }
        )
        return known

    def standings(self, pump: str, keys: Iterable[str]) -> dict[str, Standing]:
        """How these records stand; keys that are not in the book are left out."""
        wanted = list(keys)
        columns = (
            *(book.c.key, book.c.state, book.c.reason, book.c.fingerprint, book.c.attempts),
            book.c.payload.is_not(None),
        )
        found: dict[str, Standing] = {}
        with self._database.reading() as connection:
            for start in range(0, len(wanted), CHUNK):
                chunk = wanted[start : start + CHUNK]
                rows = connection.execute(select(*columns).where(book.c.pump == pump, book.c.key.in_(chunk)))
                found.update(
                    {
                        row[0]: Standing(DeliveryState(row[1]), row[2], row[3], row[4], bool(row[5]))
                        for row in rows
                    }
                )
        return found

    def write(self, pump: str, entries: Iterable[Entry], *, refresh: Iterable[Record] = ()) -> None:
        """Commit the new states in one transaction; all are on the disk when this returns.

        Args:
            pump: the pump's id.
            entries: what to write.
            refresh: records whose title and source are to be brought up to date too.
        """
        with self._database.writing() as connection:
            if refreshed := [_fresh_values(pump, record) for record in refresh]:
                connection.execute(_REFRESH, refreshed)
            if changed := [_new_values(pump, entry) for entry in entries]:
                connection.execute(_CHANGE, changed)

    def forget(self, pump: str, keys: Iterable[str]) -> None:
        """Strike out records that are not on the server, waiting or rejected, and have gone into another record."""
        with self._database.writing() as connection:
            for key in keys:
                connection.execute(
                    book.delete().where(
                        book.c.pump == pump,
                        book.c.key == key,
                        book.c.state.in_([DeliveryState.WAITING.value, DeliveryState.REJECTED.value]),
                    )
                )

    def open_keys(self, pump: str) -> dict[str, DeliveryState]:
        """All records of the pump that are not final, by key."""
        states = [state.value for state in DeliveryState if not state.final]
        with self._database.reading() as connection:
            rows = connection.execute(
                select(book.c.key, book.c.state)
                .where(book.c.pump == pump, book.c.state.in_(states))
                .order_by(book.c.id)
            )
            return {key: DeliveryState(state) for key, state in rows}

    def sightings(self, page: Page | None = None) -> list[Sighting]:
        """Records in the order in which they were first seen, with all that is kept of each."""
        page = page or Page()
        query = select(book).order_by(book.c.id).where(book.c.id > page.after)
        if page.pump is not None:
            query = query.where(book.c.pump == page.pump)
        if page.state is not None:
            query = query.where(book.c.state == page.state.value)
        if page.keys:
            query = query.where(book.c.key.in_(page.keys))
        if page.limit is not None:
            query = query.limit(page.limit)
        with self._database.reading() as connection:
            return [sighting_of(row) for row in connection.execute(query).mappings()]

    def drafted(self, pump: str) -> Iterator[Draft]:
        """Waiting records whose content is kept, with what is to be sent for each; read a few at a time."""
        columns = (book.c.id, book.c.key, book.c.title, book.c.source, book.c.fingerprint)
        query = (
            select(*columns, book.c.address, book.c.payload)
            .where(book.c.pump == pump, book.c.state == DeliveryState.WAITING.value)
            .where(book.c.payload.is_not(None), book.c.address.is_not(None))
            .order_by(book.c.id)
            .limit(CHUNK)
        )
        last = 0
        while True:
            with self._database.reading() as connection:
                rows = connection.execute(query.where(book.c.id > last)).all()
            for number, key, title, source, fingerprint, address, payload in rows:
                upload = kept_upload(address, payload)
                yield Draft(number, key, title, tuple(json.loads(source)), fingerprint, upload)
            if len(rows) < CHUNK:
                return
            last = rows[-1][0]

    def in_doubt(self, pump: str) -> list[str]:
        """Keys of records that were on their way when the last cycle ended."""
        return [key for key, state in self.open_keys(pump).items() if state is DeliveryState.SENDING]

    def counts(self, pump: str) -> dict[DeliveryState, int]:
        """How many records of the pump are in each state."""
        query = select(book.c.state, func.count()).where(book.c.pump == pump).group_by(book.c.state)
        with self._database.reading() as connection:
            return {DeliveryState(state): count for state, count in connection.execute(query)}

    def retry(self, number: int) -> Sighting | None:
        """Let one rejected or waiting record be tried again; the record as it stood before, or None."""
        with self._database.writing() as connection:
            row = connection.execute(select(book).where(book.c.id == number)).mappings().one_or_none()
            if row is None:
                return None
            before = sighting_of(row)
            if before.state in (DeliveryState.REJECTED, DeliveryState.WAITING):
                _ask_again(connection, book.c.id == number)
            return before

    def retry_all(self, numbers: Sequence[int]) -> list[Sighting]:
        """Let those of these records that are rejected or wait be tried again, in one transaction.

        Args:
            numbers: of the records; those that are not in the book are passed over.

        Returns:
            the records as they stood before, in the order of their numbers.
        """
        before: list[Sighting] = []
        wanted = sorted(set(numbers))
        with self._database.writing() as connection:
            for start in range(0, len(wanted), CHUNK):
                these = book.c.id.in_(wanted[start : start + CHUNK])
                rows = connection.execute(select(book).where(these).order_by(book.c.id)).mappings()
                before += [sighting_of(row) for row in rows]
                _ask_again(connection, and_(these, book.c.state.in_(_CAN_BE_RETRIED)))
        return before

    def retry_rejected(self, pump: str) -> int:
        """Let every rejected record of the pump be tried again; how many they are."""
        of_pump = and_(book.c.pump == pump, book.c.state == DeliveryState.REJECTED.value)
        with self._database.writing() as connection:
            return _ask_again(connection, of_pump)


def _ask_again(connection: Connection, which: ColumnElement[bool]) -> int:
    return connection.execute(
        update(book)
        .where(which)
        .values(
            state=DeliveryState.WAITING.value,
            waiting_for=WaitingFor.TIME.value,
            reason="Will be tried again in the next cycle, as somebody asked.",
            fingerprint="",
            updated=now().isoformat(),
        )
    ).rowcount


def _new_row(pump: str, record: Record) -> dict[str, Any]:
    moment = now().isoformat()
    return {
        "pump": pump,
        "key": record.key,
        "title": record.title,
        "state": DeliveryState.WAITING.value,
        "waiting_for": WaitingFor.TIME.value,
        "reason": "",
        "unit": "",
        "test_list": "",
        "fingerprint": record.fingerprint,
        "source": json.dumps(record.source, ensure_ascii=False),
        "url": "",
        "attempts": 0,
        "first_seen": moment,
        "updated": moment,
    }


_THIS_RECORD = (book.c.pump == bindparam("of_pump"), book.c.key == bindparam("of_key"))
_OPTIONAL = ("unit", "test_list", "fingerprint", "address", "payload", "answer", "url")
"""Columns that stay as they are where an entry says nothing about them."""

_REFRESH = (
    update(book).where(*_THIS_RECORD).values(title=bindparam("new_title"), source=bindparam("new_source"))
)
_CHANGE = (
    update(book)
    .where(*_THIS_RECORD)
    .values(
        {
            **{name: bindparam(f"new_{name}") for name in ("state", "reason", "waiting_for", "updated")},
            **{
                name: func.coalesce(bindparam(f"new_{name}", type_=book.c[name].type), book.c[name])
                for name in _OPTIONAL
            },
            "attempts": book.c.attempts + bindparam("more_attempts"),
        }
    )
)
"""Made once: putting such a statement together takes longer than carrying it out."""


def _fresh_values(pump: str, record: Record) -> dict[str, Any]:
    source = json.dumps(record.source, ensure_ascii=False)
    return {"of_pump": pump, "of_key": record.key, "new_title": record.title, "new_source": source}


def _new_values(pump: str, entry: Entry) -> dict[str, Any]:
    optional: dict[str, Any] = dict.fromkeys(_OPTIONAL)
    if entry.upload is not None:
        optional.update(upload_columns(entry.upload))
    known = {"unit": entry.unit, "url": entry.url, "fingerprint": entry.fingerprint}
    optional.update({name: value for name, value in known.items() if value is not None})
    if entry.payload is not None:
        optional["payload"] = text_of(entry.payload)
    if entry.answer is not None:
        optional["answer"] = json.dumps(entry.answer, ensure_ascii=False, default=str)
    return {
        "of_pump": pump,
        "of_key": entry.key,
        "new_state": entry.state.value,
        "new_reason": entry.reason,
        "new_waiting_for": entry.waiting_for.value,
        "new_updated": now().isoformat(),
        "more_attempts": int(entry.attempt),
        **{f"new_{name}": value for name, value in optional.items()},
    }
