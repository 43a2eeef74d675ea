"""The line above the tabs: which pump is shown, of which type, and how it is."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from qcpump_qt.models.pump_columns import UNSAVED
from qcpump_qt.models.rows import PumpRow
from qcpump_qt.views.fonts import enlarged
from qcpump_qt.views.icons import state_icon

LONGEST_NAME = 60
"""Characters of a name that are shown; the tooltip has all of it."""


class PumpHeader(QWidget):
    """Name and type of a pump, and below them the icon and the word of its state with the reason."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("pump_header")
        self._row: PumpRow | None = None
        self._name = _label("pump_name", self)
        self._type = _label("pump_type", self)
        self._picture = QLabel(self)
        self._state = _label("pump_state", self)
        self._emphasise()
        # Two lines are kept free, so that what is below stays where it is when a cycle begins or ends.
        self._state.setMinimumHeight(2 * self.fontMetrics().lineSpacing())
        self._state.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._name.setWordWrap(False)
        first, second = QHBoxLayout(), QHBoxLayout()
        first.setSpacing(self.fontMetrics().averageCharWidth() * 3)
        first.addWidget(self._name, 0, Qt.AlignmentFlag.AlignTop)
        first.addWidget(self._type, 1, Qt.AlignmentFlag.AlignTop)
        second.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignTop)
        second.addWidget(self._state, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(4, 0, 0, 4)
        layout.addLayout(first)
        layout.addLayout(second)

    def show_pump(self, row: PumpRow) -> None:
        """Tell how this pump is now."""
        if row == self._row:
            return
        self._row = row
        self._name.setText(row.name if len(row.name) <= LONGEST_NAME else f"{row.name[:LONGEST_NAME]}…")
        self._name.setToolTip(row.name)
        self._type.setText(row.type_name)
        said = [f"{row.state_words}: {row.reason}" if row.reason else row.state_words]
        if row.unsaved:
            said.append(UNSAVED)
        self._state.setText("\n".join(said))
        side = self.fontMetrics().lineSpacing()
        self._picture.setPixmap(state_icon(row.state).pixmap(side, side))
        self._picture.setAccessibleName(row.state.value)
        self.setAccessibleName(f"{row.name}, {row.type_name}, {row.state_words}")

    def _emphasise(self) -> None:
        self._name.setFont(enlarged(self._name.font(), 1.25, bold=True))
        self._type.setFont(enlarged(self._type.font(), 1.25))
        self._picture.setObjectName("pump_state_icon")


def _label(name: str, parent: QWidget) -> QLabel:
    label = QLabel(parent)
    label.setObjectName(name)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label
