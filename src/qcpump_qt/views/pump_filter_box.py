"""The box above the pumps in which words are typed to find them."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from qcpump_qt.views.icons import icon


class PumpFilterBox(QLineEdit):
    """A line of text; Esc clears it."""

    entered = Signal()
    """Down or Enter was pressed: whoever typed wants to go on to the pumps."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("pump_filter")
        self.setAccessibleName("Filter the pumps")
        self.setPlaceholderText("Filter by name, type or state")
        self.setToolTip("Shows only pumps in whose name, type or state all these words are found (Ctrl+F).")
        self.setClearButtonEnabled(True)
        self.addAction(icon("filter"), QLineEdit.ActionPosition.LeadingPosition)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Down and Enter go on to the pumps, and Esc clears the text."""
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        elif event.key() in {Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.entered.emit()
        else:
            super().keyPressEvent(event)
