"""One record in full: why it is in its state, what was or would be sent, and what the server answered."""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QGuiApplication, QKeySequence, QResizeEvent, QShortcut, QTextOption
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QSizePolicy,
    QSplitter,
    QTableView,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from qcpump_qt.models.dates import DateStyle
from qcpump_qt.models.plain_text import tsv
from qcpump_qt.models.record_content import answer_text
from qcpump_qt.models.record_values import ValueColumn, ValuesModel
from qcpump_qt.models.record_words import state_words
from qcpump_qt.models.rows import RecordDetail

NOTHING = "Select a record to see its values and what the server answered."
NOT_KEPT = "No values are kept for this record."


class RecordDetailPane(QWidget):
    """Shows one `RecordDetail`.

    Args:
        dates: how moments are written.
        parent: as for every Qt object.
    """

    def __init__(self, dates: DateStyle | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("record_detail")
        self._dates = dates or DateStyle()
        self._detail: RecordDetail | None = None
        self.values = ValuesModel(self)
        self.title = _label("record_title", "Record")
        font = self.title.font()
        font.setBold(True)
        self.title.setFont(font)
        self.facts = _label("record_facts", "Where the record went and when")
        self.reason = _FewLines("record_reason", "Reason")
        self.answer = _text("server_answer", "Server's answer")
        self.source = _text("record_source", "Items at the source that the record was made of")
        self.table = _values_table(self.values)
        self.no_values = _label("no_values", "Values")
        self.copy = QPushButton("Copy details")
        self.copy.setObjectName("copy_details")
        self.copy.setAccessibleName("Copy details")
        self.copy.setToolTip("Copy everything that is shown of this record as text.")
        self.copy.setAutoDefault(False)
        self.copy.clicked.connect(self._copy)
        QShortcut(
            QKeySequence(QKeySequence.StandardKey.Copy),
            self.table,
            self._copy,
            context=Qt.ShortcutContext.WidgetShortcut,
        )
        self._lay_out()
        self.show_detail(None)

    def set_date_style(self, dates: DateStyle) -> None:
        """Write moments in another way."""
        self._dates = dates
        self.show_detail(self._detail)

    @property
    def detail(self) -> RecordDetail | None:
        """What is shown."""
        return self._detail

    def show_detail(self, detail: RecordDetail | None) -> None:
        """Show another record; None says that one has to be selected."""
        self._detail = detail
        self.values.show(detail)
        self.copy.setEnabled(detail is not None)
        self._below.setVisible(detail is not None)
        if detail is None:
            self.title.setText(NOTHING)
            self.facts.hide()
            self.reason.show_text("")
            return
        self.title.setText(f"{detail.row.title}: {state_words(detail.row)}")
        self.facts.setText(self._facts(detail))
        self.facts.setVisible(bool(self.facts.text()))
        self.reason.show_text(detail.row.reason)
        self.answer.setPlainText(answer_text(detail))
        self.source.setPlainText(
            "\n".join(detail.source) or "The items at the source are not kept for this record."
        )
        self._show_values()

    def _show_values(self) -> None:
        kept = self.values.rowCount() > 0
        self.table.setVisible(kept)
        self.no_values.setVisible(not kept)
        for column in (ValueColumn.SERVER, ValueColumn.JUDGED):
            self.table.setColumnHidden(column, not self.values.echoed)
        metrics = self.fontMetrics()
        self.table.verticalHeader().setDefaultSectionSize(metrics.height() + 6)
        for column, characters in zip(ValueColumn, (46, 22, 18, 12, 10, 30), strict=True):
            self.table.setColumnWidth(column, characters * metrics.averageCharWidth() + 12)

    def _facts(self, detail: RecordDetail) -> str:
        row = detail.row
        told = (
            ("Unit", row.unit),
            ("Test list", row.test_list),
            ("First seen", self._dates.moment(row.first_seen)),
            ("Updated", self._dates.moment(row.updated)),
            ("Attempts", str(row.attempts or "")),
        )
        return "   ".join(f"{name}: {text}" for name, text in told if text)

    def _lay_out(self) -> None:
        above = QHBoxLayout()
        above.addWidget(self.title, 1)
        above.addWidget(self.copy, 0, Qt.AlignmentFlag.AlignTop)
        left = QWidget()
        inside = QVBoxLayout(left)
        inside.setContentsMargins(0, 0, 0, 0)
        self.no_values.setText(NOT_KEPT)
        inside.addWidget(self.table, 1)
        inside.addWidget(self.no_values, 1, Qt.AlignmentFlag.AlignTop)
        beside = QTabWidget()
        beside.setObjectName("answer_and_source")
        beside.setAccessibleName("Server's answer and source")
        beside.setDocumentMode(True)
        beside.addTab(self.answer, "Server's answer")
        beside.addTab(self.source, "Source")
        self._below = QSplitter(Qt.Orientation.Horizontal)
        self._below.setObjectName("detail_splitter")
        self._below.setChildrenCollapsible(False)
        self._below.addWidget(left)
        self._below.addWidget(beside)
        self._below.setMinimumHeight(4 * self.fontMetrics().height())
        self._below.setStretchFactor(0, 3)
        self._below.setStretchFactor(1, 2)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addLayout(above)
        whole.addWidget(self.facts)
        whole.addWidget(self.reason)
        whole.addWidget(self._below, 1)
        whole.addStretch(0)
        for first, second in pairwise((self.copy, self.reason, self.table, self.answer, self.source)):
            QWidget.setTabOrder(first, second)

    def _copy(self) -> None:
        """Put everything on the clipboard as text; values are separated by tabs."""
        if self._detail is None:
            return
        row = self._detail.row
        values = tsv(self.values.text_rows()).rstrip("\n") if self.values.rowCount() else NOT_KEPT
        parts = (
            [self.title.text(), row.reason, self.facts.text(), f"Key: {row.key}"],
            [values],
            ["Server's answer:", self.answer.toPlainText()],
            ["Source:", self.source.toPlainText()],
        )
        QGuiApplication.clipboard().setText(
            "\n\n".join("\n".join(filter(None, lines)) for lines in parts) + "\n"
        )


class _FewLines(QPlainTextEdit):
    """A text of a few lines that can be selected; grows with it up to a limit, then scrolls."""

    MOST = 3

    def __init__(self, name: str, accessible: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(accessible)
        self.setReadOnly(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTabChangesFocus(True)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.document().setDocumentMargin(0)
        self.viewport().setAutoFillBackground(False)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_text(self, text: str) -> None:
        """Show another text; an empty one takes no place."""
        self.setPlainText(text)
        self.setVisible(bool(text))
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Wrapped anew, it may need another height."""
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Another font needs another height."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit()

    def _fit(self) -> None:
        lines = min(self.MOST, max(1, round(self.document().size().height())))
        self.setFixedHeight(lines * self.fontMetrics().lineSpacing() + 4)


def _label(name: str, accessible: str) -> QLabel:
    label = QLabel()
    label.setObjectName(name)
    label.setAccessibleName(accessible)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label


def _text(name: str, accessible: str) -> QPlainTextEdit:
    text = QPlainTextEdit()
    text.setObjectName(name)
    text.setAccessibleName(accessible)
    text.setReadOnly(True)
    text.setTabChangesFocus(True)
    text.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    text.setFrameShape(QFrame.Shape.NoFrame)
    text.setTextInteractionFlags(
        Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
    )
    return text


def _values_table(model: ValuesModel) -> QTableView:
    table = QTableView()
    table.setObjectName("values")
    table.setAccessibleName("Values that were or would be sent")
    table.setModel(model)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    table.setTextElideMode(Qt.TextElideMode.ElideMiddle)  # tests are told apart by their ends
    table.setAlternatingRowColors(True)
    table.setShowGrid(False)
    table.setWordWrap(False)
    table.setTabKeyNavigation(False)
    table.verticalHeader().hide()
    table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    table.horizontalHeader().setHighlightSections(False)
    table.horizontalHeader().setStretchLastSection(True)
    return table
