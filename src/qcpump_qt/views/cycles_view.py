"""Shows a pump's cycles as a table that can be copied."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import QAction, QFontMetrics, QGuiApplication, QKeySequence, QPaintEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QMenu, QTableView, QWidget

from qcpump_qt.models.cycles_table import CycleColumn, CyclesTableModel

_SAMPLES = {
    CycleColumn.NUMBER: "00000",
    CycleColumn.TRIGGER: "Command line",
    CycleColumn.START: "0000-00-00 00:00:00",
    CycleColumn.DURATION: "until 0000-00-00 00:00:00",
    CycleColumn.OUTCOME: "Configuration not in order",
}
"""What each column has room for; the others have room for their titles."""


class CyclesView(QTableView):
    """The table of cycles; what is copied stands below the columns' titles.

    Args:
        parent: as for every widget.
    """

    copied = Signal(str)
    """What was copied, in a sentence."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("cycles")
        self.setAccessibleName("Cycles of the pump, newest first")
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setAlternatingRowColors(True)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.horizontalHeader().setStretchLastSection(True)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setDefaultAlignment(
            Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        )
        copy = QAction("&Copy as table", self)
        copy.setObjectName("copy_cycles_action")
        copy.setShortcut(QKeySequence.StandardKey.Copy)
        copy.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        copy.triggered.connect(self.copy)
        self.addAction(copy)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._open_menu)

    def copy(self) -> None:
        """Copy the selected cycles, or all where none is selected, for a spreadsheet."""
        model = self.model()
        if not isinstance(model, CyclesTableModel):
            return
        rows = sorted(index.row() for index in self.selectionModel().selectedRows())
        QGuiApplication.clipboard().setText(model.tsv(rows or None))
        count = len(rows) or model.rowCount()
        self.copied.emit("1 cycle was copied." if count == 1 else f"{count} cycles were copied.")

    def fit_columns(self) -> None:
        """Give each column room for what stands in it, in the font as it is."""
        metrics = QFontMetrics(self.font())
        room = metrics.horizontalAdvance("MM")
        self.verticalHeader().setDefaultSectionSize(metrics.height() + 6)
        model = self.model()
        if not isinstance(model, CyclesTableModel):
            return
        for column in CycleColumn:
            title = model.headerData(column, Qt.Orientation.Horizontal)
            texts = (title, _SAMPLES.get(column, ""))
            self.setColumnWidth(column, max(metrics.horizontalAdvance(text) for text in texts) + room)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - as Qt has it
        """Drawn in one turn of Python, so that busy threads do not come between two cells (as in `LogView`)."""
        super().paintEvent(event)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - as Qt has it
        """Rows and columns fit the font."""
        super().changeEvent(event)
        if event.type() in {QEvent.Type.FontChange, QEvent.Type.StyleChange}:
            self.fit_columns()

    def _open_menu(self, place: QPoint) -> None:
        menu = QMenu(self)
        menu.setObjectName("cycles_menu")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addActions(self.actions())
        menu.popup(self.viewport().mapToGlobal(place))
