"""What a window asks of the ledger: lists, summaries and what came in over the years; nothing is changed here."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy import text as sql

from qcpump_qt.engine.cancel import CancelToken
from qcpump_qt.engine.ledger import lines, measured, summary
from qcpump_qt.engine.ledger.database import Database
from qcpump_qt.engine.ledger.schema import records as book
from qcpump_qt.engine.ledger.shown import ORDERS, LastCycle, PumpSummary, RecordLine
from qcpump_qt.engine.ledger.sightings import sighting_of
from qcpump_qt.engine.records import DeliveryState, Sighting

__all__ = ["ORDERS", "Browse", "LastCycle", "PumpSummary", "RecordLine"]


class Browse:
    """Looks things up in the ledger. Every method may raise `LedgerError`.

    Args:
        database: where the ledger is kept.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def page(
        self,
        pump: str,
        *,
        state: DeliveryState | None = None,
        text: str = "",
        order: str = "updated",
        descending: bool = True,
        offset: int = 0,
        limit: int = 500,
    ) -> list[RecordLine]:
        """Some of a pump's records.

        Args:
            pump: the pump's id.
            state: only those in this state.
            text: only those with this text in title, key, unit, test list or reason, whatever the case.
            order: one of `ORDERS`; those that are equal stand in the order in which they were first seen.
            descending: True puts the last ones first.
            offset: how many are left out at the beginning.
            limit: how many are given at most.
        """
        return lines.page(
            self._database,
            pump,
            state=state,
            text=text,
            order=order,
            descending=descending,
            offset=offset,
            limit=limit,
        )

    def count(self, pump: str, state: DeliveryState | None = None, text: str = "") -> int:
        """How many records `page` would give in all."""
        return lines.count(self._database, pump, state, text)

    def detail(self, number: int) -> Sighting | None:
        """Everything that is kept of one record; None when there is none of this number."""
        query = select(book).where(book.c.id == number)
        with self._database.reading() as connection:
            row = connection.execute(query).mappings().one_or_none()
        return None if row is None else sighting_of(row)

    def summary(self) -> dict[str, PumpSummary]:
        """How each pump stands that has a record or a cycle, by its id."""
        with self._database.reading() as connection:
            return summary.summaries(lambda question, values: connection.execute(sql(question), values))

    def delivered_per_day(self, pump: str | None = None, days: int = 365) -> list[tuple[date, int]]:
        """How many records were delivered on each local day of the last `days`.

        Args:
            pump: the pump's id; None counts those of all pumps.
            days: how far back to look.

        Returns:
            from the first day with a delivery to the last one, with 0 for the days between.
        """
        return measured.delivered_per_day(self._database, pump, days)

    def arrivals(self, pump: str, since: datetime) -> list[datetime]:
        """When the pump's records arrived on the server, from `since` on: in local time, the oldest first."""
        return measured.arrivals(self._database, pump, since)

    def units(self, pump: str | None = None) -> list[str]:
        """The units that records of the pump (of all where None) have arrived for, by name."""
        return measured.units(self._database, pump)

    def tests_of(self, unit: str, pump: str | None = None) -> list[tuple[str, str]]:
        """The tests with numbers in what arrived lately for a unit.

        Args:
            unit: the unit as `units` gives it.
            pump: only what this pump delivered, by its id; what all did where None.

        Returns:
            name of the test and of the test list that it is in; by names. A test that is in several lists stands
            there once for each: it need not mean the same in them.
        """
        return measured.tests_of(self._database, unit, pump)

    def values_of(
        self,
        unit: str,
        test: str,
        *,
        test_list: str | None = None,
        pump: str | None = None,
        cancel: CancelToken | None = None,
    ) -> list[tuple[datetime, float]]:
        """The numbers that arrived for one test of a unit; reads through years of records.

        Args:
            unit: the unit as `units` gives it.
            test: the test as `tests_of` gives it.
            test_list: only those that arrived in this test list; those of all where None.
            pump: only what this pump delivered, by its id; what all did where None.
            cancel: ends it early.

        Returns:
            when the work began (else when the record was first seen), in local time, and the value; oldest first.
            Tests that were skipped are left out.

        Raises:
            Cancelled: an end was asked for.
        """
        return measured.values_of(self._database, unit, test, test_list, pump, cancel or CancelToken())
