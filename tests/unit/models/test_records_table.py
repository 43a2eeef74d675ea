"""The table of records under Qt's own checker: loads page by page, and asks for order instead of sorting."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QFont, QIcon
from PySide6.QtTest import QAbstractItemModelTester

from qcpump_qt.models.dates import DateStyle
from qcpump_qt.models.record_words import COLUMNS
from qcpump_qt.models.records_table import RecordRole, RecordsTableModel
from qcpump_qt.models.rows import RecordRow

NOON = datetime(2026, 11, 20, 12, 0, 0).astimezone()
KEYS = [column.key for column in COLUMNS]
ROOT = QModelIndex()


def row(number: int, state: str = "delivered", **given: Any) -> RecordRow:
    values = {"title": f"record {number}", "key": f"key-{number}", "updated": NOON, "first_seen": NOON}
    return RecordRow(number=number, state=state, **{**values, **given})


def rows(first: int, count: int) -> list[RecordRow]:
    return [row(number) for number in range(first, first + count)]


class Shown:
    """A model with a checker, and what it asked for."""

    def __init__(self, **given: Any) -> None:
        self.model = RecordsTableModel(**given)
        self.tester = QAbstractItemModelTester(
            self.model, QAbstractItemModelTester.FailureReportingMode.Fatal
        )
        self.more: list[int] = []
        self.sorts: list[tuple[str, bool]] = []
        self.model.more_wanted.connect(self.more.append)
        self.model.sort_wanted.connect(lambda key, down: self.sorts.append((key, down)))

    def cell(self, place: int, key: str, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        return self.model.data(self.model.index(place, KEYS.index(key)), role)


@pytest.fixture
def shown() -> Shown:
    return Shown()


def test_headings(shown: Shown) -> None:
    model = shown.model
    titles = [model.headerData(place, Qt.Orientation.Horizontal) for place in range(model.columnCount())]
    assert titles == [
        *("Record", "State", "Reason", "Unit", "Test list", "First seen", "Updated", "Attempts"),
    ]
    assert (
        model.headerData(1, Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole)
        == "What became of the record."
    )
    assert model.headerData(0, Qt.Orientation.Vertical) is None
    assert model.headerData(99, Qt.Orientation.Horizontal) is None
    assert model.headerData(0, Qt.Orientation.Horizontal, Qt.ItemDataRole.DecorationRole) is None


def test_every_cell_says_what_the_row_holds() -> None:
    shown = Shown(dates=DateStyle("dd.MM.yyyy"))
    seen = NOON - timedelta(days=1)
    shown.model.start(
        1,
        [
            row(
                7,
                "rejected",
                title="NDS-WKS-SN2101 6x",
                reason="The server wants\na value for b.",
                unit="TrueBeam 1",
                test_list="MPC 6x",
                first_seen=seen,
                attempts=2,
                trouble=True,
            )
        ],
    )
    assert [shown.cell(0, key) for key in KEYS] == [
        "NDS-WKS-SN2101 6x",
        "Rejected",
        "The server wants a value for b.",
        "TrueBeam 1",
        "MPC 6x",
        "19.11.2026 12:00:00",
        "20.11.2026 12:00:00",
        "2",
    ]
    assert shown.cell(0, "title", RecordRole.NUMBER) == 7
    assert shown.cell(0, "state", RecordRole.ICON_NAME) == "record-rejected"
    assert shown.cell(0, "title", RecordRole.ROW).unit == "TrueBeam 1"


def test_times_that_are_not_known_are_blank(shown: Shown) -> None:
    shown.model.start(1, [row(1, first_seen=None, updated=None)])
    assert (shown.cell(0, "first_seen"), shown.cell(0, "updated")) == ("", "")


def test_times_of_the_ledger_are_shown_in_local_time(shown: Shown) -> None:
    moment = datetime(2026, 11, 20, 12, 0, 0, tzinfo=timezone.utc)
    shown.model.start(1, [row(1, updated=moment)])
    assert shown.cell(0, "updated") == f"{moment.astimezone():%Y-%m-%d %H:%M:%S}"


def test_tooltips_tell_all_that_a_cell_may_cut(shown: Shown) -> None:
    shown.model.start(1, [row(1, "waiting", reason="<b>unit</b> " + "y" * 400, unit="", trouble=True)])
    tip = Qt.ItemDataRole.ToolTipRole
    assert "record 1\nKey: key-1" in shown.cell(0, "title", tip)
    assert "Waiting (needs attention): &lt;b&gt;unit&lt;/b&gt; yyy" in shown.cell(0, "state", tip)
    assert "y" * 400 in shown.cell(0, "reason", tip)
    assert shown.cell(0, "unit", tip) == ""
    assert len(shown.cell(0, "reason")) == 300


def test_a_title_that_is_the_key_is_told_once(shown: Shown) -> None:
    shown.model.start(1, [row(1, title="same", key="same")])
    assert shown.cell(0, "title", Qt.ItemDataRole.ToolTipRole).count("same") == 1


def test_what_needs_somebody_is_bold_and_has_its_icon() -> None:
    asked: list[str] = []

    def icon_of(name: str) -> QIcon:
        asked.append(name)
        return QIcon()

    shown = Shown(icon_of=icon_of)
    shown.model.start(3, [row(1), row(2, "waiting", trouble=True), row(3, "a state of tomorrow")])
    font = shown.cell(1, "state", Qt.ItemDataRole.FontRole)
    assert isinstance(font, QFont)
    assert font.bold()
    assert shown.cell(0, "state", Qt.ItemDataRole.FontRole) is None
    assert shown.cell(1, "title", Qt.ItemDataRole.FontRole) is None
    asked.clear()
    assert isinstance(shown.cell(0, "state", Qt.ItemDataRole.DecorationRole), QIcon)
    assert asked == ["record-delivered"]
    assert shown.cell(2, "state", Qt.ItemDataRole.DecorationRole) is None
    assert shown.cell(0, "title", Qt.ItemDataRole.DecorationRole) is None
    assert shown.cell(2, "state") == "A state of tomorrow"


def test_without_icons_there_are_words(shown: Shown) -> None:
    shown.model.start(1, [row(1)])
    assert shown.cell(0, "state", Qt.ItemDataRole.DecorationRole) is None
    assert shown.cell(0, "attempts", Qt.ItemDataRole.TextAlignmentRole) == int(
        Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
    )


def test_the_next_page_is_asked_for_once(shown: Shown) -> None:
    shown.model.start(1200, rows(1, 500))
    shown.model.fetchMore(ROOT)
    shown.model.fetchMore(ROOT)
    assert shown.more == [500]
    assert not shown.model.canFetchMore(ROOT)
    shown.model.append(rows(501, 500))
    assert (shown.model.rowCount(), shown.model.total) == (1000, 1200)


def test_pages_come_until_all_are_there() -> None:
    model = RecordsTableModel()
    asked: list[int] = []
    model.more_wanted.connect(asked.append)
    model.start(1200, rows(1, 500))
    while model.canFetchMore(ROOT):
        model.fetchMore(ROOT)
        assert not model.canFetchMore(ROOT)
        model.append(rows(asked[-1] + 1, min(500, 1200 - asked[-1])))
    assert asked == [500, 1000]
    assert model.rowCount() == 1200
    assert [each.number for each in model.rows()] == list(range(1, 1201))


def test_records_that_moved_between_pages_are_not_shown_twice(shown: Shown) -> None:
    model = RecordsTableModel()
    asked: list[int] = []
    model.more_wanted.connect(asked.append)
    model.start(8, rows(1, 4))
    model.fetchMore(ROOT)
    model.append([row(4, "rejected"), *rows(5, 2)])
    assert [each.number for each in model.rows()] == [1, 2, 3, 4, 5, 6]
    assert model.rows()[3].state == "rejected"
    model.fetchMore(ROOT)
    assert asked == [4, 7]  # counted by what was read, so that the same page is not asked for again and again


def test_a_page_that_could_not_be_read_can_be_asked_for_again() -> None:
    model = RecordsTableModel()
    model.start(8, rows(1, 4))
    model.fetchMore(ROOT)
    assert not model.canFetchMore(ROOT)
    model.append([])
    assert model.canFetchMore(ROOT)
    assert model.rowCount() == 4


def test_more_records_than_were_counted_are_shown(shown: Shown) -> None:
    shown.model.start(1, rows(1, 3))
    assert shown.model.total == 3
    shown.model.append(rows(4, 2))
    assert shown.model.total == 5


def test_records_are_brought_up_to_date_in_their_place(shown: Shown) -> None:
    shown.model.start(3, rows(1, 3))
    changed: list[tuple[int, int]] = []
    shown.model.dataChanged.connect(lambda first, last, _roles: changed.append((first.row(), last.column())))
    shown.model.update([row(2, "rejected"), row(3), row(99)])
    assert changed == [(1, len(COLUMNS) - 1)]
    assert shown.cell(1, "state") == "Rejected"
    assert shown.model.place_of(2) == 1
    assert shown.model.place_of(99) is None


def test_other_records_take_the_place_of_all(shown: Shown) -> None:
    shown.model.start(3, rows(1, 3))
    shown.model.start(1, rows(8, 1))
    assert [each.number for each in shown.model.rows()] == [8]
    assert shown.model.place_of(1) is None
    assert shown.model.row_at(0) == row(8)
    assert shown.model.row_at(1) is None
    assert shown.model.row_at(-1) is None
    shown.model.start(0, [])
    assert shown.model.rowCount() == 0


def test_sorting_is_asked_for(shown: Shown) -> None:
    shown.model.start(3, rows(1, 3))
    shown.sorts.clear()
    shown.model.sort(KEYS.index("unit"))
    shown.model.sort(KEYS.index("updated"), Qt.SortOrder.DescendingOrder)
    shown.model.sort(KEYS.index("reason"))
    shown.model.sort(-1)
    assert shown.sorts == [("unit", False), ("updated", True)]
    assert [each.number for each in shown.model.rows()] == [1, 2, 3]


def test_dates_can_be_written_in_another_way(shown: Shown) -> None:
    shown.model.set_date_style(DateStyle())  # with nothing to show, too
    shown.model.start(1, rows(1, 1))
    changed: list[int] = []
    shown.model.dataChanged.connect(lambda first, _last, _roles: changed.append(first.row()))
    shown.model.set_date_style(DateStyle("MM/dd/yyyy"))
    assert changed == [0]
    assert shown.cell(0, "updated") == "11/20/2026 12:00:00"


def test_there_is_nothing_below_a_row_or_outside(shown: Shown) -> None:
    shown.model.start(1, rows(1, 1))
    inside = shown.model.index(0, 0)
    assert (shown.model.rowCount(inside), shown.model.columnCount(inside)) == (0, 0)
    assert not shown.model.canFetchMore(inside)
    assert shown.model.data(ROOT) is None
    assert shown.cell(0, "title", Qt.ItemDataRole.CheckStateRole) is None
