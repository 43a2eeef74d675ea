"""Where the actions stand in the menus and in the toolbar."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar, QTabWidget, QToolBar, QWidget

from qcpump_qt.views.actions import Actions


def fill_menus(bar: QMenuBar, of_window: Actions, of_pump: Actions, tabs: QTabWidget) -> None:
    """Fill the menu bar.

    Args:
        bar: the window's.
        of_window: what can be asked for at any time.
        of_pump: what can be asked for the selected pump.
        tabs: each tab gets an entry and a key, Ctrl+1 and so on.
    """
    file_menu = _menu(bar, "&File", "file")
    file_menu.addActions(of_window.all("import_old", "settings"))
    file_menu.addSeparator()
    file_menu.addActions(of_window.all("close_window", "quit"))
    pump_menu = _menu(bar, "&Pump", "pump")
    pump_menu.addActions(of_window.all("add"))
    pump_menu.addSeparator()
    pump_menu.addActions(of_pump.all("run", "start", "stop", "preview"))
    pump_menu.addSeparator()
    pump_menu.addActions(of_pump.all("duplicate", "rename", "delete"))
    pump_menu.addSeparator()
    pump_menu.addActions(of_pump.all("move_up", "move_down", "manual_order"))
    run_menu = _menu(bar, "&Run", "run")
    run_menu.addActions(of_window.all("run_all", "stop_all"))
    view_menu = _menu(bar, "&View", "view")
    view_menu.addActions(of_window.all("find"))
    view_menu.addSeparator()
    view_menu.addActions(_tab_actions(tabs))
    help_menu = _menu(bar, "&Help", "help")
    help_menu.addActions(of_window.all("help", "demo"))
    help_menu.addSeparator()
    help_menu.addActions(of_window.all("diagnostics", "about"))


def fill_toolbar(parent: QWidget, of_window: Actions, of_pump: Actions) -> QToolBar:
    """The toolbar, with words beside the icons; each button can be reached by Tab."""
    bar = QToolBar("Toolbar", parent)
    bar.setObjectName("toolbar")
    bar.setMovable(False)
    bar.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
    bar.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    bar.addActions(of_window.all("add"))
    bar.addSeparator()
    bar.addActions(of_window.all("run_all", "stop_all"))
    bar.addSeparator()
    bar.addActions(of_pump.all("run", "stop", "preview"))
    bar.addSeparator()
    bar.addActions(of_window.all("settings", "help", "about"))
    for action in bar.actions():
        button = bar.widgetForAction(action)
        if not action.isSeparator():
            button.setObjectName(f"toolbar_{action.objectName()}")
            button.setAccessibleName(action.iconText())
            button.setAccessibleDescription(action.statusTip())
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return bar


def _menu(bar: QMenuBar, title: str, name: str) -> QMenu:
    menu = bar.addMenu(title)
    menu.setObjectName(f"menu_{name}")
    menu.setToolTipsVisible(True)
    return menu


def _tab_actions(tabs: QTabWidget) -> list[QAction]:
    made = []
    for place in range(tabs.count()):
        action = QAction(tabs.tabText(place), tabs)
        action.setObjectName(f"tab_{place + 1}")
        action.setShortcut(QKeySequence(f"Ctrl+{place + 1}"))
        action.setStatusTip(f"Shows the tab {tabs.tabText(place)} of the selected pump.")
        action.triggered.connect(lambda _checked=False, place=place: _go_to(tabs, place))
        made.append(action)
    return made


def _go_to(tabs: QTabWidget, place: int) -> None:
    tabs.setCurrentIndex(place)
    tabs.currentWidget().setFocus(Qt.FocusReason.ShortcutFocusReason)
