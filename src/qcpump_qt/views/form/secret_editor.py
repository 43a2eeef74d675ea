"""The editor of secrets: hidden unless revealed, and kept in the keyring."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QLineEdit, QToolButton, QWidget

from qcpump_qt.views.form.editor import FieldEditor
from qcpump_qt.views.form.text_editor import show_text

if TYPE_CHECKING:
    from qcpump_qt.views.form.traits import FieldTraits

STORED = "Stored in the keyring. Type here to replace it."


class SecretEditor(FieldEditor):
    """A line that hides what is typed; a secret in the keyring is told of and never shown."""

    def __init__(self, traits: FieldTraits, parent: QWidget | None = None) -> None:
        super().__init__(traits, parent)
        self.line = QLineEdit()
        self.line.setEchoMode(QLineEdit.EchoMode.Password)
        self.own(self.line)
        self.line.textEdited.connect(self.value_edited.emit)
        self.reveal = self._button("Show", f"Show what was typed for {traits.label}")
        self.reveal.setCheckable(True)
        self.reveal.toggled.connect(self._reveal)
        self.clear = self._button("Clear", f"Remove the value of {traits.label}")
        self.clear.clicked.connect(self._clear)
        self.show_field(traits)

    def set_value(self, value: Any) -> None:
        """Show what was typed, as dots unless it is revealed."""
        show_text(self.line, "" if value is None else str(value))

    def show_field(self, traits: FieldTraits) -> None:
        """Show what was typed, or that there is something in the keyring."""
        super().show_field(traits)
        self.line.setPlaceholderText(STORED if traits.kept else "")
        typed = bool(traits.value)
        self.clear.setEnabled(typed or traits.kept)
        if not typed:
            self.reveal.setChecked(False)
        self.reveal.setEnabled(typed)

    def _button(self, text: str, tip: str) -> QToolButton:
        button = QToolButton()
        button.setText(text)
        button.setToolTip(tip)
        button.setAccessibleName(tip)
        self.call(button, f"/{text.lower()}")
        self.row.addWidget(button)
        return button

    def _reveal(self, on: bool) -> None:
        self.line.setEchoMode(QLineEdit.EchoMode.Normal if on else QLineEdit.EchoMode.Password)
        self.reveal.setText("Hide" if on else "Show")

    def _clear(self) -> None:
        self.line.clear()
        self.value_edited.emit("")
        self.line.setFocus()
