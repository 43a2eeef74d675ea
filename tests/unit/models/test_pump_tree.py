"""The tree of pumps, watched by Qt's own checker of models."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import permutations
from random import Random
from typing import Any

import pytest
from PySide6.QtCore import (
    QAbstractItemModel,
    QMimeData,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    SignalInstance,
)
from PySide6.QtGui import QIcon
from PySide6.QtTest import QAbstractItemModelTester

from qcpump_qt.models.dates import DateStyle
from qcpump_qt.models.pump_columns import PumpColumn, PumpWords
from qcpump_qt.models.pump_filter import PumpFilter
from qcpump_qt.models.pump_tree import MIME, PumpRole, PumpTreeModel
from qcpump_qt.models.rows import OverallState, PumpRow, PumpState

NOW = datetime(2026, 11, 20, 14, 28, 0).astimezone()
Fill = Callable[..., PumpTreeModel]
Pairs = list[tuple[str, list[str]]]


def pump(pump_id: str, kind: str = "MPC", **given: Any) -> PumpRow:
    values = {
        "name": f"Pump {pump_id}",
        "type_key": kind,
        "type_name": f"Type {kind}",
        "state": PumpState.IDLE,
    }
    return PumpRow(id=pump_id, **{**values, **given})


def shown(model: QAbstractItemModel) -> Pairs:
    """What a view would draw in the first column."""
    groups = []
    for place in range(model.rowCount()):
        group = model.index(place, 0)
        pumps = [model.index(row, 0, group).data() for row in range(model.rowCount(group))]
        groups.append((group.data(), pumps))
    return groups


def ids(model: PumpTreeModel) -> str:
    return "".join(row.id for row in model.rows())


@pytest.fixture
def clock() -> list[datetime]:
    return [NOW]


@pytest.fixture
def tree(clock: list[datetime]) -> PumpTreeModel:
    """A tree that Qt's checker watches through every change."""
    model = PumpTreeModel(PumpWords(DateStyle(), lambda: clock[0]))
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal, model)
    return model


def heard(signal: SignalInstance) -> list[tuple[Any, ...]]:
    """What a signal carries from now on."""
    told: list[tuple[Any, ...]] = []
    signal.connect(lambda *carried: told.append(carried))
    return told


def drag(model: PumpTreeModel, pump_id: str) -> QMimeData:
    return model.mimeData([model.index_of(pump_id)])


def drop(model: PumpTreeModel, data: QMimeData, row: int, parent: QModelIndex) -> bool:
    return model.dropMimeData(data, Qt.DropAction.MoveAction, row, 0, parent)


class TestRows:
    def test_an_empty_tree(self, tree: PumpTreeModel) -> None:
        assert shown(tree) == []
        assert not tree.loaded
        tree.set_rows([])
        assert tree.loaded

    def test_groups_stand_in_the_order_of_their_first_pumps(self, tree: PumpTreeModel) -> None:
        tree.set_rows([pump("c", "DQA3"), pump("a"), pump("b", "DQA3")])
        assert shown(tree) == [("Type DQA3 (2)", ["Pump c", "Pump b"]), ("Type MPC (1)", ["Pump a"])]

    def test_an_id_that_comes_twice_is_shown_once(self, tree: PumpTreeModel) -> None:
        tree.set_rows([pump("a"), pump("b"), pump("a", name="Later")])
        assert shown(tree) == [("Type MPC (2)", ["Later", "Pump b"])]

    def test_pumps_are_found_by_id(self, tree: PumpTreeModel) -> None:
        tree.set_rows([pump("a"), pump("b", "DQA3")])
        here = tree.index_of("b")
        assert (here.data(), here.parent().data(), tree.id_at(here)) == ("Pump b", "Type DQA3 (1)", "b")
        assert tree.row_of("b") == pump("b", "DQA3")
        assert tree.id_at(here.parent()) is None
        assert tree.row_of("x") is None
        assert not tree.index_of("x").isValid()

    def test_the_end_of_setting_is_told(self, tree: PumpTreeModel) -> None:
        told = heard(tree.rows_set)
        tree.set_rows([pump("a")])
        assert told == [()]

    @pytest.mark.parametrize("order", list(permutations("abcd")))
    def test_indexes_go_with_their_pumps(self, tree: PumpTreeModel, order: tuple[str, ...]) -> None:
        tree.set_rows([pump(name) for name in "abcd"])
        kept = {name: QPersistentModelIndex(tree.index_of(name)) for name in "abcd"}
        tree.set_rows([pump(name) for name in order])
        assert ids(tree) == "".join(order)
        assert {name: index.data() for name, index in kept.items()} == {
            name: f"Pump {name}" for name in "abcd"
        }

    def test_any_change_ends_in_what_was_asked_for(self, tree: PumpTreeModel) -> None:
        random = Random(7)
        for _round in range(200):
            chosen = random.sample("abcdefghij", random.randrange(11))
            rows = [pump(name, random.choice(("MPC", "DQA3", "File"))) for name in chosen]
            tree.set_rows(rows)
            kinds = list(dict.fromkeys(row.type_key for row in rows))
            assert [row for kind in kinds for row in rows if row.type_key == kind] == list(tree.rows())

    def test_nothing_is_reset_and_untouched_groups_stay_quiet(self, tree: PumpTreeModel) -> None:
        tree.set_rows([pump("a"), pump("b", "DQA3")])
        changed: list[str] = []
        tree.dataChanged.connect(lambda first, _last: changed.append(first.data()))
        resets, inserts = heard(tree.modelReset), heard(tree.rowsInserted)
        tree.set_rows([pump("a", state=PumpState.RUNNING), pump("b", "DQA3")])
        assert (resets, inserts) == ([], [])
        assert changed == ["Pump a", "Type MPC (1)"]

    def test_a_type_that_is_called_otherwise(self, tree: PumpTreeModel) -> None:
        tree.set_rows([pump("a", type_name="QATrackMPC")])
        tree.set_rows([pump("a", type_name="Varian MPC")])
        assert shown(tree) == [("Varian MPC (1)", ["Pump a"])]


class TestUpdate:
    def test_one_row_and_its_group_change(self, tree: PumpTreeModel) -> None:
        tree.set_rows([pump("a"), pump("b")])
        changed: list[tuple[str, int]] = []
        tree.dataChanged.connect(lambda first, last: changed.append((first.data(), last.column())))
        tree.update_rows([pump("b", state=PumpState.RUNNING, waiting=3)])
        assert changed == [("Pump b", 4), ("Type MPC (2)", 4)]
        assert tree.index(1, PumpColumn.STATE, tree.index(0, 0)).data() == "Running"
        assert tree.index(0, PumpColumn.STATE).data() == "Running"
        assert tree.index(0, PumpColumn.WAITING).data() == "3"

    def test_the_same_again_tells_nothing(self, tree: PumpTreeModel) -> None:
        tree.set_rows([pump("a")])
        told = heard(tree.dataChanged)
        tree.update_rows([pump("a")])
        assert told == []

    def test_a_new_pump_comes_last_in_its_group(self, tree: PumpTreeModel) -> None:
        tree.set_rows([pump("a"), pump("b", "DQA3")])
        tree.update_rows([pump("c")])
        assert shown(tree) == [("Type MPC (2)", ["Pump a", "Pump c"]), ("Type DQA3 (1)", ["Pump b"])]

    def test_a_pump_of_another_type_changes_its_group(self, tree: PumpTreeModel) -> None:
        tree.set_rows([pump("a"), pump("b")])
        tree.update_rows([pump("a", "DQA3")])
        assert shown(tree) == [("Type MPC (1)", ["Pump b"]), ("Type DQA3 (1)", ["Pump a"])]

    def test_many_at_once_are_told_once_for_each_group(self, tree: PumpTreeModel) -> None:
        tree.set_rows([*(pump(name) for name in "abcd"), pump("x", "DQA3"), pump("y", "File")])
        changed: list[tuple[str, str]] = []
        tree.dataChanged.connect(
            lambda first, last: changed.append((first.data(), last.siblingAtColumn(0).data()))
        )
        tree.update_rows(
            [pump("y", "File", waiting=2), pump("d", state=PumpState.RUNNING), pump("b", rejected=1)]
        )
        assert changed == [
            ("Pump b", "Pump d"),
            ("Type MPC (4)", "Type MPC (4)"),
            ("Pump y", "Pump y"),
            ("Type File (1)", "Type File (1)"),
        ]
        assert [row.state for row in tree.rows()][:4] == [*[PumpState.IDLE] * 3, PumpState.RUNNING]
        assert [row.rejected for row in tree.rows()][:4] == [0, 1, 0, 0]

    def test_known_and_new_ones_together(self, tree: PumpTreeModel) -> None:
        tree.set_rows([pump("a"), pump("b")])
        tree.update_rows([pump("c", "DQA3"), pump("b", name="Renamed"), pump("d")])
        assert shown(tree) == [
            ("Type MPC (3)", ["Pump a", "Renamed", "Pump d"]),
            ("Type DQA3 (1)", ["Pump c"]),
        ]

    def test_nothing_changes_nothing(self, tree: PumpTreeModel) -> None:
        tree.set_rows([pump("a")])
        told = heard(tree.dataChanged)
        tree.update_rows([])
        assert told == []


class TestIndexes:
    @pytest.mark.parametrize(("row", "column"), [(-1, 0), (2, 0), (0, -1), (0, 5)])
    def test_there_are_none_outside(self, tree: PumpTreeModel, row: int, column: int) -> None:
        tree.set_rows([pump("a"), pump("b"), pump("c", "DQA3"), pump("d", "DQA3")])
        assert not tree.index(row, column).isValid()
        assert not tree.index(row, column, tree.index(0, 0)).isValid()
        assert tree.index(1, 4, tree.index(0, 0)).isValid()

    def test_nothing_stands_below_a_pump_or_beside_the_name_of_a_group(self, tree: PumpTreeModel) -> None:
        tree.set_rows([pump("a")])
        assert not tree.index(0, 0, tree.index_of("a")).isValid()
        assert not tree.index(0, 0, tree.index(0, 1)).isValid()


class TestWhatIsTold:
    def test_a_pump_in_all_columns(self, tree: PumpTreeModel) -> None:
        row = pump(
            "a",
            state=PumpState.WAITING,
            last_success=NOW - timedelta(hours=1),
            next_run=NOW + timedelta(minutes=5),
            waiting=2,
        )
        tree.set_rows([row])
        cells = [tree.index(0, column, tree.index(0, 0)) for column in PumpColumn]
        assert [cell.data() for cell in cells] == [
            "Pump a",
            "Waiting",
            "today 13:28",
            "14:33 (in 5 min)",
            "2",
        ]

    def test_the_roles_of_a_pump(self, tree: PumpTreeModel) -> None:
        row = pump("a", reason="Because.", state=PumpState.ATTENTION)
        tree.set_rows([row])
        here = tree.index_of("a")
        assert here.data(PumpRole.ID) == "a"
        assert here.data(PumpRole.STATE) == "Needs attention"
        assert here.data(PumpRole.ROW) is row
        assert here.data(PumpRole.SORT) == "pump a"
        assert here.data(PumpRole.SEARCH) == "Pump a\nType MPC\nNeeds attention"
        assert here.data(PumpRole.TYPE) == "MPC"
        assert here.data(Qt.ItemDataRole.ToolTipRole) == "Pump a (Type MPC)\nNeeds attention\nBecause."
        state = here.siblingAtColumn(PumpColumn.STATE)
        assert state.data(Qt.ItemDataRole.AccessibleTextRole) == "Needs attention: Because."
        assert here.data(Qt.ItemDataRole.FontRole) is None

    def test_the_roles_of_a_group(self, tree: PumpTreeModel) -> None:
        tree.set_rows([pump("a"), pump("b", state=PumpState.WAITING)])
        group = tree.index(0, 0)
        assert group.data(PumpRole.ID) is None
        assert group.data(PumpRole.ROW) is None
        assert group.data(PumpRole.SEARCH) is None
        assert group.data(PumpRole.STATE) == "Mixed"
        assert group.data(PumpRole.TYPE) == "MPC"
        assert group.data(PumpRole.SORT) == "type mpc"
        assert group.data(Qt.ItemDataRole.ToolTipRole) == "Type MPC\n1 Waiting\n1 Idle"

    def test_headings(self, tree: PumpTreeModel) -> None:
        across = Qt.Orientation.Horizontal
        headings = [tree.headerData(column, across) for column in range(tree.columnCount())]
        assert headings == ["Pump", "State", "Last success", "Next run", "Waiting"]
        told = tree.headerData(PumpColumn.WAITING, across, Qt.ItemDataRole.ToolTipRole)
        assert told == "Records that wait to be delivered, and records that were rejected"
        assert tree.headerData(0, Qt.Orientation.Vertical) is None
        assert tree.headerData(9, across) is None

    def test_icons_come_from_whoever_can_draw_them(self, tree: PumpTreeModel) -> None:
        asked: list[PumpState | OverallState] = []

        def icon_for(state: PumpState | OverallState) -> QIcon:
            asked.append(state)
            return QIcon()

        tree.set_rows([pump("a", state=PumpState.RUNNING)])
        here = tree.index_of("a")
        assert here.siblingAtColumn(PumpColumn.STATE).data(Qt.ItemDataRole.DecorationRole) is None
        tree.set_icons(icon_for)
        assert here.data(Qt.ItemDataRole.DecorationRole) is None
        drawn = here.siblingAtColumn(PumpColumn.STATE).data(Qt.ItemDataRole.DecorationRole)
        assert isinstance(drawn, QIcon)
        assert isinstance(tree.index(0, PumpColumn.STATE).data(Qt.ItemDataRole.DecorationRole), QIcon)
        assert asked == [PumpState.RUNNING, OverallState.RUNNING]

    def test_the_clock_goes_on(self, tree: PumpTreeModel, clock: list[datetime]) -> None:
        tree.set_rows([pump("a", next_run=NOW + timedelta(minutes=5)), pump("b", "DQA3")])
        spans: list[tuple[str, int, int]] = []
        tree.dataChanged.connect(
            lambda first, last: spans.append((first.parent().data(), first.column(), last.column()))
        )
        clock[0] += timedelta(minutes=4)
        tree.tick()
        assert spans == [("Type MPC (1)", 2, 3), ("Type DQA3 (1)", 2, 3)]
        assert tree.index_of("a").siblingAtColumn(PumpColumn.NEXT_RUN).data() == "14:33 (in 1 min)"

    def test_dates_in_another_style(self, tree: PumpTreeModel) -> None:
        tree.set_rows([pump("a", last_success=NOW - timedelta(days=9))])
        told = heard(tree.dataChanged)
        tree.set_date_style(DateStyle("MM/dd/yyyy"))
        assert len(told) == 1
        assert tree.index_of("a").siblingAtColumn(PumpColumn.LAST_SUCCESS).data() == "11/11/2026 14:28"


class TestOrder:
    def test_moved_by_a_step(self, tree: PumpTreeModel) -> None:
        tree.set_rows([pump("a"), pump("b"), pump("c"), pump("x", "DQA3")])
        told = heard(tree.reordered)
        assert tree.move("a", 1)
        assert told == [(["b", "a", "c", "x"],)]
        assert tree.move("c", -1)
        assert ids(tree) == "bcax"

    @pytest.mark.parametrize(("pump_id", "step"), [("a", -1), ("c", 1), ("x", 1), ("nobody", 1)])
    def test_not_beyond_the_ends_of_the_group(self, tree: PumpTreeModel, pump_id: str, step: int) -> None:
        tree.set_rows([pump("a"), pump("b"), pump("c"), pump("x", "DQA3")])
        told = heard(tree.reordered)
        assert not tree.move(pump_id, step)
        assert told == []

    @pytest.mark.parametrize(
        ("pump_id", "row", "order"),
        [("a", 2, "bac"), ("a", 3, "bca"), ("a", -1, "bca"), ("c", 0, "cab"), ("c", 1, "acb")],
    )
    def test_dropped_between_others(self, tree: PumpTreeModel, pump_id: str, row: int, order: str) -> None:
        tree.set_rows([pump("a"), pump("b"), pump("c")])
        told = heard(tree.reordered)
        assert drop(tree, drag(tree, pump_id), row, tree.index(0, 0))
        assert told == [(list(order),)]
        assert ids(tree) == order

    def test_dropped_where_it_stands(self, tree: PumpTreeModel) -> None:
        tree.set_rows([pump("a"), pump("b")])
        told = heard(tree.reordered)
        assert not drop(tree, drag(tree, "a"), 1, tree.index(0, 0))
        assert told == []

    def test_not_into_another_group_nor_between_groups_nor_on_a_pump(self, tree: PumpTreeModel) -> None:
        tree.set_rows([pump("a"), pump("b"), pump("x", "DQA3")])
        for parent in (tree.index(1, 0), QModelIndex(), tree.index_of("b")):
            assert not drop(tree, drag(tree, "a"), 0, parent)
        assert ids(tree) == "abx"

    def test_what_others_drag_is_not_taken(self, tree: PumpTreeModel) -> None:
        tree.set_rows([pump("a"), pump("b")])
        strange = QMimeData()
        strange.setText("a")
        assert not drop(tree, strange, 0, tree.index(0, 0))
        gone = QMimeData()
        gone.setData(MIME, b"\xff\xfe")
        assert not drop(tree, gone, 0, tree.index(0, 0))

    def test_pumps_are_dragged_and_groups_are_not(self, tree: PumpTreeModel) -> None:
        tree.set_rows([pump("a")])
        group, here = tree.index(0, 0), tree.index_of("a")
        assert here.flags() & Qt.ItemFlag.ItemIsDragEnabled
        assert not here.flags() & Qt.ItemFlag.ItemIsDropEnabled
        assert group.flags() & Qt.ItemFlag.ItemIsDropEnabled
        assert not group.flags() & Qt.ItemFlag.ItemIsDragEnabled
        assert tree.flags(QModelIndex()) == Qt.ItemFlag.NoItemFlags
        assert tree.supportedDropActions() == Qt.DropAction.MoveAction
        assert tree.mimeTypes() == [MIME]
        assert not tree.mimeData([group]).hasFormat(MIME)


class TestFilter:
    @pytest.fixture
    def shown_tree(self, tree: PumpTreeModel) -> PumpFilter:
        proxy = PumpFilter(tree)
        QAbstractItemModelTester(proxy, QAbstractItemModelTester.FailureReportingMode.Fatal, proxy)
        tree.set_rows(
            [
                pump("a", name="TB1 beams", type_name="Varian MPC", waiting=2),
                pump("b", name="TB2 beams", type_name="Varian MPC", state=PumpState.RUNNING, waiting=9),
                pump("c", "File", name="Films (beta)", type_name="File mover"),
            ]
        )
        return proxy

    @pytest.mark.parametrize(
        ("text", "found"),
        [
            ("", "abc"),
            ("   ", "abc"),
            ("tb1", "a"),
            ("BEAMS", "ab"),
            ("varian", "ab"),
            ("mover", "c"),
            ("running", "b"),
            ("beams running", "b"),
            ("running beams", "b"),
            ("(beta)", "c"),
            (".*", ""),
            ("tb3", ""),
        ],
    )
    def test_every_word_has_to_be_found(self, shown_tree: PumpFilter, text: str, found: str) -> None:
        shown_tree.set_text(text)
        assert "".join(name for name in "abc" if shown_tree.index_of(name).isValid()) == found

    def test_groups_without_a_match_go(self, shown_tree: PumpFilter) -> None:
        shown_tree.set_text("films")
        assert shown(shown_tree) == [("File mover (1)", ["Films (beta)"])]

    def test_a_pump_that_changes_comes_into_sight(self, shown_tree: PumpFilter) -> None:
        shown_tree.set_text("running")
        shown_tree.tree.update_rows([pump("c", "File", name="Films (beta)", state=PumpState.RUNNING)])
        assert shown_tree.index_of("c").isValid()

    def test_sorted_by_a_column_and_back_to_the_dragged_order(self, shown_tree: PumpFilter) -> None:
        dragged = [("Varian MPC (2)", ["TB1 beams", "TB2 beams"]), ("File mover (1)", ["Films (beta)"])]
        assert shown(shown_tree) == dragged
        assert [shown_tree.in_dragged_order] == [True]
        shown_tree.sort(PumpColumn.WAITING, Qt.SortOrder.DescendingOrder)
        assert shown(shown_tree) == [("Varian MPC (2)", ["TB2 beams", "TB1 beams"]), dragged[1]]
        assert [shown_tree.in_dragged_order] == [False]
        shown_tree.sort(PumpColumn.PUMP, Qt.SortOrder.AscendingOrder)
        assert shown(shown_tree) == [dragged[1], dragged[0]]
        shown_tree.sort(PumpColumn.STATE, Qt.SortOrder.AscendingOrder)
        assert shown(shown_tree)[0] == ("Varian MPC (2)", ["TB2 beams", "TB1 beams"])
        shown_tree.sort(-1)
        assert shown(shown_tree) == dragged

    def test_pumps_are_found_through_the_filter(self, shown_tree: PumpFilter) -> None:
        here = shown_tree.index_of("c")
        assert shown_tree.id_at(here) == "c"
        assert shown_tree.id_at(here.parent()) is None
        assert shown_tree.id_at(QModelIndex()) is None

    def test_dropped_in_a_filtered_tree(self, shown_tree: PumpFilter) -> None:
        shown_tree.set_text("beams")
        data = shown_tree.mimeData([shown_tree.index_of("b")])
        assert shown_tree.dropMimeData(data, Qt.DropAction.MoveAction, 0, 0, shown_tree.index(0, 0))
        assert [row.id for row in shown_tree.tree.rows()] == ["b", "a", "c"]
