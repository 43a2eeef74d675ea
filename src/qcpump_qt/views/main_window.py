"""The main window: pumps at the left, everything about the selected one at the right."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import Enum

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QLabel, QMainWindow, QSplitter, QStackedWidget, QTabWidget, QVBoxLayout, QWidget

from qcpump_qt.models.pump_possible import can_be_started, can_stop
from qcpump_qt.models.pump_tree import PumpTreeModel
from qcpump_qt.models.rows import OverallState
from qcpump_qt.views.actions import WINDOW_ACTIONS, Actions
from qcpump_qt.views.fitting import room
from qcpump_qt.views.icons import icon
from qcpump_qt.views.menus import fill_menus, fill_toolbar
from qcpump_qt.views.message_bar import MessageBar
from qcpump_qt.views.pump_header import PumpHeader
from qcpump_qt.views.pump_list import PumpList
from qcpump_qt.views.status_line import StatusLine
from qcpump_qt.views.welcome import Welcome

TITLE = "QCPump-Qt"
NO_PUMP = "No pump is selected. Select one at the left to see its configuration and what it does."
SMALLEST = QSize(900, 600)
USUAL = QSize(1280, 780)


class Closing(Enum):
    """What closing the window means."""

    CLOSE = "close"
    """The window closes, and with it the program ends."""
    HIDE = "hide"
    """The window goes out of sight; the program goes on in the tray."""
    STAY = "stay"
    """The window stays; somebody was asked something first."""


class MainWindow(QMainWindow):
    """Draws the pumps, and says what is wanted.

    Args:
        tree: the pumps.
        tabs: title and widget of each tab about the selected pump.
        close_policy: asked when the window is to be closed.
        parent: as for every widget.
    """

    add_wanted = Signal()
    """A pump is to be added."""
    import_wanted = Signal()
    """The pumps of QCPump are to be imported."""
    demo_wanted = Signal()
    """The demonstration is to be shown."""
    run_all_wanted = Signal()
    """All pumps are to run."""
    stop_all_wanted = Signal()
    """All pumps are to stop."""
    run_wanted = Signal(str)
    """The id of the pump that is to run one cycle now."""
    start_wanted = Signal(str)
    """The id of the pump that is to run now and then by its interval."""
    stop_wanted = Signal(str)
    """The id of the pump that is to stop."""
    preview_wanted = Signal(str)
    """The id of the pump of which a preview is wanted."""
    duplicate_wanted = Signal(str)
    """The id of the pump that is wanted twice."""
    rename_wanted = Signal(str)
    """The id of the pump that is to be named otherwise."""
    delete_wanted = Signal(str)
    """The id of the pump that is to go; nobody was asked yet."""
    reordered = Signal(list)
    """The ids of all pumps, in the order in which somebody put them."""
    pump_selected = Signal(object)
    """The id of the pump that is shown from now on; None when none is."""
    settings_wanted = Signal()
    """The settings are to be shown."""
    help_wanted = Signal()
    """The manual is to be opened."""
    diagnostics_wanted = Signal()
    """A diagnostics bundle is to be saved."""
    about_wanted = Signal()
    """Version, folders and licences are to be shown."""
    quit_wanted = Signal()
    """The program is to end."""
    closing = Signal(bool)
    """The window closes: True for good, False when it goes to the tray."""
    message_action_wanted = Signal(str, str)
    """What the button of a message says, and the subject of that message."""

    def __init__(
        self,
        tree: PumpTreeModel,
        tabs: Sequence[tuple[str, QWidget]],
        close_policy: Callable[[], Closing] = lambda: Closing.CLOSE,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("main_window")
        self.setWindowTitle(TITLE)
        self.setWindowIcon(icon("app"))
        self.setMinimumSize(SMALLEST.boundedTo(room(self)))
        self.resize(USUAL.boundedTo(room(self)))
        self.tree = tree
        self._close_policy = close_policy
        self.pumps = PumpList(tree, self)
        self.tabs = _tab_widget(tabs, self)
        self.header = PumpHeader(self)
        self.messages = MessageBar(self)
        self.welcome = Welcome(self)
        self.status = StatusLine(self)
        self.actions_of_window = Actions(WINDOW_ACTIONS, self)
        self.splitter = QSplitter(Qt.Orientation.Horizontal, self)
        self._gather = QTimer(self, singleShot=True, interval=0)
        self._lay_out()
        fill_menus(self.menuBar(), self.actions_of_window, self.pumps.pump_actions, self.tabs)
        self.addToolBar(fill_toolbar(self, self.actions_of_window, self.pumps.pump_actions))
        self._connect()
        self._refresh()
        self.pumps.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def tell(self, level: str, title: str, text: str, action: str | None = None, subject: str = "") -> None:
        """Show a message that blocks nothing; see `MessageBar.tell`."""
        self.messages.tell(level, title, text, action, subject)

    def withdraw(self, subject: str) -> None:
        """Take back what was told with this subject; it is no longer so."""
        self.messages.withdraw(subject)

    def set_overall(self, state: OverallState, text: str) -> None:
        """Show the state of all pumps together, in the status bar."""
        self.status.set_overall(state, text)

    def set_close_policy(self, policy: Callable[[], Closing]) -> None:
        """Ask this when the window is to be closed."""
        self._close_policy = policy

    @property
    def selected_id(self) -> str | None:
        """The id of the pump that is shown; None when none is."""
        return self.pumps.selected_id

    def select(self, pump_id: str) -> None:
        """Show this pump, as soon as it is there."""
        self.pumps.select(pump_id)

    def show_tab(self, tab: QWidget) -> None:
        """Bring one of the tabs to the front."""
        self.tabs.setCurrentWidget(tab)

    def come_forward(self) -> None:
        """Show the window in front of others, wherever it was."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()

    def _lay_out(self) -> None:
        about_pump = QWidget(self)
        right = QVBoxLayout(about_pump)
        right.setContentsMargins(0, 0, 0, 0)
        right.addWidget(self.header)
        right.addWidget(self.tabs, 1)
        self._right = QStackedWidget(self)
        self._right.addWidget(_hint(self))
        self._right.addWidget(about_pump)
        self.splitter.setObjectName("splitter")
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(self.pumps)
        self.splitter.addWidget(self._right)
        self.splitter.setStretchFactor(0, 9)
        self.splitter.setStretchFactor(1, 10)
        self.splitter.setSizes([USUAL.width() * 9, USUAL.width() * 10])
        self._pages = QStackedWidget(self)
        self._pages.addWidget(self.splitter)
        self._pages.addWidget(self.welcome)
        middle = QWidget(self)
        layout = QVBoxLayout(middle)
        layout.addWidget(self.messages)
        layout.addWidget(self._pages, 1)
        self.setCentralWidget(middle)
        self.setStatusBar(self.status)

    def _connect(self) -> None:
        self._connect_actions()
        self.messages.action_wanted.connect(self.message_action_wanted)
        self.welcome.add_wanted.connect(self.add_wanted)
        self.welcome.import_wanted.connect(self.import_wanted)
        self.welcome.demo_wanted.connect(self.demo_wanted)
        for name in ("run", "start", "stop", "preview", "duplicate", "rename", "delete"):
            getattr(self.pumps, f"{name}_wanted").connect(getattr(self, f"{name}_wanted"))
        self.pumps.open_wanted.connect(self._on_open)
        self.pumps.reordered.connect(self.reordered)
        self.pumps.selected.connect(self.pump_selected)
        self.pumps.selected.connect(self._refresh)
        self._gather.timeout.connect(self._refresh)
        for changed in (self.tree.dataChanged, self.tree.rows_set):
            changed.connect(self._gather.start)

    def _connect_actions(self) -> None:
        wanted = {
            "add": self.add_wanted,
            "import_old": self.import_wanted,
            "demo": self.demo_wanted,
            "run_all": self.run_all_wanted,
            "stop_all": self.stop_all_wanted,
            "settings": self.settings_wanted,
            "help": self.help_wanted,
            "diagnostics": self.diagnostics_wanted,
            "about": self.about_wanted,
            "quit": self.quit_wanted,
        }
        for name, signal in wanted.items():
            self.actions_of_window[name].triggered.connect(
                lambda _checked=False, signal=signal: signal.emit()
            )
        self.actions_of_window["find"].triggered.connect(self.pumps.focus_filter)
        self.actions_of_window["close_window"].triggered.connect(self.close)

    def _refresh(self) -> None:
        """Show what has become of the pumps; gathered, as many may change at once."""
        empty = self.tree.loaded and self.tree.rowCount() == 0
        self._pages.setCurrentWidget(self.welcome if empty else self.splitter)
        rows = list(self.tree.rows())
        row = self.tree.row_of(self.pumps.selected_id) if self.pumps.selected_id else None
        if row is not None:
            self.header.show_pump(row)
        self._right.setCurrentIndex(0 if row is None else 1)
        self.setWindowTitle(f"{row.name} – {TITLE}" if row else TITLE)
        self.actions_of_window.enable("run_all", on=any(map(can_be_started, rows)))
        self.actions_of_window.enable("stop_all", on=any(map(can_stop, rows)))
        self.actions_of_window.enable("find", on=bool(rows))

    def _on_open(self) -> None:
        self.tabs.setCurrentIndex(0)
        self.tabs.currentWidget().setFocus(Qt.FocusReason.OtherFocusReason)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        """Close, hide or stay, as the policy says."""
        choice = self._close_policy()
        if choice is Closing.CLOSE:
            event.accept()
            self.closing.emit(True)
            return
        event.ignore()
        if choice is Closing.HIDE:
            self.hide()
            self.closing.emit(False)


def _tab_widget(tabs: Sequence[tuple[str, QWidget]], parent: QWidget) -> QTabWidget:
    made = QTabWidget(parent)
    made.setObjectName("tabs")
    made.setAccessibleName("About the selected pump")
    made.setDocumentMode(True)
    for title, widget in tabs:
        made.addTab(widget, title)
    return made


def _hint(parent: QWidget) -> QLabel:
    hint = QLabel(NO_PUMP, parent)
    hint.setObjectName("no_pump")
    hint.setWordWrap(True)
    hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
    return hint
