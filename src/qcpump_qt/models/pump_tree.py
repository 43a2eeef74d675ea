"""The tree of pumps: pump types as groups, pumps below, told in words, in an order that can be dragged."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import IntEnum
from typing import Any

from PySide6.QtCore import QByteArray, QMimeData, QModelIndex, QObject, Qt
from PySide6.QtGui import QIcon

from qcpump_qt.models.dates import DateStyle
from qcpump_qt.models.pump_columns import (
    HEADINGS,
    PumpColumn,
    PumpWords,
    group_key,
    group_state,
    pump_key,
    search_words,
)
from qcpump_qt.models.pump_groups import PumpGroup
from qcpump_qt.models.pump_tree_rows import GROUP, Index, PumpTreeRows
from qcpump_qt.models.rows import OverallState, PumpRow, PumpState

MIME = "application/x-qcpump-qt-pump"
"""What is dragged: the id of a pump, as UTF-8."""

_IN_USE = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
_GROUP_FLAGS = _IN_USE | Qt.ItemFlag.ItemIsDropEnabled
_PUMP_FLAGS = _IN_USE | Qt.ItemFlag.ItemIsDragEnabled | Qt.ItemFlag.ItemNeverHasChildren
"""Made once: putting flags together takes longer than telling them, and each cell that is drawn asks for them."""

IconFor = Callable[[PumpState | OverallState], QIcon]


class PumpRole(IntEnum):
    """What an index tells beside the roles of Qt."""

    ID = Qt.ItemDataRole.UserRole + 1
    """The pump's id; None for a group."""
    STATE = Qt.ItemDataRole.UserRole + 2
    """The word of the state, also for a group."""
    ROW = Qt.ItemDataRole.UserRole + 3
    """The whole `PumpRow`; None for a group."""
    SORT = Qt.ItemDataRole.UserRole + 4
    """What the column is sorted by."""
    SEARCH = Qt.ItemDataRole.UserRole + 5
    """What the filter looks at; None for a group, which is shown for the sake of its pumps."""
    TYPE = Qt.ItemDataRole.UserRole + 6
    """The key of the pump type, also for a group."""


class PumpTreeModel(PumpTreeRows):
    """The pumps of one home.

    Args:
        words: puts pumps into words; with the present clock and ISO dates where none is given.
        parent: as for every Qt object.
    """

    def __init__(self, words: PumpWords | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.words = words or PumpWords()
        self._icon_for: IconFor | None = None

    def set_icons(self, icon_for: IconFor) -> None:
        """Show the icon of each state, by whoever can draw one."""
        self._icon_for = icon_for

    def tick(self) -> None:
        """Time has passed: what is told by the clock is told anew."""
        roles = [Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole]
        for place, group in enumerate(self.groups):
            parent = self.index(place, 0)
            first = self.index(0, PumpColumn.LAST_SUCCESS, parent)
            last = self.index(len(group.rows) - 1, PumpColumn.NEXT_RUN, parent)
            self.dataChanged.emit(first, last, roles)

    def set_date_style(self, style: DateStyle) -> None:
        """Write dates in this way from now on."""
        self.words.set_style(style)
        self.tick()

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What one cell tells in a role of Qt or of `PumpRole`."""
        # Most of what is asked for each cell that is drawn; groups have no roles that pumps have not.
        if role not in _PUMP_ROLES:
            return None
        group, row = self.at(index)
        if group is None:
            return None
        if row is None:
            tell_group = _GROUP_ROLES.get(role)
            return tell_group(self, group, index.column()) if tell_group else None
        tell_pump = _PUMP_ROLES.get(role)
        return tell_pump(self, row, index.column()) if tell_pump else None

    def headerData(  # noqa: N802
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """What the columns are called, and as a tooltip what they tell."""
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(PumpColumn):
            return None
        heading, explained = HEADINGS[PumpColumn(section)]
        if role == Qt.ItemDataRole.DisplayRole:
            return heading
        return explained if role == Qt.ItemDataRole.ToolTipRole else None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Pumps can be dragged, and dropped into groups."""
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        return _GROUP_FLAGS if index.internalId() == GROUP else _PUMP_FLAGS

    def supportedDropActions(self) -> Qt.DropAction:  # noqa: N802
        """Pumps are moved, never copied."""
        return Qt.DropAction.MoveAction

    def mimeTypes(self) -> list[str]:  # noqa: N802
        """What can be dropped here."""
        return [MIME]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:  # noqa: N802
        """The pump that is dragged."""
        dragged = QMimeData()
        ids = [pump_id for index in indexes if (pump_id := self.id_at(index)) is not None]
        if ids:
            dragged.setData(MIME, QByteArray(ids[0].encode()))
        return dragged

    def canDropMimeData(  # noqa: N802
        self, data: QMimeData, action: Qt.DropAction, _row: int, _column: int, parent: Index
    ) -> bool:
        """True within the group that the pump belongs to."""
        here = self.index_of(_dragged(data))
        onto_group = parent.isValid() and parent.internalId() == GROUP
        return (
            action == Qt.DropAction.MoveAction
            and here.isValid()
            and onto_group
            and here.parent().row() == parent.row()
        )

    def dropMimeData(  # noqa: N802
        self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: Index
    ) -> bool:
        """Move the pump to where it was dropped; on the group itself means last."""
        if not self.canDropMimeData(data, action, row, column, parent):
            return False
        group = self.groups[parent.row()]
        here = self.index_of(_dragged(data)).row()
        target = len(group.rows) if row < 0 else row
        return self._move_to(group, here, target - 1 if target > here else target)

    def icon(self, state: PumpState | OverallState, column: int) -> QIcon | None:
        """The icon of a state, in the column of states."""
        return self._icon_for(state) if self._icon_for and column == PumpColumn.STATE else None


def _dragged(data: QMimeData) -> str:
    return bytes(data.data(MIME).data()).decode(errors="replace")


_PUMP_ROLES: Mapping[int, Callable[[PumpTreeModel, PumpRow, int], Any]] = {
    Qt.ItemDataRole.DisplayRole: lambda model, row, column: model.words.pump(row, column),
    Qt.ItemDataRole.DecorationRole: lambda model, row, column: model.icon(row.state, column),
    Qt.ItemDataRole.ToolTipRole: lambda model, row, _column: model.words.pump_tooltip(row),
    Qt.ItemDataRole.AccessibleTextRole: lambda model, row, column: model.words.pump_aloud(row, column),
    PumpRole.ID: lambda _model, row, _column: row.id,
    PumpRole.STATE: lambda _model, row, _column: row.state.value,
    PumpRole.ROW: lambda _model, row, _column: row,
    PumpRole.SORT: lambda _model, row, column: pump_key(row, column),
    PumpRole.SEARCH: lambda _model, row, _column: search_words(row),
    PumpRole.TYPE: lambda _model, row, _column: row.type_key,
}
_GROUP_ROLES: Mapping[int, Callable[[PumpTreeModel, PumpGroup, int], Any]] = {
    Qt.ItemDataRole.DisplayRole: lambda model, group, column: model.words.group(
        group.name, group.rows, column
    ),
    Qt.ItemDataRole.DecorationRole: lambda model, group, column: model.icon(group_state(group.rows), column),
    Qt.ItemDataRole.ToolTipRole: lambda model, group, _column: model.words.group_tooltip(
        group.name, group.rows
    ),
    PumpRole.STATE: lambda _model, group, _column: group_state(group.rows).value,
    PumpRole.SORT: lambda _model, group, column: group_key(group.name, group.rows, column),
    PumpRole.TYPE: lambda _model, group, _column: group.key,
}
