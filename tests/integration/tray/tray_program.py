"""A small program around the real tray: says on its output what the tray wants, and where the icon is."""

from __future__ import annotations

import sys

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMenu, QSystemTrayIcon

from qcpump_qt.models.dates import DateStyle
from qcpump_qt.models.rows import OverallState, PumpRow, PumpState
from qcpump_qt.views.icons import state_icon
from qcpump_qt.views.tray import Tray


def say(*words: object) -> None:
    """One line on the output, at once."""
    print(*words, flush=True)  # noqa: T201 - the test reads it


def main() -> int:
    """Show the icon until *Quit*."""
    application = QApplication(sys.argv)
    application.setQuitOnLastWindowClosed(False)
    tray = Tray(state_icon, DateStyle(), look=50)
    tray.available_changed.connect(lambda there: say("available", there))
    tray.open_wanted.connect(lambda: say("open"))
    tray.run_all_wanted.connect(lambda: say("run all"))
    tray.stop_all_wanted.connect(lambda: say("stop all"))
    tray.run_wanted.connect(lambda pump: say("run", pump))
    tray.settings_wanted.connect(lambda: say("settings"))
    tray.quit_wanted.connect(application.quit)
    rows = [
        PumpRow(id="linac-1", name="Linac 1", type_key="Mpc", type_name="MPC", state=PumpState.WAITING),
        PumpRow(id="linac-2", name="Linac 2", type_key="Mpc", type_name="MPC", state=PumpState.ATTENTION),
    ]
    tray.set_rows(rows, OverallState.ATTENTION, "1 pump needs attention")
    for menu in (tray.menu, *tray.menu.findChildren(QMenu)):
        menu.aboutToShow.connect(lambda shown=menu: QTimer.singleShot(0, lambda: say_menu(shown)))
    tray.start()
    places = QTimer(interval=50)
    places.timeout.connect(lambda: say_place(tray))
    places.start()
    say("started", tray.available)
    code = application.exec()
    tray.stop()
    say("ended")
    return code


def say_place(tray: Tray) -> None:
    """Where the icon is; nothing while it is nowhere."""
    icon = tray.findChild(QSystemTrayIcon)
    if icon is not None and not icon.geometry().isEmpty():
        centre = icon.geometry().center()
        say("icon", centre.x(), centre.y())


def say_menu(menu: QMenu) -> None:
    """Where each entry of a menu is."""
    for action in menu.actions():
        if not action.isSeparator():
            centre = menu.mapToGlobal(menu.actionGeometry(action).center())
            say("entry", centre.x(), centre.y(), action.text())


if __name__ == "__main__":
    sys.exit(main())
