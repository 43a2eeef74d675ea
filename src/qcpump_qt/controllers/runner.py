"""Runs the pumps: by interval, by hand, so many at once, and never two cycles of one pump."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from qcpump_qt.controllers import running_words as words
from qcpump_qt.controllers.running_book import NotRunBook
from qcpump_qt.controllers.running_clock import WallClock
from qcpump_qt.controllers.running_hold import HomeHold, HomeLock
from qcpump_qt.controllers.running_lanes import Lanes
from qcpump_qt.controllers.running_pump import MANUAL, NotRun, RunningPump
from qcpump_qt.engine.report import CycleReport
from qcpump_qt.engine.steady_clock import steady_seconds

if TYPE_CHECKING:
    from qcpump_qt.controllers.program import HomeProgram
    from qcpump_qt.engine.store import StoredPump

TICK = 1.0
APART_MS = 150
"""Milliseconds between the beginnings of two cycles. Much of what a cycle does at first takes the interpreter for
itself; several of them in the same moment would hold up the window, and would not be faster."""
PATIENCE = 2.0
"""Seconds that cycles get to end when the program ends."""


class Runner(QObject):
    """Decides when which pump runs. All calls return at once.

    Args:
        program: the home whose pumps they are.
        clock: steady seconds, which no clock change moves and which go on while the computer sleeps.
        parallel: how many cycles run at once; others wait for their turn.
        parent: as for every Qt object.
    """

    changed = Signal(str)
    """The id of a pump that is scheduled, waiting, running or stopping otherwise than before."""
    progressed = Signal(str, float, str)
    """A pump's id, percent (negative where nobody knows) and the step under way."""
    ended = Signal(str, object)
    """A pump's id and the `CycleReport` of its cycle."""
    not_run = Signal(str, str)
    """A pump's id and why a start of it became no cycle, once that stands in the ledger."""
    refused = Signal(str)
    """Why what was asked for is not done, as whole sentences."""
    ended_all = Signal(bool)
    """After `shut_down`, once: True when everything has ended, False when patience came to its end first."""

    def __init__(
        self,
        program: HomeProgram,
        *,
        clock: Callable[[], float] = steady_seconds,
        parallel: int = 8,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._program = program
        self._clock = clock
        self._wall = WallClock(clock)
        self._pumps: dict[str, RunningPump] = {}
        self._gone: set[str] = set()
        self._queue: list[RunningPump] = []
        self._told_refusal = False
        self._ending = self._ended = False
        self._lanes = Lanes(program, parallel, self)
        self._book = NotRunBook(program, self)
        self._hold = HomeHold(partial(_desktop_lock, program.places.locks), self)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._apart = QTimer(self)
        self._apart.setSingleShot(True)
        self._apart.setInterval(APART_MS)
        self._connect()

    def _connect(self) -> None:
        self._timer.timeout.connect(self._tick)
        self._apart.timeout.connect(self._go_on)
        self._lanes.progressed.connect(self.progressed)
        self._lanes.ended.connect(self._on_ended)
        self._lanes.calmed.connect(self._check_end)
        self._book.entered.connect(self._on_entered)
        self._hold.taken.connect(self._on_taken)
        self._hold.refused.connect(self._on_refused)
        self._hold.given_back.connect(self._go_on)

    # --- what is asked for -----------------------------------------------------------------------

    def set_pumps(self, pumps: Sequence[StoredPump]) -> None:
        """Take over the pumps as they are saved; a cycle under way keeps the values that it began with."""
        for pump in pumps:
            self._take_over(pump)
        for pump_id in self._pumps.keys() - {pump.id for pump in pumps}:
            self._stop(pump_id, words.DELETED)
            self._gone.add(pump_id)
            self._forget_gone(pump_id)
        self._go_on()

    def start_all(self, trigger: str = "start") -> None:
        """Schedule every active pump, and run each of them now."""
        for state in list(self._pumps.values()):
            self._start(state, trigger)
        self._tick()

    def start(self, pump_id: str) -> None:
        """Schedule one pump and run it now; `refused` tells where that cannot be."""
        state = self._pumps.get(pump_id)
        if state is None or not state.active:
            self.refused.emit(words.UNKNOWN if state is None else words.inactive(state.pump.name))
            return
        self._start(state, "start")
        self._tick()

    def run_now(self, pump_id: str) -> None:
        """Run one cycle of a pump now, scheduled or not; `refused` tells where that cannot be."""
        state = self._pumps.get(pump_id)
        why_not = words.UNKNOWN if state is None else state.why_not_now()
        if state is None or why_not:
            self.refused.emit(why_not)
        elif not self._ending:
            state.waiting = MANUAL
            self._go_on()
            self.changed.emit(pump_id)

    def stop_all(self) -> None:
        """Take all pumps off the schedule and ask all cycles to end."""
        for pump_id in list(self._pumps):
            self._stop(pump_id)
        self._go_on()

    def stop(self, pump_id: str) -> None:
        """Take a pump off the schedule and ask its cycle to end; it counts as stopping until it has."""
        if pump_id in self._pumps:
            self._stop(pump_id)
            self._go_on()

    def shut_down(self, patience: float = PATIENCE) -> None:
        """End everything; `ended_all` follows, after `patience` seconds at the latest."""
        self._ending = True
        self.stop_all()
        QTimer.singleShot(int(patience * 1000), self, partial(self._end, everything=False))

    # --- what is going on ------------------------------------------------------------------------

    @property
    def busy(self) -> bool:
        """True while a cycle is under way."""
        return self._lanes.busy

    def is_scheduled(self, pump_id: str) -> bool:
        """True while the pump has a next start."""
        return pump_id in self._pumps and self._pumps[pump_id].scheduled

    def is_running(self, pump_id: str) -> bool:
        """True while a cycle of the pump is under way, also one that was asked to end."""
        return pump_id in self._pumps and self._pumps[pump_id].running

    def is_stopping(self, pump_id: str) -> bool:
        """True while a cycle that was asked to end has not ended yet."""
        return pump_id in self._pumps and self._pumps[pump_id].stopping

    def next_run(self, pump_id: str) -> datetime | None:
        """When the pump is due next, by the clock on the wall as it shows now."""
        return self._pumps[pump_id].next_run() if pump_id in self._pumps else None

    def running_since(self, pump_id: str) -> datetime | None:
        """When the cycle under way began."""
        return self._pumps[pump_id].since if pump_id in self._pumps else None

    def reason(self, pump_id: str) -> str:
        """Why a start that is due has not begun, as whole sentences; empty where there is none."""
        state = self._pumps.get(pump_id)
        if state is None or not state.waiting:
            return ""
        if state.hindrance:
            return words.not_now(state.hindrance)
        return "" if self._lanes.room > 0 else words.queued(self._lanes.parallel)

    # --- inside ----------------------------------------------------------------------------------

    def _take_over(self, pump: StoredPump) -> None:
        active, interval = self._program.is_active(pump), self._program.interval(pump)
        self._gone.discard(pump.id)
        state = self._pumps.get(pump.id)
        if state is None:
            self._pumps[pump.id] = RunningPump(pump, active=active, interval=interval, clock=self._clock)
        else:
            self._enter(pump.id, state.renew(pump, active=active, interval=interval))
        self.changed.emit(pump.id)

    def _start(self, state: RunningPump, trigger: str) -> None:
        if not self._ending:
            state.start(trigger)
            self.changed.emit(state.pump.id)

    def _stop(self, pump_id: str, reason: str = words.STOPPED) -> None:
        state = self._pumps[pump_id]
        if not state.quiet:
            self._enter(pump_id, state.stop(reason))
            self._lanes.cancel(pump_id)
            self.changed.emit(pump_id)

    def _tick(self) -> None:
        for pump_id, state in list(self._pumps.items()):
            if state.seconds_to_next() == 0:
                self._enter(pump_id, state.tick())
                self.changed.emit(pump_id)
        if self._wall.was_set():
            for pump_id, state in self._pumps.items():
                if state.scheduled:
                    self.changed.emit(pump_id)
        self._go_on()

    def _go_on(self) -> None:
        """Give turns to those who wait for one, let go of the home when nobody does, and set the timer."""
        waiting = [state for state in self._pumps.values() if state.waiting]
        self._queue = [state for state in self._queue if state.waiting]
        self._queue += [state for state in waiting if state not in self._queue]
        if waiting and not self._hold.held:
            self._hold.ask()
        elif waiting:
            self._begin_next()
        elif all(state.quiet for state in self._pumps.values()):
            self._hold.give_back()
        self._set_timer()
        self._check_end()

    def _begin_next(self) -> None:
        ready = next((state for state in self._queue if not state.running), None)
        if ready is not None and self._lanes.room > 0 and not self._apart.isActive():
            self._begin(ready)
            self._apart.start()

    def _begin(self, state: RunningPump) -> None:
        trigger = state.waiting
        self._enter(state.pump.id, state.begin())
        self._lanes.begin(state.pump, trigger)
        self.changed.emit(state.pump.id)

    def _set_timer(self) -> None:
        soonest = [
            seconds for state in self._pumps.values() if (seconds := state.seconds_to_next()) is not None
        ]
        if soonest or any(state.waiting for state in self._queue):
            self._timer.start(1 + round(1000 * min([TICK, *soonest])))
        else:
            self._timer.stop()

    def _on_ended(self, pump_id: str, report: CycleReport) -> None:
        self._enter(pump_id, self._pumps[pump_id].end())
        self._forget_gone(pump_id)
        self.ended.emit(pump_id, report)
        self.changed.emit(pump_id)
        self._go_on()

    def _on_taken(self) -> None:
        self._told_refusal = False
        self._go_on()

    def _on_refused(self, reason: str) -> None:
        waiting = [state for state in self._pumps.values() if state.waiting]
        if not self._told_refusal or any(state.waiting == MANUAL for state in waiting):
            self.refused.emit(words.not_now(reason))
        self._told_refusal = any(state.scheduled for state in waiting)
        for state in waiting:
            self._enter(state.pump.id, state.refuse(reason))
            self.changed.emit(state.pump.id)
        self._set_timer()
        self._check_end()

    def _on_entered(self, pump_id: str, reason: str) -> None:
        self.not_run.emit(pump_id, reason)
        self._check_end()

    def _enter(self, pump_id: str, left_out: Iterable[NotRun]) -> None:
        for line in left_out:
            self._book.enter(pump_id, line)

    def _forget_gone(self, pump_id: str) -> None:
        if pump_id in self._gone and not self._pumps[pump_id].running:
            del self._pumps[pump_id]
            self._gone.discard(pump_id)

    def _check_end(self) -> None:
        busy = self._lanes.busy or self._lanes.cancelling or self._book.busy
        if self._ending and self._hold.free and not busy:
            # Not at once: whoever calls `shut_down` may still be about to listen.
            QTimer.singleShot(0, self, partial(self._end, everything=True))

    def _end(self, *, everything: bool) -> None:
        if not self._ended:
            self._ended = True
            self.ended_all.emit(everything)


def _desktop_lock(folder: Path) -> HomeLock:
    from qcpump_qt.engine.pumping import DesktopPumping  # noqa: PLC0415 - loaded on the thread that takes the lock

    return DesktopPumping(folder)
