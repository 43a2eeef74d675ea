"""The editor of numbers, whole ones and others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QLabel, QWidget

from qcpump_qt.models.form_roles import Editor
from qcpump_qt.views.form.editor import FieldEditor
from qcpump_qt.views.form.number_box import NumberBox

if TYPE_CHECKING:
    from qcpump_qt.views.form.traits import FieldTraits


class NumberEditor(FieldEditor):
    """A number with arrows, its unit behind it and its limits in the help."""

    def __init__(self, traits: FieldTraits, parent: QWidget | None = None) -> None:
        super().__init__(traits, parent)
        self.box = NumberBox(whole=traits.editor is Editor.WHOLE)
        self.own(self.box, name=f"{traits.label}, in {traits.unit}" if traits.suffix else traits.label)
        self.box.lineEdit().installEventFilter(self)
        if traits.suffix:
            self.row.addWidget(QLabel(traits.suffix))
        self.row.addStretch()
        self.box.number_edited.connect(self.value_edited.emit)
        self.show_field(traits)

    def set_value(self, value: Any) -> None:
        """Show the number, blank for None; a value of another kind as it is."""
        self.box.set_number(value)

    def show_field(self, traits: FieldTraits) -> None:
        """Show value and limits."""
        self.box.set_limits(traits.minimum, traits.maximum)
        super().show_field(traits)
