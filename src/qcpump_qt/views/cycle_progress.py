"""Shows how far a pump's cycle is: state, step, time that has passed, and how the last one ended."""

from __future__ import annotations

import time
from datetime import datetime, timezone

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QProgressBar, QSizePolicy, QWidget

from qcpump_qt.models.dates import DateStyle

NOT_RUNNING = "Not running"
STOPPING = "Stopping… The cycle has not ended yet."
NO_STEP = "–"


def elapsed_words(seconds: float) -> str:
    """Time that has passed, to the second: ``0:01:05``."""
    minutes, rest = divmod(max(0, int(seconds)), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}"


class CycleProgress(QWidget):
    """What the pump is doing and how far it is.

    Args:
        parent: as for every widget.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("cycle_progress")
        self._dates = DateStyle()
        self._since: datetime | None = None
        self._stopping = False
        self._head_start = 0.0
        self._began = 0.0
        self._tick = QTimer(self)
        self._tick.setInterval(1000)
        self._tick.timeout.connect(self._show_elapsed)
        self._build()
        self.set_running(None, stopping=False)

    def set_running(self, since: datetime | None, *, stopping: bool) -> None:
        """Whether a cycle is under way.

        Args:
            since: when it began, with its offset; None when none is.
            stopping: it was asked to end.
        """
        if since is None:
            self._bar.setRange(0, 100)
            self._bar.reset()
            self._step.setText(NO_STEP)
        elif since != self._since:
            self._bar.setRange(0, 0)
            self._step.setText(NO_STEP)
            self._head_start = max(0.0, (datetime.now(timezone.utc) - since).total_seconds())
            self._began = time.monotonic()
        self._since, self._stopping = since, stopping
        self._bar.setEnabled(since is not None)
        self._show_state()
        self._show_elapsed()
        self._tick_when_seen()

    def set_progress(self, percent: float, step: str) -> None:
        """How far the cycle is; nothing is shown while none runs.

        Args:
            percent: from 0 to 100; less than 0 where nobody knows.
            step: what is being done.
        """
        if self._since is None:
            return
        known = percent >= 0
        self._bar.setRange(0, 100 if known else 0)
        if known:
            self._bar.setValue(min(100, round(percent)))
        self._step.setText(step or NO_STEP)

    def set_result(self, text: str) -> None:
        """How the last cycle ended, in words; empty when there was none."""
        self._result.setText(text)
        self._result.setVisible(bool(text))

    def set_date_style(self, style: DateStyle) -> None:
        """Write dates in this style from now on."""
        self._dates = style
        self._show_state()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - as Qt has it
        """The clock ticks only where it is seen."""
        super().showEvent(event)
        self._show_elapsed()
        self._tick_when_seen()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 - as Qt has it
        """The clock ticks only where it is seen."""
        super().hideEvent(event)
        self._tick.stop()

    def _build(self) -> None:
        self._state = _label("activity_state", "State of the pump")
        font = self._state.font()
        font.setBold(True)
        self._state.setFont(font)
        self._elapsed = _label("elapsed", "Time since the cycle began")
        self._elapsed.setWordWrap(False)
        self._bar = QProgressBar()
        self._bar.setObjectName("progress")
        self._bar.setAccessibleName("Progress of the cycle")
        self._step = _label("step", "Current step")
        self._result = _label("last_result", "How the last cycle ended")
        self._result.hide()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.addWidget(self._state, 0, 0)
        grid.addWidget(self._elapsed, 0, 1)
        grid.addWidget(self._bar, 1, 0, 1, 2)
        grid.addWidget(self._step, 2, 0, 1, 2)
        grid.addWidget(self._result, 3, 0, 1, 2)
        grid.setColumnStretch(0, 1)

    def _show_state(self) -> None:
        if self._since is None:
            self._state.setText(NOT_RUNNING)
        elif self._stopping:
            self._state.setText(STOPPING)
        else:
            self._state.setText(f"Running since {self._dates.moment(self._since)}")

    def _show_elapsed(self) -> None:
        if self._since is None:
            self._elapsed.clear()
        else:
            seconds = self._head_start + time.monotonic() - self._began
            self._elapsed.setText(f"Elapsed {elapsed_words(seconds)}")

    def _tick_when_seen(self) -> None:
        if self._since is not None and self.isVisible():
            self._tick.start()
        else:
            self._tick.stop()


def _label(name: str, meaning: str) -> QLabel:
    label = QLabel()
    label.setObjectName(name)
    label.setAccessibleDescription(meaning)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
    return label
