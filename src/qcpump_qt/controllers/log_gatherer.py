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
"""Rows in one flush."""
UNSEEN = 1000
"""Lines kept of a pump that nobody looks at; older ones are in its file."""


class _Channel:
    """The lines of one pump between the threads that log and the table.

    Args:
        log: what is listened to.
        gatherer: is told when there is something for a table that is shown.
    """

    def __init__(self, log: PumpLog, gatherer: LogGatherer) -> None:
        self.log = log
        self.model: LogTableModel | None = None
        self._gatherer = gatherer
        self._lock = threading.Lock()
        self._shown = False
        self._lines: deque[LogRow] = deque(maxlen=UNSEEN)
        log.add_listener(self._hear)

    def close(self) -> None:
        """Listen no longer."""
        self.log.remove_listener(self._hear)

    def show(self, model: LogTableModel) -> None:
        """From now on lines are meant for this table; those that are there already go into it."""
        with self._lock:
            lines, self._lines = list(self._lines), deque(maxlen=model.capacity)
            self._shown = True
        self.model = model
        model.append(lines)

    def hide(self) -> None:
        """Nobody looks at the table any more: only the newest lines are kept, and nobody is woken for them."""
        if self.model is None:
            return
        with self._lock:
            self._lines = deque([*self.model.newest(UNSEEN), *self._lines], maxlen=UNSEEN)
            self._shown = False
        self.model.clear()

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
            shown = self._shown
        if shown:
            self._gatherer.wake()


class LogGatherer(QObject):
    """The log lines of all pumps, and a table of those of the pump that is shown.

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
        self._shown: _Channel | None = None
        self._lock = threading.Lock()
        self._awake = False
        self._more_came = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._flush)
        self.woken.connect(self._begin, Qt.ConnectionType.QueuedConnection)

    def set_pumps(self, pumps: Iterable[StoredPump]) -> None:
        """Listen to these pumps, and to no others any more; also takes over a changed log level."""
        logs = {pump.id: self._log_of(pump) for pump in pumps}
        for pump_id in list(self._channels):
            if self._channels[pump_id].log is not logs.get(pump_id):
                self._close(self._channels.pop(pump_id))
        for pump_id, log in logs.items():
            if pump_id not in self._channels:
                self._channels[pump_id] = _Channel(log, self)

    def model(self, pump_id: str) -> LogTableModel | None:
        """The pump's table, kept up to date until that of another pump is asked for; None for one without a log."""
        channel = self._channels.get(pump_id)
        if channel is None:
            return None
        if channel is not self._shown:
            if self._shown is not None:
                self._shown.hide()
            self._shown = channel
            channel.show(channel.model or LogTableModel(CAPACITY, self._style, self))
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

    def wake(self) -> None:
        """There are lines for the table; called in the thread that logs."""
        with self._lock:
            self._more_came = True
            if self._awake:
                return
            self._awake = True
        self.woken.emit()

    def _begin(self) -> None:
        self._timer.start(FLUSH_MS)

    def _flush(self) -> None:
        with self._lock:
            self._more_came = False
        behind = self._hand_on()
        with self._lock:
            self._awake = behind or self._more_came
        if self._awake:
            self._timer.start(BEHIND_MS if behind else FLUSH_MS)

    def _hand_on(self) -> bool:
        """Give the table its lines; True when more are left."""
        if self._shown is None or self._shown.model is None:
            return False
        lines, more = self._shown.take(MOST_AT_ONCE)
        self._shown.model.append(lines)
        return more

    def _close(self, channel: _Channel) -> None:
        channel.close()
        if channel is self._shown:
            self._shown = None

    def _log_of(self, pump: StoredPump) -> PumpLog:
        try:
            return self._program.log_of(pump)
        except PumpError:
            # A level that is no level is told by the validation; its lines are wanted all the same.
            return self._program.logs.pump(pump.id)
