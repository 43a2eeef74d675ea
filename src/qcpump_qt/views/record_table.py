"""The table of records as the Records tab and the preview show it: keyboard, sorting, copying."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QItemSelection, QItemSelectionModel, QModelIndex, Qt, Signal
from PySide6.QtGui import QAction, QFontMetrics, QGuiApplication, QKeySequence, QPaintEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QMenu, QTableView, QWidget

from qcpump_qt.models.plain_text import tsv
from qcpump_qt.models.record_words import COLUMNS, LONGEST_STATE
from qcpump_qt.models.records_table import RecordsTableModel
from qcpump_qt.models.rows import RecordRow

_WIDTHS = {
    "title": 2,
    "state": 4,
    "reason": 40,
    "unit": 18,
    "test_list": 24,
    "first_seen": 21,
    "updated": 21,
    "attempts": 10,
}
"""Characters that each column shows at first; title and state have words of their own besides."""
TITLE = "SN2101 2026-11-19 07:38 Collimation Device Check"
"""A long one of those that records often have."""
_KEYS = [column.key for column in COLUMNS]
_ROWS = QItemSelectionModel.SelectionFlag.Rows


class RecordTable(QTableView):
    """Shows a `RecordsTableModel`; whole rows are selected, and columns with an order can be sorted by.

    Args:
        model: what is shown.
        order: the key of the column that the rows are ordered by at first; None for no order.
        parent: as for every Qt object.
    """

    current_changed = Signal(object)
    """The cursor is on another `RecordRow`, or on none (None)."""
    chosen_changed = Signal()
    """Other rows are selected."""

    def __init__(
        self, model: RecordsTableModel, order: str | None = "updated", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("records")
        self.setAccessibleName("Records")
        self._records = model
        self._sorted = (_KEYS.index(order) if order else -1, Qt.SortOrder.DescendingOrder)
        self.setModel(model)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setAlternatingRowColors(True)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self._set_up_headings()
        self._add_actions()
        self.selectionModel().currentRowChanged.connect(self._tell_current)
        self.selectionModel().selectionChanged.connect(self._tell_chosen)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Drawn in one turn, as the log is, so that busy threads do not come between two cells."""
        super().paintEvent(event)

    # --- what is chosen ---------------------------------------------------------------------------

    def current(self) -> RecordRow | None:
        """The record under the cursor."""
        index = self.currentIndex()
        return self._records.row_at(index.row()) if index.isValid() else None

    def chosen(self) -> list[RecordRow]:
        """The selected records, from top to bottom."""
        places = sorted(index.row() for index in self.selectionModel().selectedRows())
        rows = (self._records.row_at(place) for place in places)
        return [row for row in rows if row is not None]

    def renew(self, total: int, rows: Sequence[RecordRow]) -> None:
        """Show the same records as they stand now; cursor, selection and scroll position stay with theirs."""
        current, chosen = self.current(), {row.number for row in self.chosen()}
        below = self._records.row_at(self.rowAt(0)) if self.verticalScrollBar().value() else None
        across = self.horizontalScrollBar().value()
        self._records.start(total, rows)
        self._select(current, chosen)
        self.executeDelayedItemsLayout()  # or the scroll bars would still be those of before
        place = self._records.place_of(below.number) if below is not None else None
        if place is not None:
            self.scrollTo(self._records.index(place, 0), QAbstractItemView.ScrollHint.PositionAtTop)
        self.horizontalScrollBar().setValue(across)

    def _select(self, current: RecordRow | None, chosen: set[int]) -> None:
        selection = QItemSelection()
        for number in chosen:
            place = self._records.place_of(number)
            if place is None:
                continue
            index = self._records.index(place, 0)
            selection.select(index, index)
        place = self._records.place_of(current.number) if current is not None else None
        if place is not None:
            # Not setCurrentIndex: it would scroll to the row.
            self.selectionModel().setCurrentIndex(
                self._records.index(place, 0), QItemSelectionModel.SelectionFlag.NoUpdate
            )
        self.selectionModel().select(selection, QItemSelectionModel.SelectionFlag.Select | _ROWS)

    # --- sorting ----------------------------------------------------------------------------------

    def sort_by(self, column: int, order: Qt.SortOrder) -> None:
        """Ask for another order, by the number of the column."""
        self.horizontalHeader().setSortIndicator(column, order)

    def _take_order(self, column: int, order: Qt.SortOrder) -> None:
        if (column, order) == self._sorted:
            return
        if not 0 <= column < len(COLUMNS) or not COLUMNS[column].sortable:
            self.horizontalHeader().setSortIndicator(*self._sorted)
            return
        self._sorted = (column, order)
        self._records.sort(column, order)

    # --- how it looks -----------------------------------------------------------------------------

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Rows grow with the font."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._fit_rows()

    def _set_up_headings(self) -> None:
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self._fit_rows()
        header = self.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionsClickable(True)
        header.setHighlightSections(False)
        header.setSortIndicatorShown(True)
        header.setSortIndicator(*self._sorted)
        header.sortIndicatorChanged.connect(self._take_order)
        bold = self.font()
        bold.setBold(True)
        samples = {"title": TITLE, "state": LONGEST_STATE}
        for place, key in enumerate(_KEYS):
            words = QFontMetrics(bold).horizontalAdvance(samples[key]) if key in samples else 0
            header.resizeSection(place, _WIDTHS[key] * self.fontMetrics().averageCharWidth() + words + 12)

    def _fit_rows(self) -> None:
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 8)

    def _add_actions(self) -> None:
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self.copy_action = QAction("Copy", self)
        self.copy_action.setObjectName("copy_records")
        self.copy_action.setShortcut(QKeySequence(QKeySequence.StandardKey.Copy))
        self.copy_action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        self.copy_action.triggered.connect(self._copy)
        sorting = QMenu("Sort by", self)
        for place, column in enumerate(COLUMNS):
            if column.sortable:
                sorting.addAction(column.title).triggered.connect(
                    lambda _checked=False, place=place: self._sort_from_menu(place)
                )
        self.addActions([self.copy_action, sorting.menuAction()])

    def _sort_from_menu(self, column: int) -> None:
        """Newest first and A to Z; a second time the other way round."""
        up, down = Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder
        first, other = (down, up) if _KEYS[column] in ("first_seen", "updated") else (up, down)
        self.sort_by(column, other if self._sorted == (column, first) else first)

    def _copy(self) -> None:
        """Put the selected rows on the clipboard, as tab-separated text with the headings."""
        shown = [place for place in range(len(COLUMNS)) if not self.isColumnHidden(place)]
        rows = sorted(self.selectionModel().selectedRows(), key=QModelIndex.row)
        if rows:
            cells = [[str(row.siblingAtColumn(place).data() or "") for place in shown] for row in rows]
            QGuiApplication.clipboard().setText(tsv([[COLUMNS[place].title for place in shown], *cells]))

    def _tell_current(self, _now: QModelIndex, _before: QModelIndex) -> None:
        self.current_changed.emit(self.current())

    def _tell_chosen(self, _now: QItemSelection, _before: QItemSelection) -> None:
        self.chosen_changed.emit()
