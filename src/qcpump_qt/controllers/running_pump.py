"""One pump between its starts: what is scheduled, what waits for its turn, what is under way. No Qt here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from qcpump_qt.controllers import running_words as words
from qcpump_qt.engine.clock import local_now
from qcpump_qt.engine.schedule import Schedule

if TYPE_CHECKING:
    from qcpump_qt.engine.store import StoredPump

MANUAL = "manual"
INTERVAL = "interval"


@dataclass(frozen=True)
class NotRun:
    """Starts that were due and became no cycle of their own: one line in the history.

    Args:
        trigger: why it would have run.
        reason: why it did not, as whole sentences.
    """

    trigger: str
    reason: str


class RunningPump:
    """The state of one pump; every method returns at once.

    Args:
        pump: as it is saved.
        active: False when it is switched off.
        interval: seconds between two starts.
        clock: steady seconds, which no clock change moves and which go on while the computer sleeps.
    """

    def __init__(
        self, pump: StoredPump, *, active: bool, interval: float, clock: Callable[[], float]
    ) -> None:
        self.pump = pump
        self.active = active
        self.since: datetime | None = None
        """When the cycle under way began; None while none is."""
        self.stopping = False
        self.waiting = ""
        """The trigger of a start whose turn has not come; empty where there is none."""
        self.hindrance = ""
        """Why that turn cannot come now, where something keeps all pumps from running."""
        self._interval = interval
        self._clock = clock
        self._wanted = False
        self._schedule: Schedule | None = None
        self._trigger = INTERVAL
        self._passed_over = 0

    @property
    def scheduled(self) -> bool:
        """True while it has a next start."""
        return self._schedule is not None

    @property
    def running(self) -> bool:
        """True while a cycle is under way, also one that was asked to end."""
        return self.since is not None

    @property
    def quiet(self) -> bool:
        """True when nothing is scheduled, waiting or under way."""
        return not (self.scheduled or self.running or self.waiting)

    def seconds_to_next(self) -> float | None:
        """Seconds until the next start is due, not below 0; None when it is not scheduled."""
        return None if self._schedule is None else max(0.0, self._schedule.due - self._clock())

    def next_run(self) -> datetime | None:
        """When the next start is due by the clock on the wall as it shows now."""
        seconds = self.seconds_to_next()
        return None if seconds is None else local_now() + timedelta(seconds=seconds)

    def why_not_now(self) -> str:
        """Why it cannot be run by hand now, in words; empty when it can."""
        name = self.pump.name
        found = (
            (not self.active, words.inactive),
            (self.stopping, words.stopping),
            (self.running, words.under_way),
            (bool(self.waiting), words.in_line),
        )
        return next((say(name) for holds, say in found if holds), "")

    def start(self, trigger: str) -> None:
        """Put it on the schedule, from now on; one that is switched off stays off it."""
        self._wanted = self.active
        if self.active and self._schedule is None:
            self._schedule = Schedule(self._interval, self._clock)
            self._trigger = trigger

    def stop(self, reason: str = words.STOPPED) -> list[NotRun]:
        """Take it off the schedule; a cycle under way counts as being stopped until it has ended."""
        self._wanted = False
        self.stopping = self.running
        return self._drop(reason)

    def renew(self, pump: StoredPump, *, active: bool, interval: float) -> list[NotRun]:
        """Take over what was saved; it counts from the next cycle on."""
        other_interval = interval != self._interval
        self.pump, self.active, self._interval = pump, active, interval
        if not active:
            return self._drop(words.SWITCHED_OFF)
        if self._schedule is not None and other_interval:
            self._schedule = self._schedule.with_interval(interval)
        elif self._wanted:
            self.start("start")
        return []

    def tick(self) -> list[NotRun]:
        """Look at the clock; a start that is due waits for its turn from now on."""
        passed = self._schedule.take() if self._schedule else None
        if passed is None:
            return []
        trigger, self._trigger = self._trigger, INTERVAL
        if self.waiting and self.hindrance:
            return [NotRun(trigger, self.hindrance)]
        if self.waiting or (self.running and not self.stopping):
            self._passed_over += passed + 1
            return []
        self.waiting = trigger
        return [NotRun(trigger, words.slept(passed))] if passed else []

    def refuse(self, reason: str) -> list[NotRun]:
        """Nothing may run now: told once for a start that goes on waiting; one by hand is given up."""
        if not self.waiting or self.hindrance:
            return []
        left_out = [NotRun(self.waiting, reason)]
        if self.waiting == MANUAL:
            self.waiting = ""
        else:
            self.hindrance = reason
        return left_out

    def begin(self) -> list[NotRun]:
        """Its turn has come: a cycle is under way from now on."""
        self.waiting = self.hindrance = ""
        self.since = local_now()
        return self._left_out(words.no_turn)

    def end(self) -> list[NotRun]:
        """Its cycle has ended; starts that were due until now were passed over."""
        told = self.tick()
        self.since = None
        self.stopping = False
        return [*told, *self._left_out(words.still_running)]

    def _drop(self, reason: str) -> list[NotRun]:
        left_out = [NotRun(self.waiting, reason)] if self.waiting else []
        if not self.running:
            left_out += self._left_out(words.no_turn)
        self._schedule = None
        self.waiting = self.hindrance = ""
        return left_out

    def _left_out(self, reason: Callable[[int], str]) -> list[NotRun]:
        starts, self._passed_over = self._passed_over, 0
        return [NotRun(INTERVAL, reason(starts))] if starts else []
