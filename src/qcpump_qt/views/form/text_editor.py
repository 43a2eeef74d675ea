"""The editor of plain text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QLineEdit, QWidget

from qcpump_qt.views.form.editor import FieldEditor

if TYPE_CHECKING:
    from qcpump_qt.views.form.traits import FieldTraits


class TextEditor(FieldEditor):
    """One line of text."""

    def __init__(self, traits: FieldTraits, parent: QWidget | None = None) -> None:
        super().__init__(traits, parent)
        self.line = QLineEdit()
        self.own(self.line)
        self.line.textEdited.connect(self.value_edited.emit)
        self.show_field(traits)

    def set_value(self, value: Any) -> None:
        """Show the text; a value of another kind, from a file that was written by hand, as it is."""
        show_text(self.line, "" if value is None else str(value))


def show_text(line: QLineEdit, text: str) -> None:
    """Put another text into a line; the cursor stays as near as it can, and the start is in sight."""
    if line.text() == text:
        return
    place = line.cursorPosition() if line.hasFocus() else 0
    line.setText(text)
    line.setCursorPosition(min(place, len(text)))
