"""The menu of the icon in the tray, kept in step with the pumps."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction, QIcon
from PySide6.QtWidgets import QMenu

from qcpump_qt.models.rows import OverallState, PumpRow, PumpState
from qcpump_qt.models.tray_words import TrayPump, tray_pump

MOST_IN_SIGHT = 12
"""More pumps than these go into a menu of their own."""


@dataclass
class _Entry:
    """One pump's part of the menu, and what it shows now."""

    shown: TrayPump | None
    menu: QMenu
    run: QAction


class TrayMenu(QObject):
    """Open, Run all, Stop all, each pump with its state and *Run now*, Settings, Quit.

    A menu that is open keeps its entries under the pointer: words and icons change in place, and it is built
    anew only when pumps come, go or change places, once it is closed. Many pumps get a menu of their own, which is
    filled when somebody opens the menu of the tray: keeping it in step all the time would hold up the window.

    Args:
        icon_for: gives the icon of a state.
        parent: as for every Qt object.
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

    def __init__(
        self, icon_for: Callable[[PumpState | OverallState], QIcon], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._icon_for = icon_for
        self._pumps: tuple[PumpRow, ...] = ()
        self._entries: dict[str, _Entry] = {}
        self._list: QMenu | None = None
        self.menu = QMenu()
        self.menu.setObjectName("tray_menu")
        self.menu.setAccessibleName("QCPump-Qt")
        self.menu.aboutToShow.connect(self._refresh)
        # One connection to a method, for a function at each entry would keep this object alive for ever.
        self.menu.triggered.connect(self._chosen)
        self.menu.setDefaultAction(self._fixed("open", "Open QCPump-Qt"))
        self.menu.addSeparator()
        self._run_all = self._fixed("run_all", "Run all")
        self._stop_all = self._fixed("stop_all", "Stop all")
        self.menu.addSeparator()
        self._below = self.menu.addSeparator()
        self._fixed("settings", "Settings…")
        self._fixed("quit", "Quit")

    def set_pumps(self, pumps: Sequence[PumpRow]) -> None:
        """Show these pumps; many of them when the menu is opened next."""
        self._pumps = tuple(pumps)
        self._run_all.setEnabled(bool(pumps))
        self._stop_all.setEnabled(bool(pumps))
        if len(pumps) <= MOST_IN_SIGHT and not (self.menu.isVisible() and self._rebuilding_needed()):
            self._refresh()

    def _fixed(self, name: str, text: str) -> QAction:
        action = self.menu.addAction(text)
        action.setObjectName(name)
        return action

    def _chosen(self, action: QAction) -> None:
        pump = action.data()
        if pump is not None:
            self.run_wanted.emit(str(pump))
            return
        signals = {
            "open": self.open_wanted,
            "run_all": self.run_all_wanted,
            "stop_all": self.stop_all_wanted,
            "settings": self.settings_wanted,
            "quit": self.quit_wanted,
        }
        signals[action.objectName()].emit()

    def _refresh(self) -> None:
        if self._rebuilding_needed():
            self._rebuild()
        for pump in self._pumps:
            self._show(self._entries[pump.id], tray_pump(pump))

    def _rebuilding_needed(self) -> bool:
        return list(self._entries) != [pump.id for pump in self._pumps]

    def _rebuild(self) -> None:
        for entry in self._entries.values():
            (self._list or self.menu).removeAction(entry.menu.menuAction())
            entry.menu.deleteLater()
        if self._list is not None:
            self.menu.removeAction(self._list.menuAction())
            self._list.deleteLater()
            self._list = None
        self._entries = {}
        many = len(self._pumps) > MOST_IN_SIGHT
        if many:
            self._list = QMenu("Pumps", self.menu)
            self._list.setObjectName("tray_pumps")
            self.menu.insertMenu(self._below, self._list)
        for pump in self._pumps:
            self._entries[pump.id] = self._add(pump.id)

    def _add(self, pump_id: str) -> _Entry:
        menu = QMenu(self._list or self.menu)
        menu.setObjectName(f"tray_pump_{pump_id}")
        run = menu.addAction("Run now")
        run.setObjectName(f"run_{pump_id}")
        run.setData(pump_id)
        if self._list is not None:
            self._list.addMenu(menu)
        else:
            self.menu.insertMenu(self._below, menu)
        return _Entry(None, menu, run)

    def _show(self, entry: _Entry, pump: TrayPump) -> None:
        if entry.shown == pump:
            return
        if entry.shown is None or entry.shown.state is not pump.state:
            entry.menu.setIcon(self._icon_for(pump.state))
        entry.menu.setTitle(pump.label)
        entry.run.setEnabled(pump.can_run)
        entry.shown = pump
