"""A window of its own that shows what the next cycle of a pump would send, before anything is sent."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QProgressBar,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from qcpump_qt.models.dates import DateStyle
from qcpump_qt.models.record_words import COLUMNS, counts_line
from qcpump_qt.models.records_table import RecordsTableModel
from qcpump_qt.models.rows import RecordDetail, RecordRow
from qcpump_qt.views.fitting import resize_to_fit
from qcpump_qt.views.icons import icon, level_icon
from qcpump_qt.views.record_detail import RecordDetailPane
from qcpump_qt.views.record_table import RecordTable
from qcpump_qt.views.state_colours import Level

NOTHING = "The next cycle would send nothing: no record at the source is new."
_NOT_IN_PREVIEW = ("first_seen", "updated", "attempts")


class PreviewDialog(QDialog):
    """Shows one preview; the window stays open beside the others.

    Args:
        pump_name: whose preview it is.
        dates: how moments are written.
        parent: as for every Qt object.
    """

    refresh_wanted = Signal()
    """The preview is to be made anew."""
    cancel_wanted = Signal()
    """The preview that is being made is to end."""

    def __init__(self, pump_name: str, dates: DateStyle | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setObjectName("preview_dialog")
        self.setWindowTitle(f"Preview of {pump_name}")
        self.setModal(False)
        self._details: list[RecordDetail] = []
        self._working = False
        self.model = RecordsTableModel(dates, icon, self)
        self.table = RecordTable(self.model, order=None)
        for place, column in enumerate(COLUMNS):
            self.table.setColumnHidden(place, column.key in _NOT_IN_PREVIEW)
        self.detail = RecordDetailPane(dates)
        self.counts = QLabel()
        self.counts.setObjectName("preview_counts")
        self.counts.setAccessibleName("What would happen")
        self.counts.setTextFormat(Qt.TextFormat.PlainText)
        self.counts.setWordWrap(True)
        self.progress = QProgressBar()
        self.progress.setObjectName("preview_progress")
        self.progress.setAccessibleName("The preview is being made")
        self.progress.setRange(0, 0)
        self.progress.setTextVisible(False)
        self.messages = _message_list()
        self._make_buttons()
        self._lay_out()
        self._connect()
        self.set_working()

    # --- what is shown ----------------------------------------------------------------------------

    def set_working(self) -> None:
        """The preview is being made; what was shown before is taken away."""
        self._show([], [])
        self.counts.setText("Looking at the source and asking the server. Nothing is sent.")
        self._set_working(True)

    def set_result(self, details: Sequence[RecordDetail], messages: Sequence[tuple[str, str]]) -> None:
        """Show what would be done.

        Args:
            details: the records.
            messages: what is to be told, each with its level (``warning``, ``error`` or ``info``).
        """
        self._show(details, messages)
        self.counts.setText(f"{counts_line(detail.row for detail in details)}." if details else NOTHING)
        self._set_working(False)
        if details:
            self.table.setCurrentIndex(self.model.index(0, 0))

    def set_failed(self, title: str, text: str) -> None:
        """There is no preview; tell why."""
        self._show([], [("error", f"{title}: {text}")])
        self.counts.setText("The preview could not be made.")
        self._set_working(False)

    def set_date_style(self, dates: DateStyle) -> None:
        """Write moments in another way."""
        self.model.set_date_style(dates)
        self.detail.set_date_style(dates)

    def _show(self, details: Sequence[RecordDetail], messages: Sequence[tuple[str, str]]) -> None:
        self._details = list(details)
        self.model.start(len(details), [detail.row for detail in details])
        self.detail.show_detail(None)
        self.detail.setVisible(bool(details))
        self.messages.clear()
        for level, text in messages:
            self.messages.addItem(_message(level, text))
        self.messages.setVisible(bool(messages))

    def _set_working(self, working: bool) -> None:
        self._working = working
        self.progress.setVisible(working)
        self.cancel.setVisible(working)
        self.refresh.setEnabled(not working)
        self.table.setEnabled(not working)

    # --- what is asked for ------------------------------------------------------------------------

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """A preview that is being made ends with its window."""
        self._give_up()
        super().closeEvent(event)

    def reject(self) -> None:
        """Escape and Close: the same as closing the window."""
        self._give_up()
        super().reject()

    def _give_up(self) -> None:
        if self._working:
            self._set_working(False)
            self.counts.setText("The preview was cancelled.")
            self.cancel_wanted.emit()

    def _start_anew(self) -> None:
        self.set_working()
        self.refresh_wanted.emit()

    def _sort(self, key: str, descending: bool) -> None:
        """All rows are here, so they are put in order here."""
        self._details.sort(key=lambda detail: str(getattr(detail.row, key)).casefold(), reverse=descending)
        self.model.start(len(self._details), [detail.row for detail in self._details])
        self.detail.show_detail(None)

    def _show_detail(self, row: RecordRow | None) -> None:
        place = self.table.currentIndex().row()
        shown = row is not None and 0 <= place < len(self._details)
        self.detail.show_detail(self._details[place] if shown else None)

    # --- how it is built --------------------------------------------------------------------------

    def _make_buttons(self) -> None:
        self.cancel = QPushButton("Cancel")
        self.cancel.setObjectName("cancel_preview")
        self.cancel.setAccessibleName("Cancel the preview")
        self.refresh = QPushButton(icon("refresh"), "Refresh")
        self.refresh.setObjectName("refresh_preview")
        self.refresh.setAccessibleName("Make the preview anew")
        self.close_button = QPushButton("Close")
        self.close_button.setObjectName("close_preview")
        self.close_button.setAccessibleName("Close the preview")
        for button in (self.cancel, self.refresh, self.close_button):
            button.setAutoDefault(False)

    def _lay_out(self) -> None:
        above = QHBoxLayout()
        above.addWidget(self.counts, 1)
        above.addWidget(self.progress)
        above.addWidget(self.cancel)
        splitter = QSplitter(Qt.Orientation.Vertical)
        splitter.setObjectName("preview_splitter")
        splitter.setChildrenCollapsible(False)
        for part in (self.table, self.detail, self.messages):
            splitter.addWidget(part)
        splitter.setSizes([350, 450, 120])
        below = QHBoxLayout()
        below.addWidget(self.refresh)
        below.addStretch(1)
        below.addWidget(self.close_button)
        whole = QVBoxLayout(self)
        whole.addLayout(above)
        whole.addWidget(splitter, 1)
        whole.addLayout(below)
        metrics = self.fontMetrics()
        resize_to_fit(self, metrics.averageCharWidth() * 130, metrics.height() * 40)

    def _connect(self) -> None:
        self.model.sort_wanted.connect(self._sort)
        self.table.current_changed.connect(self._show_detail)
        self.table.activated.connect(lambda _index: self.detail.table.setFocus())
        self.cancel.clicked.connect(self._give_up)
        self.refresh.clicked.connect(self._start_anew)
        self.close_button.clicked.connect(self.close)


def _message_list() -> QListWidget:
    messages = QListWidget()
    messages.setObjectName("preview_messages")
    messages.setAccessibleName("Warnings and errors")
    messages.setWordWrap(True)
    messages.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    messages.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    return messages


def _message(level: str, text: str) -> QListWidgetItem:
    known = Level(level) if level in set(Level) else Level.ERROR
    return QListWidgetItem(level_icon(known), f"{known.value.capitalize()}: {text}")
