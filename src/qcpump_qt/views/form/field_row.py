"""One field in the form: its label, its editor, and below it what there is to tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPersistentModelIndex, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from qcpump_qt.models.form_roles import Status
from qcpump_qt.views.form.make_editor import make_editor
from qcpump_qt.views.form.message_line import MessageLine
from qcpump_qt.views.form.notes import help_on, note_on
from qcpump_qt.views.form.traits import FieldTraits, traits_of

if TYPE_CHECKING:
    from PySide6.QtCore import QModelIndex

    from qcpump_qt.models.form_model import FormModel

EDITED = "Edited"


class FieldRow(QWidget):
    """Keeps one field of the model and its editor in step.

    Args:
        model: the form.
        index: the field.
    """

    refresh_wanted = Signal(str, int, str)
    """The choices of a field are wanted anew: section, sub-section from 0, field."""

    focused = Signal(str, str)
    """The keyboard is in this field: its label and its help."""

    def __init__(self, model: FormModel, index: QModelIndex, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._place = QPersistentModelIndex(index)
        self.traits: FieldTraits = traits_of(model, index)
        self.editor = make_editor(self.traits)
        self.label = QLabel(self.traits.title)
        self.label.setTextFormat(Qt.TextFormat.PlainText)
        self.label.setBuddy(self.editor)
        self.mark: QLabel | None = None
        self._notes: MessageLine | None = None
        self._problem: MessageLine | None = None
        self._lay_out()
        self._connect()
        self._tell()

    def refresh(self, index: QModelIndex) -> None:
        """Show what the model says now; nothing is touched when it says the same."""
        traits = traits_of(self._model, index)
        if traits == self.traits:
            return
        former, self.traits = self.traits, traits
        if traits.editor is former.editor:
            self.editor.show_field(traits)
        else:
            self._replace_editor()
        self._tell()

    def _lay_out(self) -> None:
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setVerticalSpacing(2)
        self._grid.setColumnStretch(0, 1)
        self._grid.addWidget(self.editor, 0, 0)
        self._grid.setColumnMinimumWidth(1, self.fontMetrics().horizontalAdvance(f"{EDITED}  "))
        self.label.setToolTip(help_on(self.traits))

    def _mark(self) -> None:
        """The word beside an edited field; most fields never need it."""
        if self.mark is None and self.traits.changed:
            self.mark = QLabel(EDITED)
            self.mark.setToolTip("This value differs from the saved one.")
            font = self.mark.font()
            font.setItalic(True)
            self.mark.setFont(font)
            self._grid.addWidget(self.mark, 0, 1)
        if self.mark is not None:
            self.mark.setObjectName(f"{self.traits.object_name}/edited")
            self.mark.setVisible(self.traits.changed)

    def _replace_editor(self) -> None:
        """Another family of editor, as for a text that is kept in the keyring from now on."""
        old, self.editor = self.editor, make_editor(self.traits)
        focus = self.window().focusWidget()
        had_keyboard = focus is not None and old.isAncestorOf(focus)
        self._grid.replaceWidget(old, self.editor)
        QWidget.setTabOrder(old, self.editor)
        self.editor.setVisible(True)
        if had_keyboard:
            self.editor.setFocus()
        old.hide()
        old.deleteLater()
        self.label.setBuddy(self.editor)
        self._connect()

    def _connect(self) -> None:
        self.editor.value_edited.connect(self._edited)
        self.editor.refresh_wanted.connect(self._refresh_wanted)
        self.editor.focused.connect(self._focused)

    def _tell(self) -> None:
        """Mark and message: in words, and for assistive tools too."""
        self._mark()
        self._notes = self._said(self._notes, note_on(self.traits), 1, "note")
        self._problem = self._said(self._problem, self.traits.problem, 2, "problem")
        state = ("Edited, not saved.",) if self.traits.changed else ()
        spoken = " ".join((*state, self.traits.problem, note_on(self.traits), help_on(self.traits)))
        target = self.editor.focusProxy()
        if target is not None:
            target.setAccessibleDescription(" ".join(spoken.split()))
            target.setToolTip(help_on(self.traits))

    def _said(self, line: MessageLine | None, text: str, row: int, kind: str) -> MessageLine | None:
        if line is None and not text:
            return None
        if line is None:
            line = MessageLine()
            self._grid.addWidget(line, row, 0, 1, 2)
        line.setObjectName(f"{self.traits.object_name}/{kind}")
        line.tell(Status.WRONG if kind == "problem" else None, text)
        return line

    def _edited(self, value: object) -> None:
        place = self._place
        index = self._model.index(place.row(), place.column(), place.parent())
        self._model.setData(index, value, Qt.ItemDataRole.EditRole)

    def _refresh_wanted(self) -> None:
        self.refresh_wanted.emit(self.traits.section, self.traits.row, self.traits.name)

    def _focused(self) -> None:
        self.focused.emit(self.traits.label, help_on(self.traits))
