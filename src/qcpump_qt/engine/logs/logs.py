"""The program's log and those of its pumps, and who else listens to them."""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TextIO

from qcpump_qt.engine.logs.aside import Aside, AsideWriter
from qcpump_qt.engine.logs.lines import LineFormatter, LogLine, level_number, local_time
from qcpump_qt.engine.logs.redaction import Redactor
from qcpump_qt.engine.logs.rotation import KEPT, MAX_BYTES, RotatingLog

Listener = Callable[[LogLine], None]
PROGRAM_LOG = "qcpump-qt.log"


class _ToListeners(logging.Handler):
    """Hands each line to those who asked for it."""

    def __init__(self, pump_id: str) -> None:
        super().__init__()
        self._pump_id = pump_id
        self.listeners: list[Listener] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Call every listener; one that fails is reported as logging reports its own faults."""
        text = "\n".join(part for part in (str(record.msg), record.exc_text) if part)
        line = LogLine(local_time(record.created), record.levelno, text, self._pump_id)
        for listener in list(self.listeners):
            try:
                listener(line)
            except Exception:  # noqa: BLE001 - a window that fails to draw a line must not end a cycle
                self.handleError(record)


class PumpLog:
    """The log of one pump: its file, the console where wanted, and listeners such as the window.

    Args:
        pump_id: the pump's stable id.
        handlers: where its lines go, each with the redactor on it.
        redactor: takes the secrets out of what the listeners get.
        level: lines below it are dropped.
    """

    def __init__(
        self, pump_id: str, handlers: list[logging.Handler], redactor: Redactor, level: str | int = "info"
    ) -> None:
        self._listening = _ToListeners(pump_id)
        # A logger of its own: one of `getLogger` would live as long as the process, with files open.
        self._logger = logging.Logger(f"pump.{pump_id}")
        self._level = logging.INFO
        self._listening.addFilter(redactor)
        for handler in [*handlers, self._listening]:
            self._logger.addHandler(handler)
        self.set_level(level)

    @property
    def level(self) -> int:
        """Lines below this level are dropped."""
        return self._level

    def set_level(self, level: str | int) -> None:
        """Change the level, by word (``debug`` to ``critical``) or number."""
        # Kept here: a logger of its own remembers which levels it dropped, and nothing makes it forget.
        self._level = level_number(level)

    def log(self, level: int, message: str, *, error: BaseException | None = None) -> None:
        """Write one line.

        Args:
            level: as in `logging`.
            message: the text, taken as it is.
            error: whose traceback stands below it.
        """
        if level >= self._level:
            self._logger.log(level, message, exc_info=error)

    def add_listener(self, listener: Listener) -> None:
        """Call `listener` with each line from now on, in the thread that logs it."""
        self._listening.listeners.append(listener)

    def remove_listener(self, listener: Listener) -> None:
        """Call it no longer."""
        if listener in self._listening.listeners:
            self._listening.listeners.remove(listener)

    def close(self) -> None:
        """Let go of the pump's file."""
        for handler in list(self._logger.handlers):
            self._logger.removeHandler(handler)
            if isinstance(handler, Aside) and isinstance(handler.handler, RotatingLog):
                handler.close()


class Logs:
    """All logs of this process; a context manager that listens to `logging` while it is open.

    Args:
        folder: where the files stand; it must exist.
        redactor: takes the secrets out of every line.
        level: of the program's own log; pumps have one each.
        console: where lines go as well, as with LOG_TO_CONSOLE.
        max_bytes: the size from which a file is renamed.
        kept: how many older ones of each stay.
    """

    def __init__(
        self,
        folder: Path,
        redactor: Redactor,
        *,
        level: str | int = "info",
        console: TextIO | bool | None = None,
        max_bytes: int = MAX_BYTES,
        kept: int = KEPT,
    ) -> None:
        self._folder = folder
        self._redactor = redactor
        self._max_bytes = max_bytes
        self._kept = kept
        self._pumps: dict[str, PumpLog] = {}
        self._lock = threading.Lock()
        self._writer = AsideWriter()
        self._root = logging.getLogger()
        self._former_level = self._root.level
        self._stream = sys.stderr if console is True else console or None
        self._program: list[logging.Handler] = [
            self._file(PROGRAM_LOG, named=True),
            *self._console(named=True),
        ]
        self._attach(level_number(level))

    def file_of(self, pump_id: str) -> Path:
        """Where a pump's log stands: the id begins with the pump's name and never changes."""
        return self._folder / f"{pump_id}.log"

    @property
    def program_file(self) -> Path:
        """Where the program's own log stands."""
        return self._folder / PROGRAM_LOG

    def pump(self, pump_id: str, level: str | int = "info") -> PumpLog:
        """The log of a pump, made at the first call; later calls only change its level."""
        number = level_number(level)
        with self._lock:
            log = self._pumps.get(pump_id)
            if log is None:
                handlers = [self._file(self.file_of(pump_id).name), *self._console(named=True)]
                log = self._pumps[pump_id] = PumpLog(pump_id, handlers, self._redactor, number)
        log.set_level(number)
        return log

    def write_aside(self) -> None:
        """From now on write on a thread of its own, as whoever logs may be the one that draws a window."""
        self._writer.start()

    def write_at_once(self, seconds: float = 1.0) -> bool:
        """Write what still waits, and from now on in the thread that logs, as at first.

        Args:
            seconds: how long the disk or share gets for what waits.

        Returns:
            False when that was not enough: the process has to be ended without waiting for its files.
        """
        return self._writer.stop(seconds)

    def close(self) -> None:
        """Let go of all files and of `logging`."""
        written = self.write_at_once()
        for handler in self._program:
            self._root.removeHandler(handler)
        self._root.setLevel(self._former_level)
        with self._lock:
            pumps, self._pumps = self._pumps, {}
        if written:  # otherwise a file is being waited for, and would be waited for here too
            for handler in self._program:
                handler.close()
            for log in pumps.values():
                log.close()

    def __enter__(self) -> Logs:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _attach(self, level: int) -> None:
        self._root.setLevel(level)
        # It tells each lock that is taken, also those that renaming a log takes.
        logging.getLogger("filelock").setLevel(logging.WARNING)
        for handler in self._program:
            self._root.addHandler(handler)

    def _file(self, name: str, *, named: bool = False) -> logging.Handler:
        return self._made_safe(
            RotatingLog(self._folder / name, max_bytes=self._max_bytes, kept=self._kept), named=named
        )

    def _console(self, *, named: bool) -> list[logging.Handler]:
        if self._stream is None:
            return []
        return [self._made_safe(logging.StreamHandler(self._stream), named=named)]

    def _made_safe(self, handler: logging.Handler, *, named: bool) -> logging.Handler:
        handler.setFormatter(LineFormatter(named=named))
        aside = Aside(handler, self._writer)
        # Cleaned where it is logged: what a message is made of may be another thing by the time it is written.
        aside.addFilter(self._redactor)
        return aside
