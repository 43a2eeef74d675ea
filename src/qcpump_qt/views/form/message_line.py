"""A line of words with a small mark in front; it wraps, and is gone when there is nothing to tell."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from qcpump_qt.models.form_roles import Status
from qcpump_qt.views.form.status_icons import status_pixmap
from qcpump_qt.views.state_colours import is_dark


class MessageLine(QWidget):
    """Shows a state and its words; hidden while there are no words."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._mark = QLabel()
        self._text = QLabel()
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._text.setWordWrap(True)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._text, 1, Qt.AlignmentFlag.AlignTop)
        self._status: Status | None = None
        self.hide()

    def tell(self, status: Status | None, text: str) -> None:
        """Show these words; the mark is left out where `status` is None."""
        self._status = status
        self._draw_mark()
        self._text.setText(text)
        self.setAccessibleName(text)
        self.setVisible(bool(text))

    def text(self) -> str:
        """The words that are shown."""
        return self._text.text()

    def status(self) -> Status | None:
        """The state whose mark is shown."""
        return self._status

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Draw the mark again for another font or other colours."""
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.PaletteChange):
            self._draw_mark()
        super().changeEvent(event)

    def _draw_mark(self) -> None:
        self._mark.setVisible(self._status is not None)
        if self._status is not None:
            size = self.fontMetrics().height()
            dark = is_dark(self.palette())
            self._mark.setPixmap(status_pixmap(self._status, size, self.devicePixelRatioF(), dark=dark))
