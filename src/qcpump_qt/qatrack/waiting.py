"""Waits for calls that know neither a time-out nor an end: name look-ups, connecting, proxy discovery."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from qcpump_qt.engine.cancel import CancelToken

T = TypeVar("T")


def run_bounded(
    work: Callable[[], T], seconds: float, cancel: CancelToken, discard: Callable[[T], None] | None = None
) -> T:
    """Run `work` in a thread of its own and wait for it no longer than `seconds` or until cancelled.

    Args:
        work: the call; it goes on alone when it is no longer waited for.
        seconds: longest wait.
        cancel: ends the wait at once.
        discard: gets rid of a result that comes when nobody waits any more.

    Raises:
        Cancelled: `cancel` was set.
        TimeoutError: the time is over.
        Exception: whatever `work` raised.
    """
    cancel.check()
    call = _Call(work, discard)
    threading.Thread(target=call.run, name="qatrack-waiting", daemon=True).start()
    with cancel.closing(call.finished.set):
        call.finished.wait(seconds)
    return call.take(cancel)


class _Call(Generic[T]):
    """One call in its thread, and whether somebody still waits for it."""

    def __init__(self, work: Callable[[], T], discard: Callable[[T], None] | None) -> None:
        self._work = work
        self._discard = discard
        self._lock = threading.Lock()
        self._results: list[T] = []
        self._trouble: BaseException | None = None
        self._abandoned = False
        self.finished = threading.Event()

    def run(self) -> None:
        try:
            result = self._work()
        except BaseException as trouble:  # noqa: BLE001 - raised again in the waiting thread
            self._trouble = trouble
        else:
            self._keep(result)
        self.finished.set()

    def _keep(self, result: T) -> None:
        with self._lock:
            if not self._abandoned:
                self._results.append(result)
                return
        if self._discard is not None:
            self._discard(result)

    def take(self, cancel: CancelToken) -> T:
        with self._lock:
            self._abandoned = not self._results
        if self._results:
            return self._results[0]
        cancel.check()
        if self._trouble is not None:
            raise self._trouble
        raise TimeoutError("no result in time")
