"""The bar above the records: which states and which text are shown."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QLineEdit, QWidget

from qcpump_qt.models.record_words import STATE_FILTERS

TYPING_PAUSE = 300
"""Milliseconds after the last key until the text counts."""


class RecordFilter(QWidget):
    """A choice of states and a text; tells both when one of them has changed."""

    changed = Signal(object, str)
    """The state (a word, or None for all) and the text that are wanted now."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("record_filter")
        self.state = QComboBox()
        self.state.setObjectName("state_filter")
        self.state.setAccessibleName("Show records in this state")
        for words, state in STATE_FILTERS:
            self.state.addItem(words, state)
        self.text = QLineEdit()
        self.text.setObjectName("text_filter")
        self.text.setAccessibleName("Show records with this text")
        self.text.setPlaceholderText("Filter by record, unit, test list or reason")
        self.text.setClearButtonEnabled(True)
        self._told = self.chosen()
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(TYPING_PAUSE)
        self._pause.timeout.connect(self._tell)
        self.state.currentIndexChanged.connect(self._tell)
        self.text.textChanged.connect(lambda _text: self._pause.start())
        self.text.returnPressed.connect(self._tell)
        label = QLabel("&State:")
        label.setBuddy(self.state)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(label)
        row.addWidget(self.state)
        row.addWidget(self.text, 1)
        self.setFocusProxy(self.text)

    def chosen(self) -> tuple[str | None, str]:
        """The state and the text."""
        state: str | None = self.state.currentData()
        return state, self.text.text().strip()

    @property
    def filtered(self) -> bool:
        """True while not all records are shown."""
        return self._told != (None, "")

    def go_to_text(self) -> None:
        """Go to the text, ready to be typed over."""
        self.text.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.text.selectAll()

    def _tell(self) -> None:
        self._pause.stop()
        if self.chosen() != self._told:
            self._told = self.chosen()
            self.changed.emit(*self._told)
