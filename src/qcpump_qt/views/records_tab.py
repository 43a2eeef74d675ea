"""The Records tab: every record of the pump, its details, and what can be done with it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QMessageBox,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from qcpump_qt.models.dates import DateStyle
from qcpump_qt.models.record_words import is_web_address, loaded_line, retry_question
from qcpump_qt.models.records_table import RecordsTableModel
from qcpump_qt.models.rows import RecordDetail, RecordRow
from qcpump_qt.views.icons import icon
from qcpump_qt.views.record_detail import RecordDetailPane
from qcpump_qt.views.record_filter import RecordFilter
from qcpump_qt.views.record_table import RecordTable

AGAIN = ("rejected", "waiting")
"""States of records that can be tried again."""


class RecordsTab(QWidget):
    """Shows the records of one pump.

    Args:
        model: the records; filled through `start`, `renew` and `append` of this tab.
        dates: how moments are written.
        parent: as for every Qt object.
    """

    filter_changed = Signal(object, str)
    """Other records are wanted: a state (None for all) and a text."""
    sort_wanted = Signal(str, bool)
    """Another order is wanted: the key of a column, and whether descending."""
    more_wanted = Signal(int)
    """The next page is wanted, from this offset on."""
    detail_wanted = Signal(int)
    """All that is kept of the record with this number is wanted."""
    retry_wanted = Signal(object)
    """The records with these numbers (a list) are to be tried again."""
    retry_all_wanted = Signal()
    """All rejected records of the pump are to be tried again; it was confirmed."""
    open_wanted = Signal(str)
    """A record's page on the server is to be opened; always an http or https address."""
    export_wanted = Signal(str)
    """All records of the filter are to be written to this CSV file."""
    export_cancelled = Signal()
    """The export that is under way is to end."""
    preview_wanted = Signal()
    """What the next cycle would send is to be shown."""

    def __init__(
        self, model: RecordsTableModel, dates: DateStyle | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("records_tab")
        self._records = model
        self._rejected = 0
        self._exporting = False
        self._wanted = 0
        self.filter = RecordFilter(self)
        self.table = RecordTable(model, parent=self)
        self.detail = RecordDetailPane(dates, self)
        self.count = QLabel()
        self.count.setObjectName("record_count")
        self.count.setAccessibleName("Number of records")
        self.count.setWordWrap(True)
        self._make_buttons()
        self._make_actions()
        self._lay_out()
        self._connect()
        self._show_state()

    # --- what is shown ----------------------------------------------------------------------------

    def set_reading(self) -> None:
        """The records of another pump are being read; those of before are taken away."""
        self.renew(0, [])
        self.count.setText("The records are being read.")

    def start(self, total: int, rows: Sequence[RecordRow]) -> None:
        """Show other records from the top: how many there are, and the first of them."""
        self.renew(total, rows)
        self.table.scrollToTop()

    def renew(self, total: int, rows: Sequence[RecordRow]) -> None:
        """Show the same records as they stand now; cursor, selection and scroll position stay."""
        self.table.renew(total, rows)
        if self.table.current() is None:
            self.detail.show_detail(None)
        self._show_state()

    def append(self, rows: Sequence[RecordRow]) -> None:
        """Add the next page."""
        self._records.append(rows)
        self._show_state()

    def set_detail(self, detail: RecordDetail | None) -> None:
        """Show all that is kept of a record, unless the cursor has gone on meanwhile."""
        if detail is None:
            self.detail.show_detail(None)
        elif detail.row.number == self._wanted:
            self._records.update([detail.row])
            self.detail.show_detail(detail)

    def set_rejected(self, count: int) -> None:
        """How many records of the pump are rejected, whatever the filter."""
        self._rejected = count
        self.retry_all.setText(f"Retry all rejected ({count:,})" if count else "Retry all rejected")
        self.retry_all.setAccessibleName(self.retry_all.text())
        self.retry_all.setEnabled(count > 0)

    def set_exporting(self, exporting: bool) -> None:
        """A file is being written, or that has ended."""
        self._exporting = exporting
        self.export.setText("Cancel export" if exporting else "Export as CSV…")
        self.export.setAccessibleName(self.export.text())
        self._show_state()

    def set_date_style(self, dates: DateStyle) -> None:
        """Write moments in another way."""
        self._records.set_date_style(dates)
        self.detail.set_date_style(dates)

    def _show_state(self) -> None:
        """Tell how many there are, and offer what can be done with those that are selected."""
        loaded, total = self._records.rowCount(), self._records.total
        self.count.setText(loaded_line(loaded, total, filtered=self.filter.filtered))
        self._offer()

    def _offer(self) -> None:
        again = any(row.state in AGAIN for row in self.table.chosen())
        row = self.table.current()
        page = row is not None and is_web_address(row.url)
        self.retry.setEnabled(again)
        self._retry_action.setEnabled(again)
        self.open.setEnabled(page)
        self._open_action.setEnabled(page)
        self.export.setEnabled(self._exporting or self._records.total > 0)

    # --- what is asked for ------------------------------------------------------------------------

    def _want_detail(self, row: RecordRow | None) -> None:
        self._offer()
        if row is None:
            self.detail.show_detail(None)
        else:
            self._wanted = row.number
            self.detail_wanted.emit(row.number)

    def _retry(self) -> None:
        self.retry_wanted.emit([row.number for row in self.table.chosen()])

    def _ask_retry_all(self) -> None:
        box = QMessageBox(
            QMessageBox.Icon.Question, "Retry all rejected", retry_question(self._rejected), parent=self
        )
        box.setObjectName("confirm_retry_all")
        box.setInformativeText(
            "What was wrong has to be mended first, in QATrack+ or in the configuration of the pump; "
            "otherwise they are rejected again."
        )
        retry = box.addButton("Retry all", QMessageBox.ButtonRole.AcceptRole)
        box.addButton(QMessageBox.StandardButton.Cancel)
        box.setDefaultButton(retry)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.accepted.connect(self.retry_all_wanted)
        box.open()

    def _open(self) -> None:
        row = self.table.current()
        if row is not None and is_web_address(row.url):
            self.open_wanted.emit(row.url)

    def _ask_file(self) -> None:
        if self._exporting:
            self.export_cancelled.emit()
            return
        dialog = QFileDialog(self, "Export records as CSV", "records.csv", "CSV files (*.csv);;All files (*)")
        dialog.setObjectName("export_file")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("csv")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self.export_wanted)
        dialog.open()

    # --- how it is built --------------------------------------------------------------------------

    def _make_buttons(self) -> None:
        self.retry = _button("retry", "Retry", "Try the selected records again in the next cycle.")
        self.retry_all = _button(
            "retry_all",
            "Retry all rejected",
            "Try every rejected record of this pump again in the next cycle.",
        )
        self.open = _button("open", "Open in QATrack+", "Open the session's page in the web browser.")
        self.export = _button(
            "export", "Export as CSV…", "Write all records of the filter to a file for a spreadsheet."
        )
        self.preview = _button("preview", "Preview…", "Show what the next cycle would send. Nothing is sent.")
        for button, name in (
            (self.retry, "retry"),
            (self.open, "open"),
            (self.export, "export"),
            (self.preview, "preview"),
        ):
            button.setIcon(icon(name))
        self.set_rejected(0)

    def _make_actions(self) -> None:
        self._retry_action = QAction(icon("retry"), "Retry", self)
        self._open_action = QAction(icon("open"), "Open in QATrack+", self)
        self.table.addActions([self._retry_action, self._open_action])
        find = QAction("Filter records", self)
        find.setShortcut(QKeySequence(QKeySequence.StandardKey.Find))
        find.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        find.triggered.connect(self.filter.go_to_text)
        self.addAction(find)

    def _lay_out(self) -> None:
        self.splitter = QSplitter(Qt.Orientation.Vertical)
        self.splitter.setObjectName("records_splitter")
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(self.table)
        self.splitter.addWidget(self.detail)
        self.splitter.setSizes([400, 500])
        below = QHBoxLayout()
        for button in (self.retry, self.retry_all, self.open):
            below.addWidget(button)
        below.addStretch(1)
        below.addWidget(self.export)
        below.addWidget(self.preview)
        whole = QVBoxLayout(self)
        whole.addWidget(self.filter)
        whole.addWidget(self.splitter, 1)
        whole.addWidget(self.count)
        whole.addLayout(below)

    def _connect(self) -> None:
        self._records.more_wanted.connect(self.more_wanted)
        self._records.sort_wanted.connect(self.sort_wanted)
        self.filter.changed.connect(self.filter_changed)
        self.table.current_changed.connect(self._want_detail)
        self.table.chosen_changed.connect(self._offer)
        self.table.activated.connect(lambda _index: self.detail.table.setFocus())
        self.retry.clicked.connect(self._retry)
        self._retry_action.triggered.connect(self._retry)
        self.open.clicked.connect(self._open)
        self._open_action.triggered.connect(self._open)
        self.retry_all.clicked.connect(self._ask_retry_all)
        self.export.clicked.connect(self._ask_file)
        self.preview.clicked.connect(self.preview_wanted)


def _button(name: str, text: str, told: str) -> QPushButton:
    button = QPushButton(text)
    button.setObjectName(name)
    button.setAccessibleName(text)
    button.setToolTip(told)
    return button
