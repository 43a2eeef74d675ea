"""What every editor of the form has in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QWidget

if TYPE_CHECKING:
    from qcpump_qt.views.form.traits import FieldTraits


class FieldEditor(QWidget):
    """Shows one field's value and lets people change it."""

    value_edited = Signal(object)
    """The value, as soon as somebody has changed it: text, True or False, a number, or None for blank."""

    refresh_wanted = Signal()
    """Somebody wants the choices to be asked for anew."""

    focused = Signal()
    """The keyboard is now in this editor."""

    def __init__(self, traits: FieldTraits, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.traits = traits
        self._names: dict[QWidget, str] = {}
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(0, 0, 0, 0)

    def set_value(self, value: Any) -> None:
        """Show a value; the cursor and what is being typed stay when it is the same already."""
        raise NotImplementedError

    def show_field(self, traits: FieldTraits) -> None:
        """Show what has changed about the field."""
        moved = traits.object_name != self.traits.object_name
        self.traits = traits
        if moved:
            for widget, ending in self._names.items():
                widget.setObjectName(f"{traits.object_name}{ending}")
        self.set_value(traits.value)

    def own(self, widget: QWidget, *, name: str = "") -> None:
        """Take a widget in: it gets the keyboard, the accessible name and the help of the field.

        Args:
            widget: it is put at the end of the row.
            name: what assistive tools call it; the label of the field where it is left out.
        """
        widget.setAccessibleName(name or self.traits.label)
        widget.setAccessibleDescription(self.traits.help)
        widget.setToolTip(self.traits.help)
        self.call(widget)
        widget.installEventFilter(self)
        self.setFocusProxy(widget)
        self.row.addWidget(widget)

    def call(self, widget: QWidget, ending: str = "") -> None:
        """Name a widget after the field; it keeps in step when the sub-section gets another number."""
        self._names[widget] = ending
        widget.setObjectName(f"{self.traits.object_name}{ending}")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Tell when the keyboard comes in, and leave undo and redo to the form, which knows every field."""
        if event.type() == QEvent.Type.FocusIn:
            self.focused.emit()
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and is_undo(event):
            event.ignore()
            return True
        return super().eventFilter(watched, event)


def is_undo(event: QKeyEvent) -> bool:
    """True for the keys of undo and redo."""
    return event.matches(QKeySequence.StandardKey.Undo) or event.matches(QKeySequence.StandardKey.Redo)
