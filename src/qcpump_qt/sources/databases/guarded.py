"""A thread of its own for one connection: no driver can hold a cycle longer than its time-out or a stop.

Drivers wait in C code or on sockets that nobody can wake. So each connection lives on one daemon thread, and
the cycle waits for that thread's answer, for a stop and for the clock at once. A call that comes too late is
interrupted; a driver that does not even react to that is left behind with its thread, which closes the
connection if it ever comes back.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from qcpump_qt.engine.cancel import CancelToken

Answer = TypeVar("Answer")
GRACE = 1.0
"""Seconds that an interrupted driver has to come back; with it a stop ends well within two seconds."""


class TooLateError(Exception):
    """The driver did not answer in time; the connection cannot be used any more."""


class _Job(Generic[Answer]):
    """One call, its answer or its error, and the sign that either is there."""

    def __init__(self, work: Callable[[], Answer]) -> None:
        self._work = work
        self._answers: list[Answer] = []
        self._error: BaseException | None = None
        self.finished = threading.Event()
        self.stir = threading.Event()
        """Set when there is something to look at: an answer, or a wish to stop."""

    def run(self) -> None:
        """Do the work, on the connection's thread."""
        try:
            self._answers.append(self._work())
        except BaseException as error:  # noqa: BLE001 - handed to the thread that waits for it
            self._error = error
        finally:
            self.finished.set()
            self.stir.set()

    def answer(self) -> Answer:
        """What the work gave, or the error it raised."""
        if self._error is not None:
            raise self._error
        return self._answers[0]


class _Connection(threading.Thread):
    """The thread of one connection; it ends with it, unless a driver never comes back."""


def left_behind() -> bool:
    """True while a driver that was given up has not come back: some keep the process from ending by itself."""
    return any(isinstance(thread, _Connection) for thread in threading.enumerate())


class GuardedThread:
    """Runs the calls of one connection, one after the other.

    Args:
        name: of the thread, for diagnostics.
        cancel: the wish to stop, which ends every wait.
    """

    def __init__(self, name: str, cancel: CancelToken) -> None:
        self._cancel = cancel
        self._jobs: queue.SimpleQueue[_Job[Any] | None] = queue.SimpleQueue()
        self._stuck: _Job[Any] | None = None
        self._thread = _Connection(target=self._work, name=name, daemon=True)
        self._thread.start()

    @property
    def abandoned(self) -> bool:
        """True once a call was given up: the connection is unusable from then on."""
        return self._stuck is not None

    def call(
        self, work: Callable[[], Answer], seconds: float, interrupt: Callable[[], object] | None = None
    ) -> Answer:
        """Let the thread do `work` and wait for its answer.

        Args:
            work: what to do there; its exceptions are raised here.
            seconds: how long to wait at most.
            interrupt: ends the work from outside, as far as the driver lets it.

        Raises:
            Cancelled: an end was asked for.
            TooLateError: there was no answer in time, or an earlier call was given up.
        """
        self._cancel.check()
        if self.abandoned:
            raise TooLateError
        job = _Job(work)
        with self._cancel.closing(job.stir.set):
            self._jobs.put(job)
            job.stir.wait(seconds)
        if not job.finished.is_set():
            self._give_up(job, interrupt)
            self._cancel.check()
            raise TooLateError
        return job.answer()

    def end(self, last: Callable[[], object], seconds: float) -> None:
        """Let the thread do one last thing and end; waits for it, but neither for ever nor for a stop."""
        job = _Job(last)
        self._jobs.put(job)
        self._jobs.put(None)
        if self._stuck is None or self._stuck.finished.is_set():
            job.finished.wait(seconds)
            self._thread.join(GRACE if job.finished.is_set() else 0)

    def _give_up(self, job: _Job[Any], interrupt: Callable[[], object] | None) -> None:
        self._stuck = job
        if interrupt is not None:
            # On a thread of its own: some drivers send the interruption over the very line that is stuck.
            threading.Thread(target=interrupt, name=f"{self._thread.name} (stop)", daemon=True).start()
            job.finished.wait(GRACE)

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            job.run()
            del job
