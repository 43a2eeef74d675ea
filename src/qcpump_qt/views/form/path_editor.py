"""The editor of folders and files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QDir, Qt
from PySide6.QtWidgets import QFileDialog, QLineEdit, QPushButton, QWidget

from qcpump_qt.models.form_roles import Editor
from qcpump_qt.views.form.editor import FieldEditor
from qcpump_qt.views.form.text_editor import show_text

if TYPE_CHECKING:
    from qcpump_qt.views.form.traits import FieldTraits


class PathEditor(FieldEditor):
    """A line for the path, and a button that opens the system's dialog.

    Nothing here looks at the disk: the share may hang. Whether the path is there is the validation's work.
    """

    def __init__(self, traits: FieldTraits, parent: QWidget | None = None) -> None:
        super().__init__(traits, parent)
        self.line = QLineEdit()
        self.own(self.line)
        self.line.textEdited.connect(self.value_edited.emit)
        self.browse = QPushButton("Browse…")
        what = "folder" if traits.editor is Editor.FOLDER else "file"
        self.browse.setAccessibleName(f"Choose the {what} for {traits.label}")
        self.browse.setToolTip(f"Choose the {what}")
        self.call(self.browse, "/browse")
        self.browse.clicked.connect(self._browse)
        self.row.addWidget(self.browse)
        self.show_field(traits)

    def set_value(self, value: Any) -> None:
        """Show the path."""
        show_text(self.line, "" if value is None else str(value))

    def _browse(self) -> None:
        """Open the dialog; it begins where the last one ended, as going to a dead share would freeze it."""
        dialog = QFileDialog(self, f"Choose {self.traits.label}")
        folder = self.traits.editor is Editor.FOLDER
        dialog.setFileMode(QFileDialog.FileMode.Directory if folder else QFileDialog.FileMode.ExistingFile)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly, folder)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self._chosen)
        dialog.open()

    def _chosen(self, path: str) -> None:
        native = QDir.toNativeSeparators(path)
        show_text(self.line, native)
        self.line.setFocus()
        self.value_edited.emit(native)
