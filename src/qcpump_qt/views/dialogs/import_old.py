"""Asks for the folder of QCPump 0.3, and shows what came over."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QDir, Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

INTRODUCTION = (
    "Brings the pumps of QCPump 0.3 over: their configuration, their tokens and the settings. The old folder is "
    "only read, and importing a second time makes nothing twice."
)
FOUND = "These folders of QCPump were found. Choose one, or another folder that holds its pumps."
NOT_FOUND = (
    "No folder of QCPump was found. Choose the folder that holds its pumps; its window names it under About."
)


class ImportDialog(QDialog):
    """Asks for a folder; the import itself is done elsewhere, and its report comes back with `show_report`.

    Args:
        suggested: folders of QCPump that were found.
    """

    import_wanted = Signal(str)
    """Import from this folder."""

    def __init__(self, suggested: Sequence[str] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Import from QCPump")
        self.setObjectName("import")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.folder = QComboBox()
        self.folder.setEditable(True)
        self.folder.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.folder.addItems(list(suggested))
        self.folder.setObjectName("import/folder")
        self.folder.setAccessibleName("Folder of QCPump")
        self.folder.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.folder.setMinimumContentsLength(40)
        self.browse = QPushButton("Browse…")
        self.browse.setAutoDefault(False)
        self.browse.setAccessibleName("Choose the folder of QCPump")
        self.browse.setObjectName("import/browse")
        self.message = QLabel()
        self.message.setWordWrap(True)
        self.message.setTextFormat(Qt.TextFormat.PlainText)
        self.report = QPlainTextEdit()
        self.report.setReadOnly(True)
        self.report.setObjectName("import/report")
        self.report.setAccessibleName("Report of the import")
        self.report.setMinimumHeight(self.fontMetrics().lineSpacing() * 12)
        self.report.hide()
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        self.start = self.buttons.addButton("Import", QDialogButtonBox.ButtonRole.ActionRole)
        self._column = QVBoxLayout(self)
        self._lay_out(FOUND if suggested else NOT_FOUND)
        self.start.setDefault(True)  # once it stands in the dialog; before, it would not count
        self._connect()
        self._look()

    def set_busy(self, text: str) -> None:
        """Tell that the import is under way, such as ``Importing…``; "" ends it."""
        self.message.setText(text)
        for widget in (self.folder, self.browse):
            widget.setEnabled(not text)
        self.start.setEnabled(not text and bool(self._chosen()))

    def show_report(self, lines: Sequence[str]) -> None:
        """Show what came over; the first line is the summary."""
        self.set_busy("")
        self.message.setText(lines[0] if lines else "")
        self.report.setPlainText("\n".join(lines[1:]))
        self.report.setVisible(len(lines) > 1)
        self.resize(self.width(), max(self.height(), self._column.totalHeightForWidth(self.width())))

    def show_failure(self, message: str) -> None:
        """Show why nothing could be imported."""
        self.set_busy("")
        self.report.hide()
        self.message.setText(message)

    def _chosen(self) -> str:
        return self.folder.currentText().strip()

    def _import(self) -> None:
        self.report.hide()
        self.import_wanted.emit(self._chosen())

    def _look(self) -> None:
        self.start.setEnabled(bool(self._chosen()))

    def _browse(self) -> None:
        """Open the dialog; it begins where the last one ended, as going to a dead share would freeze it."""
        dialog = QFileDialog(self, "Choose the folder of QCPump")
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda path: self.folder.setEditText(QDir.toNativeSeparators(path)))
        dialog.open()

    def _connect(self) -> None:
        self.folder.editTextChanged.connect(self._look)
        self.browse.clicked.connect(self._browse)
        self.start.clicked.connect(self._import)
        self.buttons.rejected.connect(self.reject)

    def _lay_out(self, where: str) -> None:
        column = self._column
        for text in (INTRODUCTION, where):
            label = QLabel(text)
            label.setWordWrap(True)
            column.addWidget(label)
        line = QHBoxLayout()
        line.addWidget(self.folder, 1)
        line.addWidget(self.browse)
        column.addLayout(line)
        column.addWidget(self.message)
        column.addWidget(self.report, 1)
        column.addWidget(self.buttons)
        self.resize(self.fontMetrics().averageCharWidth() * 95, self.sizeHint().height())
