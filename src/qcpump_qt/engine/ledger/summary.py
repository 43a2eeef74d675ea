"""How every pump stands, in a few quick questions: for the tree, the tray and the report for the maker."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CTE, Column, ColumnElement, Connection, Select, func, select

from qcpump_qt.engine.ledger.database import Database
from qcpump_qt.engine.ledger.schema import cycles, records
from qcpump_qt.engine.ledger.shown import NOT_RUN, RUNNING, LastCycle, PumpSummary
from qcpump_qt.engine.records import DeliveryState, WaitingFor
from qcpump_qt.engine.report import CycleOutcome

_FOR_SOMEBODY = frozenset(waiting for waiting in WaitingFor if waiting.trouble) - {
    WaitingFor.SERVER,
    WaitingFor.SOURCE,
}
"""What waits for a server or share goes by itself; what waits for one of these needs a person."""


def summaries(database: Database) -> dict[str, PumpSummary]:
    """How each pump stands that has a record or a cycle, by its id."""
    with database.reading() as connection:
        counts, trouble = _counts(connection)
        successes = _successes(connection)
        newest = _newest(connection)
    return {
        pump: PumpSummary(counts.get(pump, {}), trouble.get(pump, 0), successes.get(pump), newest.get(pump))
        for pump in sorted({*counts, *newest})
    }


def _counts(connection: Connection) -> tuple[dict[str, dict[DeliveryState, int]], dict[str, int]]:
    columns = (records.c.pump, records.c.state, records.c.waiting_for)
    counts: dict[str, dict[DeliveryState, int]] = {}
    trouble: dict[str, int] = {}
    for pump, word, waiting_for, number in connection.execute(
        select(*columns, func.count()).group_by(*columns)
    ):
        of_pump = counts.setdefault(pump, {})
        state = DeliveryState(word)
        of_pump[state] = of_pump.get(state, 0) + number
        if state is DeliveryState.WAITING and WaitingFor(waiting_for) in _FOR_SOMEBODY:
            trouble[pump] = trouble.get(pump, 0) + number
    return counts, trouble


def _successes(connection: Connection) -> dict[str, datetime]:
    good = (cycles.c.outcome == CycleOutcome.OK.value) | (cycles.c.delivered > 0)
    rows = connection.execute(_newest_of(good, cycles.c.ended))
    return {pump: datetime.fromisoformat(ended) for pump, ended in rows}


def _newest(connection: Connection) -> dict[str, LastCycle]:
    ended = cycles.c.outcome.not_in([RUNNING, NOT_RUN])
    rows = connection.execute(
        _newest_of(ended, cycles.c.number, cycles.c.outcome, cycles.c.reason, cycles.c.ended)
    )
    return {
        pump: LastCycle(number, outcome, reason, datetime.fromisoformat(ended))
        for pump, number, outcome, reason, ended in rows
    }


def _newest_of(wanted: ColumnElement[bool], *columns: Column[Any]) -> Select[Any]:
    """Of each pump that has one, the newest cycle that is wanted; read from the newest one back."""
    pumps = _pumps_with_cycles()
    highest = (
        select(cycles.c.number)
        .where(cycles.c.pump == pumps.c.pump, cycles.c.ended.is_not(None), wanted)
        .order_by(cycles.c.number.desc())
        .limit(1)
        .correlate(pumps)
        .scalar_subquery()
    )
    newest = select(pumps.c.pump, highest.label("number")).where(pumps.c.pump.is_not(None)).subquery()
    return select(cycles.c.pump, *columns).join(
        newest, (cycles.c.pump == newest.c.pump) & (cycles.c.number == newest.c.number)
    )


def _pumps_with_cycles() -> CTE:
    """The pumps in the book of cycles, found by jumping from one to the next: it has a line for every cycle of years.

    The last one found is NULL.
    """
    found = select(func.min(cycles.c.pump).label("pump")).cte("pumps", recursive=True)
    following = select(func.min(cycles.c.pump)).where(cycles.c.pump > found.c.pump).scalar_subquery()
    return found.union_all(select(following).where(found.c.pump.is_not(None)))
