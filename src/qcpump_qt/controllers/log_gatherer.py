"""Gathers what pumps log, in whatever thread, and hands it to the tables in batches."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterable

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from qcpump_qt.controllers.program import HomeProgram
from qcpump_qt.engine.errors import PumpError
from qcpump_qt.engine.logs.lines import LogLine
from qcpump_qt.engine.logs.logs import PumpLog
from qcpump_qt.engine.store import StoredPump
from qcpump_qt.models.dates import DateStyle
from qcpump_qt.models.log_table import CAPACITY, LogRow, LogTableModel

FLUSH_MS = 200
"""How often lines reach the tables."""
BEHIND_MS = 50
"""How often while more has come than one flush takes."""
MOST_AT_ONCE = 1000
"""Rows in one flush, of all pumps together."""
UNSEEN = 1000
"""Lines kept of a pump that nobody has looked at; older ones are in its file."""


class _Channel:
    """The lines of one pump between the threads that log and the table.

    Args:
        pump_id: the pump.
        log: what is listened to.
        gatherer: is told when there is something for a table.
    """

    def __init__(self, pump_id: str, log: PumpLog, gatherer: LogGatherer) -> None:
        self.log = log
        self.model: LogTableModel | None = None
        self._pump_id = pump_id
        self._gatherer = gatherer
        self._lock = threading.Lock()
        self._lines: deque[LogRow] = deque(maxlen=UNSEEN)
        log.add_listener(self._hear)

    def close(self) -> None:
        """Listen no longer."""
        self.log.remove_listener(self._hear)

    def show(self, model: LogTableModel) -> None:
        """From now on lines are meant for this table; those that are there already go into it."""
        with self._lock:
            lines, self._lines = list(self._lines), deque(maxlen=model.capacity)
            self.model = model
        model.append(lines)

    def take(self, most: int) -> tuple[list[LogRow], bool]:
        """Up to `most` lines, oldest first, and whether there are more."""
        with self._lock:
            lines = [self._lines.popleft() for _ in range(min(most, len(self._lines)))]
            return lines, bool(self._lines)

    def clear(self) -> None:
        """Forget all lines."""
        with self._lock:
            self._lines.clear()
        if self.model is not None:
            self.model.clear()

    def _hear(self, line: LogLine) -> None:
        """Called in the thread that logs."""
        with self._lock:
            self._lines.append(LogRow(line.when, line.level, line.message))
            shown = self.model is not None
        if shown:
            self._gatherer.wake(self._pump_id)


class LogGatherer(QObject):
    """One table of log lines for each pump, made when it is first shown.

    Args:
        program: whose pumps log.
        parent: as for every Qt object.
    """

    woken = Signal()
    """There are lines for a table; for this class alone."""

    def __init__(self, program: HomeProgram, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._program = program
        self._style = DateStyle()
        self._channels: dict[str, _Channel] = {}
        self._lock = threading.Lock()
        self._dirty: set[str] = set()
        self._awake = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._flush)
        self.woken.connect(self._begin, Qt.ConnectionType.QueuedConnection)

    def set_pumps(self, pumps: Iterable[StoredPump]) -> None:
        """Listen to these pumps, and to no others any more; also takes over a changed log level."""
        logs = {pump.id: self._log_of(pump) for pump in pumps}
        for pump_id in list(self._channels):
            if self._channels[pump_id].log is not logs.get(pump_id):
                self._channels.pop(pump_id).close()
        for pump_id, log in logs.items():
            if pump_id not in self._channels:
                self._channels[pump_id] = _Channel(pump_id, log, self)

    def model(self, pump_id: str) -> LogTableModel | None:
        """The pump's table, kept up to date from now on; None for a pump that has no log."""
        channel = self._channels.get(pump_id)
        if channel is None:
            return None
        if channel.model is None:
            channel.show(LogTableModel(CAPACITY, self._style, self))
        return channel.model

    def clear(self, pump_id: str) -> None:
        """Empty the pump's table; its file stays as it is."""
        channel = self._channels.get(pump_id)
        if channel is not None:
            channel.clear()

    def set_date_style(self, style: DateStyle) -> None:
        """Write times in this style from now on."""
        self._style = style
        for channel in self._channels.values():
            if channel.model is not None:
                channel.model.set_date_style(style)

    def shut_down(self) -> None:
        """Listen to nothing any more; to be called before this object goes."""
        self._timer.stop()
        self.set_pumps(())

    @property
    def resting(self) -> bool:
        """True while there is nothing to hand on and no timer runs."""
        return not self._awake

    def wake(self, pump_id: str) -> None:
        """There are lines for this pump's table; called in the thread that logs."""
        with self._lock:
            self._dirty.add(pump_id)
            if self._awake:
                return
            self._awake = True
        self.woken.emit()

    def _begin(self) -> None:
        self._timer.start(FLUSH_MS)

    def _flush(self) -> None:
        with self._lock:
            dirty, self._dirty = self._dirty, set()
        behind = {pump_id for pump_id in dirty if self._hand_on(pump_id, MOST_AT_ONCE // len(dirty) or 1)}
        with self._lock:
            self._dirty |= behind
            self._awake = bool(self._dirty)
        if self._awake:
            self._timer.start(BEHIND_MS if behind else FLUSH_MS)

    def _hand_on(self, pump_id: str, most: int) -> bool:
        """Give one pump's table its lines; True when more are left."""
        channel = self._channels.get(pump_id)
        if channel is None or channel.model is None:
            return False
        lines, more = channel.take(most)
        channel.model.append(lines)
        return more

    def _log_of(self, pump: StoredPump) -> PumpLog:
        try:
            return self._program.log_of(pump)
        except PumpError:
            # A level that is no level is told by the validation; its lines are wanted all the same.
            return self._program.logs.pump(pump.id)
