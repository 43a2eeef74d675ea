"""Chooses a unit in a cell of the mapping table, by a drop-down that opens at once."""

from __future__ import annotations

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QComboBox, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from qcpump_qt.models.mapping import MappingRole

Index = QModelIndex | QPersistentModelIndex
NO_UNIT = "(no unit)"
TO_CHOOSE = "Choose a unit…"


class UnitDelegate(QStyledItemDelegate):
    """Edits the column of units."""

    def displayText(self, value: object, _locale: object) -> str:  # noqa: N802 - Qt's name
        """The unit, or what to do where there is none."""
        return str(value) if value else TO_CHOOSE

    def createEditor(  # noqa: N802 - Qt's name
        self, parent: QWidget, _option: QStyleOptionViewItem, index: Index
    ) -> QWidget:
        """A drop-down of all units."""
        box = QComboBox(parent)
        box.setAccessibleName("Unit in QATrack+")
        box.setObjectName("mapping/unit")
        for unit in index.data(MappingRole.UNITS) or ():
            box.addItem(unit or NO_UNIT, unit)
        box.activated.connect(lambda: self._chosen(box))
        return box

    def setEditorData(self, editor: QWidget, index: Index) -> None:  # noqa: N802 - Qt's name
        """Show the unit of the row."""
        if isinstance(editor, QComboBox):
            editor.setCurrentIndex(max(editor.findData(index.data(Qt.ItemDataRole.EditRole)), 0))

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:  # noqa: N802
        """Give the row the unit that was chosen."""
        if isinstance(editor, QComboBox):
            model.setData(index, editor.currentData(), Qt.ItemDataRole.EditRole)

    def _chosen(self, box: QComboBox) -> None:
        self.commitData.emit(box)
        self.closeEditor.emit(box, QStyledItemDelegate.EndEditHint.NoHint)
