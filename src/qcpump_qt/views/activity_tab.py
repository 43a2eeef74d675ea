"""The tab *Activity*: what the selected pump is doing now, and its log."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from qcpump_qt.models.dates import DateStyle
from qcpump_qt.models.log_table import ALL, ERROR, INFO, MESSAGE_ROLE, WARNING, LogTableModel
from qcpump_qt.views.cycle_progress import CycleProgress
from qcpump_qt.views.log_view import LogView

LEVELS = (("All levels", ALL), ("Info and above", INFO), ("Warnings and errors", WARNING), ("Errors", ERROR))


class ActivityTab(QWidget):
    """What the pump is doing, how far it is, how its last cycle ended, and its log.

    Args:
        parent: as for every widget.
    """

    open_log_wanted = Signal()
    """The pump's log file is to be opened."""
    clear_wanted = Signal()
    """The lines shown are to be forgotten; the file stays."""
    told = Signal(str)
    """A short message for the status bar, such as what was copied."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("activity_tab")
        self._log: LogTableModel | None = None
        self.progress = CycleProgress()
        layout = QVBoxLayout(self)
        layout.addWidget(self.progress)
        layout.addLayout(self._tools())
        layout.addWidget(self._table(), 1)
        layout.addLayout(self._foot())
        self._connect()
        self.set_log(None)

    def set_log(self, log: LogTableModel | None) -> None:
        """Show this pump's log; None when no pump is selected."""
        if log is not None and log is self._log:
            return
        if self._log is not None:
            self._log.modelReset.disconnect(self._details.clear)
            for signal in (self._log.rowsInserted, self._log.rowsRemoved, self._log.modelReset):
                signal.disconnect(self._show_count)
        self._log = log
        self._filter()
        self.lines.set_log(log)
        self._details.clear()
        if log is not None:
            self.lines.selectionModel().currentRowChanged.connect(self._show_details)
            log.modelReset.connect(self._details.clear)
            for signal in (log.rowsInserted, log.rowsRemoved, log.modelReset):
                signal.connect(self._show_count)
        for widget in (self._copy, self._open, self._clear, self._text, self._level, self._follow):
            widget.setEnabled(log is not None)
        self._show_count()

    def set_progress(self, percent: float, step: str) -> None:
        """How far the cycle is: 0 to 100, less than 0 where nobody knows; and what is being done."""
        self.progress.set_progress(percent, step)

    def set_running(self, since: datetime | None, *, stopping: bool) -> None:
        """Since when a cycle is under way (None when none is), and whether it was asked to end."""
        self.progress.set_running(since, stopping=stopping)

    def set_result(self, text: str) -> None:
        """How the last cycle ended, in words; empty when there was none."""
        self.progress.set_result(text)

    def set_date_style(self, style: DateStyle) -> None:
        """Write dates in this style from now on; those in the log are the model's."""
        self.progress.set_date_style(style)

    # --- how it is built -------------------------------------------------------------------------

    def _tools(self) -> QHBoxLayout:
        self._level = QComboBox()
        self._level.setObjectName("level_filter")
        self._level.setAccessibleName("Show log lines of this level")
        for words, level in LEVELS:
            self._level.addItem(words, level)
        self._text = QLineEdit()
        self._text.setObjectName("text_filter")
        self._text.setAccessibleName("Show log lines with this text")
        self._text.setPlaceholderText("Find in log")
        self._text.setToolTip("Shows only the lines with this text (Ctrl+F)")
        self._text.setClearButtonEnabled(True)
        self._follow = QCheckBox("Follow &newest")
        self._follow.setObjectName("follow_newest")
        self._follow.setAccessibleName("Follow the newest line")
        self._follow.setToolTip("Keeps the newest line in sight; ends when you scroll up")
        self._follow.setChecked(True)
        row = QHBoxLayout()
        row.addWidget(self._level)
        row.addWidget(self._text, 1)
        row.addWidget(self._follow)
        return row

    def _table(self) -> QSplitter:
        self.lines = LogView()
        self._details = QPlainTextEdit()
        self._details.setObjectName("log_details")
        self._details.setAccessibleName("The whole of the selected log line")
        self._details.setPlaceholderText("Select a line to read all of it here.")
        self._details.setReadOnly(True)
        self._details.setTabChangesFocus(True)
        splitter = QSplitter(Qt.Orientation.Vertical)
        splitter.setObjectName("log_splitter")
        splitter.addWidget(self.lines)
        splitter.addWidget(self._details)
        splitter.setStretchFactor(0, 5)
        splitter.setStretchFactor(1, 1)
        splitter.setCollapsible(0, False)
        return splitter

    def _foot(self) -> QHBoxLayout:
        self._count = QLabel()
        self._count.setObjectName("line_count")
        self._count.setWordWrap(True)
        self._copy = _button("&Copy", "copy_log", "Copies the selected lines, else all that are shown")
        self._open = _button("&Open log file", "open_log", "Opens the file with all lines, also older ones")
        self._clear = _button("C&lear", "clear_log", "Empties this list; the log file keeps all lines")
        row = QHBoxLayout()
        row.addWidget(self._count, 1)
        for button in (self._copy, self._open, self._clear):
            row.addWidget(button)
        return row

    def _connect(self) -> None:
        self._level.currentIndexChanged.connect(self._filter)
        self._text.textChanged.connect(self._filter)
        self._follow.clicked.connect(self.lines.set_following)
        self.lines.following_changed.connect(self._follow.setChecked)
        self.lines.copied.connect(self.told)
        self._copy.clicked.connect(self.lines.copy)
        self._open.clicked.connect(self.open_log_wanted)
        self._clear.clicked.connect(self.clear_wanted)
        find = QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self)
        find.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        find.activated.connect(self._text.setFocus)
        find.activated.connect(self._text.selectAll)

    # --- what it shows ---------------------------------------------------------------------------

    def _filter(self) -> None:
        if self._log is not None:
            self._log.set_filter(self._level.currentData(), self._text.text())

    def _show_details(self, current: QModelIndex) -> None:
        self._details.setPlainText(current.data(MESSAGE_ROLE) or "")

    def _show_count(self) -> None:
        self._count.setText("No pump is selected." if self._log is None else _count_words(self._log))


def _count_words(log: LogTableModel) -> str:
    shown, kept = log.rowCount(), log.kept
    if not kept:
        return "Nothing has been logged since the program started."
    text = "1 line" if kept == 1 else f"{kept} lines"
    if shown != kept:
        text = f"{shown} of {text}"
    return f"{text}; older ones are in the log file" if kept == log.capacity else text


def _button(text: str, name: str, tip: str) -> QPushButton:
    button = QPushButton(text)
    button.setObjectName(name)
    button.setAccessibleName(text.replace("&", ""))
    button.setAccessibleDescription(tip)
    button.setToolTip(tip)
    return button
