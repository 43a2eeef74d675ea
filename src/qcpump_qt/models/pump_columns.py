"""What the columns of the pump tree say: the words, what they are sorted by, and what is read aloud."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from enum import IntEnum

from qcpump_qt.engine.clock import local_now
from qcpump_qt.engine.pump_state import overall_of
from qcpump_qt.models.dates import DateStyle
from qcpump_qt.models.rows import OverallState, PumpRow

UNSAVED = "This pump has changes that are not saved."
NOTHING = "–"
STOPPED = "stopped"
"""In place of the next run of a pump in trouble that has none."""
RANKS = {
    word.value: rank
    for rank, word in enumerate(
        (
            OverallState.ATTENTION,
            OverallState.INVALID,
            OverallState.STOPPING,
            OverallState.RUNNING,
            OverallState.WAITING,
            OverallState.MIXED,
            OverallState.IDLE,
            OverallState.NOT_CONFIGURED,
            OverallState.INACTIVE,
        )
    )
}
"""States from the one that needs somebody to the one that nobody asks about."""


class PumpColumn(IntEnum):
    """The columns of the pump tree, from the left."""

    PUMP = 0
    STATE = 1
    LAST_SUCCESS = 2
    NEXT_RUN = 3
    WAITING = 4


HEADINGS = {
    PumpColumn.PUMP: ("Pump", "The pumps, in groups by pump type"),
    PumpColumn.STATE: ("State", "What the pump does now"),
    PumpColumn.LAST_SUCCESS: ("Last success", "When a cycle of the pump last ended well"),
    PumpColumn.NEXT_RUN: ("Next run", "When the next cycle of the pump is due"),
    PumpColumn.WAITING: ("Waiting", "Records that wait to be delivered, and records that were rejected"),
}


def until(seconds: float) -> str:
    """How long it is until something: ``now``, ``soon``, ``in 4 min``, ``in 3 h``, ``in 2 days``."""
    if seconds < 60:
        return "soon" if seconds > 0 else "now"
    minutes = math.ceil(seconds / 60)
    if minutes <= 90:
        return f"in {minutes} min"
    hours = round(seconds / 3600)
    return f"in {hours} h" if hours <= 48 else f"in {round(hours / 24)} days"


class PumpWords:
    """Puts pumps and groups of pumps into words.

    Args:
        style: how dates are written.
        clock: what time it is, with its offset.
    """

    def __init__(self, style: DateStyle | None = None, clock: Callable[[], datetime] = local_now) -> None:
        self._style = style or DateStyle()
        self._clock = clock

    def set_style(self, style: DateStyle) -> None:
        """From now on write dates in this way."""
        self._style = style

    def pump(self, row: PumpRow, column: int) -> str:
        """What one cell of a pump shows."""
        if column == PumpColumn.PUMP:
            return f"● {row.name}" if row.unsaved else row.name
        if column == PumpColumn.STATE:
            return row.state.value
        if column == PumpColumn.LAST_SUCCESS:
            return self._last_success(row.last_success)
        if column == PumpColumn.NEXT_RUN:
            return STOPPED if row.stopped else self._next_run(row.next_run)
        return _waiting(row.waiting, row.rejected)

    def group(self, name: str, rows: Sequence[PumpRow], column: int) -> str:
        """What one cell of a group shows."""
        if column == PumpColumn.PUMP:
            return f"{name} ({len(rows)})"
        if column == PumpColumn.STATE:
            return group_state(rows).value
        if column == PumpColumn.WAITING:
            return _waiting(sum(row.waiting for row in rows), sum(row.rejected for row in rows))
        return ""

    def pump_tooltip(self, row: PumpRow) -> str:
        """The pump in whole lines: name, state, why, and whether it has changes that are not saved."""
        lines = [f"{row.name} ({row.type_name})", row.state_words, row.reason, UNSAVED if row.unsaved else ""]
        return "\n".join(line for line in lines if line)

    def group_tooltip(self, name: str, rows: Sequence[PumpRow]) -> str:
        """How many pumps of the group are in which state."""
        counts = Counter(row.state for row in rows)
        told = sorted(counts.items(), key=lambda counted: RANKS[counted[0].value])
        return "\n".join([name, *(f"{count} {state.value}" for state, count in told)])

    def pump_aloud(self, row: PumpRow, column: int) -> str:
        """What a screen reader says for one cell of a pump."""
        if column == PumpColumn.PUMP:
            return f"{row.name}, not saved" if row.unsaved else row.name
        said = self.pump(row, column)
        if column == PumpColumn.STATE:
            return f"{row.state_words}: {row.reason}" if row.reason else row.state_words
        if column == PumpColumn.NEXT_RUN and row.next_run is None:
            return STOPPED if row.stopped else "no run is due"
        return said or "nothing waits"

    def _last_success(self, when: datetime | None) -> str:
        if when is None:
            return "none yet"
        return self._moment(when.astimezone(), {0: "today ", -1: "yesterday "})

    def _next_run(self, when: datetime | None) -> str:
        if when is None:
            return NOTHING
        left = until((when - self._clock()).total_seconds())
        return f"{self._moment(when.astimezone(), {0: ''})} ({left})"

    def _moment(self, local: datetime, near: dict[int, str]) -> str:
        days = (local.date() - self._clock().astimezone().date()) // timedelta(days=1)
        return f"{near[days] if days in near else self._style.day(local) + ' '}{local:%H:%M}"


def group_state(rows: Sequence[PumpRow]) -> OverallState:
    """The state of a group of pumps together."""
    return overall_of(row.state for row in rows)


def pump_key(row: PumpRow, column: int) -> str | float:
    """What a pump is sorted by in a column."""
    if column == PumpColumn.PUMP:
        return row.name.casefold()
    if column == PumpColumn.STATE:
        return float(RANKS[row.state.value])
    if column == PumpColumn.LAST_SUCCESS:
        return row.last_success.timestamp() if row.last_success else 0.0
    if column == PumpColumn.NEXT_RUN:
        return row.next_run.timestamp() if row.next_run else math.inf
    return row.waiting + row.rejected * 1e6


def group_key(name: str, rows: Sequence[PumpRow], column: int) -> str | float:
    """What a group is sorted by in a column: by its first or its greatest pump."""
    if column == PumpColumn.PUMP:
        return name.casefold()
    keys = [key for row in rows if isinstance(key := pump_key(row, column), float)]
    return min(keys) if column in (PumpColumn.STATE, PumpColumn.NEXT_RUN) else max(keys)


def search_words(row: PumpRow) -> str:
    """What the filter box looks at."""
    return f"{row.name}\n{row.type_name}\n{row.state.value}"


def _waiting(waiting: int, rejected: int) -> str:
    parts = [str(waiting) if waiting else "", f"{rejected} rejected" if rejected else ""]
    return ", ".join(part for part in parts if part)
