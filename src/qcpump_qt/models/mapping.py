"""Pairs machines with units, side by side, for people to confirm; and puts what they confirmed into the form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from qcpump_qt.models.mapping_names import Pair, suggest_pairs

if TYPE_CHECKING:
    from qcpump_qt.models.form_model import FormModel

__all__ = ["Column", "MappingModel", "MappingRole", "Pair", "apply_mapping", "suggest_pairs"]

Index = QModelIndex | QPersistentModelIndex
NOWHERE = QModelIndex()
UNDO_TEXT = "Match machines and units"

MAPPED = "mapped already"
SUGGESTED = "suggested"
CHOSEN = "chosen by you"
NONE = "no unit yet"


class Column(IntEnum):
    """The columns of the table."""

    MACHINE = 0
    UNIT = 1
    HOW = 2


class MappingRole(IntEnum):
    """What a view asks beside Qt's own roles."""

    UNITS = Qt.ItemDataRole.UserRole + 1
    """All units that can be chosen, a list of texts; first the one that the form has, or "" for none."""
    CERTAINTY = Qt.ItemDataRole.UserRole + 2
    """How sure the suggestion is, from 0 to 1."""


@dataclass(frozen=True)
class _Row:
    machine: str
    unit: str = ""
    how: str = NONE
    mapped: str = ""
    """The unit that the form has for it."""
    taken: bool = False
    certainty: float = 0.0


class MappingModel(QAbstractTableModel):
    """Machine, unit, and how the two came together; one row for each machine.

    The box before a machine says whether its pair is taken over; the unit can be edited.

    Args:
        machines: what the source has.
        units: what QATrack+ has.
        mapped: the pairs that the form has already.
        suggested: what is offered; made by `suggest_pairs` where it is left out.
        parent: as for every Qt object.
    """

    pairs_changed = Signal()
    """What is confirmed, and which units are left over, has changed."""

    def __init__(
        self,
        machines: Sequence[str],
        units: Sequence[str],
        mapped: Sequence[tuple[str, str]] = (),
        suggested: Sequence[Pair] | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._units = list(dict.fromkeys(units))
        if suggested is None:
            suggested = suggest_pairs(machines, units, mapped)
        offers = {pair.machine: pair for pair in suggested}
        standing = {machine: unit for machine, unit in reversed(mapped) if machine and unit}
        names = dict.fromkeys([*machines, *(machine for machine, _ in mapped if machine in standing)])
        self._rows = [_row(name, standing.get(name, ""), offers.get(name)) for name in names]

    # --- what Qt asks --------------------------------------------------------------------------------

    def rowCount(self, parent: Index = NOWHERE) -> int:  # noqa: N802 - Qt's name
        """One row for each machine."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = NOWHERE) -> int:  # noqa: N802 - Qt's name
        """Machine, unit, how."""
        return 0 if parent.isValid() else len(Column)

    def headerData(  # noqa: N802 - Qt's name
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """The columns' titles."""
        if orientation is not Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        return ("Machine", "Unit in QATrack+", "How")[section] if 0 <= section < len(Column) else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Texts, the box before a machine, the units to choose from, and how sure a suggestion is."""
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return (row.machine, row.unit, row.how)[index.column()]
        if role == Qt.ItemDataRole.CheckStateRole and index.column() == Column.MACHINE and _is_new(row):
            return Qt.CheckState.Checked if row.taken else Qt.CheckState.Unchecked
        if role == MappingRole.UNITS:
            return list(dict.fromkeys([row.mapped, *self._units]))
        return row.certainty if role == MappingRole.CERTAINTY else None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Units can be edited, pairs that are new can be ticked."""
        flags = super().flags(index)
        if not index.isValid():
            return flags
        if index.column() == Column.UNIT:
            return flags | Qt.ItemFlag.ItemIsEditable
        if index.column() == Column.MACHINE and _is_new(self._rows[index.row()]):
            return flags | Qt.ItemFlag.ItemIsUserCheckable
        return flags

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:  # noqa: N802
        """Choose a unit, or tick a pair."""
        if not index.isValid():
            return False
        if role == Qt.ItemDataRole.EditRole and index.column() == Column.UNIT:
            return self._choose(index.row(), str(value or ""))
        if role == Qt.ItemDataRole.CheckStateRole and index.column() == Column.MACHINE:
            return self._tick(index.row(), taken=Qt.CheckState(value) is Qt.CheckState.Checked)
        return False

    # --- what comes of it ----------------------------------------------------------------------------

    def confirmed(self) -> list[Pair]:
        """The ticked pairs, which the form does not have yet."""
        return [
            Pair(row.machine, row.unit, row.certainty) for row in self._rows if _is_new(row) and row.taken
        ]

    def unmatched_units(self) -> list[str]:
        """The units that no machine has, neither in the form nor by a ticked pair."""
        used = {row.unit for row in self._rows if row.taken or not _is_new(row)}
        return [unit for unit in self._units if unit not in used]

    def unmatched_machines(self) -> list[str]:
        """The machines that have no unit, neither in the form nor by a ticked pair."""
        return [row.machine for row in self._rows if not row.unit or (_is_new(row) and not row.taken)]

    # --- within --------------------------------------------------------------------------------------

    def _choose(self, position: int, unit: str) -> bool:
        row = self._rows[position]
        unit = unit or row.mapped
        if unit and unit not in self._units and unit != row.mapped:
            return False
        if unit == row.unit:
            return True
        how = MAPPED if unit and unit == row.mapped else CHOSEN if unit else NONE
        for other, each in enumerate(self._rows):
            if unit and each.unit == unit and each.how == SUGGESTED:
                self._set(other, replace(each, unit="", how=NONE, taken=False, certainty=0.0))
        self._set(
            position, replace(row, unit=unit, how=how, taken=bool(unit), certainty=1.0 if unit else 0.0)
        )
        self.pairs_changed.emit()
        return True

    def _tick(self, position: int, *, taken: bool) -> bool:
        row = self._rows[position]
        if not _is_new(row):
            return False
        self._set(position, replace(row, taken=taken))
        self.pairs_changed.emit()
        return True

    def _set(self, position: int, row: _Row) -> None:
        self._rows[position] = row
        self.dataChanged.emit(self.index(position, 0), self.index(position, len(Column) - 1))


def apply_mapping(form: FormModel, section: str, pairs: Sequence[Pair]) -> None:
    """Put pairs into a section of the form, as one step that can be undone.

    A machine that has a sub-section gets its unit there; the others fill blank sub-sections or new ones.

    Args:
        form: the form.
        section: a section of which `FormRole.MAPPABLE` is true.
        pairs: what people confirmed.
    """
    names = form.mapped_fields(section)
    if names is None:
        return
    machine, unit = names
    rows = [{machine: pair.machine, unit: pair.unit} for pair in pairs]
    form.fill_rows(section, rows, machine, UNDO_TEXT)


def _row(machine: str, mapped: str, offer: Pair | None) -> _Row:
    if mapped:
        return _Row(machine, mapped, MAPPED, mapped, certainty=1.0)
    if offer is not None:
        return _Row(machine, offer.unit, SUGGESTED, taken=True, certainty=offer.certainty)
    return _Row(machine)


def _is_new(row: _Row) -> bool:
    """True when the form does not have the pair yet."""
    return bool(row.unit) and row.unit != row.mapped
