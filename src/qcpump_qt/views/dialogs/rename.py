"""Asks for another name of a pump."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QLineEdit, QVBoxLayout, QWidget

from qcpump_qt.views.dialogs.pump_names import plain_name, trouble_with


class RenameDialog(QDialog):
    """One line for the name; what is wrong with it is told below while it is typed.

    Args:
        name: what the pump is called now.
        taken: the names of the other pumps.
    """

    renamed = Signal(str)
    """The new name; not emitted when it stays the same."""

    def __init__(self, name: str, taken: Collection[str] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._taken = [other for other in taken if other != name]
        self.setWindowTitle("Rename pump")
        self.setObjectName("rename")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        label = QLabel(f"&New name of the pump “{name.replace('&', '&&')}”")
        label.setWordWrap(True)
        self.line = QLineEdit(name)
        self.line.setMaxLength(190)
        self.line.setObjectName("rename/name")
        self.line.setAccessibleName("New name")
        self.line.selectAll()
        label.setBuddy(self.line)
        self.message = QLabel("Its settings, log, history and records stay with it.")
        self.message.setTextFormat(Qt.TextFormat.PlainText)
        self.message.setWordWrap(True)
        self.buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        self.ok = self.buttons.button(QDialogButtonBox.StandardButton.Ok)
        self.ok.setText("Rename")
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        for widget in (label, self.line, self.message, self.buttons):
            column.addWidget(widget)
        self.setMinimumWidth(self.fontMetrics().averageCharWidth() * 60)
        self.line.textChanged.connect(self._look)
        self._look()

    def accept(self) -> None:
        """Tell the new name, if it is one."""
        name = plain_name(self.line.text())
        if trouble_with(name, self._taken):
            return
        if name != self._name:
            self.renamed.emit(name)
        super().accept()

    def _look(self) -> None:
        trouble = trouble_with(self.line.text(), self._taken)
        self.message.setText(trouble or "Its settings, log, history and records stay with it.")
        self.ok.setEnabled(not trouble)
