"""One sub-section in the form: its number and state where there may be several, and its fields."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFormLayout, QFrame, QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from qcpump_qt.models.form_roles import FormRole, Status
from qcpump_qt.views.form.field_row import FieldRow
from qcpump_qt.views.form.message_line import MessageLine
from qcpump_qt.views.form.status_words import status_words

if TYPE_CHECKING:
    from PySide6.QtCore import QModelIndex

    from qcpump_qt.models.form_model import FormModel


class RowBox(QFrame):
    """The fields of one sub-section.

    Args:
        model: the form.
        index: the sub-section.
        multiple: True when people may add and remove sub-sections.
    """

    refresh_wanted = Signal(str, int, str)
    """The choices of a field are wanted anew: section, sub-section from 0, field."""

    focused = Signal(str, str)
    """The keyboard is in one of the fields: its label and its help."""

    remove_wanted = Signal(QWidget)
    """Somebody wants this sub-section gone: the box itself."""

    def __init__(
        self, model: FormModel, index: QModelIndex, *, multiple: bool, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._model = model
        self._multiple = multiple
        self.fields: list[FieldRow] = []
        self.status = MessageLine()
        self._title = QLabel()
        self.remove = QToolButton()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        if multiple:
            column.addLayout(self._head())
        self._form = QFormLayout()
        self._form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        self._form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self._form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        column.addLayout(self._form)
        for number in range(model.rowCount(index)):
            self._add(model.index(number, 0, index))
        self.refresh(index, alone=model.rowCount(index.parent()) == 1)

    def refresh(self, index: QModelIndex, *, alone: bool) -> None:
        """Show the number and the state; `alone` is True for the only sub-section, which has to stay."""
        if not self._multiple:
            return
        title = f"{self._model.data(index, FormRole.SECTION)} #{index.row() + 1}"
        self._title.setText(title)
        self.remove.setAccessibleName(f"Remove {title}")
        self.remove.setToolTip(f"Remove {title}")
        self.remove.setObjectName(f"{title}/remove")
        self.remove.setEnabled(not alone)
        status: Status = self._model.data(index, FormRole.STATUS)
        own = status not in (Status.BLOCKED, Status.INACTIVE)  # else the section tells it for all
        message = self._model.data(index, FormRole.MESSAGE) or ""
        self.status.tell(status, status_words(status, message) if own else "")

    def refresh_fields(self, index: QModelIndex, first: int, last: int) -> None:
        """Show what has changed in these fields."""
        for number in range(first, min(last + 1, len(self.fields))):
            self.fields[number].refresh(self._model.index(number, 0, index))

    def take_keyboard(self) -> None:
        """Put the keyboard into the first field that takes it."""
        for field in self.fields:
            target = field.editor.focusProxy()
            if target is not None and target.focusPolicy() & Qt.FocusPolicy.TabFocus:
                target.setFocus(Qt.FocusReason.OtherFocusReason)
                return

    def set_muted(self, muted: bool) -> None:
        """Grey the labels, as of a section that waits for others; the editors stay usable."""
        for field in self.fields:
            field.label.setEnabled(not muted)

    def _head(self) -> QHBoxLayout:
        font = self._title.font()
        font.setBold(True)
        self._title.setFont(font)
        self._title.setTextFormat(Qt.TextFormat.PlainText)
        self.remove.setText("− Remove")
        self.remove.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.remove.clicked.connect(lambda: self.remove_wanted.emit(self))
        head = QHBoxLayout()
        head.addWidget(self._title, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self.status, 1, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self.remove, 0, Qt.AlignmentFlag.AlignTop)
        return head

    def _add(self, index: QModelIndex) -> None:
        field = FieldRow(self._model, index)
        field.refresh_wanted.connect(self.refresh_wanted)
        field.focused.connect(self.focused)
        self.fields.append(field)
        self._form.addRow(field.label, field)
