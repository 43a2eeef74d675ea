"""What nobody caught: logged, told once, and the program goes on; after a crash the next start says so."""

from __future__ import annotations

import logging
import sys
import threading
import time
import traceback
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING

from PySide6.QtCore import QMessageLogContext, QObject, QtMsgType, Signal, qInstallMessageHandler

from qcpump_qt.controllers.crash_mark import CrashMark
from qcpump_qt.engine.errors import ConfigurationError, PumpError

if TYPE_CHECKING:
    from qcpump_qt.controllers.tasks import Tasks
    from qcpump_qt.engine.paths import Places

MOST_IN_A_MINUTE = 3
"""More troubles than these are only logged: a flood of messages helps nobody."""
_LOG = logging.getLogger("qcpump_qt.crashes")
_QT_LOG = logging.getLogger("qcpump_qt.qt")
_QT_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


class Crashes(QObject):
    """Stands where Python and Qt tell of what nobody caught.

    The lines go to `logging`, where the program's log takes the secrets out of them.

    Args:
        places: the home, for the mark that stands while the window runs.
        log_file: the program's log, for the words.
        tasks: where the disk is read and written.
        parent: as for every Qt object.
        clock: seconds that only grow.
    """

    trouble = Signal(str, str)
    """Title and text of a fault that has not been told before; may be emitted on any thread."""
    crashed_before = Signal(str)
    """How the former window ended, in words, when it did not end well."""

    def __init__(
        self,
        places: Places,
        log_file: str,
        tasks: Tasks,
        parent: QObject | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(parent)
        self._mark = CrashMark(places)
        self._log_file = log_file
        self._tasks = tasks
        self._clock = clock
        self._lock = threading.Lock()
        self._told: set[tuple[str, str, int]] = set()
        self._moments: list[float] = []
        self._undo: list[Callable[[], object]] = []
        self._busy = threading.local()
        self._looking = False

    # --- from start to end -----------------------------------------------------------------------

    def install(self) -> None:
        """Listen to everything that nobody caught, until `uninstall`."""
        former = sys.excepthook, threading.excepthook, sys.unraisablehook
        sys.excepthook = self._uncaught
        threading.excepthook = self._uncaught_in_thread
        sys.unraisablehook = self._unraisable
        former_qt = qInstallMessageHandler(self._qt_message)

        def undo() -> None:
            sys.excepthook, threading.excepthook, sys.unraisablehook = former
            qInstallMessageHandler(former_qt)

        self._undo.append(undo)

    def uninstall(self) -> None:
        """Listen no longer."""
        while self._undo:
            self._undo.pop()()

    @property
    def busy(self) -> bool:
        """Whether the former end is being looked at."""
        return self._looking

    def begin(self) -> None:
        """See off the UI thread how the former window ended, and mark that this one runs.

        Call it once this process is the one window of the home, for then a mark is that of a former one.
        """
        self._looking = True
        self._tasks.start(lambda _token: self._mark.begin(), self._tell_former, self._not_marked)

    def end_well(self) -> None:
        """The window ended as it should; for the very end of the program."""
        try:
            self._mark.end()
        except ConfigurationError as error:
            _LOG.warning("The next start will say that this one crashed, which is not so: %s", error)

    # --- what nobody caught ----------------------------------------------------------------------

    def _uncaught(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        self._report("Nobody caught a fault", kind, error, trace)

    def _uncaught_in_thread(self, args: threading.ExceptHookArgs) -> None:
        name = args.thread.name if args.thread else "a thread that has ended"
        self._report(f"Nobody caught a fault in {name}", args.exc_type, args.exc_value, args.exc_traceback)

    def _unraisable(self, args: sys.UnraisableHookArgs) -> None:
        what = args.err_msg or "Nobody could catch a fault"
        self._report(what, args.exc_type, args.exc_value, args.exc_traceback)

    def _report(
        self,
        what: str,
        kind: type[BaseException],
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if getattr(self._busy, "reporting", False):
            return  # a fault while a fault is told would go on for ever
        self._busy.reporting = True
        try:
            _LOG.critical(what, exc_info=(kind, error or kind(), trace))
            if self._is_news(_kind_of(kind, trace)):
                self.trouble.emit("Fault in QCPump-Qt", self._words(kind, error))
        finally:
            self._busy.reporting = False

    def _words(self, kind: type[BaseException], error: BaseException | None) -> str:
        if isinstance(error, PumpError):
            said = f"{error.title}: {error.message}"
        else:
            said = f"{kind.__name__}: {error}." if str(error or "") else f"{kind.__name__}."
        return (
            f"{said} The program goes on. The log ({self._log_file}) shows where it happened; "
            "please report it with a diagnostics bundle from the Help menu."
        )

    def _is_news(self, kind: tuple[str, str, int]) -> bool:
        """Whether it was not told before, and not too many were told just now."""
        now = self._clock()
        with self._lock:
            self._moments = [moment for moment in self._moments if now - moment < 60]
            if kind in self._told or len(self._moments) >= MOST_IN_A_MINUTE:
                return False
            self._told.add(kind)
            self._moments.append(now)
            return True

    def _qt_message(self, kind: QtMsgType, _context: QMessageLogContext, message: str) -> None:
        if getattr(self._busy, "reporting", False):
            return
        self._busy.reporting = True
        try:
            _QT_LOG.log(_QT_LEVELS.get(kind, logging.WARNING), "Qt says: %s", message)
        finally:
            self._busy.reporting = False

    def _tell_former(self, words: str) -> None:
        self._looking = False
        if words:
            _LOG.warning("%s", words)
            self.crashed_before.emit(words)

    def _not_marked(self, error: PumpError) -> None:
        self._looking = False
        _LOG.warning("A crash of this window will not be noticed at the next start: %s", error)


def _kind_of(kind: type[BaseException], trace: TracebackType | None) -> tuple[str, str, int]:
    """What makes two faults the same: the kind of exception and the place that raised it."""
    last = traceback.extract_tb(trace)[-1:] if trace else []
    return (kind.__name__, last[0].filename, last[0].lineno or 0) if last else (kind.__name__, "", 0)
