"""What the program tells of itself: help, about, the diagnostics bundle, and how the former window ended."""

from __future__ import annotations

import pkgutil
import platform
from datetime import date
from pathlib import Path

import PySide6
from PySide6.QtCore import QObject, QStandardPaths, qVersion

from qcpump_qt.desktop.backstage import Backstage
from qcpump_qt.desktop.opening import open_page, open_path
from qcpump_qt.engine.paths import Places
from qcpump_qt.models.about import AboutFacts, FolderRow, LibraryRow
from qcpump_qt.version import VERSION
from qcpump_qt.views.dialogs.about import AboutDialog
from qcpump_qt.views.dialogs.crash_report import CrashReportDialog
from qcpump_qt.views.dialogs.diagnostics import DiagnosticsDialog
from qcpump_qt.views.dialogs.help import HelpDialog
from qcpump_qt.views.icons import icon
from qcpump_qt.views.main_window import MainWindow


class Telling(QObject):
    """Opens those dialogs.

    Args:
        backstage: the controllers.
        window: what the dialogs belong to.
    """

    def __init__(self, backstage: Backstage, window: MainWindow) -> None:
        super().__init__(window)
        self._backstage = backstage
        self._window = window
        self._about: AboutDialog | None = None
        self._diagnostics: DiagnosticsDialog | None = None
        self._help: HelpDialog | None = None
        backstage.versions.found.connect(self._libraries)
        backstage.diagnostics.written.connect(self._written)
        backstage.diagnostics.failed.connect(self._not_written)
        backstage.crashes.crashed_before.connect(self.show_crash)

    def show_about(self) -> None:
        """Show version, folders and libraries."""
        self._about = AboutDialog(about_facts(self._backstage.program.places), icon("app"), self._window)
        self._about.open_folder_wanted.connect(open_path)
        self._about.finished.connect(self._forget_about)
        self._about.open()
        self._backstage.versions.look()

    def show_help(self) -> None:
        """Show the help, beside the window."""
        if self._help is None:
            self._help = HelpDialog(help_text(), self._window)
            self._help.page_wanted.connect(open_page)
        self._help.show()
        self._help.raise_()
        self._help.activateWindow()

    def show_diagnostics(self) -> None:
        """Ask where the diagnostics bundle is to be saved."""
        if self._diagnostics is not None:
            self._diagnostics.raise_()
            return
        self._diagnostics = DiagnosticsDialog(suggested_bundle(), self._window)
        self._diagnostics.save_wanted.connect(self._backstage.diagnostics.write)
        self._diagnostics.open_folder_wanted.connect(open_path)
        self._diagnostics.finished.connect(self._forget_diagnostics)
        self._diagnostics.open()

    def show_crash(self, words: str) -> None:
        """Say that the former window did not end well, and offer the report."""
        dialog = CrashReportDialog(words, self._window)
        dialog.report_wanted.connect(self.show_diagnostics)
        dialog.log_wanted.connect(lambda: open_path(str(self._backstage.program.logs.program_file)))
        dialog.finished.connect(lambda _code: dialog.deleteLater())
        self._window.show()
        dialog.open()

    def _libraries(self, rows: list[LibraryRow]) -> None:
        if self._about is not None:
            self._about.set_libraries(rows)

    def _written(self, path: str, notes: list[str]) -> None:
        if self._diagnostics is not None:
            self._diagnostics.show_saved(path, notes)
        else:
            said = " ".join([f"The diagnostics bundle is saved as {path}.", *notes])
            self._window.tell("info", "Diagnostics bundle", said)

    def _not_written(self, title: str, message: str) -> None:
        if self._diagnostics is not None:
            self._diagnostics.show_failed(title, message)
        else:
            self._window.tell("error", title, message)

    def _forget_about(self) -> None:
        about, self._about = self._about, None
        if about is not None:
            about.deleteLater()

    def _forget_diagnostics(self) -> None:
        diagnostics, self._diagnostics = self._diagnostics, None
        if diagnostics is not None:
            diagnostics.deleteLater()


def about_facts(places: Places) -> AboutFacts:
    """What *About* shows of this program and this home."""
    return AboutFacts(
        version=VERSION,
        python=platform.python_version(),
        qt=f"{qVersion()} (PySide6 {PySide6.__version__})",
        system=platform.platform(),
        folders=(
            FolderRow("Settings and pumps", str(places.config)),
            FolderRow("Ledger", str(places.state)),
            FolderRow("Logs", str(places.logs)),
        ),
    )


def help_text() -> str:
    """The help, as it comes with the program, in Markdown."""
    data = pkgutil.get_data("qcpump_qt", "resources/help.md")
    return (data or b"").decode("utf-8")


def suggested_bundle() -> str:
    """A file name for the diagnostics bundle, among the user's documents."""
    documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    name = f"qcpump-qt-diagnostics-{date.today():%Y-%m-%d}.zip"  # noqa: DTZ011 - a name for people here
    return str(Path(documents or ".") / name)
