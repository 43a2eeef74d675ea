"""What the ledger tells, as plain data: known to lists and windows that need not load the database library."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from qcpump_qt.engine.records import DeliveryState, WaitingFor

VERSION = 2
"""Of the ledger's tables; raised with every change of them, and `schema.UPGRADES` then gets a step."""

RUNNING = "running"
NOT_RUN = "not run"
CUT_OFF = "cut off"
"""Outcomes in the book of cycles beside those of `CycleOutcome`."""

COUNTED = ("found", "delivered", "already_there", "waiting", "skipped", "rejected")
"""What is counted in each cycle."""

ORDERS = ("updated", "first_seen", "title", "state", "unit", "test_list")
"""What a page of records can be ordered by."""


@dataclass(frozen=True, kw_only=True)
class RecordLine:
    """One record without what was sent and answered; the times are aware of their zone (UTC)."""

    number: int
    pump: str
    key: str
    title: str
    state: DeliveryState
    reason: str
    waiting_for: WaitingFor
    unit: str
    test_list: str
    first_seen: datetime
    updated: datetime
    attempts: int
    url: str

    @property
    def trouble(self) -> bool:
        """True when somebody has to look at it."""
        waits = self.state is DeliveryState.WAITING and self.waiting_for.trouble
        return waits or self.state is DeliveryState.REJECTED


@dataclass(frozen=True)
class LastCycle:
    """How the newest cycle of a pump went that has ended; one that was due and did not run says nothing of it.

    Args:
        number: counted from 1 for each pump.
        outcome: as in the book of cycles: one of `CycleOutcome`, or ``cut off``.
        reason: why, in words.
        ended: aware of its zone.
    """

    number: int
    outcome: str
    reason: str
    ended: datetime


@dataclass(frozen=True)
class PumpSummary:
    """How one pump stands.

    Args:
        counts: how many of its records are in each state; states without any are left out.
        trouble: how many of the waiting ones wait for something that a person has to do.
        last_success: when a cycle last ended well or delivered something, aware of its zone; None when none has.
        last_cycle: the newest one that has ended; None when none has.
    """

    counts: Mapping[DeliveryState, int] = field(default_factory=dict)
    trouble: int = 0
    last_success: datetime | None = None
    last_cycle: LastCycle | None = None


@dataclass(frozen=True)
class CycleEntry:
    """One line of the book."""

    number: int
    trigger: str
    started: datetime
    ended: datetime | None
    outcome: str
    reason: str
    counts: Mapping[str, int]
