"""One cycle on a thread of a pool: it keeps the values that it began with and hands its report to the UI thread."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from qcpump_qt.engine.cancel import CancelToken
from qcpump_qt.engine.errors import PumpError
from qcpump_qt.engine.report import CycleOutcome, CycleReport, Message

if TYPE_CHECKING:
    from qcpump_qt.controllers.program import HomeProgram
    from qcpump_qt.engine.store import StoredPump

Progress = tuple[float, str]
"""Percent (negative where nobody knows) and the step under way."""


class RunningCycle:
    """One cycle of one pump.

    Args:
        program: runs it.
        pump: with the values that count for this cycle, whatever is saved meanwhile.
        trigger: why it runs: ``interval``, ``start`` or ``manual``.
        over: called on the pool's thread with this cycle and its report, exactly once.
    """

    def __init__(
        self,
        program: HomeProgram,
        pump: StoredPump,
        trigger: str,
        over: Callable[[RunningCycle, CycleReport], None],
    ) -> None:
        self.pump = pump
        self.token = CancelToken()
        self._program = program
        self._trigger = trigger
        self._over = over
        self._progress: Progress | None = None

    def run(self) -> None:
        """Called by the pool, on a thread of it."""
        started = time.perf_counter()
        try:
            report = self._program.run(self.pump, self._trigger, self.token, self._note)
        except PumpError as error:
            report = self._ended_early(str(error), started)
        except (Exception, SystemExit) as bug:
            logging.getLogger("qcpump_qt.runner").exception("The cycle of %s failed", self.pump.name)
            words = f"Fault in QCPump-Qt: {type(bug).__name__}: {bug}. The log shows where; please report it."
            report = self._ended_early(words, started)
        self._over(self, report)

    def take_progress(self) -> Progress | None:
        """The newest progress, once; steps that came and went since the last call are passed over."""
        newest, self._progress = self._progress, None
        return newest

    def _note(self, percent: float, step: str) -> None:
        self._progress = (percent, step)

    def _ended_early(self, text: str, started: float) -> CycleReport:
        message = Message("error", f"{self.pump.name}: {text}")
        seconds = time.perf_counter() - started
        return CycleReport(self.pump.name, self.pump.type, CycleOutcome.FAILED, {}, seconds, (message,), text)
