"""Asks what kind of pump to add and what to call it."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from qcpump_qt.views.dialogs.pump_names import free_name, plain_name, trouble_with
from qcpump_qt.views.dialogs.type_list import TypeChoice, TypeList
from qcpump_qt.views.fitting import resize_to_fit

__all__ = ["AddPumpDialog", "TypeChoice"]

NEXT = "The pump is added with default values. It runs once you have filled in its form and saved it."


class AddPumpDialog(QDialog):
    """Pump types on the left, what there is to know about the selected one on the right, the name below.

    Args:
        types: what can be chosen.
        taken_names: the names of all pumps.
        problems: why further pump types cannot be chosen, a text for each.
    """

    added = Signal(str, str)
    """The key of the pump type and the name of the new pump."""

    help_wanted = Signal(str)
    """Somebody wants the page about a pump type: its address."""

    def __init__(
        self,
        types: Sequence[TypeChoice],
        taken_names: Collection[str] = (),
        problems: Sequence[str] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._taken = tuple(taken_names)
        self._suggestion = ""
        self.setWindowTitle("Add pump")
        self.setObjectName("add")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.types = TypeList(types)
        self.about = _text()
        self.help = QPushButton("Read more…")
        self.help.setAutoDefault(False)
        self.help.setObjectName("add/help")
        self.help.setAccessibleName("Open the page about this pump type")
        self.name = QLineEdit()
        self.name.setMaxLength(190)
        self.name.setObjectName("add/name")
        self.name.setAccessibleName("Name of the pump")
        self.message = _text()
        self.buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        self.ok = self.buttons.button(QDialogButtonBox.StandardButton.Ok)
        self.ok.setText("Add")
        self._lay_out(problems)
        self._connect()
        self._select()
        self.types.filter.setFocus()

    def accept(self) -> None:
        """Tell type and name, if both will do."""
        choice = self.types.selected()
        if choice is None or trouble_with(self.name.text(), self._taken):
            return
        self.added.emit(choice.key, plain_name(self.name.text()))
        super().accept()

    def _select(self) -> None:
        """Tell about the selected type, and suggest a name unless people have typed one."""
        choice = self.types.selected()
        self.about.setText("" if choice is None else _about(choice))
        self.help.setVisible(choice is not None and bool(choice.help_url))
        if choice is not None and self.name.text() in ("", self._suggestion):
            self._suggestion = free_name(choice.name, self._taken)
            self.name.setText(self._suggestion)
        self._look()

    def _look(self) -> None:
        trouble = trouble_with(self.name.text(), self._taken)
        if self.types.selected() is None:
            trouble = "Select a pump type."
        self.message.setText(trouble or NEXT)
        self.ok.setEnabled(not trouble)

    def _help(self) -> None:
        choice = self.types.selected()
        if choice is not None:
            self.help_wanted.emit(choice.help_url)

    def _connect(self) -> None:
        self.types.changed.connect(self._select)
        self.types.chosen.connect(self.accept)
        self.name.textChanged.connect(self._look)
        self.help.clicked.connect(self._help)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)

    def _lay_out(self, problems: Sequence[str]) -> None:
        side = QVBoxLayout()
        side.addWidget(self.about)
        side.addWidget(self.help, 0, Qt.AlignmentFlag.AlignLeft)
        side.addStretch()
        middle = QHBoxLayout()
        middle.addWidget(self.types, 1)
        middle.addLayout(side, 1)
        label = QLabel("&Name of the pump")
        label.setBuddy(self.name)
        column = QVBoxLayout(self)
        column.addLayout(middle, 1)
        for widget in (label, self.name, self.message):
            column.addWidget(widget)
        if problems:
            title, text = self._told(problems)
            column.addWidget(title)
            column.addWidget(text)
        column.addWidget(self.buttons)
        metrics = self.fontMetrics()
        resize_to_fit(self, metrics.averageCharWidth() * 100, metrics.lineSpacing() * 26)

    def _told(self, problems: Sequence[str]) -> tuple[QWidget, QWidget]:
        """What is wrong with pump types, to be read and copied."""
        one = len(problems) == 1
        label = QLabel(
            "One problem with a pump type:" if one else f"{len(problems)} problems with pump types:"
        )
        text = QPlainTextEdit("\n\n".join(problems))
        label.setBuddy(text)
        text.setReadOnly(True)
        text.setTabChangesFocus(True)
        text.setObjectName("add/problems")
        text.setAccessibleName("Problems with pump types")
        text.setMaximumHeight(self.fontMetrics().lineSpacing() * 7)
        return label, text


def _text() -> QLabel:
    label = QLabel()
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    return label


def _about(choice: TypeChoice) -> str:
    origin = f"Your own pump type, from {choice.source}." if choice.source else "Comes with the program."
    return "\n\n".join(
        part for part in (choice.name, choice.about, f"{origin} Its key is {choice.key}.") if part
    )
