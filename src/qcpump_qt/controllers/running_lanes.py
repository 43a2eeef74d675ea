"""The pool that cycles run on: so many at once, each pump at most once, and validations never among them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QThreadPool, QTimer, Signal

from qcpump_qt.controllers.running_cycle import RunningCycle
from qcpump_qt.controllers.tasks import Tasks
from qcpump_qt.engine.cancel import CancelToken
from qcpump_qt.engine.report import CycleReport

if TYPE_CHECKING:
    from qcpump_qt.controllers.program import HomeProgram
    from qcpump_qt.engine.store import StoredPump

PROGRESS_MS = 150


class Lanes(QObject):
    """Runs cycles side by side.

    Args:
        program: runs each of them.
        parallel: how many at once.
        parent: as for every Qt object.
    """

    progressed = Signal(str, float, str)
    """A pump's id, percent (negative where nobody knows) and the step; a few times a second at most."""
    ended = Signal(str, object)
    """A pump's id and the `CycleReport` of its cycle."""
    calmed = Signal()
    """A thread that asked a cycle to end is done with that."""
    handed_over = Signal(object, object)
    """A cycle and its report, sent by the pool's threads; for this class alone."""

    def __init__(self, program: HomeProgram, parallel: int, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.parallel = parallel
        self._program = program
        self._cycles: dict[str, RunningCycle] = {}
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(parallel)
        # Closing a connection may take its time, so that is asked for on threads too: one for each cycle.
        self._cancelling = Tasks(parallel, self)
        self._timer = QTimer(self)
        self._timer.setInterval(PROGRESS_MS)
        self._timer.timeout.connect(self._tell_progress)
        self.handed_over.connect(self._finish, Qt.ConnectionType.QueuedConnection)

    @property
    def room(self) -> int:
        """How many more cycles may begin now."""
        return self.parallel - len(self._cycles)

    @property
    def busy(self) -> bool:
        """True while a cycle is under way."""
        return bool(self._cycles)

    @property
    def cancelling(self) -> bool:
        """True while a thread is at work that asks a cycle to end; closing its connections may take its time."""
        return self._cancelling.busy

    def begin(self, pump: StoredPump, trigger: str) -> None:
        """Run one cycle of a pump that has none under way; there has to be room."""
        cycle = RunningCycle(self._program, pump, trigger, self.handed_over.emit)
        self._cycles[pump.id] = cycle
        # As a function, of which the pool makes a QRunnable: one of ours it would never let go of.
        self._pool.start(cycle.run)
        self._timer.start()

    def cancel(self, pump_id: str) -> None:
        """Ask a pump's cycle to end; returns at once."""
        cycle = self._cycles.get(pump_id)
        if cycle is not None:
            self._cancelling.start(partial(_cancel, cycle), self._asked, self._asked)

    def _finish(self, cycle: RunningCycle, report: CycleReport) -> None:
        self._tell_progress()
        del self._cycles[cycle.pump.id]
        if not self._cycles:
            self._timer.stop()
        self.ended.emit(cycle.pump.id, report)

    def _asked(self, _result: object) -> None:
        """The end of the cycle itself tells that it was cancelled; Tasks logs what fails."""
        self.calmed.emit()

    def _tell_progress(self) -> None:
        for pump_id, cycle in self._cycles.items():
            newest = cycle.take_progress()
            if newest is not None:
                self.progressed.emit(pump_id, *newest)


def _cancel(cycle: RunningCycle, _cancel: CancelToken) -> None:
    cycle.token.cancel()
