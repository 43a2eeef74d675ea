"""The settings: shown, saved, and put to use in the running program."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from qcpump_qt.desktop.backstage import Backstage
from qcpump_qt.desktop.login import NOT_FOR_DEMONSTRATION, login_row
from qcpump_qt.engine.autostart.entry import AutostartState
from qcpump_qt.engine.settings import Settings
from qcpump_qt.views.main_window import MainWindow

if TYPE_CHECKING:
    from qcpump_qt.views.dialogs.settings import SettingsDialog


class Settling(QObject):
    """Opens the settings dialog and puts what was saved to use.

    Args:
        backstage: the controllers.
        window: what the dialog belongs to.
    """

    changed = Signal(object)
    """The `Settings` that count from now on."""

    def __init__(self, backstage: Backstage, window: MainWindow) -> None:
        super().__init__(window)
        self._backstage = backstage
        self._window = window
        self._wanted = False
        self._dialog: SettingsDialog | None = None
        keeper = backstage.settings
        keeper.loaded.connect(self._loaded)
        keeper.saved.connect(self._saved)
        keeper.failed.connect(self._failed)
        if backstage.login is not None:
            backstage.login.shown.connect(self._login)
            backstage.login.failed.connect(self._failed)

    def start(self) -> None:
        """Read the settings as they are on disk; the dialog follows."""
        if self._dialog is not None:
            self._dialog.raise_()
            self._dialog.activateWindow()
            return
        self._wanted = True
        self._backstage.settings.load()

    def _loaded(self, settings: Settings, messages: list[str]) -> None:
        self._use(settings)
        if not self._wanted:
            return
        self._wanted = False
        from qcpump_qt.models.settings_model import SettingsModel  # noqa: PLC0415 - when somebody wants them
        from qcpump_qt.views.dialogs.settings import SettingsDialog  # noqa: PLC0415 - as above

        self._dialog = SettingsDialog(SettingsModel(settings, tuple(messages)), self._window)
        self._dialog.save_wanted.connect(self._backstage.settings.save)
        self._dialog.finished.connect(self._close)
        if self._backstage.login is None:
            self._dialog.show_login(NOT_FOR_DEMONSTRATION)
        else:
            self._dialog.login_wanted.connect(self._backstage.login.switch)
            self._backstage.login.look()
        self._dialog.open()

    def _use(self, settings: Settings) -> None:
        self._backstage.program.use(settings)
        self.changed.emit(settings)

    def _saved(self, settings: Settings) -> None:
        self._use(settings)
        if self._dialog is not None:
            self._dialog.show_saved(settings)

    def _failed(self, title: str, message: str) -> None:
        if self._dialog is not None:
            self._dialog.show_failed(title, message)
        else:
            self._window.tell("error", title, message)

    def _login(self, state: AutostartState) -> None:
        if self._dialog is not None:
            self._dialog.show_login(login_row(state))

    def _close(self) -> None:
        dialog, self._dialog = self._dialog, None
        if dialog is not None:
            dialog.deleteLater()
