"""Machines and units side by side: people look through the suggestions and confirm."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QListWidget,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from qcpump_qt.models.mapping import Column, MappingModel
from qcpump_qt.views.dialogs.unit_delegate import UnitDelegate
from qcpump_qt.views.fitting import resize_to_fit

INTRODUCTION = (
    "Tick the pairs that are right, and choose a unit where none or a wrong one is suggested. "
    "The ticked pairs are put into the form; nothing is saved before you save the pump."
)


class MappingDialog(QDialog):
    """Draws a `MappingModel`.

    Args:
        model: the machines, the units and the suggestions.
    """

    confirmed = Signal(object)
    """The ticked pairs, a list of `Pair`, which shall go into the form."""

    def __init__(self, model: MappingModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self.setWindowTitle("Match machines and units")
        self.setObjectName("mapping")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.table = QTableView()
        self.units = QListWidget()
        self.summary = QLabel()
        self.summary.setWordWrap(True)
        buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        self.ok = buttons.button(QDialogButtonBox.StandardButton.Ok)
        self.ok.setText("Put into the form")
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        self._fill_table()
        self._lay_out(buttons)
        model.pairs_changed.connect(self._tell)
        self._tell()

    def accept(self) -> None:
        """Hand over the ticked pairs."""
        self.confirmed.emit(self._model.confirmed())
        super().accept()

    def _fill_table(self) -> None:
        table = self.table
        table.setObjectName("mapping/machines")
        table.setAccessibleName("Machines and their units")
        table.setModel(self._model)
        table.setItemDelegateForColumn(Column.UNIT, UnitDelegate(table))
        table.setEditTriggers(QAbstractItemView.EditTrigger.AllEditTriggers)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.verticalHeader().hide()
        header = table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(Column.HOW, QHeaderView.ResizeMode.ResizeToContents)

    def _lay_out(self, buttons: QDialogButtonBox) -> None:
        self.units.setObjectName("mapping/units")
        self.units.setAccessibleName("Units without a machine")
        introduction = QLabel(INTRODUCTION)
        introduction.setWordWrap(True)
        right = QVBoxLayout()
        label = QLabel("Units without a &machine")
        label.setBuddy(self.units)
        right.addWidget(label)
        right.addWidget(self.units)
        left = QVBoxLayout()
        label = QLabel("Machines and their &units")
        label.setBuddy(self.table)
        left.addWidget(label)
        left.addWidget(self.table)
        middle = QHBoxLayout()
        middle.addLayout(left, 3)
        middle.addLayout(right, 1)
        column = QVBoxLayout(self)
        column.addWidget(introduction)
        column.addLayout(middle, 1)
        column.addWidget(self.summary)
        column.addWidget(buttons)
        width = self.fontMetrics().averageCharWidth()
        resize_to_fit(self, width * 130, self.fontMetrics().lineSpacing() * 26)

    def _tell(self) -> None:
        """Show which units are left over, and what will be done."""
        left_over = self._model.unmatched_units()
        self.units.clear()
        self.units.addItems(left_over)
        pairs, machines = len(self._model.confirmed()), len(self._model.unmatched_machines())
        self.summary.setText(
            f"{_count(pairs, 'pair')} will be put into the form. Without a partner: "
            f"{_count(machines, 'machine')}, {_count(len(left_over), 'unit')}."
        )
        self.ok.setEnabled(pairs > 0)


def _count(number: int, noun: str) -> str:
    return f"1 {noun}" if number == 1 else f"{number} {noun}s"
