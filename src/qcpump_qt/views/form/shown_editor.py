"""Values that people only look at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from qcpump_qt.views.form.editor import FieldEditor

if TYPE_CHECKING:
    from qcpump_qt.views.form.traits import FieldTraits


class ShownEditor(FieldEditor):
    """A text that can be selected and copied, and not changed."""

    def __init__(self, traits: FieldTraits, parent: QWidget | None = None) -> None:
        super().__init__(traits, parent)
        self.text = QLabel()
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.text.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.text.setWordWrap(True)
        self.text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.own(self.text)
        self.show_field(traits)

    def set_value(self, value: Any) -> None:
        """Show the value in words."""
        self.text.setText(in_words(value))


def in_words(value: Any) -> str:
    """A value as people read it."""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    return "–" if value is None or value == "" else str(value)
