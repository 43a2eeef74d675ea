"""Work off the UI thread, and its result back on it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial
from typing import Generic, TypeVar

from PySide6.QtCore import QObject, Qt, QThreadPool, Signal

from qcpump_qt.engine.cancel import CancelToken
from qcpump_qt.engine.errors import Cancelled, PumpError

T = TypeVar("T")
Failed = Callable[[PumpError], None]


class _Task(Generic[T]):
    """One piece of work; its result is handed over through the queue of the UI thread."""

    def __init__(
        self, tasks: Tasks, work: Callable[[CancelToken], T], done: Callable[[T], None], failed: Failed
    ):
        self.token = CancelToken()
        self._tasks = tasks
        self._work = work
        self._done = done
        self._failed = failed

    def run(self) -> None:
        """Called by the pool, on a thread of it."""
        try:
            result = self._work(self.token)
        except Cancelled:
            self._tasks.ended.emit(self, None)
        except PumpError as error:
            self._tasks.ended.emit(self, partial(self._failed, error))
        except (Exception, SystemExit) as bug:  # what users wrote may end in sys.exit()
            logging.getLogger("qcpump_qt.tasks").exception("Work in the background failed")
            fault = PumpError(
                f"{type(bug).__name__}: {bug}. The log shows where; please report it.",
                title="Fault in QCPump-Qt",
            )
            self._tasks.ended.emit(self, partial(self._failed, fault))
        else:
            self._tasks.ended.emit(self, partial(self._done, result))


class Tasks(QObject):
    """Runs work on threads of a pool of its own.

    Args:
        threads: how many pieces of work are done at once; the others wait their turn.
        parent: as for every Qt object.
    """

    ended = Signal(object, object)
    """A task, and what is to be called for it on the UI thread; for this class alone."""

    def __init__(self, threads: int = 4, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(threads)
        self._open: set[_Task[object]] = set()
        self.ended.connect(self._finish, Qt.ConnectionType.QueuedConnection)

    def start(
        self, work: Callable[[CancelToken], T], done: Callable[[T], None], failed: Failed
    ) -> CancelToken:
        """Do the work soon, on another thread.

        Args:
            work: gets a token that it should look at while it waits.
            done: called on this object's thread with the result; not after the token was cancelled.
            failed: called on this object's thread with what went wrong; not after the token was cancelled.

        Returns:
            the token; cancelling it returns at once, whatever the work does.
        """
        task = _Task(self, work, done, failed)
        self._open.add(task)  # type: ignore[arg-type]
        # Handed over as a function: the pool makes a QRunnable of it, and would never let go of one of ours.
        self._pool.start(task.run)
        return task.token

    @property
    def busy(self) -> bool:
        """True while any work is waiting or under way."""
        return bool(self._open)

    def cancel(self) -> None:
        """Ask everything to end, and call nothing for it any more; returns at once."""
        for task in self._open:
            task.token.cancel()

    def wait(self, seconds: float) -> bool:
        """Wait until all threads are done, for use when the program ends; True when they are."""
        return self._pool.waitForDone(int(seconds * 1000))

    def _finish(self, task: _Task[object], call: Callable[[], None] | None) -> None:
        self._open.discard(task)
        if call is not None and not task.token.cancelled:
            call()
