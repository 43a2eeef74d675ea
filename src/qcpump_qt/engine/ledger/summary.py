"""How every pump stands, in a few quick questions: for the tree, the tray and the report for the maker.

The questions are plain SQL, so that they are the same for the whole ledger and for a glance at its file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from qcpump_qt.engine.ledger.shown import NOT_RUN, RUNNING, LastCycle, PumpSummary
from qcpump_qt.engine.records import DeliveryState, WaitingFor
from qcpump_qt.engine.report import CycleOutcome

Ask = Callable[[str, Mapping[str, Any]], Iterable[Sequence[Any]]]
"""Runs a question with its ``:named`` values and gives the rows."""

_FOR_SOMEBODY = frozenset(waiting for waiting in WaitingFor if waiting.trouble) - {
    WaitingFor.SERVER,
    WaitingFor.SOURCE,
}
"""What waits for a server or share goes by itself; what waits for one of these needs a person."""

_COUNTS = "SELECT pump, state, waiting_for, COUNT(*) FROM records GROUP BY pump, state, waiting_for"

# The pumps are found by jumping from one to the next, and of each the newest cycle by reading from the newest one
# back: the book has a line for every cycle of years. The last pump found is NULL.
_NEWEST = """
WITH RECURSIVE pumps (pump) AS (
    SELECT MIN(pump) FROM cycles
    UNION ALL
    SELECT (SELECT MIN(cycles.pump) FROM cycles WHERE cycles.pump > pumps.pump) FROM pumps
    WHERE pumps.pump IS NOT NULL
), newest (pump, number) AS (
    SELECT pumps.pump, (
        SELECT cycles.number FROM cycles
        WHERE cycles.pump = pumps.pump AND cycles.ended IS NOT NULL AND {wanted}
        ORDER BY cycles.number DESC LIMIT 1
    )
    FROM pumps WHERE pumps.pump IS NOT NULL
)
SELECT cycles.pump, cycles.number, cycles.outcome, cycles.reason, cycles.ended
FROM cycles JOIN newest ON cycles.pump = newest.pump AND cycles.number = newest.number
"""
_SUCCESSES = _NEWEST.format(wanted="(cycles.outcome = :ok OR cycles.delivered > 0)")
_ENDED = _NEWEST.format(wanted="cycles.outcome NOT IN (:running, :not_run)")


def summaries(ask: Ask) -> dict[str, PumpSummary]:
    """How each pump stands that has a record or a cycle, by its id.

    Args:
        ask: how to put a question to the ledger.
    """
    counts, trouble = _counts(ask)
    successes = {
        line[0]: datetime.fromisoformat(line[4]) for line in ask(_SUCCESSES, {"ok": CycleOutcome.OK.value})
    }
    newest = {
        pump: LastCycle(number, outcome, reason, datetime.fromisoformat(ended))
        for pump, number, outcome, reason, ended in ask(_ENDED, {"running": RUNNING, "not_run": NOT_RUN})
    }
    return {
        pump: PumpSummary(counts.get(pump, {}), trouble.get(pump, 0), successes.get(pump), newest.get(pump))
        for pump in sorted({*counts, *newest})
    }


def _counts(ask: Ask) -> tuple[dict[str, dict[DeliveryState, int]], dict[str, int]]:
    counts: dict[str, dict[DeliveryState, int]] = {}
    trouble: dict[str, int] = {}
    for pump, word, waiting_for, number in ask(_COUNTS, {}):
        of_pump = counts.setdefault(pump, {})
        state = DeliveryState(word)
        of_pump[state] = of_pump.get(state, 0) + number
        if state is DeliveryState.WAITING and WaitingFor(waiting_for) in _FOR_SOMEBODY:
            trouble[pump] = trouble.get(pump, 0) + number
    return counts, trouble
