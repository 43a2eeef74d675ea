"""Writes logs on a thread of its own, so that whoever logs waits for no disk or share."""

from __future__ import annotations

import logging
import queue
import threading
import time

MOST = 50_000
"""Lines that wait at most; while the disk does not keep up, further ones are counted and dropped."""
CRITICAL_SECONDS = 1.0
"""How long a line that may be the last one of the process is waited for."""

_Waiting = tuple[logging.Handler, logging.LogRecord]


class AsideWriter:
    """Hands lines to their handlers, in order, on one thread; until it is started they are written at once.

    Args:
        most: how many lines wait at most.
    """

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._lines: queue.SimpleQueue[_Waiting | None] = queue.SimpleQueue()
        # One that may be taken twice: freeing an object while it is held may log something.
        self._lock = threading.RLock()
        self._thread: threading.Thread | None = None
        self._open = False
        self._waiting = 0
        self._lost = 0

    def start(self) -> None:
        """From now on write on a thread. It keeps no process from ending."""
        with self._lock:
            if self._open:
                return
            self._open = True
            self._thread = threading.Thread(target=self._work, name="logs", daemon=True)
            self._thread.start()

    def stop(self, seconds: float) -> bool:
        """From now on write at once again, after what still waits.

        Args:
            seconds: how long that is waited for.

        Returns:
            False when the disk took longer; the handlers are then still in use by the thread.
        """
        with self._lock:
            thread = self._thread
            if self._open:
                self._open = False
                self._lines.put(None)
        if thread is not None:
            thread.join(seconds)
        return thread is None or not thread.is_alive()

    def write(self, handler: logging.Handler, record: logging.LogRecord) -> None:
        """Have a line written; it must not change any more."""
        with self._lock:
            aside = self._open
            if aside and self._waiting >= self._most:
                self._lost += 1
                return
            if aside:
                self._waiting += 1
                self._lines.put((handler, record))
        if not aside:
            handler.handle(record)
        elif record.levelno >= logging.CRITICAL:
            self._wait_until_written(CRITICAL_SECONDS)

    def _wait_until_written(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while self._waiting and time.monotonic() < until:
            time.sleep(0.005)

    def _work(self) -> None:
        while (waiting := self._lines.get()) is not None:
            handler, record = waiting
            handler.handle(record)
            with self._lock:
                self._waiting -= 1
                lost, self._lost = self._lost, 0
            if lost:
                handler.handle(_told_lost(record, lost))


class Aside(logging.Handler):
    """A handler that has another one write its lines, aside where its writer does so.

    Args:
        handler: writes the lines; what cleans them belongs on this one, as it has to be done at once.
        writer: on which thread.
    """

    def __init__(self, handler: logging.Handler, writer: AsideWriter) -> None:
        super().__init__()
        self.handler = handler
        self._writer = writer

    def emit(self, record: logging.LogRecord) -> None:
        """Hand the line on."""
        self._writer.write(self.handler, record)

    def close(self) -> None:
        """Let go of the file."""
        super().close()
        self.handler.close()


def _told_lost(last: logging.LogRecord, lost: int) -> logging.LogRecord:
    count = "1 line was" if lost == 1 else f"{lost} lines were"
    text = f"{count} not written, as the disk or share of the logs did not keep up."
    return logging.LogRecord(last.name, logging.WARNING, __file__, 0, text, None, None)
