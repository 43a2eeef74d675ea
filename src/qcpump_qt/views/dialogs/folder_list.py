"""A list of folders that can be added to, typed into and taken from."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFileDialog,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

_EDITABLE = Qt.ItemFlag.ItemIsEditable | Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable


class FolderList(QWidget):
    """Folders, one in a line; the disk is not looked at.

    Args:
        label: what the folders are, for those who cannot see the list.
        parent: as for every widget.
    """

    folders_edited = Signal(list)
    """All folders (`str`), after somebody changed them; not emitted by `set_folders`."""

    def __init__(self, label: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._list = QListWidget()
        self._list.setObjectName("folders")
        self._list.setAccessibleName(label)
        self._list.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked | QAbstractItemView.EditTrigger.EditKeyPressed
        )
        self._list.itemChanged.connect(lambda _item: self._edited())
        self._list.currentRowChanged.connect(lambda _row: self._enable())
        add = self._button("add_folder", "Add folder…", "Add a folder with pump types")
        add.clicked.connect(self._ask)
        self._change = self._button("change_folder", "Edit", "Edit the path of the selected folder")
        self._change.clicked.connect(lambda: self._list.editItem(self._list.currentItem()))
        self._remove = self._button("remove_folder", "Remove", "Take the selected folder off the list")
        self._remove.clicked.connect(self._take)
        delete = QShortcut(QKeySequence(QKeySequence.StandardKey.Delete), self._list)
        delete.setContext(Qt.ShortcutContext.WidgetShortcut)
        delete.activated.connect(self._take)
        self._arrange([add, self._change, self._remove])
        self._enable()

    def set_folders(self, folders: Sequence[str]) -> None:
        """Show these; the selection stays where they are the same."""
        if list(folders) == self.folders():
            return
        with QSignalBlocker(self._list):
            self._list.clear()
            for folder in folders:
                self._append(folder)
        self._enable()

    def folders(self) -> list[str]:
        """The folders as they stand there; blank lines are none."""
        texts = [self._list.item(row).text().strip() for row in range(self._list.count())]
        return [text for text in texts if text]

    def add(self, folder: str) -> None:
        """Add a folder that was chosen; one that is in the list already is only selected."""
        if not folder:
            return
        known = self._list.findItems(folder, Qt.MatchFlag.MatchExactly)
        if known:
            self._list.setCurrentItem(known[0])
            return
        with QSignalBlocker(self._list):
            self._append(folder)
        self._list.setCurrentRow(self._list.count() - 1)
        self._edited()

    def _arrange(self, buttons: Sequence[QPushButton]) -> None:
        column = QVBoxLayout()
        for button in buttons:
            column.addWidget(button)
        column.addStretch()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._list, 1)
        layout.addLayout(column)
        self.setFocusProxy(self._list)

    def _button(self, name: str, text: str, spoken: str) -> QPushButton:
        button = QPushButton(text)
        button.setObjectName(name)
        button.setAccessibleName(spoken)
        button.setAutoDefault(False)
        return button

    def _append(self, folder: str) -> None:
        item = QListWidgetItem(folder, self._list)
        item.setFlags(_EDITABLE)

    def _ask(self) -> None:
        dialog = QFileDialog(self, "Choose a folder with pump types")
        dialog.setObjectName("choose_folder")
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self.add)
        dialog.open()

    def _take(self) -> None:
        row = self._list.currentRow()
        if row >= 0:
            self._list.takeItem(row)
            self._edited()

    def _edited(self) -> None:
        self._enable()
        self.folders_edited.emit(self.folders())

    def _enable(self) -> None:
        chosen = self._list.currentRow() >= 0
        self._change.setEnabled(chosen)
        self._remove.setEnabled(chosen)
