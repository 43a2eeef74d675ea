"""The dialog *About*: version, folders, libraries and their licences."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication, QIcon
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from qcpump_qt.models.about import LICENCE, AboutFacts, FolderRow, LibraryRow, as_text
from qcpump_qt.views.fitting import resize_to_fit

_HEADINGS = ("Library", "Version", "Licence")


class AboutDialog(QDialog):
    """Tells what this program is, where it keeps things and what it is made of.

    Args:
        facts: what is known at once; the libraries follow with `set_libraries`.
        icon: the program's own.
        parent: as for every widget.
    """

    open_folder_wanted = Signal(str)
    """The path of a folder that is to be opened."""

    def __init__(self, facts: AboutFacts, icon: QIcon, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("About QCPump-Qt")
        self.setObjectName("about_dialog")
        self._facts = facts
        self._libraries: Sequence[LibraryRow] = ()
        self._said = QLabel()
        self._said.setObjectName("about_said")
        self._said.hide()
        self._heading = QLabel("Looking up the libraries…")
        self._heading.setObjectName("libraries_heading")
        self._table = self._library_table()
        layout = QVBoxLayout(self)
        layout.addLayout(self._head(icon))
        layout.addLayout(self._folders())
        layout.addWidget(self._heading)
        layout.addWidget(self._table, 1)
        layout.addWidget(self._said)
        box = self._button_box()
        layout.addWidget(box)
        close = box.button(QDialogButtonBox.StandardButton.Close)
        close.setDefault(True)
        close.setFocus()
        resize_to_fit(self, self.fontMetrics().averageCharWidth() * 90, self.fontMetrics().height() * 32)

    def set_libraries(self, rows: Sequence[LibraryRow]) -> None:
        """Show the libraries."""
        self._libraries = rows
        self._heading.setText(
            "Libraries that QCPump-Qt uses, with their licences:"
            if rows
            else "The libraries cannot be looked up in this installation."
        )
        self._table.setRowCount(len(rows))
        for number, row in enumerate(rows):
            for column, text in enumerate((row.name, row.version, row.licence)):
                item = QTableWidgetItem(text)
                item.setToolTip(text)
                self._table.setItem(number, column, item)

    def _head(self, icon: QIcon) -> QHBoxLayout:
        picture = QLabel()
        size = self.fontMetrics().height() * 4
        picture.setPixmap(icon.pixmap(size, size))
        words = QLabel(
            f"QCPump-Qt {self._facts.version}\n"
            "Fetches radiotherapy QC results and delivers each one, exactly once, to QATrack+.\n"
            f"{LICENCE}\n"
            f"Python {self._facts.python}, Qt {self._facts.qt}, {self._facts.system}"
        )
        words.setObjectName("about_words")
        words.setWordWrap(True)
        words.setTextFormat(Qt.TextFormat.PlainText)
        words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        layout = QHBoxLayout()
        layout.addWidget(picture, 0, Qt.AlignmentFlag.AlignTop)
        layout.addSpacing(self.fontMetrics().averageCharWidth())
        layout.addWidget(words, 1)
        return layout

    def _folders(self) -> QGridLayout:
        grid = QGridLayout()
        for number, folder in enumerate(self._facts.folders):
            line = QLineEdit(folder.path)
            line.setReadOnly(True)
            line.setObjectName(f"folder_{number}")
            line.setAccessibleName(f"{folder.label}: path")
            line.setCursorPosition(0)
            line.setToolTip(folder.path)
            label = QLabel(f"{folder.label}:")
            label.setBuddy(line)
            grid.addWidget(label, number, 0)
            grid.addWidget(line, number, 1)
            grid.addWidget(self._open_button(number, folder), number, 2)
        return grid

    def _open_button(self, number: int, folder: FolderRow) -> QPushButton:
        button = QPushButton("Open")
        button.setObjectName(f"open_folder_{number}")
        button.setAccessibleName(f"Open the folder: {folder.label}")
        button.setAutoDefault(False)
        button.clicked.connect(lambda: self.open_folder_wanted.emit(folder.path))
        return button

    def _library_table(self) -> QTableWidget:
        table = QTableWidget(0, len(_HEADINGS))
        table.setObjectName("libraries")
        table.setAccessibleName("Libraries with their versions and licences")
        table.setHorizontalHeaderLabels(_HEADINGS)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setTabKeyNavigation(False)
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(table.fontMetrics().height() * 3 // 2)
        header = table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setStretchLastSection(True)
        return table

    def _button_box(self) -> QDialogButtonBox:
        box = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        close = box.button(QDialogButtonBox.StandardButton.Close)
        close.setObjectName("close")
        close.setAccessibleName("Close")
        box.rejected.connect(self.reject)
        copy = QPushButton("Copy all of this")
        copy.setObjectName("copy")
        copy.setAccessibleName("Copy versions, folders and libraries as text")
        copy.setAutoDefault(False)
        copy.clicked.connect(self._copy)
        box.addButton(copy, QDialogButtonBox.ButtonRole.ActionRole)
        return box

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(as_text(self._facts, self._libraries))
        self._said.setText("Versions, folders and libraries are in the clipboard.")
        self._said.show()
