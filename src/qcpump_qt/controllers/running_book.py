"""Enters starts that became no cycle into the ledger, off the UI thread and one after the other."""

from __future__ import annotations

import logging
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from qcpump_qt.controllers.running_pump import NotRun
from qcpump_qt.controllers.tasks import Tasks
from qcpump_qt.engine.cancel import CancelToken
from qcpump_qt.engine.errors import PumpError

if TYPE_CHECKING:
    from qcpump_qt.controllers.program import HomeProgram


class NotRunBook(QObject):
    """Writes down what did not run.

    Args:
        program: whose ledger it goes to.
        parent: as for every Qt object.
    """

    entered = Signal(str, str)
    """A pump's id and the reason, once it stands in the ledger (or could not be written, which the log tells)."""

    def __init__(self, program: HomeProgram, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._program = program
        self._tasks = Tasks(1, self)

    @property
    def busy(self) -> bool:
        """True while something is still to be written."""
        return self._tasks.busy

    def enter(self, pump_id: str, left_out: NotRun) -> None:
        """Write one line soon; returns at once."""

        def write(_cancel: CancelToken) -> None:
            self._program.ledger.cycles.not_run(pump_id, left_out.trigger, left_out.reason)

        done = partial(self._done, pump_id, left_out.reason)
        self._tasks.start(write, done, partial(self._failed, pump_id, left_out.reason))

    def _done(self, pump_id: str, reason: str, _nothing: None = None) -> None:
        self.entered.emit(pump_id, reason)

    def _failed(self, pump_id: str, reason: str, error: PumpError) -> None:
        logging.getLogger("qcpump_qt.runner").error("%s: not run (%s). %s", pump_id, reason, error)
        self._done(pump_id, reason)
