"""The editor of yes and no."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QWidget

from qcpump_qt.views.form.editor import FieldEditor

if TYPE_CHECKING:
    from qcpump_qt.views.form.traits import FieldTraits


class CheckEditor(FieldEditor):
    """A box to tick, with its state in words beside it."""

    def __init__(self, traits: FieldTraits, parent: QWidget | None = None) -> None:
        super().__init__(traits, parent)
        self.box = QCheckBox()
        self.own(self.box)
        self.row.addStretch()
        self.box.clicked.connect(self._clicked)
        self.show_field(traits)

    def set_value(self, value: Any) -> None:
        """Tick the box or not; anything but True and False shows as neither, with the value as it is."""
        known = isinstance(value, bool)
        self.box.setTristate(not known)
        if known:
            self.box.setChecked(value)
            self.box.setText("Yes" if value else "No")
        else:
            self.box.setCheckState(Qt.CheckState.PartiallyChecked)
            self.box.setText(f"Neither yes nor no: {value}")

    def _clicked(self) -> None:
        value = self.box.checkState() is not Qt.CheckState.Unchecked
        self.set_value(value)
        self.value_edited.emit(value)
