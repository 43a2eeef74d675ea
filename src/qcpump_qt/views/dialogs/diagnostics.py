"""The dialog that asks where the diagnostics bundle is to be saved."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QDir, QFileInfo, Qt, Signal
from PySide6.QtWidgets import (
    QDialogButtonBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from qcpump_qt.views.dialogs.wordy import WordyDialog

WHAT = (
    "The diagnostics bundle is a zip file for those who help you. It holds the versions, the settings, the "
    "configuration of each pump, the newest logs, and how many records are in which state. It holds no tokens or "
    "passwords, and no measured values. Names of machines, units, people and folders can be in it: look through it "
    "before you send it."
)


class DiagnosticsDialog(WordyDialog):
    """Tells what will be in the bundle and asks where to put it.

    Args:
        suggested: the path of a file that would do.
        parent: as for every widget.
    """

    save_wanted = Signal(str)
    """The path of the zip; `show_saved` or `show_failed` is the answer."""
    open_folder_wanted = Signal(str)
    """The path of the folder that it lies in."""

    def __init__(self, suggested: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Diagnostics bundle")
        self.setObjectName("diagnostics_dialog")
        self._line = QLineEdit(QDir.toNativeSeparators(suggested))
        self._line.setObjectName("target")
        self._line.setAccessibleName("File to save the diagnostics bundle as")
        self._line.textChanged.connect(lambda _text: self._enable())
        self._said = QLabel()
        self._said.setObjectName("diagnostics_said")
        self._said.setWordWrap(True)
        self._said.setTextFormat(Qt.TextFormat.PlainText)
        self._said.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._saving = False
        self._saved = ""
        self._save = self._button("save", "Save", "Save the diagnostics bundle")
        self._save.clicked.connect(self._ask_to_save)
        self._open = self._button("open_folder", "Open folder", "Open the folder of the diagnostics bundle")
        self._open.clicked.connect(
            lambda: self.open_folder_wanted.emit(QFileInfo(self._saved).absolutePath())
        )
        self._build()
        self._save.setDefault(True)
        self._open.hide()  # not before: the box shows what is put into it
        self._enable()

    def show_saved(self, path: str, notes: Sequence[str]) -> None:
        """The file is there.

        Args:
            path: of the file.
            notes: what could not be put into it, in sentences.
        """
        self._saving = False
        self._saved = path
        self._open.show()
        said = [f"The diagnostics bundle is saved as {QDir.toNativeSeparators(path)}.", *notes]
        self._say("\n".join(said))

    def show_failed(self, title: str, message: str) -> None:
        """There is no file."""
        self._saving = False
        self._say(f"{title}: {message}")

    def _build(self) -> None:
        what = QLabel(WHAT)
        what.setObjectName("diagnostics_what")
        what.setWordWrap(True)
        label = QLabel("Save as:")
        label.setBuddy(self._line)
        browse = self._button("browse", "Browse…", "Choose where to save the diagnostics bundle")
        browse.clicked.connect(self._browse)
        row = QHBoxLayout()
        row.addWidget(label)
        row.addWidget(self._line, 1)
        row.addWidget(browse)
        box = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        close = box.button(QDialogButtonBox.StandardButton.Close)
        close.setObjectName("close")
        close.setAccessibleName("Close")
        close.setAutoDefault(False)
        box.addButton(self._save, QDialogButtonBox.ButtonRole.ActionRole)
        box.addButton(self._open, QDialogButtonBox.ButtonRole.ActionRole)
        box.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(what)
        layout.addLayout(row)
        layout.addWidget(self._said, 1, Qt.AlignmentFlag.AlignTop)
        layout.addWidget(box)
        self.resize(self.fontMetrics().averageCharWidth() * 84, self.sizeHint().height())

    def _button(self, name: str, text: str, spoken: str) -> QPushButton:
        button = QPushButton(text)
        button.setObjectName(name)
        button.setAccessibleName(spoken)
        button.setAutoDefault(False)
        return button

    def _browse(self) -> None:
        dialog = QFileDialog(self, "Save the diagnostics bundle")
        dialog.setObjectName("choose_target")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter("Zip files (*.zip)")
        dialog.setDefaultSuffix("zip")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.selectFile(self._line.text())
        dialog.fileSelected.connect(lambda path: self._line.setText(QDir.toNativeSeparators(path)))
        dialog.open()

    def _ask_to_save(self) -> None:
        self._saving = True
        self._say("Saving…")
        self.save_wanted.emit(self._line.text().strip())

    def _say(self, words: str) -> None:
        self._said.setText(words)
        self._enable()
        self.fit()

    def _enable(self) -> None:
        self._save.setEnabled(not self._saving and bool(self._line.text().strip()))
