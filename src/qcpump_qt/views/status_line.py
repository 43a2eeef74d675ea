"""The status bar: the state of all pumps together, always in sight, with its icon and in words."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QStatusBar, QWidget

from qcpump_qt.models.rows import OverallState
from qcpump_qt.views.icons import state_icon


class StatusLine(QStatusBar):
    """Shows the overall state at the right, and what an action does at the left."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("status_line")
        self.setAccessibleName("State of all pumps")
        self._picture = QLabel(self)
        self._picture.setObjectName("overall_icon")
        self._text = QLabel(self)
        self._text.setObjectName("overall_text")
        self.addPermanentWidget(self._picture)
        self.addPermanentWidget(self._text)
        self.set_overall(OverallState.NOT_CONFIGURED, "")

    def set_overall(self, state: OverallState, text: str) -> None:
        """Show the state of all pumps.

        Args:
            state: their state together.
            text: what it is about, in a sentence.
        """
        said = f"{state.value} – {text}" if text else state.value
        side = self.fontMetrics().lineSpacing()
        self._picture.setPixmap(state_icon(state).pixmap(side, side))
        self._text.setText(said)
        self._text.setAccessibleName(f"All pumps: {said}")
