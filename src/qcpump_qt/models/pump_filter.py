"""Which pumps of the tree are shown, and in which order."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QObject, QRegularExpression, QSortFilterProxyModel, Qt

from qcpump_qt.models.pump_tree import PumpRole, PumpTreeModel

ALL_WORDS = QRegularExpression.PatternOption.CaseInsensitiveOption | (
    QRegularExpression.PatternOption.DotMatchesEverythingOption
)


class PumpFilter(QSortFilterProxyModel):
    """Shows the pumps whose name, type and state hold all the words of a text; sorts by any column.

    Without a sort column the pumps stand in the order in which they were dragged.

    Args:
        tree: all pumps.
        parent: as for every Qt object.
    """

    def __init__(self, tree: PumpTreeModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.tree = tree
        self.setRecursiveFilteringEnabled(True)
        self.setFilterRole(PumpRole.SEARCH)
        self.setSortRole(PumpRole.SORT)
        self.setSortCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.setSourceModel(tree)

    def set_text(self, text: str) -> None:
        """Show only pumps in which every word of the text is found; all where it is empty."""
        words = (f"(?=.*{QRegularExpression.escape(word)})" for word in text.split())
        self.setFilterRegularExpression(QRegularExpression("^" + "".join(words), ALL_WORDS))

    def index_of(self, pump_id: str) -> QModelIndex:
        """Where the pump is shown; invalid where it is not."""
        return self.mapFromSource(self.tree.index_of(pump_id))

    def id_at(self, index: QModelIndex) -> str | None:
        """The id of the pump that is shown at an index; None for a group."""
        return self.tree.id_at(self.mapToSource(index)) if index.isValid() else None

    @property
    def in_dragged_order(self) -> bool:
        """True while no column sorts the pumps."""
        return self.sortColumn() < 0
