"""The plain rows that models show; views know these words and none of the engine's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from qcpump_qt.engine.pump_state import OverallState, PumpState

__all__ = [
    "CycleRow",
    "DayCount",
    "OverallState",
    "PumpRow",
    "PumpState",
    "RecordDetail",
    "RecordRow",
    "ValuePoint",
]


@dataclass(frozen=True, kw_only=True)
class PumpRow:
    """One pump in the tree and in the tray's menu.

    Args:
        id: the pump's stable id.
        name: what its users call it.
        type_key: the class name of its pump type; pumps of one key stand in one group.
        type_name: what people call the pump type.
        state: its state.
        reason: why it is in that state, in words; empty where the word says it all.
        last_success: when a cycle last ended well or delivered something, with its offset.
        next_run: when the next cycle is due, with its offset; None when none is.
        waiting: how many records wait.
        rejected: how many records were rejected and not cared for.
        unsaved: it has edits that were not saved.
        stopped: it is in trouble, and no cycle is due that could show whether it still is.
    """

    id: str
    name: str
    type_key: str
    type_name: str
    state: PumpState
    reason: str = ""
    last_success: datetime | None = None
    next_run: datetime | None = None
    waiting: int = 0
    rejected: int = 0
    unsaved: bool = False
    stopped: bool = False

    @property
    def state_words(self) -> str:
        """Its state in words; beside a trouble also that it is stopped, which alone is no trouble and no news."""
        return f"{self.state.value}, stopped" if self.stopped else self.state.value


@dataclass(frozen=True, kw_only=True)
class RecordRow:
    """One record in the table of records or in a preview.

    Args:
        number: its number in the ledger; 0 in a preview.
        title: how people would call it.
        key: its identity, and the `user_key` on the server.
        state: a word such as ``delivered`` or ``would be sent``.
        reason: why, in words.
        unit, test_list: where it went or would go.
        first_seen, updated: with their offset; None in a preview.
        attempts: how often it was sent.
        url: its page on the server, where there is one.
        trouble: True when somebody has to look at it.
    """

    number: int
    title: str
    key: str
    state: str
    reason: str = ""
    unit: str = ""
    test_list: str = ""
    first_seen: datetime | None = None
    updated: datetime | None = None
    attempts: int = 0
    url: str = ""
    trouble: bool = False


@dataclass(frozen=True, kw_only=True)
class RecordDetail:
    """Everything that is kept of one record.

    Args:
        row: as in the table.
        payload: what was or would be sent; None where nothing was kept.
        answer: the server's answer, as decoded JSON or text.
        source: the items at the source that it was made of.
    """

    row: RecordRow
    payload: Mapping[str, Any] | None = None
    answer: Any = None
    source: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class CycleRow:
    """One cycle in the history, also one that was due and did not run.

    Args:
        number: counted from 1 for each pump.
        trigger: why it ran: ``interval``, ``start``, ``manual`` or ``command line``.
        started: with its offset.
        seconds: how long it took; None while it runs.
        outcome: in one word or two.
        reason: why, in words.
        counts: how many records were found, delivered and so on.
    """

    number: int
    trigger: str
    started: datetime
    seconds: float | None
    outcome: str
    reason: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class DayCount:
    """How many records were delivered on one local day."""

    day: date
    delivered: int


@dataclass(frozen=True)
class ValuePoint:
    """One value of one test of a unit, and when it was measured."""

    when: datetime
    value: float
