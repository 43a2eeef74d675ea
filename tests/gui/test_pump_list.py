"""The list of pumps, by mouse and by keys."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta, timezone

import pytest
from PySide6.QtCore import QModelIndex, QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QContextMenuEvent, QDropEvent, QIcon
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gui.heartbeat import Heartbeat
from gui.pump_rows import pump
from qcpump_qt.models.pump_columns import PumpColumn
from qcpump_qt.models.pump_tree import PumpTreeModel
from qcpump_qt.models.rows import PumpState
from qcpump_qt.views.pump_list import PumpList

LEFT = Qt.MouseButton.LeftButton
CTRL = Qt.KeyboardModifier.ControlModifier
NONE = Qt.KeyboardModifier.NoModifier
DUE = datetime(2026, 11, 20, 7, 0, tzinfo=timezone.utc)


@pytest.fixture
def tree(qapp: QApplication) -> PumpTreeModel:
    made = PumpTreeModel()
    made.set_rows(
        [
            pump("a", name="TB1 beams"),
            pump("b", name="TB2 beams", state=PumpState.RUNNING),
            pump("c", name="TB3 beams", state=PumpState.WAITING),
            pump("d", "File mover", name="Films", state=PumpState.NOT_CONFIGURED),
        ]
    )
    return made


@pytest.fixture
def pumps(qtbot: QtBot, tree: PumpTreeModel) -> PumpList:
    made = PumpList(tree)
    qtbot.addWidget(made)
    made.resize(700, 400)
    made.show()
    made.activateWindow()
    made.view.setFocus()
    return made


def place(pumps: PumpList, index: QModelIndex) -> QPoint:
    return pumps.view.visualRect(index).center()


def click(pumps: PumpList, pump_id: str) -> None:
    QTest.mouseClick(pumps.view.viewport(), LEFT, NONE, place(pumps, pumps.shown.index_of(pump_id)))


def press(pumps: PumpList, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
    QTest.keyClick(pumps.view, key, modifiers)


def type_text(pumps: PumpList, text: str) -> None:
    pumps.focus_filter()
    QTest.keyClicks(pumps.box, text)


def in_sight(pumps: PumpList) -> str:
    return "".join(name for name in "abcd" if pumps.shown.index_of(name).isValid())


def enabled(pumps: PumpList) -> set[str]:
    names = (
        "run",
        "start",
        "stop",
        "preview",
        "duplicate",
        "rename",
        "delete",
        "move_up",
        "move_down",
        "manual_order",
    )
    return {name for name in names if pumps.pump_actions[name].isEnabled()}


class TestSelection:
    def test_the_first_pump_is_selected_when_pumps_come(self, qtbot: QtBot) -> None:
        tree = PumpTreeModel()
        pumps = PumpList(tree)
        qtbot.addWidget(pumps)
        assert pumps.selected_id is None
        with qtbot.waitSignal(pumps.selected) as told:
            tree.set_rows([pump("x"), pump("y")])
        assert told.args == ["x"]

    def test_by_mouse_and_by_arrow_keys(self, pumps: PumpList) -> None:
        told: list[str | None] = []
        pumps.selected.connect(told.append)
        click(pumps, "c")
        press(pumps, Qt.Key.Key_Up)
        press(pumps, Qt.Key.Key_Down)
        assert told == ["c", "b", "c"]
        assert pumps.selected_id == "c"

    def test_a_group_is_no_pump(self, pumps: PumpList) -> None:
        told: list[str | None] = []
        pumps.selected.connect(told.append)
        press(pumps, Qt.Key.Key_Up)
        assert told == [None]
        assert enabled(pumps) == set()

    def test_a_change_of_rows_keeps_the_selection(self, pumps: PumpList, tree: PumpTreeModel) -> None:
        click(pumps, "c")
        told: list[str | None] = []
        pumps.selected.connect(told.append)
        tree.set_rows([pump("c", name="TB3 beams"), pump("a"), pump("e")])
        assert pumps.view.selected_id() == "c"
        assert told == []

    def test_after_a_deleted_pump_another_is_selected(self, pumps: PumpList, tree: PumpTreeModel) -> None:
        click(pumps, "b")
        tree.set_rows([row for row in tree.rows() if row.id != "b"])
        assert pumps.selected_id in {"a", "c"}
        assert pumps.view.selected_id() == pumps.selected_id

    def test_after_the_last_pump_none_is_selected(self, pumps: PumpList, tree: PumpTreeModel) -> None:
        told: list[str | None] = []
        pumps.selected.connect(told.append)
        tree.set_rows([])
        assert told[-1] is None
        assert pumps.selected_id is None

    def test_a_pump_can_be_selected_before_it_is_there(self, pumps: PumpList, tree: PumpTreeModel) -> None:
        pumps.select("new")
        assert pumps.selected_id == "a"
        tree.set_rows([*tree.rows(), pump("new")])
        assert pumps.selected_id == "new"
        tree.set_rows(list(tree.rows()))
        click(pumps, "a")
        tree.set_rows(list(tree.rows()))
        assert pumps.selected_id == "a"

    def test_selecting_a_pump_brings_it_into_sight(self, pumps: PumpList) -> None:
        type_text(pumps, "films")
        pumps.view.set_collapsed_types(["Varian MPC"])
        pumps.select("b")
        assert pumps.box.text() == ""
        assert pumps.view.isExpanded(pumps.shown.index_of("b").parent())
        assert pumps.view.viewport().rect().contains(place(pumps, pumps.shown.index_of("b")))


class TestFilter:
    def test_typing_shows_what_fits(self, pumps: PumpList) -> None:
        type_text(pumps, "running beams")
        assert in_sight(pumps) == "b"
        assert pumps.view.isExpanded(pumps.shown.index(0, 0))

    def test_nothing_that_fits_is_told(self, pumps: PumpList) -> None:
        assert not pumps.no_match.isVisible()
        type_text(pumps, "nowhere")
        assert pumps.no_match.isVisible()
        assert pumps.no_match.text() == "No pump fits this filter. Clear the filter to see all pumps."
        QTest.keyClick(pumps.box, Qt.Key.Key_Escape)
        assert not pumps.no_match.isVisible()
        assert in_sight(pumps) == "abcd"

    def test_an_empty_list_is_no_mismatch(self, pumps: PumpList, tree: PumpTreeModel) -> None:
        type_text(pumps, "films")
        tree.set_rows([])
        assert not pumps.no_match.isVisible()

    def test_the_selected_pump_stays_selected_while_it_is_hidden(self, pumps: PumpList) -> None:
        click(pumps, "b")
        told: list[str | None] = []
        pumps.selected.connect(told.append)
        type_text(pumps, "films")
        assert (pumps.selected_id, pumps.view.selected_id()) == ("b", None)
        pumps.box.clear()
        assert (pumps.selected_id, pumps.view.selected_id()) == ("b", "b")
        assert told == []

    def test_a_hidden_pump_that_is_deleted_is_not_selected_any_more(
        self, pumps: PumpList, tree: PumpTreeModel
    ) -> None:
        click(pumps, "b")
        type_text(pumps, "films")
        tree.set_rows([row for row in tree.rows() if row.id != "b"])
        assert pumps.selected_id is None

    def test_ctrl_f_goes_to_the_box_and_down_goes_back(self, pumps: PumpList) -> None:
        press(pumps, Qt.Key.Key_F, CTRL)
        assert pumps.focusWidget() is pumps.box
        QTest.keyClicks(pumps.box, "films")
        QTest.keyClick(pumps.box, Qt.Key.Key_Down)
        assert pumps.focusWidget() is pumps.view
        assert pumps.selected_id == "d"

    def test_enter_goes_to_what_was_found(self, pumps: PumpList) -> None:
        type_text(pumps, "tb3")
        QTest.keyClick(pumps.box, Qt.Key.Key_Return)
        assert (pumps.focusWidget(), pumps.selected_id) == (pumps.view, "c")

    def test_the_box_says_what_it_is_for(self, pumps: PumpList) -> None:
        assert pumps.box.accessibleName() == "Filter the pumps"
        assert pumps.box.placeholderText() == "Filter by name, type or state"
        said = "Shows only pumps in whose name, type or state all these words are found (Ctrl+F)."
        assert pumps.box.toolTip() == said
        assert pumps.view.accessibleName() == "Pumps"


class TestIntentions:
    @pytest.mark.parametrize(
        ("key", "modifiers", "signal"),
        [
            (Qt.Key.Key_Return, NONE, "open_wanted"),
            (Qt.Key.Key_Enter, Qt.KeyboardModifier.KeypadModifier, "open_wanted"),
            (Qt.Key.Key_F2, NONE, "rename_wanted"),
            (Qt.Key.Key_Delete, NONE, "delete_wanted"),
            (Qt.Key.Key_F6, NONE, "run_wanted"),
            (Qt.Key.Key_F6, Qt.KeyboardModifier.ShiftModifier, "stop_wanted"),
        ],
    )
    def test_by_key(
        self, qtbot: QtBot, pumps: PumpList, key: Qt.Key, modifiers: Qt.KeyboardModifier, signal: str
    ) -> None:
        click(pumps, "c")
        with qtbot.waitSignal(getattr(pumps, signal)) as wanted:
            press(pumps, key, modifiers)
        assert wanted.args == ["c"]

    @pytest.mark.parametrize("name", ["run", "start", "stop", "preview", "duplicate", "rename", "delete"])
    def test_by_context_menu(self, qtbot: QtBot, pumps: PumpList, name: str) -> None:
        where = place(pumps, pumps.shown.index_of("c"))
        QTest.mouseClick(pumps.view.viewport(), Qt.MouseButton.RightButton, NONE, where)
        QApplication.sendEvent(
            pumps.view.viewport(),
            QContextMenuEvent(
                QContextMenuEvent.Reason.Mouse, where, pumps.view.viewport().mapToGlobal(where), NONE
            ),
        )
        qtbot.waitUntil(pumps.menu.isVisible)
        action = pumps.pump_actions[name]
        with qtbot.waitSignal(getattr(pumps, f"{name}_wanted")) as wanted:
            QTest.mouseClick(pumps.menu, LEFT, NONE, pumps.menu.actionGeometry(action).center())
        assert wanted.args == ["c"]

    def test_the_words_of_the_context_menu(self, pumps: PumpList) -> None:
        words = [
            action.text().replace("&", "") for action in pumps.menu.actions() if not action.isSeparator()
        ]
        assert words == [
            "Run now",
            "Start pump",
            "Stop pump",
            "Preview…",
            "Open configuration",
            "Duplicate…",
            "Rename…",
            "Delete…",
            "Move up",
            "Move down",
            "Manual order",
        ]

    def test_a_double_click_opens_a_pump_and_not_a_group(self, qtbot: QtBot, pumps: PumpList) -> None:
        with qtbot.waitSignal(pumps.open_wanted) as wanted:
            click(pumps, "b")
            where = place(pumps, pumps.shown.index_of("b"))
            QTest.mouseDClick(pumps.view.viewport(), LEFT, NONE, where)
        assert wanted.args == ["b"]
        with qtbot.assertNotEmitted(pumps.open_wanted):
            where = place(pumps, pumps.shown.index(1, 0))
            QTest.mouseDClick(pumps.view.viewport(), LEFT, NONE, where)

    def test_del_in_the_filter_deletes_no_pump(self, qtbot: QtBot, pumps: PumpList) -> None:
        pumps.focus_filter()
        with qtbot.assertNotEmitted(pumps.delete_wanted), qtbot.assertNotEmitted(pumps.open_wanted):
            QTest.keyClick(pumps.box, Qt.Key.Key_Delete)
            QTest.keyClick(pumps.box, Qt.Key.Key_Return)

    def test_what_can_be_done_follows_the_state(
        self, qtbot: QtBot, pumps: PumpList, tree: PumpTreeModel
    ) -> None:
        always = {"duplicate", "rename", "delete"}
        assert enabled(pumps) == always | {"run", "start", "preview", "move_down"}
        click(pumps, "b")
        assert enabled(pumps) == always | {"start", "stop", "preview", "move_up", "move_down"}
        click(pumps, "c")
        assert enabled(pumps) == always | {"run", "start", "stop", "preview", "move_up"}
        tree.update_rows([pump("c", name="TB3 beams", state=PumpState.WAITING, next_run=DUE)])
        qtbot.waitUntil(lambda: enabled(pumps) == always | {"run", "stop", "preview", "move_up"})
        click(pumps, "d")
        assert enabled(pumps) == always
        tree.update_rows([pump("d", "File mover", name="Films")])
        qtbot.waitUntil(lambda: enabled(pumps) == always | {"run", "start", "preview"})

    def test_nothing_is_run_that_cannot_run(self, qtbot: QtBot, pumps: PumpList) -> None:
        click(pumps, "b")
        with qtbot.assertNotEmitted(pumps.run_wanted):
            press(pumps, Qt.Key.Key_F6)

    def test_what_start_means_is_told(self, pumps: PumpList) -> None:
        start = pumps.pump_actions["start"]
        assert start.text() == "&Start pump"
        assert start.statusTip() == start.toolTip() == "Runs this pump now and then by its interval."
        assert not start.icon().isNull()

    def test_no_two_entries_of_the_context_menu_share_a_letter(self, pumps: PumpList) -> None:
        texts = [action.text() for action in pumps.menu.actions() if action.isVisible()]
        letters = [text[text.index("&") + 1].lower() for text in texts if "&" in text]
        assert sorted(letters) == sorted(set(letters))


class TestOrder:
    def test_moved_by_keys(self, qtbot: QtBot, pumps: PumpList) -> None:
        with qtbot.waitSignal(pumps.reordered) as told:
            press(pumps, Qt.Key.Key_Down, CTRL)
        assert told.args == [["b", "a", "c", "d"]]
        assert pumps.selected_id == "a"
        with qtbot.waitSignal(pumps.reordered) as told:
            press(pumps, Qt.Key.Key_Up, CTRL)
        assert told.args == [["a", "b", "c", "d"]]
        with qtbot.assertNotEmitted(pumps.reordered):
            press(pumps, Qt.Key.Key_Up, CTRL)

    def drop(self, pumps: PumpList, pump_id: str, where: QPoint) -> None:
        data = pumps.shown.mimeData([pumps.shown.index_of(pump_id)])
        pumps.view.dropEvent(QDropEvent(QPointF(where), Qt.DropAction.MoveAction, data, LEFT, NONE))

    def test_dragged_by_mouse(self, qtbot: QtBot, pumps: PumpList) -> None:
        above_second = pumps.view.visualRect(pumps.shown.index_of("b")).topLeft() + QPoint(20, 1)
        with qtbot.waitSignal(pumps.reordered) as told:
            self.drop(pumps, "c", above_second)
        assert told.args == [["a", "c", "b", "d"]]

    def test_not_dragged_into_another_group(self, qtbot: QtBot, pumps: PumpList) -> None:
        below_films = pumps.view.visualRect(pumps.shown.index_of("d")).bottomLeft() + QPoint(20, 0)
        with qtbot.assertNotEmitted(pumps.reordered):
            self.drop(pumps, "c", below_films)

    def heading(self, pumps: PumpList, column: PumpColumn) -> None:
        header = pumps.view.header()
        x = header.sectionViewportPosition(column) + header.sectionSize(column) // 2
        QTest.mouseClick(header.viewport(), LEFT, NONE, QPoint(x, header.height() // 2))

    def shown_order(self, pumps: PumpList) -> str:
        ids = ((pumps.view.visualRect(pumps.shown.index_of(name)).top(), name) for name in "abcd")
        return "".join(name for _top, name in sorted(ids))

    def test_clicks_on_a_heading_sort_both_ways_and_then_no_more(self, pumps: PumpList) -> None:
        assert self.shown_order(pumps) == "abcd"
        self.heading(pumps, PumpColumn.PUMP)
        assert self.shown_order(pumps) == "dabc"
        self.heading(pumps, PumpColumn.PUMP)
        assert self.shown_order(pumps) == "cbad"
        self.heading(pumps, PumpColumn.PUMP)
        assert self.shown_order(pumps) == "abcd"

    def test_what_is_sorted_cannot_be_moved_until_the_manual_order_is_back(
        self, qtbot: QtBot, pumps: PumpList
    ) -> None:
        self.heading(pumps, PumpColumn.STATE)
        assert not pumps.view.dragEnabled()
        assert enabled(pumps).isdisjoint({"move_up", "move_down"})
        with qtbot.assertNotEmitted(pumps.reordered):
            press(pumps, Qt.Key.Key_Down, CTRL)
        pumps.pump_actions["manual_order"].trigger()
        assert self.shown_order(pumps) == "abcd"
        assert pumps.view.dragEnabled()
        assert "manual_order" not in enabled(pumps)


class TestGroups:
    def test_groups_are_expanded_and_stay_collapsed_once_they_are(
        self, pumps: PumpList, tree: PumpTreeModel
    ) -> None:
        group = pumps.shown.index(0, 0)
        assert pumps.view.isExpanded(group)
        press(pumps, Qt.Key.Key_Up)
        press(pumps, Qt.Key.Key_Left)
        assert pumps.view.collapsed_types == ["Varian MPC"]
        tree.set_rows([])
        tree.set_rows([pump("a"), pump("x", "File mover")])
        assert [pumps.view.isExpanded(pumps.shown.index(row, 0)) for row in (0, 1)] == [False, True]
        assert pumps.selected_id == "x"

    def test_a_search_looks_into_collapsed_groups_and_leaves_them_as_they_were(self, pumps: PumpList) -> None:
        pumps.view.set_collapsed_types(["Varian MPC"])
        type_text(pumps, "tb1")
        assert pumps.view.isExpanded(pumps.shown.index(0, 0))
        pumps.box.clear()
        assert not pumps.view.isExpanded(pumps.shown.index(0, 0))
        assert pumps.view.collapsed_types == ["Varian MPC"]

    def test_states_have_icons_and_words(self, pumps: PumpList) -> None:
        state = pumps.shown.index_of("b").siblingAtColumn(PumpColumn.STATE)
        assert state.data() == "Running"
        assert isinstance(state.data(Qt.ItemDataRole.DecorationRole), QIcon)


def test_times_to_go_are_told_anew_while_the_list_is_in_sight(
    qtbot: QtBot, pumps: PumpList, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[QRect] = []
    pumps.tree.dataChanged.connect(lambda first, _last: told.append(first.row()))
    pumps._ticker.setInterval(1)
    qtbot.waitUntil(lambda: len(told) >= 4)
    pumps.hide()
    assert not pumps._ticker.isActive()
    pumps.show()
    assert pumps._ticker.isActive()


def test_200_pumps_scroll_and_change_without_a_stall(
    qtbot: QtBot, heartbeat: Callable[[], AbstractContextManager[Heartbeat]]
) -> None:
    tree = PumpTreeModel()
    pumps = PumpList(tree)
    qtbot.addWidget(pumps)
    pumps.resize(700, 500)
    pumps.show()
    now = datetime.now(timezone.utc)
    states = list(PumpState)
    with heartbeat():
        tree.set_rows([pump(str(number), f"Type {number % 4}", next_run=now) for number in range(200)])
        qtbot.wait(30)
        bar = pumps.view.verticalScrollBar()
        for value in range(0, bar.maximum() + 1, max(1, bar.maximum() // 20)):
            bar.setValue(value)
            qtbot.wait(5)
        for turn in range(10):
            due = now + timedelta(minutes=turn)
            tree.update_rows(
                [
                    pump(
                        str(number),
                        f"Type {number % 4}",
                        state=states[(number + turn) % len(states)],
                        next_run=due,
                    )
                    for number in range(200)
                ]
            )
            qtbot.wait(5)
        for text in ("pump 1", "pump 19", ""):
            pumps.box.setText(text)
            qtbot.wait(5)
    assert len(list(tree.rows())) == 200
