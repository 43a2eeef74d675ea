"""The icon in the tray: state at a glance, a menu for what is done most, and notifications."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QSystemTrayIcon

from qcpump_qt.models.dates import DateStyle
from qcpump_qt.models.rows import OverallState, PumpRow, PumpState
from qcpump_qt.models.tray_words import NAME, tooltip
from qcpump_qt.views.icons import tray_icon
from qcpump_qt.views.tray_menu import TrayMenu

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMenu

LOOK_MS = 5000
"""How often it is looked whether a tray is there; hosts come late and are restarted."""
_LEVELS = {
    "info": QSystemTrayIcon.MessageIcon.Information,
    "warning": QSystemTrayIcon.MessageIcon.Warning,
    "error": QSystemTrayIcon.MessageIcon.Critical,
}


class Tray(QObject):
    """The program's icon in the tray.

    Args:
        icon_for: gives the icon of a pump's state, for the menu.
        dates: how moments are written in the tooltip.
        parent: as for every Qt object.
        overall_icon: gives the icon of the state of all pumps, for the tray.
        available: whether there is a tray now.
        platform: as `sys.platform`; on macOS every click opens the menu.
        look: milliseconds between two looks for a tray.
    """

    open_wanted = Signal()
    """The window is to be shown."""
    run_all_wanted = Signal()
    """All pumps are to be started."""
    stop_all_wanted = Signal()
    """All pumps are to be stopped."""
    run_wanted = Signal(str)
    """The id of the pump that is to run once, now."""
    settings_wanted = Signal()
    """The settings are to be shown."""
    quit_wanted = Signal()
    """The program is to end."""
    available_changed = Signal(bool)
    """Whether there is a tray; where there is none, the window has to stay the way in."""

    def __init__(
        self,
        icon_for: Callable[[PumpState | OverallState], QIcon],
        dates: DateStyle,
        parent: QObject | None = None,
        *,
        overall_icon: Callable[[OverallState], QIcon] = tray_icon,
        available: Callable[[], bool] = QSystemTrayIcon.isSystemTrayAvailable,
        platform: str = sys.platform,
        look: int = LOOK_MS,
    ) -> None:
        super().__init__(parent)
        self._overall_icon = overall_icon
        self._dates = dates
        self._look_now = available
        self._platform = platform
        self._available = False
        self._overall: OverallState | None = None
        self._menu = TrayMenu(icon_for)
        self._tooltip = ""
        self._icon: QSystemTrayIcon | None = None
        self._connect_menu()
        self._timer = QTimer(self, interval=look)
        self._timer.timeout.connect(self._look)
        self.set_rows((), OverallState.NOT_CONFIGURED, "")

    @property
    def available(self) -> bool:
        """Whether there was a tray when it was last looked."""
        return self._available

    @property
    def menu(self) -> QMenu:
        """The menu, for tests and for the Dock of macOS."""
        return self._menu.menu

    @property
    def tooltip(self) -> str:
        """What the icon tells when the pointer rests on it."""
        return self._tooltip

    def start(self) -> None:
        """Show the icon, now or as soon as there is a tray."""
        self._timer.start()
        self._look()

    def stop(self) -> None:
        """Take the icon away, for the end of the program."""
        self._timer.stop()
        self._remove_icon()
        self._available = False

    def set_dates(self, dates: DateStyle) -> None:
        """Write moments in another form from the next change on."""
        self._dates = dates

    def set_rows(self, rows: Sequence[PumpRow], overall: OverallState, text: str) -> None:
        """Show the state of all pumps.

        Args:
            rows: all pumps, in the order of the window.
            overall: their state together.
            text: what is to be said of it.
        """
        if overall is not self._overall:
            self._overall = overall
            if self._icon is not None:
                self._icon.setIcon(self._overall_icon(overall))
        said = tooltip(rows, overall, text, self._dates)
        if said != self._tooltip:
            self._tooltip = said
            if self._icon is not None:
                self._icon.setToolTip(said)
        self._menu.set_pumps(rows)

    def tell(self, title: str, text: str, level: str) -> None:
        """Show a notification; nothing where there is no tray.

        Args:
            title: in a few words.
            text: the news.
            level: ``info``, ``warning`` or ``error``.
        """
        if self._icon is not None:
            self._icon.showMessage(title or NAME, text, _LEVELS[level])

    def _connect_menu(self) -> None:
        self._menu.open_wanted.connect(self.open_wanted)
        self._menu.run_all_wanted.connect(self.run_all_wanted)
        self._menu.stop_all_wanted.connect(self.stop_all_wanted)
        self._menu.run_wanted.connect(self.run_wanted)
        self._menu.settings_wanted.connect(self.settings_wanted)
        self._menu.quit_wanted.connect(self.quit_wanted)

    def _activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason is QSystemTrayIcon.ActivationReason.Trigger and self._platform != "darwin":
            self.open_wanted.emit()

    def _look(self) -> None:
        """See whether a tray came or went.

        One that came is given a new icon: an old one would still be meant for the kind of tray that was there,
        or not there, when it was made.
        """
        available = self._look_now()
        if available is self._available:
            return
        self._available = available
        self._remove_icon()
        if available:
            self._icon = self._new_icon()
            self._icon.show()
        self.available_changed.emit(available)

    def _new_icon(self) -> QSystemTrayIcon:
        icon = QSystemTrayIcon(self)
        if self._overall is not None:
            icon.setIcon(self._overall_icon(self._overall))
        icon.setToolTip(self._tooltip)
        icon.setContextMenu(self._menu.menu)
        icon.activated.connect(self._activated)
        icon.messageClicked.connect(self.open_wanted)
        return icon

    def _remove_icon(self) -> None:
        if self._icon is not None:
            self._icon.hide()
            self._icon.deleteLater()
            self._icon = None
