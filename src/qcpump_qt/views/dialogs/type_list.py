"""The list of pump types to choose from, with a filter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLabel, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

KEY = Qt.ItemDataRole.UserRole


@dataclass(frozen=True)
class TypeChoice:
    """One pump type that can be chosen.

    Args:
        key: what stands in a pump's configuration.
        name: what people call it.
        help_url: a page about it; "" without one.
        source: the user's file it comes from; "" for a built-in type.
        about: a sentence or two about it; "" without any.
    """

    key: str
    name: str
    help_url: str = ""
    source: str = ""
    about: str = ""


class TypeList(QWidget):
    """Filter and list; arrow keys in the filter move in the list."""

    changed = Signal()
    """Another pump type is selected, or none."""

    chosen = Signal()
    """A pump type was double-clicked."""

    def __init__(self, types: Sequence[TypeChoice], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._types = {choice.key: choice for choice in types}
        self.filter = QLineEdit()
        self.filter.setPlaceholderText("Filter the pump types")
        self.filter.setClearButtonEnabled(True)
        self.filter.setAccessibleName("Filter the pump types")
        self.filter.setObjectName("add/filter")
        self.filter.installEventFilter(self)
        self.list = QListWidget()
        self.list.setAccessibleName("Pump types")
        self.list.setObjectName("add/types")
        self.nothing = QLabel("No pump type fits the filter.")
        self.nothing.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        for widget in (self.filter, self.list, self.nothing):
            column.addWidget(widget)
        for choice in sorted(types, key=lambda choice: (bool(choice.source), choice.name.casefold())):
            item = QListWidgetItem(f"{choice.name} (your own)" if choice.source else choice.name)
            item.setData(KEY, choice.key)
            item.setToolTip(choice.key)
            self.list.addItem(item)
        self.filter.textChanged.connect(self._filter)
        self.list.currentItemChanged.connect(self.changed)
        self.list.itemDoubleClicked.connect(self.chosen)
        self._filter("")

    def selected(self) -> TypeChoice | None:
        """The pump type that is selected."""
        item = self.list.currentItem()
        return None if item is None or item.isHidden() else self._types[item.data(KEY)]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Let the arrow keys move in the list while people type into the filter."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()), 0)
            if step:
                self._move(step)
                return True
        return super().eventFilter(watched, event)

    def _shown(self) -> list[int]:
        return [row for row in range(self.list.count()) if not self.list.item(row).isHidden()]

    def _move(self, step: int) -> None:
        shown = self._shown()
        if self.list.currentRow() in shown:
            place = shown.index(self.list.currentRow()) + step
            self.list.setCurrentRow(shown[max(0, min(place, len(shown) - 1))])

    def _filter(self, text: str) -> None:
        for row in range(self.list.count()):
            item = self.list.item(row)
            choice = self._types[item.data(KEY)]
            searched = f"{item.text()} {choice.key} {choice.source}".casefold()
            item.setHidden(not all(word in searched for word in text.casefold().split()))
        shown = self._shown()
        self.nothing.setVisible(not shown)
        if self.list.currentRow() not in shown:
            self.list.setCurrentRow(shown[0] if shown else -1)
        self.changed.emit()
