"""The Records tab by real clicks and keys: filter, order, details, retry, opening, export."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QFileDialog, QMenu, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from gui.heartbeat import Heartbeat
from gui.records_book import PUMP, fill, fill_many, home, meet
from qcpump_qt.app import Program
from qcpump_qt.controllers.records import Records
from qcpump_qt.controllers.tasks import Tasks
from qcpump_qt.models.dates import DateStyle
from qcpump_qt.models.record_words import COLUMNS, ICONS
from qcpump_qt.models.records_table import RecordsTableModel
from qcpump_qt.models.rows import RecordDetail, RecordRow
from qcpump_qt.views.icons import icon
from qcpump_qt.views.records_tab import RecordsTab

NOON = datetime(2026, 11, 20, 12, 0, 0).astimezone()
URL = "https://qa.example.org/qc/session/details/7/"
KEYS = [column.key for column in COLUMNS]


def row(number: int, state: str = "delivered", **given: Any) -> RecordRow:
    values = {"title": f"record {number}", "key": f"key-{number}", "updated": NOON, "first_seen": NOON}
    return RecordRow(number=number, state=state, **{**values, **given})


class Shown:
    """A tab on a screen, and everything that it asked for."""

    def __init__(self, qtbot: QtBot) -> None:
        self.qtbot = qtbot
        self.model = RecordsTableModel(icon_of=icon)
        self.tab = RecordsTab(self.model)
        qtbot.addWidget(self.tab)
        self.asked: list[tuple[Any, ...]] = []
        names = ("filter_changed", "sort_wanted", "more_wanted", "detail_wanted", "retry_wanted")
        for name in (*names, "retry_all_wanted", "open_wanted", "export_wanted", "preview_wanted"):
            getattr(self.tab, name).connect(lambda *given, name=name: self.asked.append((name, *given)))
        self.tab.export_cancelled.connect(lambda: self.asked.append(("export_cancelled",)))
        self.tab.resize(900, 600)
        self.tab.show()
        qtbot.waitExposed(self.tab)

    def of(self, name: str) -> list[tuple[Any, ...]]:
        return [given[1:] for given in self.asked if given[0] == name]

    def click(self, button: QAbstractButton) -> None:
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    def click_row(
        self, place: int, keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier, column: int = 0
    ) -> None:
        table = self.tab.table
        where = table.visualRect(self.model.index(place, column)).center()
        QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, keys, where)

    def click_heading(self, key: str) -> None:
        header = self.tab.table.horizontalHeader()
        x = header.sectionViewportPosition(KEYS.index(key)) + 20
        QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(x, header.height() // 2))


@pytest.fixture
def shown(qtbot: QtBot) -> Shown:
    return Shown(qtbot)


# --- filter and order -----------------------------------------------------------------------------


def test_a_state_is_chosen_by_keyboard(shown: Shown) -> None:
    box = shown.tab.filter.state
    assert [box.itemText(place) for place in range(box.count())] == [
        *("All", "Waiting", "Sending", "Rejected", "Delivered", "Already there", "Skipped"),
    ]
    QTest.keyClicks(box, "Rej")
    QTest.keyClicks(box, "A")
    QTest.keyClick(box, Qt.Key.Key_Home)
    QTest.keyClick(box, Qt.Key.Key_Down)
    assert ("rejected", "") in shown.of("filter_changed")
    assert shown.of("filter_changed")[-1] == ("waiting", "")


def test_a_text_counts_300_ms_after_the_last_key(shown: Shown) -> None:
    assert shown.tab.filter._pause.interval() == 300
    QTest.keyClicks(shown.tab.filter.text, "unit 7 ")
    assert shown.of("filter_changed") == []
    shown.qtbot.waitUntil(lambda: bool(shown.of("filter_changed")))
    assert shown.of("filter_changed") == [(None, "unit 7")]


def test_return_does_not_wait(shown: Shown) -> None:
    QTest.keyClicks(shown.tab.filter.text, "x")
    QTest.keyClick(shown.tab.filter.text, Qt.Key.Key_Return)
    assert shown.of("filter_changed") == [(None, "x")]
    QTest.keyClick(shown.tab.filter.text, Qt.Key.Key_Return)
    assert shown.of("filter_changed") == [(None, "x")]
    shown.tab.filter.text.clear()
    shown.qtbot.waitUntil(lambda: shown.of("filter_changed")[-1] == (None, ""))


def test_ctrl_f_goes_to_the_text(shown: Shown) -> None:
    shown.tab.filter.text.setText("old")
    shown.tab.table.setFocus()
    QTest.keyClick(shown.tab.table, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    shown.qtbot.waitUntil(shown.tab.filter.text.hasFocus)
    QTest.keyClicks(shown.tab.filter.text, "new")
    assert shown.tab.filter.text.text() == "new"


def test_clicks_on_headings_ask_for_an_order(shown: Shown) -> None:
    shown.tab.start(2, [row(1), row(2)])
    header = shown.tab.table.horizontalHeader()
    assert (header.sortIndicatorSection(), header.sortIndicatorOrder()) == (
        KEYS.index("updated"),
        Qt.SortOrder.DescendingOrder,
    )
    shown.click_heading("state")
    shown.click_heading("state")
    assert shown.of("sort_wanted") == [("state", False), ("state", True)]
    shown.click_heading("reason")  # the ledger keeps no order by reasons
    assert len(shown.of("sort_wanted")) == 2
    assert (header.sortIndicatorSection(), header.sortIndicatorOrder()) == (
        KEYS.index("state"),
        Qt.SortOrder.DescendingOrder,
    )


def menu_of(shown: Shown) -> dict[str, QAction]:
    return {action.text(): action for action in shown.tab.table.actions()}


def test_the_order_can_be_chosen_from_the_menu(shown: Shown) -> None:
    sorting = menu_of(shown)["Sort by"].menu()
    assert isinstance(sorting, QMenu)
    choices: dict[str, QAction] = {action.text(): action for action in sorting.actions()}
    assert list(choices) == ["Record", "State", "Unit", "Test list", "First seen", "Updated"]
    for title in ("Unit", "Unit", "First seen", "First seen", "Updated", "Updated"):
        choices[title].trigger()
    assert shown.of("sort_wanted") == [
        ("unit", False),
        ("unit", True),
        ("first_seen", True),
        ("first_seen", False),
        ("updated", True),
        ("updated", False),
    ]


# --- what is shown --------------------------------------------------------------------------------


def test_counts_stand_below_the_table(shown: Shown) -> None:
    assert shown.tab.count.text() == "No record yet. What a cycle finds at the source appears here."
    shown.tab.set_reading()
    assert shown.tab.count.text() == "The records are being read."
    shown.tab.start(1, [row(1)])
    assert shown.tab.count.text() == "1 record."
    shown.tab.start(700, [row(number) for number in range(1, 501)])
    assert shown.tab.count.text() == "500 of 700 records are loaded; scroll down for more."
    shown.tab.append([row(number) for number in range(501, 701)])
    assert shown.tab.count.text() == "700 records."
    QTest.keyClicks(shown.tab.filter.text, "x")
    QTest.keyClick(shown.tab.filter.text, Qt.Key.Key_Return)
    shown.tab.start(0, [])
    assert shown.tab.count.text() == "No record matches the filter."


def test_scrolling_down_asks_for_more(shown: Shown) -> None:
    shown.tab.start(1200, [row(number) for number in range(1, 501)])
    shown.qtbot.wait(30)  # time for the view to ask, were it to ask too early
    assert shown.of("more_wanted") == []
    shown.tab.table.setFocus()
    QTest.keyClick(shown.tab.table, Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
    shown.qtbot.waitUntil(lambda: shown.of("more_wanted") == [(500,)])
    shown.tab.append([row(number) for number in range(501, 1001)])
    QTest.keyClick(shown.tab.table, Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
    shown.qtbot.waitUntil(lambda: shown.of("more_wanted") == [(500,), (1000,)])


def test_the_record_under_the_cursor_is_shown_in_full(shown: Shown) -> None:
    shown.tab.start(3, [row(1), row(2), row(3)])
    shown.click_row(1)
    assert shown.of("detail_wanted") == [(2,)]
    shown.tab.set_detail(RecordDetail(row=row(2, "rejected", reason="No value for b.")))
    assert shown.tab.detail.title.text() == "record 2: Rejected"
    assert shown.tab.detail.reason.toPlainText() == "No value for b."
    assert shown.model.data(shown.model.index(1, 1)) == "Rejected"  # the table is brought up to date, too
    QTest.keyClick(shown.tab.table, Qt.Key.Key_Down)
    assert shown.of("detail_wanted") == [(2,), (3,)]
    shown.tab.set_detail(RecordDetail(row=row(2)))  # came late, for the one before
    assert shown.tab.detail.title.text() == "record 2: Rejected"
    shown.tab.set_detail(None)
    assert shown.tab.detail.detail is None


def test_return_goes_on_to_the_values(shown: Shown) -> None:
    shown.tab.start(1, [row(1)])
    shown.click_row(0)
    shown.tab.set_detail(RecordDetail(row=row(1), payload={"tests": {"a": {"value": 1}}}))
    shown.tab.table.setFocus()
    QTest.keyClick(shown.tab.table, Qt.Key.Key_Return)
    shown.qtbot.waitUntil(shown.tab.detail.table.hasFocus)


def test_cursor_selection_and_scroll_position_outlast_a_refresh(shown: Shown) -> None:
    rows = [row(number) for number in range(1, 301)]
    shown.tab.start(300, rows)
    table = shown.tab.table
    shown.qtbot.waitUntil(lambda: table.verticalScrollBar().maximum() > 200)
    table.scrollTo(shown.model.index(150, 0), table.ScrollHint.PositionAtTop)
    assert table.rowAt(0) == 150
    shown.click_row(152)
    shown.click_row(154, Qt.KeyboardModifier.ControlModifier)
    shown.asked.clear()
    shown.tab.renew(301, [row(999), *rows[:152], row(153, "rejected"), *rows[153:]])
    assert [each.number for each in table.chosen()] == [153, 155]
    current = table.current()
    assert current is not None
    assert current.number == 155
    assert table.rowAt(0) == 151  # one new above, so the same records are in sight
    assert shown.of("detail_wanted") == [(155,)]  # its details may be other ones now


def test_at_the_top_new_records_come_into_sight(shown: Shown) -> None:
    shown.tab.start(300, [row(number) for number in range(1, 301)])
    shown.tab.renew(301, [row(999), *(row(number) for number in range(1, 301))])
    assert shown.tab.table.rowAt(0) == 0


def test_other_records_are_shown_from_the_top(shown: Shown) -> None:
    shown.tab.start(300, [row(number) for number in range(1, 301)])
    shown.qtbot.waitUntil(lambda: shown.tab.table.verticalScrollBar().maximum() > 200)
    shown.tab.table.scrollToBottom()
    assert shown.tab.table.rowAt(0) > 200
    shown.tab.start(300, [row(number) for number in range(300, 0, -1)])
    assert shown.tab.table.rowAt(0) == 0


def test_a_record_that_is_gone_takes_its_details_along(shown: Shown) -> None:
    shown.tab.start(2, [row(1), row(2)])
    shown.click_row(0)
    shown.tab.set_detail(RecordDetail(row=row(1)))
    shown.tab.renew(1, [row(2)])
    assert shown.tab.detail.title.text() == "Select a record to see its values and what the server answered."
    assert shown.tab.table.current() is None
    shown.tab.set_reading()
    assert shown.model.rowCount() == 0


def test_dates_can_be_written_in_another_way(shown: Shown) -> None:
    shown.tab.start(1, [row(1)])
    shown.click_row(0)
    shown.tab.set_detail(RecordDetail(row=row(1)))
    shown.tab.set_date_style(DateStyle("dd.MM.yyyy"))
    assert shown.model.data(shown.model.index(0, KEYS.index("updated"))) == "20.11.2026 12:00:00"
    assert "Updated: 20.11.2026 12:00:00" in shown.tab.detail.facts.text()


# --- what can be done -----------------------------------------------------------------------------


def test_what_can_be_done_depends_on_what_is_selected(shown: Shown) -> None:
    tab = shown.tab
    buttons = (tab.retry, tab.open, tab.export)
    assert [button.isEnabled() for button in buttons] == [False, False, False]
    tab.start(3, [row(1, url=URL), row(2, "rejected"), row(3, "skipped", url="file:///etc/passwd")])
    assert [button.isEnabled() for button in buttons] == [False, False, True]
    shown.click_row(0)
    assert [button.isEnabled() for button in buttons] == [False, True, True]
    shown.click_row(1)
    assert [button.isEnabled() for button in buttons] == [True, False, True]
    shown.click_row(2)
    assert [button.isEnabled() for button in buttons] == [False, False, True]
    menu = menu_of(shown)
    assert list(menu) == ["Copy", "Sort by", "Retry", "Open in QATrack+"]
    assert [menu[text].isEnabled() for text in ("Retry", "Open in QATrack+")] == [False, False]


def test_selected_records_are_retried(shown: Shown) -> None:
    shown.tab.start(3, [row(1, "rejected"), row(2), row(3, "waiting")])
    shown.click_row(0)
    shown.click_row(2, Qt.KeyboardModifier.ShiftModifier)
    shown.click(shown.tab.retry)
    menu_of(shown)["Retry"].trigger()
    assert shown.of("retry_wanted") == [([1, 2, 3],), ([1, 2, 3],)]


def test_the_page_on_the_server_is_opened(shown: Shown) -> None:
    shown.tab.start(1, [row(1, url=URL)])
    shown.click_row(0)
    shown.click(shown.tab.open)
    menu_of(shown)["Open in QATrack+"].trigger()
    assert shown.of("open_wanted") == [(URL,), (URL,)]


def test_nothing_but_web_pages_is_opened(shown: Shown) -> None:
    shown.tab.start(1, [row(1, url="javascript:alert(1)")])
    shown.click_row(0)
    shown.tab._open()
    assert shown.of("open_wanted") == []


def confirmation(shown: Shown) -> QMessageBox:
    box = shown.tab.findChild(QMessageBox, "confirm_retry_all")
    assert isinstance(box, QMessageBox)
    return box


def test_all_rejected_ones_are_retried_after_a_question(shown: Shown) -> None:
    assert not shown.tab.retry_all.isEnabled()
    assert shown.tab.retry_all.text() == "Retry all rejected"
    shown.tab.set_rejected(1200)
    assert shown.tab.retry_all.text() == "Retry all rejected (1,200)"
    shown.click(shown.tab.retry_all)
    box = confirmation(shown)
    assert box.windowTitle() == "Retry all rejected"
    assert box.text() == "Try all 1,200 rejected records of this pump again in its next cycle?"
    assert box.informativeText() == (
        "What was wrong has to be mended first, in QATrack+ or in the configuration of the pump; "
        "otherwise they are rejected again."
    )
    [retry] = [button for button in box.buttons() if button.text() == "Retry all"]
    assert shown.of("retry_all_wanted") == []
    shown.click(retry)
    assert shown.of("retry_all_wanted") == [()]


def test_the_question_can_be_answered_with_no(shown: Shown) -> None:
    shown.tab.set_rejected(1)
    shown.click(shown.tab.retry_all)
    box = confirmation(shown)
    assert box.text() == "Try the 1 rejected record of this pump again in its next cycle?"
    shown.click(box.button(QMessageBox.StandardButton.Cancel))
    assert shown.of("retry_all_wanted") == []
    shown.tab.set_rejected(0)
    assert not shown.tab.retry_all.isEnabled()


def test_a_file_is_chosen_for_the_export(shown: Shown, tmp_path: Path) -> None:
    shown.tab.start(1, [row(1)])
    shown.click(shown.tab.export)
    dialog = shown.tab.findChild(QFileDialog, "export_file")
    assert isinstance(dialog, QFileDialog)
    assert dialog.windowTitle() == "Export records as CSV"
    assert dialog.defaultSuffix() == "csv"
    dialog.setDirectory(str(tmp_path))
    dialog.selectFile("of today")
    dialog.accept()
    [(path,)] = shown.of("export_wanted")
    assert Path(path) == tmp_path / "of today.csv"


def test_an_export_that_is_under_way_can_be_cancelled(shown: Shown) -> None:
    tab = shown.tab
    tab.set_exporting(True)
    assert (tab.export.text(), tab.export.accessibleName()) == ("Cancel export", "Cancel export")
    assert tab.export.isEnabled()
    shown.click(tab.export)
    assert shown.of("export_cancelled") == [()]
    tab.set_exporting(False)
    assert tab.export.text() == "Export as CSV…"
    assert not tab.export.isEnabled()  # there is nothing to export


def test_a_preview_is_asked_for(shown: Shown) -> None:
    shown.click(shown.tab.preview)
    assert shown.of("preview_wanted") == [()]


def test_selected_rows_are_copied(shown: Shown) -> None:
    shown.tab.start(3, [row(1), row(2, "rejected", reason="a\tb", attempts=1), row(3)])
    QGuiApplication.clipboard().setText("before")
    shown.tab.table.setFocus()
    QTest.keyClick(shown.tab.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "before"
    shown.click_row(1)
    shown.click_row(0, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(shown.tab.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    at = "2026-11-20 12:00:00"
    assert QGuiApplication.clipboard().text() == (
        "Record\tState\tReason\tUnit\tTest list\tFirst seen\tUpdated\tAttempts\n"
        f"record 1\tDelivered\t\t\t\t{at}\t{at}\t0\n"
        f"record 2\tRejected\ta b\t\t\t{at}\t{at}\t1\n"
    )


def test_every_state_has_an_icon_of_its_own_shape(qapp: QApplication) -> None:
    shapes = {name: icon(name).pixmap(16, 16).toImage() for name in ICONS.values()}
    assert not any(shape.isNull() for shape in shapes.values())
    assert len({bytes(shape.constBits()) for shape in shapes.values()}) == len(shapes)


# --- for everybody --------------------------------------------------------------------------------


def test_everything_can_be_reached_by_keyboard_in_order(shown: Shown) -> None:
    tab = shown.tab
    tab.start(2, [row(1, "rejected", reason="r", url=URL), row(2)])
    tab.set_rejected(1)
    shown.click_row(0)
    tab.set_detail(RecordDetail(row=row(1, "rejected", reason="r"), payload={"tests": {"a": {"value": 1}}}))
    tab.filter.state.setFocus()
    names: list[str] = []
    for _turn in range(14):
        widget = QApplication.focusWidget()
        assert widget is not None
        names.append(widget.objectName() or type(widget).__name__)
        QTest.keyClick(widget, Qt.Key.Key_Tab)
    wanted = ["state_filter", "text_filter", "records", "copy_details", "record_reason", "values"]
    assert names[:6] == wanted
    assert {"server_answer", "retry", "retry_all", "open", "export", "preview"} <= set(names)


def test_everything_has_a_name_for_screen_readers(shown: Shown) -> None:
    kinds = (
        "QComboBox",
        "QLineEdit",
        "QPushButton",
        "RecordTable",
        "QTableView",
        "QPlainTextEdit",
        "QTabWidget",
    )
    for widget in shown.tab.findChildren(QWidget):
        if widget.metaObject().className() in kinds and widget.focusPolicy() != Qt.FocusPolicy.NoFocus:
            assert widget.accessibleName(), widget
            assert widget.objectName(), widget


def test_nothing_is_cut_at_150_percent(shown: Shown) -> None:
    before = shown.tab.table.verticalHeader().defaultSectionSize()
    font = shown.tab.font()
    font.setPointSizeF(font.pointSizeF() * 1.5)
    shown.tab.setFont(font)
    shown.tab.start(1, [row(1)])
    assert shown.tab.table.verticalHeader().defaultSectionSize() > before
    tab = shown.tab
    buttons = (tab.retry, tab.retry_all, tab.open, tab.export, tab.preview)
    shown.qtbot.waitUntil(lambda: all(each.width() >= each.minimumSizeHint().width() for each in buttons))


# --- over a real ledger ---------------------------------------------------------------------------


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Program]:
    with home(tmp_path) as made:
        yield made


@pytest.fixture
def joined(shown: Shown, program: Program) -> Iterator[Records]:
    """The tab and its controller, connected as the composition does it."""
    tasks = Tasks(4)
    records = Records(program, tasks)
    tab = shown.tab
    records.reading.connect(tab.set_reading)
    records.started.connect(tab.start)
    records.renewed.connect(tab.renew)
    records.continued.connect(tab.append)
    records.rejected.connect(tab.set_rejected)
    records.detailed.connect(tab.set_detail)
    tab.filter_changed.connect(records.set_filter)
    tab.sort_wanted.connect(records.sort)
    tab.more_wanted.connect(records.more)
    tab.detail_wanted.connect(records.detail)
    tab.retry_wanted.connect(records.retry)
    tab.retry_all_wanted.connect(records.retry_all_rejected)
    yield records
    tasks.cancel()
    assert tasks.wait(10)


def test_a_rejected_record_from_the_table_to_its_next_try(
    shown: Shown, program: Program, joined: Records
) -> None:
    fill(program.ledger)
    joined.show(PUMP)
    shown.qtbot.waitUntil(lambda: shown.model.rowCount() == 7)
    QTest.keyClicks(shown.tab.filter.state, "Rej")
    shown.qtbot.waitUntil(lambda: shown.model.rowCount() == 1)
    shown.click_row(0)
    detail = shown.tab.detail
    shown.qtbot.waitUntil(lambda: detail.title.text() == "SN2101 rejected: Rejected")
    assert "Missing data for tests: output_6x" in detail.answer.toPlainText()
    assert detail.source.toPlainText() == "/tds/rejected/Results.csv"
    with shown.qtbot.waitSignal(joined.told) as told:
        shown.click(shown.tab.retry)
    assert told.args == ["Retry", "1 record will be tried again in the next cycle."]
    shown.qtbot.waitUntil(lambda: shown.model.rowCount() == 0)
    assert shown.tab.count.text() == "No record matches the filter."
    assert not shown.tab.retry_all.isEnabled()


def test_details_follow_what_a_cycle_did(shown: Shown, program: Program, joined: Records) -> None:
    numbers = fill(program.ledger)
    joined.show(PUMP)
    shown.qtbot.waitUntil(lambda: shown.model.rowCount() == 7)
    place = shown.model.place_of(numbers["rejected"])
    assert place is not None
    shown.click_row(place)
    shown.qtbot.waitUntil(lambda: shown.tab.detail.title.text() == "SN2101 rejected: Rejected")
    program.ledger.deliveries.retry(numbers["rejected"])
    meet(program.ledger, ["new"])
    joined.refresh()
    shown.qtbot.waitUntil(lambda: shown.tab.detail.title.text() == "SN2101 rejected: Waiting")
    assert shown.model.rowCount() == 8


def test_100_000_records_scroll_without_a_stall(
    shown: Shown,
    program: Program,
    joined: Records,
    heartbeat: Callable[[], AbstractContextManager[Heartbeat]],
) -> None:
    def loaded(count: int) -> bool:
        return shown.model.rowCount() == count

    fill_many(program.ledger, 100_000)
    with heartbeat():
        joined.show(PUMP)
        shown.qtbot.waitUntil(lambda: shown.model.rowCount() == 500)
        shown.tab.table.setFocus()
        for page in range(2, 7):
            QTest.keyClick(shown.tab.table, Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
            shown.qtbot.waitUntil(partial(loaded, page * 500))
        QTest.keyClick(shown.tab.table, Qt.Key.Key_Home, Qt.KeyboardModifier.ControlModifier)
        with shown.qtbot.waitSignal(joined.renewed):
            joined.refresh()
        shown.qtbot.wait(60)
    assert shown.model.total == 100_000
    assert shown.tab.count.text() == "3,000 of 100,000 records are loaded; scroll down for more."
    first = shown.model.row_at(0)
    assert first is not None
    assert first.key == "key-99999"
    assert first.updated is not None
    assert first.updated > NOON - timedelta(days=100_000)
    assert not shown.model.canFetchMore(shown.model.index(0, 0))
    assert shown.model.canFetchMore(QModelIndex())


def test_a_usual_title_is_not_cut(shown: Shown) -> None:
    tab, words = shown.tab, "SN2102 2026-11-19 07:38 Enhanced MLC Check"
    assert tab.table.columnWidth(0) > tab.table.fontMetrics().horizontalAdvance(words) + 8
