"""The tree widget of the pumps: how it looks, what can be dragged in it, and which groups stay collapsed."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QAbstractItemView, QTreeView, QWidget

from qcpump_qt.models.pump_columns import PumpColumn
from qcpump_qt.models.pump_filter import PumpFilter
from qcpump_qt.models.pump_tree import PumpRole
from qcpump_qt.views.icons import state_icon

SAMPLES = ("TB1 daily beams", "Needs attention", "2026-11-20 16:40", "16:40 (in 10 min)", "12 rejected")
"""Words that the columns show in full at first, beside an icon where there is one."""


class PumpTreeView(QTreeView):
    """Shows the pumps that a filter lets through.

    Args:
        shown: the filter.
        parent: as for every widget.
    """

    def __init__(self, shown: PumpFilter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("pump_tree")
        self.setAccessibleName("Pumps")
        self._shown = shown
        self._collapsed: set[str] = set()
        self._searching = False
        shown.tree.set_icons(state_icon)
        self._look()
        self._allow_dragging()
        self.setModel(shown)
        self._set_columns()
        self.collapsed.connect(self._on_collapsed)
        self.expanded.connect(self._on_expanded)
        shown.rowsInserted.connect(self.expand_groups)
        self.expand_groups()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Drawn in one turn, as the log is, so that busy threads do not come between two cells."""
        super().paintEvent(event)

    @property
    def collapsed_types(self) -> list[str]:
        """The keys of the pump types whose groups are collapsed."""
        return sorted(self._collapsed)

    def set_collapsed_types(self, keys: Iterable[str]) -> None:
        """Collapse the groups of these pump types, also when they come later, and expand the others."""
        self._collapsed = set(keys)
        self.expand_groups()

    def set_searching(self, searching: bool) -> None:
        """While a filter searches in them, all groups are expanded."""
        self._searching = searching
        self.expand_groups()

    def expand_groups(self) -> None:
        """Expand all groups but those that were collapsed."""
        blocked = self.blockSignals(True)
        for place in range(self._shown.rowCount()):
            group = self._shown.index(place, 0)
            self.setExpanded(group, self._searching or group.data(PumpRole.TYPE) not in self._collapsed)
        self.blockSignals(blocked)

    def restore_manual_order(self) -> None:
        """Sort by no column any more."""
        self.header().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)

    def selected_id(self) -> str | None:
        """The id of the pump that is highlighted; None where none is."""
        chosen = self.selectionModel().selectedIndexes()
        return self._shown.id_at(chosen[0]) if chosen else None

    def _look(self) -> None:
        self.setUniformRowHeights(True)
        self.setAllColumnsShowFocus(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)

    def _allow_dragging(self) -> None:
        self.setDragEnabled(True)
        self.setAcceptDrops(True)
        self.setDropIndicatorShown(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragDrop)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)

    def _set_columns(self) -> None:
        header = self.header()
        header.setFirstSectionMovable(False)
        header.setSortIndicatorClearable(True)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        header.sortIndicatorChanged.connect(self._on_sorted)
        self.setSortingEnabled(True)
        metrics = self.fontMetrics()
        room = metrics.averageCharWidth() * 2
        beside = {PumpColumn.PUMP: 2 * self.indentation(), PumpColumn.STATE: metrics.lineSpacing() + 8}
        for column, words in enumerate(SAMPLES):
            width = metrics.horizontalAdvance(words) + room + beside.get(PumpColumn(column), 0)
            self.setColumnWidth(column, width)

    def _on_sorted(self, column: int) -> None:
        self.setDragEnabled(column < 0)

    def _on_collapsed(self, group: QModelIndex) -> None:
        if not self._searching:
            self._collapsed.add(group.data(PumpRole.TYPE))

    def _on_expanded(self, group: QModelIndex) -> None:
        if not self._searching:
            self._collapsed.discard(group.data(PumpRole.TYPE))
