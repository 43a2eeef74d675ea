"""Which pumps stand where in the tree, and how that changes while views look at it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import count

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex, Signal

from qcpump_qt.models.pump_columns import PumpColumn
from qcpump_qt.models.pump_groups import PumpGroup, grouped
from qcpump_qt.models.rows import PumpRow

Index = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()
COLUMNS = len(PumpColumn)
GROUP = 0
"""The internal id of groups; pumps carry the serial number of their group, which is never 0."""


class PumpTreeRows(QAbstractItemModel):
    """The two levels of the tree: groups, and pumps below them."""

    reordered = Signal(list)
    """The ids of all pumps, in the order in which they stand after one was dragged or moved."""

    rows_set = Signal()
    """All rows were set, and the tree stands."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.groups: list[PumpGroup] = []
        self.loaded = False
        self._serials = count(GROUP + 1)

    def set_rows(self, rows: Sequence[PumpRow]) -> None:
        """Show these pumps; indexes of pumps that stay go with them, wherever they stand now."""
        wanted = grouped(rows)
        self._remove_absent(wanted)
        for place, (key, members) in enumerate(wanted.items()):
            self._settle_group(place, key, members)
        self.loaded = True
        self.rows_set.emit()

    def update_rows(self, rows: Sequence[PumpRow]) -> None:
        """Show what has become of some pumps, told once for each group; unknown ones come last in theirs."""
        fresh = {row.id: row for row in rows}
        homes = {row.id: row.type_key for row in self.rows()}
        strangers = [row for row in fresh.values() if homes.get(row.id) != row.type_key]
        if strangers:
            away = {row.id for row in strangers}
            staying = [fresh.get(row.id, row) for row in self.rows() if row.id not in away]
            self.set_rows([*staying, *strangers])
            return
        for group in self.groups:
            self._renew(group, [fresh.get(row.id, row) for row in group.rows])

    def rows(self) -> Iterator[PumpRow]:
        """All pumps, in the order of the tree."""
        return (row for group in self.groups for row in group.rows)

    def row_of(self, pump_id: str) -> PumpRow | None:
        """The pump with this id; None when it is not here."""
        return next((row for row in self.rows() if row.id == pump_id), None)

    def index_of(self, pump_id: str) -> QModelIndex:
        """Where the pump with this id stands; invalid when it is not here."""
        group, place = self._find(pump_id)
        return self.createIndex(place, 0, group.serial) if group else QModelIndex()

    def id_at(self, index: Index) -> str | None:
        """The id of the pump at an index of this model; None for a group."""
        row = self.at(index)[1]
        return row.id if row else None

    def move(self, pump_id: str, step: int) -> bool:
        """Move a pump up (-1) or down (1) within its group; False at the ends of the group."""
        group, place = self._find(pump_id)
        return group is not None and self._move_to(group, place, place + step)

    # structure, as views ask for it

    def rowCount(self, parent: Index = ROOT) -> int:  # noqa: N802
        """Groups at the top, pumps below each."""
        if not parent.isValid():
            return len(self.groups)
        if parent.internalId() == GROUP and parent.column() == 0:
            return len(self.groups[parent.row()].rows)
        return 0

    def columnCount(self, _parent: Index = ROOT) -> int:  # noqa: N802
        """The same columns on both levels."""
        return COLUMNS

    def index(self, row: int, column: int, parent: Index = ROOT) -> QModelIndex:
        """The index of a group, or of a pump below one; asked for several times for each cell that is drawn."""
        if not 0 <= column < COLUMNS or row < 0:
            return QModelIndex()
        if not parent.isValid():
            return self.createIndex(row, column, GROUP) if row < len(self.groups) else QModelIndex()
        if parent.internalId() != GROUP or parent.column() != 0:
            return QModelIndex()
        group = self.groups[parent.row()]
        return self.createIndex(row, column, group.serial) if row < len(group.rows) else QModelIndex()

    def parent(self, index: Index) -> QModelIndex:  # type: ignore[override]
        """The group of a pump."""
        if not index.isValid() or index.internalId() == GROUP:
            return QModelIndex()
        return self.createIndex(self._place(index.internalId()), 0, GROUP)

    def at(self, index: Index) -> tuple[PumpGroup | None, PumpRow | None]:
        """The group at an index, or the pump there and its group."""
        if not index.isValid():
            return None, None
        serial = index.internalId()
        if serial == GROUP:
            return self.groups[index.row()], None
        group = self.groups[self._place(serial)]
        return group, group.rows[index.row()]

    # changes

    def _remove_absent(self, wanted: Mapping[str, Sequence[PumpRow]]) -> None:
        for place in reversed(range(len(self.groups))):
            group = self.groups[place]
            if group.key not in wanted:
                self.beginRemoveRows(ROOT, place, place)
                del self.groups[place]
                self.endRemoveRows()
                continue
            staying = {row.id for row in wanted[group.key]}
            for row in reversed(range(len(group.rows))):
                if group.rows[row].id not in staying:
                    self.beginRemoveRows(self.index(place, 0), row, row)
                    del group.rows[row]
                    self.endRemoveRows()

    def _settle_group(self, place: int, key: str, members: list[PumpRow]) -> None:
        here = next((at for at, group in enumerate(self.groups) if group.key == key), None)
        if here is None:
            self.beginInsertRows(ROOT, place, place)
            self.groups.insert(
                place, PumpGroup(next(self._serials), key, members[0].type_name, list(members))
            )
            self.endInsertRows()
            return
        if here != place:
            self.beginMoveRows(ROOT, here, here, ROOT, place)
            self.groups.insert(place, self.groups.pop(here))
            self.endMoveRows()
        self._settle_members(self.groups[place], members)

    def _settle_members(self, group: PumpGroup, members: list[PumpRow]) -> None:
        if [row.id for row in group.rows] != [row.id for row in members]:
            self._put_in_order(group, members)
        self._renew(group, members)

    def _put_in_order(self, group: PumpGroup, members: list[PumpRow]) -> None:
        parent = self.index(self._place(group.serial), 0)
        for place, row in enumerate(members):
            here = group.place_of(row.id)
            if here is None:
                self.beginInsertRows(parent, place, place)
                group.rows.insert(place, row)
                self.endInsertRows()
            elif here != place:
                self.beginMoveRows(parent, here, here, parent, place)
                group.rows.insert(place, group.rows.pop(here))
                self.endMoveRows()

    def _renew(self, group: PumpGroup, members: list[PumpRow]) -> None:
        """Take over rows of the same pumps in the same order."""
        changed = [place for place, row in enumerate(members) if row != group.rows[place]]
        if changed:
            group.name = members[changed[0]].type_name
            group.rows[:] = members
            self._tell(group, changed[0], changed[-1])

    def _move_to(self, group: PumpGroup, here: int, target: int) -> bool:
        if here == target or not 0 <= target < len(group.rows):
            return False
        parent = self.index(self._place(group.serial), 0)
        self.beginMoveRows(parent, here, here, parent, target + 1 if target > here else target)
        group.rows.insert(target, group.rows.pop(here))
        self.endMoveRows()
        self.reordered.emit([row.id for row in self.rows()])
        return True

    def _tell(self, group: PumpGroup, first: int, last: int) -> None:
        """Say that pumps of a group changed, and with them what the group says of them."""
        parent = self.index(self._place(group.serial), 0)
        end = COLUMNS - 1
        self.dataChanged.emit(self.index(first, 0, parent), self.index(last, end, parent))
        self.dataChanged.emit(parent, parent.siblingAtColumn(end))

    def _place(self, serial: int) -> int:
        for place, group in enumerate(self.groups):
            if group.serial == serial:
                return place
        raise LookupError(f"there is no group with the serial number {serial}")

    def _find(self, pump_id: str) -> tuple[PumpGroup | None, int]:
        for group in self.groups:
            place = group.place_of(pump_id)
            if place is not None:
                return group, place
        return None, -1
