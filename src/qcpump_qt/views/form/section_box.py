"""One section in the form: its name, its state in words, and its sub-sections."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPersistentModelIndex, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from qcpump_qt.models.form_roles import FormRole, Status
from qcpump_qt.views.form.flow_layout import FlowLayout
from qcpump_qt.views.form.message_line import MessageLine
from qcpump_qt.views.form.row_box import RowBox
from qcpump_qt.views.form.status_words import status_words
from qcpump_qt.views.icons import icon

if TYPE_CHECKING:
    from PySide6.QtCore import QModelIndex

    from qcpump_qt.models.form_model import FormModel


class SectionBox(QFrame):
    """Shows one section of the model and lets people add and remove its sub-sections.

    Args:
        model: the form.
        index: the section; its sub-sections come with `insert_rows`.
    """

    refresh_wanted = Signal(str, int, str)
    """The choices of a field are wanted anew: section, sub-section from 0, field."""

    mapping_wanted = Signal(str)
    """Somebody wants help to match machines and units: the section's name."""

    focused = Signal(str, str)
    """The keyboard is in one of the fields: its label and its help."""

    def __init__(self, model: FormModel, index: QModelIndex, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._place = QPersistentModelIndex(index)
        self.name: str = model.data(index, FormRole.SECTION)
        self._multiple = bool(model.data(index, FormRole.MULTIPLE))
        self._blocked = False
        self.rows: list[RowBox] = []
        self.status = MessageLine()
        self.status.setObjectName(f"{self.name}/status")
        self.mapping = QToolButton()
        self.add = QToolButton()
        self._column = QVBoxLayout(self)
        self._column.addLayout(self._head())
        self._rows = QVBoxLayout()
        self._rows.setSpacing(self.fontMetrics().height())
        self._column.addLayout(self._rows)
        if self._multiple:
            self._column.addLayout(self._foot(index))
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setObjectName(f"{self.name}/box")
        self.refresh()

    def refresh(self) -> None:
        """Show the state of the section."""
        section = self._index()
        status: Status = self._model.data(section, FormRole.STATUS)
        message = self._model.data(section, FormRole.MESSAGE) or ""
        blocked_by = self._model.data(section, FormRole.BLOCKED_BY) or ()
        self.status.tell(status, status_words(status, message, blocked_by))
        if self._blocked is not (status is Status.BLOCKED):
            self._blocked = status is Status.BLOCKED
            self._title.setEnabled(not self._blocked)
            for box in self.rows:
                box.set_muted(self._blocked)

    def refresh_rows(self, first: int, last: int) -> None:
        """Show the numbers and states of some sub-sections."""
        section = self._index()
        alone = self._model.rowCount(section) == 1
        for number in range(first, min(last + 1, len(self.rows))):
            self.rows[number].refresh(self._model.index(number, 0, section), alone=alone)

    def refresh_fields(self, row: int, first: int, last: int) -> None:
        """Show what has changed in some fields of a sub-section."""
        if row < len(self.rows):
            self.rows[row].refresh_fields(self._model.index(row, 0, self._index()), first, last)

    def insert_rows(self, first: int, last: int) -> None:
        """Show sub-sections that the model has now."""
        section = self._index()
        for number in range(first, last + 1):
            box = RowBox(self._model, self._model.index(number, 0, section), multiple=self._multiple)
            box.refresh_wanted.connect(self.refresh_wanted)
            box.focused.connect(self.focused)
            box.remove_wanted.connect(self._remove)
            box.set_muted(self._blocked)
            self.rows.insert(number, box)
            self._rows.insertWidget(number, box)
        if first < len(self.rows) - 1 or len(self.rows) == 2:
            self._renumber()

    def remove_rows(self, first: int, last: int) -> None:
        """Let go of sub-sections that the model no longer has; the keyboard goes to a neighbour."""
        gone = self.rows[first : last + 1]
        focus = self.window().focusWidget()
        had_keyboard = any(box.isAncestorOf(focus) for box in gone if focus is not None)
        del self.rows[first : last + 1]
        for box in gone:
            self._rows.removeWidget(box)
            box.hide()
            box.deleteLater()
        self._renumber()
        if had_keyboard:
            self.add.setFocus(Qt.FocusReason.OtherFocusReason)

    def _renumber(self) -> None:
        """Others have another number now, or one is alone or is no longer."""
        section = self._index()
        self.refresh_rows(0, len(self.rows) - 1)
        for number, box in enumerate(self.rows):
            row = self._model.index(number, 0, section)
            box.refresh_fields(row, 0, self._model.rowCount(row) - 1)

    def _index(self) -> QModelIndex:
        return self._model.index(self._place.row(), 0)

    def _head(self) -> QHBoxLayout:
        self._title = QLabel(self.name)
        self._title.setTextFormat(Qt.TextFormat.PlainText)
        font = self._title.font()
        font.setBold(True)
        self._title.setFont(font)
        head = QHBoxLayout()
        head.addWidget(self._title, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self.status, 1, Qt.AlignmentFlag.AlignTop)
        return head

    def _foot(self, index: QModelIndex) -> FlowLayout:
        self.add.setText(f"+ Add {self.name}")
        self.add.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.add.setAccessibleName(f"Add {self.name}")
        self.add.setToolTip(f"Add another sub-section {self.name}")
        self.add.setObjectName(f"{self.name}/add")
        self.add.clicked.connect(self._add)
        self.mapping.setText("Match machines and units…")
        self.mapping.setIcon(icon("match"))
        self.mapping.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.mapping.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.mapping.setAccessibleName("Match machines and units")
        self.mapping.setToolTip("See which machines and units are not matched yet, with suggestions by name.")
        self.mapping.setObjectName(f"{self.name}/match")
        self.mapping.clicked.connect(lambda: self.mapping_wanted.emit(self.name))
        foot = FlowLayout()
        foot.setSpacing(self.fontMetrics().averageCharWidth())
        foot.addWidget(self.add)
        if self._model.data(index, FormRole.MAPPABLE):
            foot.addWidget(self.mapping)
        return foot

    def _add(self) -> None:
        row = self._model.add_row(self._index())
        box = self.rows[row.row()]
        box.setVisible(True)  # now, not with the next layout, so that it can get the keyboard
        box.take_keyboard()

    def _remove(self, box: RowBox) -> None:
        number = self.rows.index(box)
        self._model.remove_row(self._model.index(number, 0, self._index()))
