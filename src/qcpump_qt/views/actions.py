"""What can be asked for by menu, toolbar and key: one action for each, with its words, icon and shortcut."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence

from qcpump_qt.views.icons import icon

WINDOW = Qt.ShortcutContext.WindowShortcut
IN_LIST = Qt.ShortcutContext.WidgetShortcut
"""For keys that mean something else where text is typed, such as Del: they count in the list of pumps only."""


@dataclass(frozen=True)
class ActionWords:
    """One action before it is made.

    Args:
        name: the attribute and object name.
        text: what the menu says.
        short: what the toolbar says; the menu's words without the dots where empty.
        icon: the name of its icon; empty for none.
        keys: its shortcuts.
        tip: a sentence about what it does.
        context: where the shortcuts count.
    """

    name: str
    text: str
    tip: str
    icon: str = ""
    short: str = ""
    keys: Sequence[str] = ()
    context: Qt.ShortcutContext = WINDOW


PUMP_ACTIONS = (
    ActionWords("run", "&Run now", "Runs one cycle of this pump now.", "run-one", keys=("F6",)),
    ActionWords("start", "&Start pump", "Runs this pump now and then by its interval.", "run"),
    ActionWords(
        "stop", "S&top pump", "Stops this pump and takes it off its schedule.", "stop", keys=("Shift+F6",)
    ),
    ActionWords(
        "preview",
        "&Preview…",
        "Shows what a cycle of this pump would send. Nothing is sent.",
        "preview",
        keys=("Ctrl+Shift+P",),
    ),
    ActionWords(
        "open_configuration",
        "&Open configuration",
        "Shows the configuration of this pump.",
        "settings",
        keys=("Return", "Enter"),
        context=IN_LIST,
    ),
    ActionWords("duplicate", "Dup&licate…", "Makes another pump with the same configuration.", "duplicate"),
    ActionWords(
        "rename", "Re&name…", "Gives this pump another name.", "rename", keys=("F2",), context=IN_LIST
    ),
    ActionWords(
        "delete", "&Delete…", "Deletes this pump after a question.", "delete", keys=("Del",), context=IN_LIST
    ),
    ActionWords(
        "move_up",
        "Move &up",
        "Moves this pump one place up in its group.",
        "move-up",
        keys=("Ctrl+Up",),
        context=IN_LIST,
    ),
    ActionWords(
        "move_down",
        "Move do&wn",
        "Moves this pump one place down in its group.",
        "move-down",
        keys=("Ctrl+Down",),
        context=IN_LIST,
    ),
    ActionWords("manual_order", "&Manual order", "Shows the pumps in the order in which they were dragged."),
)

WINDOW_ACTIONS = (
    ActionWords("add", "&Add Pump…", "Adds a pump.", "add", "Add Pump", ("Ctrl+N",)),
    ActionWords(
        "import_old",
        "&Import from QCPump…",
        "Brings the pumps of QCPump 0.3 over.",
        "import",
        keys=("Ctrl+I",),
    ),
    ActionWords("demo", "&Try the demonstration", "Shows the program at work with made-up results.", "demo"),
    ActionWords(
        "run_all",
        "&Run all",
        "Runs all active pumps now and then at their intervals.",
        "run-all",
        keys=("F5",),
    ),
    ActionWords("stop_all", "&Stop all", "Stops all pumps.", "stop-all", keys=("Shift+F5",)),
    ActionWords(
        "settings", "&Settings…", "Shows the settings of the program.", "settings", "Settings", ("Ctrl+,",)
    ),
    ActionWords("help", "&Help", "Opens the manual.", "help", keys=("F1",)),
    ActionWords(
        "diagnostics",
        "&Diagnostics bundle…",
        "Saves versions, settings and logs without secrets in one file, to be sent with a question.",
        "save",
    ),
    ActionWords(
        "about", "&About QCPump-Qt", "Tells the version, the folders and the licences.", "about", "About"
    ),
    ActionWords(
        "find", "&Find a pump", "Goes to the filter above the pumps.", "filter", keys=("Ctrl+Shift+F",)
    ),
    ActionWords(
        "close_window", "&Close to tray", "Closes the window. The pumps go on in the tray.", keys=("Ctrl+W",)
    ),
    ActionWords("quit", "&Quit", "Stops all pumps and ends the program.", "quit", keys=("Ctrl+Q",)),
)


class Actions(QObject):
    """Actions by name.

    Args:
        words: the actions to make.
        parent: as for every Qt object.
    """

    def __init__(self, words: Sequence[ActionWords], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._made = {each.name: _made(each, self) for each in words}

    def __getitem__(self, name: str) -> QAction:
        return self._made[name]

    def all(self, *names: str) -> list[QAction]:
        """Several actions, in the order of the names."""
        return [self._made[name] for name in names]

    def enable(self, *names: str, on: bool) -> None:
        """Allow these, or grey them."""
        for name in names:
            self._made[name].setEnabled(on)


def _made(words: ActionWords, parent: QObject) -> QAction:
    action = QAction(words.text, parent)
    action.setObjectName(words.name)
    action.setShortcuts([QKeySequence(key) for key in words.keys])
    action.setShortcutContext(words.context)
    action.setStatusTip(words.tip)
    if words.short:
        action.setIconText(words.short)
    keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
    action.setToolTip(f"{words.tip} ({keys})" if keys else words.tip)
    if words.icon:
        action.setIcon(icon(words.icon))
    return action
