"""The editor of one out of several choices, fixed ones or such as a server offers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QComboBox, QSizePolicy, QToolButton, QWidget

from qcpump_qt.models.form_roles import ChoicesState
from qcpump_qt.views.form.editor import FieldEditor

if TYPE_CHECKING:
    from qcpump_qt.views.form.traits import FieldTraits

NOT_OFFERED = "(saved; not offered now)"
_KNOWN = (ChoicesState.STATIC, ChoicesState.READY)


class ChoiceBox(QComboBox):
    """A drop-down that the wheel turns only when the keyboard is in it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(16)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setPlaceholderText("Choose…")

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        """Let the form scroll unless the keyboard is here."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class ChoiceEditor(FieldEditor):
    """A drop-down; where the choices are fetched, with a button to fetch them anew.

    A saved choice that is not offered any more stays until somebody chooses another one.
    """

    def __init__(self, traits: FieldTraits, parent: QWidget | None = None) -> None:
        super().__init__(traits, parent)
        self._filled: list[tuple[str, Any]] | None = None
        self.box = ChoiceBox()
        self.own(self.box)
        self.box.activated.connect(self._chosen)
        self.refresh = QToolButton()
        self.refresh.setText("Refresh")
        self.refresh.setToolTip(f"Ask again what can be chosen for {traits.label}")
        self.refresh.setAccessibleName(f"Refresh the choices of {traits.label}")
        self.call(self.refresh, "/refresh")
        self.refresh.clicked.connect(self.refresh_wanted)
        self.row.addWidget(self.refresh)
        self.refresh.setVisible(traits.choices_state is not ChoicesState.STATIC)
        self.show_field(traits)

    def set_value(self, value: Any) -> None:
        """Show the choice."""
        self._fill(_items(self.traits, value))
        blank = value is None or value == ""
        wanted = None if blank else value
        place = next((place for place, item in enumerate(self._filled or ()) if item[1] == wanted), -1)
        if self.box.currentIndex() != place:
            self.box.setCurrentIndex(place)

    def show_field(self, traits: FieldTraits) -> None:
        """Show the choice, what else there is, and whether that is being asked."""
        super().show_field(traits)
        asking = traits.choices_state is ChoicesState.ASKING
        self.refresh.setText("Asking…" if asking else "Refresh")
        self.refresh.setEnabled(not asking)

    def _fill(self, items: list[tuple[str, Any]]) -> None:
        if items == self._filled:
            return
        self._filled = items
        self.box.clear()
        self.box.addItems([text for text, _value in items])

    def _chosen(self, place: int) -> None:
        value = self._filled[place][1] if self._filled else None
        self.value_edited.emit("" if value is None else value)


def _items(traits: FieldTraits, value: Any) -> list[tuple[str, Any]]:
    """What stands in the drop-down: words, and the value that each stands for (None for blank)."""
    items: list[tuple[str, Any]] = [] if traits.required else [("(none)", None)]
    items += [(choice, choice) for choice in traits.choices]
    if value is not None and value != "" and value not in traits.choices:
        known = traits.choices_state in _KNOWN
        items.append((f"{value} {NOT_OFFERED}" if known else str(value), value))
    return items
