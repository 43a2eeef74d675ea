"""The ledger's second book: every cycle of every pump, also those that were due and did not run."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, select

from qcpump_qt.engine.clock import now
from qcpump_qt.engine.ledger.database import Database
from qcpump_qt.engine.ledger.schema import cycles as book
from qcpump_qt.engine.ledger.schema import whole
from qcpump_qt.engine.ledger.shown import COUNTED, CUT_OFF, NOT_RUN, RUNNING, CycleEntry

__all__ = ["COUNTED", "CUT_OFF", "NOT_RUN", "RUNNING", "CycleEntry", "Cycles"]

_CUT_OFF_REASON = "The program ended while this cycle was running; the next one goes on where it was."


class Cycles:
    """Numbers the cycles of each pump and keeps what came of them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(self, pump: str, trigger: str) -> int:
        """Enter a cycle that starts now; returns its number, counted from 1 for each pump.

        Called under the pump's lock, so a cycle that still stands as running was cut off.
        """
        with self._database.writing() as connection:
            connection.execute(
                book.update()
                .where(book.c.pump == pump, book.c.outcome == RUNNING)
                .values(outcome=CUT_OFF, ended=now().isoformat(), reason=_CUT_OFF_REASON)
            )
            return _enter(connection, pump, trigger, RUNNING, "")

    def not_run(self, pump: str, trigger: str, reason: str) -> int:
        """Enter a cycle that was due and did not run, with the reason in words.

        As long as the same goes on (a window that stays closed over a weekend), it is one line whose end moves on.

        Returns:
            the number of the line.
        """
        with self._database.writing() as connection:
            number, *newest = _newest(connection, pump)
            if newest != [trigger, NOT_RUN, whole(reason)]:
                return _enter(connection, pump, trigger, NOT_RUN, reason)
            this = (book.c.pump == pump, book.c.number == number)
            connection.execute(book.update().where(*this).values(ended=now().isoformat()))
            return number

    def end(self, pump: str, number: int, outcome: str, counts: Mapping[str, int], reason: str = "") -> None:
        """Enter how a cycle ended."""
        values = {name: counts.get(name, 0) for name in COUNTED}
        with self._database.writing() as connection:
            connection.execute(
                book.update()
                .where(book.c.pump == pump, book.c.number == number)
                .values(ended=now().isoformat(), outcome=outcome, reason=reason, **values)
            )

    def latest(self, pump: str, limit: int = 100) -> list[CycleEntry]:
        """The newest cycles of a pump, newest first."""
        query = select(book).where(book.c.pump == pump).order_by(book.c.number.desc()).limit(limit)
        with self._database.reading() as connection:
            return [
                CycleEntry(
                    row["number"],
                    row["trigger"],
                    datetime.fromisoformat(row["started"]),
                    datetime.fromisoformat(row["ended"]) if row["ended"] else None,
                    row["outcome"],
                    row["reason"],
                    {name: row[name] for name in COUNTED},
                )
                for row in connection.execute(query).mappings()
            ]


def _newest(connection: Connection, pump: str) -> tuple[int, str, str, str]:
    """Number, trigger, outcome and reason of the pump's newest line; 0 and nothing for a pump without any."""
    columns = (book.c.number, book.c.trigger, book.c.outcome, book.c.reason)
    query = select(*columns).where(book.c.pump == pump).order_by(book.c.number.desc()).limit(1)
    found = connection.execute(query).one_or_none()
    return (int(found[0]), found[1], found[2], found[3]) if found is not None else (0, "", "", "")


def _enter(connection: Connection, pump: str, trigger: str, outcome: str, reason: str) -> int:
    number = _newest(connection, pump)[0] + 1
    moment = now().isoformat()
    connection.execute(
        book.insert().values(
            pump=pump,
            number=number,
            trigger=trigger,
            started=moment,
            ended=moment if outcome == NOT_RUN else None,
            outcome=outcome,
            reason=reason,
        )
    )
    return number
