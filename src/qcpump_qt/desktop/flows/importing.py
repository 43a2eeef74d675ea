"""Importing from QCPump 0.3: which folder, and what came over."""

from __future__ import annotations

from PySide6.QtCore import QObject

from qcpump_qt.desktop.backstage import Backstage
from qcpump_qt.views.dialogs.import_old import ImportDialog
from qcpump_qt.views.main_window import MainWindow


class Importing(QObject):
    """Asks for the folder, imports it and shows the report.

    Args:
        backstage: the controllers.
        window: what the dialog belongs to.
    """

    def __init__(self, backstage: Backstage, window: MainWindow) -> None:
        super().__init__(window)
        self._backstage = backstage
        self._window = window
        self._wanted = False
        self._dialog: ImportDialog | None = None
        imports = backstage.imports
        imports.found.connect(self._ask)
        imports.done.connect(self._done)
        imports.failed.connect(self._failed)

    def start(self) -> None:
        """Look for folders of QCPump; the dialog follows."""
        self._wanted = True
        self._backstage.imports.suggested()

    def _ask(self, folders: list[str]) -> None:
        if not self._wanted:
            return
        self._wanted = False
        self._dialog = ImportDialog(folders, self._window)
        self._dialog.import_wanted.connect(self._import)
        self._dialog.destroyed.connect(self._forget)
        self._dialog.open()

    def _import(self, folder: str) -> None:
        if self._dialog is not None:
            self._dialog.set_busy("Importing…")
        self._backstage.imports.import_from(folder)

    def _done(self, lines: list[str], _counts: dict[str, int]) -> None:
        self._backstage.pumps.load()
        self._backstage.settings.load()
        if self._dialog is not None:
            self._dialog.show_report(lines)
        else:
            self._window.tell("info", "Import from QCPump", lines[0])

    def _failed(self, title: str, message: str) -> None:
        if self._dialog is not None:
            self._dialog.show_failure(f"{title}: {message}")
        else:
            self._window.tell("error", title, message)

    def _forget(self) -> None:
        self._dialog = None
