"""The main window: pages, header, menus, toolbar, keys and closing."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QMenu, QPlainTextEdit, QPushButton, QToolBar, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from gui.pump_rows import pump
from qcpump_qt.models.pump_tree import PumpTreeModel
from qcpump_qt.models.rows import OverallState, PumpState
from qcpump_qt.views.main_window import Closing, MainWindow

LEFT = Qt.MouseButton.LeftButton
CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
NONE = Qt.KeyboardModifier.NoModifier
TITLES = ("Configuration", "Activity", "Records", "History")
DUE = datetime(2026, 11, 20, 7, 0, tzinfo=timezone.utc)


@pytest.fixture
def tree() -> PumpTreeModel:
    return PumpTreeModel()


@pytest.fixture
def window(qtbot: QtBot, tree: PumpTreeModel) -> MainWindow:
    made = MainWindow(tree, [(title, QPlainTextEdit(title)) for title in TITLES])
    qtbot.addWidget(made)
    made.show()
    made.activateWindow()
    return made


@pytest.fixture
def filled(qtbot: QtBot, window: MainWindow, tree: PumpTreeModel) -> MainWindow:
    tree.set_rows([pump("a", name="TB1 beams"), pump("b", name="TB2 beams", state=PumpState.RUNNING)])
    qtbot.waitUntil(lambda: text_of(window, "pump_name") == "TB1 beams")
    return window


def text_of(window: MainWindow, name: str) -> str:
    label = window.findChild(QLabel, name)
    assert isinstance(label, QLabel)
    return label.text() if label.isVisible() else ""


def tool(window: MainWindow, name: str) -> QToolButton:
    found = window.findChild(QToolButton, f"toolbar_{name}")
    assert isinstance(found, QToolButton)
    return found


def menu(window: MainWindow, name: str) -> QMenu:
    found = window.findChild(QMenu, f"menu_{name}")
    assert isinstance(found, QMenu)
    return found


def texts(actions: list[QAction]) -> list[str]:
    return [action.text().replace("&", "") for action in actions if not action.isSeparator()]


class TestPages:
    def test_before_the_pumps_were_read_nobody_is_told_to_begin(self, window: MainWindow) -> None:
        assert not window.welcome.isVisible()
        said = "No pump is selected. Select one at the left to see its configuration and what it does."
        assert text_of(window, "no_pump") == said

    def test_an_empty_home_is_welcomed(self, qtbot: QtBot, window: MainWindow, tree: PumpTreeModel) -> None:
        tree.set_rows([])
        qtbot.waitUntil(window.welcome.isVisible)
        assert not window.pumps.isVisible()
        for name, signal in (
            ("add", window.add_wanted),
            ("import", window.import_wanted),
            ("demo", window.demo_wanted),
        ):
            button = window.findChild(QPushButton, f"welcome_{name}")
            assert isinstance(button, QPushButton)
            with qtbot.waitSignal(signal):
                QTest.mouseClick(button, LEFT)

    def test_the_first_pump_takes_the_place_of_the_welcome(
        self, qtbot: QtBot, window: MainWindow, tree: PumpTreeModel
    ) -> None:
        tree.set_rows([])
        qtbot.waitUntil(window.welcome.isVisible)
        tree.set_rows([pump("a")])
        qtbot.waitUntil(window.tabs.isVisible)
        assert not window.welcome.isVisible()

    def test_a_group_has_no_tabs(self, qtbot: QtBot, filled: MainWindow) -> None:
        QTest.keyClick(filled.pumps.view, Qt.Key.Key_Up)
        assert not filled.tabs.isVisible()
        assert text_of(filled, "no_pump") != ""
        assert filled.windowTitle() == "QCPump-Qt"

    def test_the_smallest_window(self, window: MainWindow) -> None:
        assert (window.minimumWidth(), window.minimumHeight()) == (900, 600)
        hint = window.minimumSizeHint()
        assert hint.width() <= 900
        assert hint.height() <= 600


class TestHeader:
    def test_name_type_state_and_reason(self, qtbot: QtBot, filled: MainWindow, tree: PumpTreeModel) -> None:
        assert text_of(filled, "pump_type") == "Varian MPC"
        assert text_of(filled, "pump_state") == "Idle"
        assert filled.windowTitle().startswith("TB1 beams – QCPump-Qt")
        row = pump(
            "a",
            name="TB1 beams",
            state=PumpState.ATTENTION,
            reason="2 records were rejected.",
            unsaved=True,
        )
        tree.update_rows([row])
        said = "Needs attention: 2 records were rejected.\nThis pump has changes that are not saved."
        qtbot.waitUntil(lambda: text_of(filled, "pump_state") == said)
        picture = filled.findChild(QLabel, "pump_state_icon")
        assert isinstance(picture, QLabel)
        assert picture.accessibleName() == "Needs attention"
        assert filled.header.accessibleName() == "TB1 beams, Varian MPC, Needs attention"

    def test_it_says_that_a_pump_in_trouble_is_stopped(
        self, qtbot: QtBot, tree: PumpTreeModel, filled: MainWindow
    ) -> None:
        filled.select("a")
        row = pump(
            "a",
            name="TB1 beams",
            state=PumpState.ATTENTION,
            reason="2 records were rejected.",
            stopped=True,
        )
        tree.update_rows([row])
        said = "Needs attention, stopped: 2 records were rejected."
        qtbot.waitUntil(lambda: text_of(filled, "pump_state") == said)
        assert filled.header.accessibleName() == "TB1 beams, Varian MPC, Needs attention, stopped"

    def test_it_follows_the_selection(self, qtbot: QtBot, filled: MainWindow) -> None:
        with qtbot.waitSignal(filled.pump_selected) as told:
            filled.select("b")
        assert told.args == ["b"]
        assert (text_of(filled, "pump_name"), text_of(filled, "pump_state")) == ("TB2 beams", "Running")
        assert filled.selected_id == "b"

    def test_names_with_markup_are_shown_as_they_are(
        self, qtbot: QtBot, filled: MainWindow, tree: PumpTreeModel
    ) -> None:
        tree.update_rows([pump("a", name="<b>TB1</b>")])
        qtbot.waitUntil(lambda: text_of(filled, "pump_name") == "<b>TB1</b>")
        label = filled.findChild(QLabel, "pump_name")
        assert isinstance(label, QLabel)
        assert label.textFormat() == Qt.TextFormat.PlainText


class TestOverall:
    @pytest.mark.parametrize("state", list(OverallState))
    def test_in_words_and_with_an_icon(self, window: MainWindow, state: OverallState) -> None:
        window.set_overall(state, "2 pumps of 5.")
        assert text_of(window, "overall_text") == f"{state.value} – 2 pumps of 5."
        picture = window.findChild(QLabel, "overall_icon")
        assert isinstance(picture, QLabel)
        assert not picture.pixmap().isNull()

    def test_without_more_to_say(self, window: MainWindow) -> None:
        window.set_overall(OverallState.IDLE, "")
        assert text_of(window, "overall_text") == "Idle"

    def test_the_text_has_room(self, qtbot: QtBot, window: MainWindow) -> None:
        window.set_overall(OverallState.MIXED, "2 pumps wait for their next cycle, 3 are idle")
        label = window.findChild(QLabel, "overall_text")
        assert isinstance(label, QLabel)
        qtbot.waitUntil(lambda: label.width() >= label.sizeHint().width())


class TestIntentions:
    @pytest.mark.parametrize(
        ("key", "modifiers", "signal"),
        [
            (Qt.Key.Key_N, CTRL, "add_wanted"),
            (Qt.Key.Key_F5, NONE, "run_all_wanted"),
            (Qt.Key.Key_F5, SHIFT, "stop_all_wanted"),
            (Qt.Key.Key_Comma, CTRL, "settings_wanted"),
            (Qt.Key.Key_F1, NONE, "help_wanted"),
            (Qt.Key.Key_Q, CTRL, "quit_wanted"),
        ],
    )
    def test_by_key(
        self, qtbot: QtBot, filled: MainWindow, key: Qt.Key, modifiers: Qt.KeyboardModifier, signal: str
    ) -> None:
        with qtbot.waitSignal(getattr(filled, signal)):
            QTest.keyClick(filled.pumps.view, key, modifiers)

    @pytest.mark.parametrize(
        ("key", "modifiers", "signal"),
        [
            (Qt.Key.Key_F6, NONE, "run_wanted"),
            (Qt.Key.Key_P, CTRL | SHIFT, "preview_wanted"),
        ],
    )
    def test_for_the_selected_pump_from_any_tab(
        self, qtbot: QtBot, filled: MainWindow, key: Qt.Key, modifiers: Qt.KeyboardModifier, signal: str
    ) -> None:
        editor = filled.tabs.currentWidget()
        editor.setFocus()
        with qtbot.waitSignal(getattr(filled, signal)) as wanted:
            QTest.keyClick(editor, key, modifiers)
        assert wanted.args == ["a"]

    def test_del_and_f2_in_a_tab_do_nothing_to_the_pump(self, qtbot: QtBot, filled: MainWindow) -> None:
        editor = filled.tabs.currentWidget()
        editor.setFocus()
        with qtbot.assertNotEmitted(filled.delete_wanted), qtbot.assertNotEmitted(filled.rename_wanted):
            QTest.keyClick(editor, Qt.Key.Key_Delete)
            QTest.keyClick(editor, Qt.Key.Key_F2)

    @pytest.mark.parametrize(
        ("name", "signal", "args"),
        [
            ("add", "add_wanted", []),
            ("run_all", "run_all_wanted", []),
            ("stop_all", "stop_all_wanted", []),
            ("run", "run_wanted", ["a"]),
            ("preview", "preview_wanted", ["a"]),
            ("settings", "settings_wanted", []),
            ("help", "help_wanted", []),
            ("about", "about_wanted", []),
        ],
    )
    def test_by_toolbar(
        self, qtbot: QtBot, filled: MainWindow, name: str, signal: str, args: list[str]
    ) -> None:
        with qtbot.waitSignal(getattr(filled, signal)) as wanted:
            QTest.mouseClick(tool(filled, name), LEFT)
        assert wanted.args == args

    @pytest.mark.parametrize(
        ("place", "name", "signal", "args"),
        [
            ("file", "import_old", "import_wanted", []),
            ("file", "settings", "settings_wanted", []),
            ("file", "quit", "quit_wanted", []),
            ("pump", "add", "add_wanted", []),
            ("pump", "start", "start_wanted", ["a"]),
            ("pump", "duplicate", "duplicate_wanted", ["a"]),
            ("pump", "rename", "rename_wanted", ["a"]),
            ("pump", "delete", "delete_wanted", ["a"]),
            ("pump", "move_down", "reordered", [["b", "a"]]),
            ("run", "run_all", "run_all_wanted", []),
            ("help", "demo", "demo_wanted", []),
            ("help", "diagnostics", "diagnostics_wanted", []),
            ("help", "about", "about_wanted", []),
        ],
    )
    def test_by_menu(
        self, qtbot: QtBot, filled: MainWindow, place: str, name: str, signal: str, args: list[object]
    ) -> None:
        opened = menu(filled, place)
        opened.popup(filled.mapToGlobal(filled.rect().topLeft()))
        qtbot.waitUntil(opened.isVisible)
        action = next(action for action in opened.actions() if action.objectName() == name)
        with qtbot.waitSignal(getattr(filled, signal)) as wanted:
            QTest.mouseClick(opened, LEFT, NONE, opened.actionGeometry(action).center())
        assert wanted.args == args

    def test_the_words_of_the_menus(self, window: MainWindow) -> None:
        assert texts(window.menuBar().actions()) == ["File", "Pump", "Run", "View", "Help"]
        assert texts(menu(window, "file").actions()) == [
            "Import from QCPump…",
            "Settings…",
            "Close to tray",
            "Quit",
        ]
        assert texts(menu(window, "pump").actions())[:6] == [
            "Add Pump…",
            "Run now",
            "Start pump",
            "Stop pump",
            "Preview…",
            "Duplicate…",
        ]
        assert texts(menu(window, "run").actions()) == ["Run all", "Stop all"]
        assert texts(menu(window, "view").actions()) == ["Find a pump", *TITLES]
        assert texts(menu(window, "help").actions()) == [
            "Help",
            "Try the demonstration",
            "Diagnostics bundle…",
            "About QCPump-Qt",
        ]

    def test_every_action_says_what_it_does_in_a_sentence(self, window: MainWindow) -> None:
        for action in window.findChildren(QAction):
            if action.objectName() in {"run", "stop", "add", "quit", "delete", "diagnostics", "tab_1"}:
                assert action.statusTip().endswith(".")
        told = tool(window, "run").toolTip()
        assert told == "Runs one cycle of this pump now. (F6)"

    def test_no_two_actions_share_a_key(self, window: MainWindow) -> None:
        keys = [key.toString() for action in window.findChildren(QAction) for key in action.shortcuts()]
        assert len(keys) == len(set(keys))

    def test_every_button_of_the_toolbar_has_a_name_and_is_reached_by_tab(self, window: MainWindow) -> None:
        bar = window.findChild(QToolBar, "toolbar")
        assert isinstance(bar, QToolBar)
        buttons = [bar.widgetForAction(action) for action in bar.actions() if not action.isSeparator()]
        assert [button.accessibleName() for button in buttons] == [
            "Add Pump",
            "Run all",
            "Stop all",
            "Run now",
            "Stop pump",
            "Preview",
            "Settings",
            "Help",
            "About",
        ]
        assert all(button.focusPolicy() & Qt.FocusPolicy.TabFocus for button in buttons)


class TestTabs:
    def test_each_tab_by_its_key(self, filled: MainWindow) -> None:
        for place, key in enumerate((Qt.Key.Key_1, Qt.Key.Key_2, Qt.Key.Key_3, Qt.Key.Key_4)):
            QTest.keyClick(filled.pumps.view, key, CTRL)
            assert filled.tabs.currentIndex() == place
            assert filled.focusWidget() is filled.tabs.widget(place)
            filled.pumps.view.setFocus()

    def test_enter_in_the_list_opens_the_configuration(self, filled: MainWindow) -> None:
        filled.tabs.setCurrentIndex(2)
        QTest.keyClick(filled.pumps.view, Qt.Key.Key_Return)
        assert filled.tabs.currentIndex() == 0
        assert filled.focusWidget() is filled.tabs.widget(0)

    def test_a_tab_can_be_brought_to_the_front(self, filled: MainWindow) -> None:
        history = filled.tabs.widget(3)
        assert history is not None
        filled.show_tab(history)
        assert filled.tabs.tabText(filled.tabs.currentIndex()) == "History"

    def test_ctrl_shift_f_finds_a_pump_from_a_tab(self, filled: MainWindow) -> None:
        editor = filled.tabs.currentWidget()
        editor.setFocus()
        QTest.keyClick(editor, Qt.Key.Key_F, CTRL | SHIFT)
        assert filled.focusWidget() is filled.pumps.box


class TestEnabled:
    def enabled(self, window: MainWindow) -> set[str]:
        names = ("run_all", "stop_all", "run", "stop", "preview")
        return {name for name in names if tool(window, name).isEnabled()}

    def test_by_the_states_of_the_pumps(self, qtbot: QtBot, window: MainWindow, tree: PumpTreeModel) -> None:
        assert self.enabled(window) == set()
        tree.set_rows([pump("a", state=PumpState.INACTIVE)])
        qtbot.waitUntil(lambda: self.enabled(window) == {"preview"})
        tree.set_rows([pump("a")])
        qtbot.waitUntil(lambda: self.enabled(window) == {"run_all", "run", "preview"})
        tree.update_rows([pump("a", state=PumpState.RUNNING)])
        qtbot.waitUntil(lambda: self.enabled(window) == {"run_all", "stop_all", "stop", "preview"})
        tree.update_rows([pump("a", state=PumpState.STOPPING)])
        qtbot.waitUntil(lambda: self.enabled(window) == {"run_all", "preview"})
        tree.update_rows([pump("a", state=PumpState.ATTENTION, next_run=DUE)])
        qtbot.waitUntil(lambda: self.enabled(window) == {"run_all", "stop_all", "run", "stop", "preview"})


class TestMessages:
    def test_a_message_and_its_action(self, qtbot: QtBot, filled: MainWindow) -> None:
        filled.tell("warning", "2 records were rejected", "Look at them.", "Show records", "a")
        assert text_of(filled, "message_title") == "2 records were rejected"
        button = filled.findChild(QPushButton, "message_action")
        assert isinstance(button, QPushButton)
        with qtbot.waitSignal(filled.message_action_wanted) as wanted:
            QTest.mouseClick(button, LEFT)
        assert wanted.args == ["Show records", "a"]

    def test_messages_are_seen_on_the_welcome_too(
        self, qtbot: QtBot, window: MainWindow, tree: PumpTreeModel
    ) -> None:
        tree.set_rows([])
        qtbot.waitUntil(window.welcome.isVisible)
        window.tell("info", "Pump deleted", "")
        assert text_of(window, "message_title") == "Pump deleted"


class TestClosing:
    @pytest.mark.parametrize(
        ("choice", "told", "visible"),
        [(Closing.CLOSE, [True], False), (Closing.HIDE, [False], False), (Closing.STAY, [], True)],
    )
    def test_as_the_policy_says(
        self, window: MainWindow, choice: Closing, told: list[bool], visible: bool
    ) -> None:
        heard: list[bool] = []
        window.closing.connect(heard.append)
        window.set_close_policy(lambda: choice)
        assert window.close() is (choice is Closing.CLOSE)
        assert (heard, window.isVisible()) == (told, visible)

    def test_by_key(self, qtbot: QtBot, window: MainWindow) -> None:
        window.set_close_policy(lambda: Closing.HIDE)
        with qtbot.waitSignal(window.closing) as told:
            QTest.keyClick(window, Qt.Key.Key_W, CTRL)
        assert told.args == [False]

    def test_it_comes_forward_again(self, window: MainWindow) -> None:
        window.set_close_policy(lambda: Closing.HIDE)
        window.close()
        window.come_forward()
        assert window.isVisible()
        window.showMinimized()
        window.come_forward()
        assert not window.isMinimized()


def test_every_widget_that_takes_focus_has_a_name(filled: MainWindow) -> None:
    own = (filled.pumps, filled.messages, filled.welcome)
    for part in own:
        for widget in part.findChildren(QWidget):
            if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and not widget.objectName().startswith("qt_"):
                assert widget.objectName(), widget
                assert widget.accessibleName() or isinstance(widget, QPushButton), widget.objectName()
