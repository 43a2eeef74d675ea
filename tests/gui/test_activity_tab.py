"""The tab *Activity* by real clicks and keys: progress, filters, following, copying."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta, timezone

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QProgressBar,
    QPushButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from qcpump_qt.models.dates import DateStyle
from qcpump_qt.models.log_table import LogRow, LogTableModel
from qcpump_qt.views.activity_tab import ActivityTab
from qcpump_qt.views.cycle_progress import elapsed_words

LEFT = Qt.MouseButton.LeftButton
NOON = datetime(2026, 11, 20, 12, 0, 0).astimezone()


@pytest.fixture
def tab(qtbot: QtBot) -> ActivityTab:
    made = ActivityTab()
    qtbot.addWidget(made)
    made.resize(620, 540)
    with qtbot.waitExposed(made):
        made.show()
    made.activateWindow()
    return made


@pytest.fixture
def log(tab: ActivityTab) -> LogTableModel:
    """A log of 200 lines, each tenth of them a warning, shown in the tab."""
    model = LogTableModel()
    model.append(rows(200))
    tab.set_log(model)
    return model


def rows(count: int, first: int = 0) -> list[LogRow]:
    levels = [logging.WARNING] + 9 * [logging.INFO]
    return [
        LogRow(NOON + timedelta(seconds=number), levels[number % 10], f"line {number}")
        for number in range(first, first + count)
    ]


def text(tab: QWidget, name: str) -> str:
    label = tab.findChild(QLabel, name)
    assert label is not None
    return label.text()


def result(tab: ActivityTab) -> QLabel:
    found = tab.findChild(QLabel, "last_result")
    assert isinstance(found, QLabel)
    return found


def button(tab: ActivityTab, name: str) -> QPushButton:
    found = tab.findChild(QPushButton, name)
    assert isinstance(found, QPushButton)
    return found


def bar(tab: ActivityTab) -> QProgressBar:
    found = tab.findChild(QProgressBar, "progress")
    assert isinstance(found, QProgressBar)
    return found


def finder(tab: ActivityTab) -> QLineEdit:
    found = tab.findChild(QLineEdit, "text_filter")
    assert isinstance(found, QLineEdit)
    return found


def follow(tab: ActivityTab) -> QCheckBox:
    found = tab.findChild(QCheckBox, "follow_newest")
    assert isinstance(found, QCheckBox)
    return found


def clipboard() -> str:
    return QGuiApplication.clipboard().text()


def told(spy: QSignalSpy) -> list[str]:
    return [spy.at(number)[0] for number in range(spy.count())]


def newest_in_sight(tab: ActivityTab) -> bool:
    scroll = tab.lines.verticalScrollBar()
    return scroll.maximum() > 0 and scroll.value() == scroll.maximum()


# --- progress ------------------------------------------------------------------------------------


def test_without_a_cycle_it_says_so(tab: ActivityTab) -> None:
    assert text(tab, "activity_state") == "Not running"
    assert text(tab, "elapsed") == ""
    assert text(tab, "step") == "–"
    assert not bar(tab).isEnabled()
    assert result(tab).isHidden()


def test_a_cycle_that_begins_shows_no_percentage_before_one_is_known(tab: ActivityTab) -> None:
    tab.set_running(NOON, stopping=False)
    assert text(tab, "activity_state") == "Running since 2026-11-20 12:00:00"
    assert (bar(tab).minimum(), bar(tab).maximum()) == (0, 0)
    assert bar(tab).isEnabled()


@pytest.mark.parametrize(
    ("percent", "maximum", "value"),
    [(42.4, 100, 42), (0, 100, 0), (100, 100, 100), (180, 100, 100), (-1, 0, None)],
)
def test_progress(tab: ActivityTab, percent: float, maximum: int, value: int | None) -> None:
    tab.set_running(NOON, stopping=False)
    tab.set_progress(percent, "Sending session 5 of 12")
    assert bar(tab).maximum() == maximum
    if value is not None:
        assert bar(tab).value() == value
    assert text(tab, "step") == "Sending session 5 of 12"


def test_the_same_cycle_told_again_keeps_its_progress(tab: ActivityTab) -> None:
    tab.set_running(NOON, stopping=False)
    tab.set_progress(42, "Sending")
    tab.set_running(NOON, stopping=True)
    assert text(tab, "activity_state") == "Stopping… The cycle has not ended yet."
    assert (bar(tab).value(), text(tab, "step")) == (42, "Sending")


def test_the_next_cycle_begins_anew(tab: ActivityTab) -> None:
    tab.set_running(NOON, stopping=False)
    tab.set_progress(42, "Sending")
    tab.set_running(NOON + timedelta(minutes=5), stopping=False)
    assert (bar(tab).maximum(), text(tab, "step")) == (0, "–")


def test_after_the_end_late_progress_is_not_shown(tab: ActivityTab) -> None:
    tab.set_running(NOON, stopping=False)
    tab.set_running(None, stopping=False)
    tab.set_progress(99, "too late")
    assert text(tab, "activity_state") == "Not running"
    assert text(tab, "step") == "–"
    assert bar(tab).maximum() == 100
    assert not bar(tab).isEnabled()


def test_the_time_that_has_passed_ticks(qtbot: QtBot, tab: ActivityTab) -> None:
    tab.set_running(datetime.now(timezone.utc) - timedelta(seconds=83), stopping=False)
    assert text(tab, "elapsed") in {"Elapsed 0:01:23", "Elapsed 0:01:24"}
    qtbot.waitUntil(lambda: text(tab, "elapsed") in {"Elapsed 0:01:25", "Elapsed 0:01:26"})


def test_a_clock_that_was_set_back_shows_no_negative_time(tab: ActivityTab) -> None:
    tab.set_running(datetime.now(timezone.utc) + timedelta(hours=1), stopping=False)
    assert text(tab, "elapsed") == "Elapsed 0:00:00"


def test_a_hidden_clock_is_right_when_it_is_seen_again(qtbot: QtBot, tab: ActivityTab) -> None:
    tab.hide()
    tab.set_running(datetime.now(timezone.utc) - timedelta(hours=2), stopping=False)
    with qtbot.waitExposed(tab):
        tab.show()
    assert text(tab, "elapsed").startswith("Elapsed 2:00:0")
    qtbot.waitUntil(lambda: not text(tab, "elapsed").endswith(":00"))


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(-5, "0:00:00"), (0.9, "0:00:00"), (65, "0:01:05"), (3600, "1:00:00"), (100_000, "27:46:40")],
)
def test_elapsed_words(seconds: float, words: str) -> None:
    assert elapsed_words(seconds) == words


def test_the_same_log_told_again_keeps_what_was_selected(tab: ActivityTab, log: LogTableModel) -> None:
    tab.lines.selectRow(7)
    tab.set_log(log)
    assert [index.row() for index in tab.lines.selectionModel().selectedRows()] == [7]
    tab.lines.selectRow(9)
    details = tab.findChild(QPlainTextEdit, "log_details")
    assert details is not None
    assert details.toPlainText().endswith("line 9")


def test_the_result_of_the_last_cycle(tab: ActivityTab) -> None:
    tab.set_result("12 records found, <b>5</b> delivered.")
    label = result(tab)
    assert label.isVisible()
    assert label.text() == "12 records found, <b>5</b> delivered."
    assert label.textFormat() == Qt.TextFormat.PlainText
    tab.set_result("")
    assert label.isHidden()


def test_the_date_style(tab: ActivityTab) -> None:
    tab.set_running(NOON, stopping=False)
    tab.set_date_style(DateStyle("dd.MM.yyyy"))
    assert text(tab, "activity_state") == "Running since 20.11.2026 12:00:00"


# --- the log -------------------------------------------------------------------------------------


def test_without_a_pump_there_is_nothing_to_press(tab: ActivityTab) -> None:
    assert text(tab, "line_count") == "No pump is selected."
    for name in ("copy_log", "open_log", "clear_log"):
        assert not button(tab, name).isEnabled()
    assert not finder(tab).isEnabled()


def test_a_pump_without_lines(tab: ActivityTab) -> None:
    tab.set_log(LogTableModel())
    assert text(tab, "line_count") == "Nothing has been logged since the program started."
    assert button(tab, "open_log").isEnabled()


def test_the_count_follows_the_lines(tab: ActivityTab) -> None:
    model = LogTableModel(capacity=3)
    tab.set_log(model)
    model.append(rows(1))
    assert text(tab, "line_count") == "1 line"
    model.append(rows(1, first=1))
    assert text(tab, "line_count") == "2 lines"
    model.append(rows(9, first=2))
    assert text(tab, "line_count") == "3 lines; older ones are in the log file"


def test_the_level_is_chosen_by_keys(qtbot: QtBot, tab: ActivityTab, log: LogTableModel) -> None:
    level = tab.findChild(QComboBox, "level_filter")
    assert isinstance(level, QComboBox)
    choices = [level.itemText(number) for number in range(level.count())]
    assert choices == ["All levels", "Info and above", "Warnings and errors", "Errors"]
    level.setFocus()
    QTest.keyClick(level, Qt.Key.Key_Down)
    assert log.rowCount() == 200
    QTest.keyClick(level, Qt.Key.Key_Down)
    assert log.rowCount() == 20
    assert text(tab, "line_count") == "20 of 200 lines"
    QTest.keyClick(level, Qt.Key.Key_Down)
    assert log.rowCount() == 0
    assert text(tab, "line_count") == "0 of 200 lines"


def test_ctrl_f_leads_to_the_text_filter(qtbot: QtBot, tab: ActivityTab, log: LogTableModel) -> None:
    tab.lines.setFocus()
    QTest.keyClick(tab.lines, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert finder(tab).hasFocus()
    QTest.keyClicks(finder(tab), "line 19")
    assert log.rowCount() == 11
    QTest.keyClick(tab.lines, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(finder(tab), "LINE 7")
    assert finder(tab).text() == "LINE 7"
    assert log.rowCount() == 11


def test_the_filter_holds_for_the_next_pump_too(qtbot: QtBot, tab: ActivityTab, log: LogTableModel) -> None:
    QTest.keyClicks(finder(tab), "line 199")
    other = LogTableModel()
    other.append(rows(300))
    tab.set_log(other)
    assert other.rowCount() == 1
    assert text(tab, "line_count") == "1 of 300 lines"
    log.append(rows(1))
    assert text(tab, "line_count") == "1 of 300 lines"


def test_new_lines_come_into_sight(qtbot: QtBot, tab: ActivityTab, log: LogTableModel) -> None:
    qtbot.waitUntil(lambda: newest_in_sight(tab))
    log.append(rows(50, first=200))
    qtbot.waitUntil(lambda: newest_in_sight(tab))
    bottom = tab.lines.indexAt(QPoint(5, tab.lines.viewport().height() - 3))
    assert bottom.row() >= 248
    assert follow(tab).isChecked()


def test_scrolling_up_by_key_ends_the_following_and_end_begins_it(
    qtbot: QtBot, tab: ActivityTab, log: LogTableModel
) -> None:
    qtbot.waitUntil(lambda: newest_in_sight(tab))
    tab.lines.setFocus()
    tab.lines.setCurrentIndex(log.index(199, 0))
    QTest.keyClick(tab.lines, Qt.Key.Key_PageUp)
    assert not follow(tab).isChecked()
    place = tab.lines.verticalScrollBar().value()
    log.append(rows(50, first=200))
    tab.grab()
    assert tab.lines.verticalScrollBar().value() == place
    QTest.keyClick(tab.lines, Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
    assert follow(tab).isChecked()
    assert newest_in_sight(tab)


def test_scrolling_up_by_the_bar_ends_the_following(
    qtbot: QtBot, tab: ActivityTab, log: LogTableModel
) -> None:
    qtbot.waitUntil(lambda: newest_in_sight(tab))
    scroll = tab.lines.verticalScrollBar()
    QTest.mouseClick(scroll, LEFT, pos=QPoint(scroll.width() // 2, scroll.height() // 4))
    assert not follow(tab).isChecked()
    assert not tab.lines.following


def test_keys_that_do_not_scroll_leave_the_following_as_it_is(
    qtbot: QtBot, tab: ActivityTab, log: LogTableModel
) -> None:
    qtbot.waitUntil(lambda: newest_in_sight(tab))
    tab.lines.setFocus()
    tab.lines.setCurrentIndex(log.index(199, 0))
    QTest.keyClick(tab.lines, Qt.Key.Key_Up)
    assert follow(tab).isChecked()


def test_the_box_switches_the_following(qtbot: QtBot, tab: ActivityTab, log: LogTableModel) -> None:
    qtbot.waitUntil(lambda: newest_in_sight(tab))
    QTest.keyClick(follow(tab), Qt.Key.Key_Space)
    assert not follow(tab).isChecked()
    log.append(rows(50, first=200))
    tab.grab()
    assert not newest_in_sight(tab)
    QTest.keyClick(follow(tab), Qt.Key.Key_Space)
    assert follow(tab).isChecked()
    assert newest_in_sight(tab)


def test_lines_that_are_read_stay_in_place_when_the_oldest_go(qtbot: QtBot, tab: ActivityTab) -> None:
    model = LogTableModel(capacity=300)
    model.append(rows(300))
    tab.set_log(model)
    qtbot.waitUntil(lambda: newest_in_sight(tab))
    tab.lines.set_following(False)
    tab.lines.verticalScrollBar().setValue(150)
    seen = tab.lines.indexAt(QPoint(5, 5)).siblingAtColumn(2).data()
    model.append(rows(40, first=300))
    tab.grab()
    assert tab.lines.indexAt(QPoint(5, 5)).siblingAtColumn(2).data() == seen == "line 150"


def test_a_filter_does_not_end_the_following(qtbot: QtBot, tab: ActivityTab, log: LogTableModel) -> None:
    qtbot.waitUntil(lambda: newest_in_sight(tab))
    QTest.keyClicks(finder(tab), "line 1")
    qtbot.waitUntil(lambda: newest_in_sight(tab))
    finder(tab).clear()
    qtbot.waitUntil(lambda: newest_in_sight(tab))
    assert follow(tab).isChecked()


def test_another_pump_is_followed_again(qtbot: QtBot, tab: ActivityTab, log: LogTableModel) -> None:
    tab.lines.set_following(False)
    tab.set_log(LogTableModel())
    assert follow(tab).isChecked()


def test_the_selected_line_is_shown_whole(qtbot: QtBot, tab: ActivityTab, log: LogTableModel) -> None:
    log.append([LogRow(NOON, logging.ERROR, "Fault\n  in line 3\n  of a file")])
    qtbot.waitUntil(lambda: newest_in_sight(tab))
    details = tab.findChild(QPlainTextEdit, "log_details")
    assert isinstance(details, QPlainTextEdit)
    assert details.placeholderText() == "Select a line to read all of it here."
    place = tab.lines.visualRect(log.index(200, 2)).center()
    QTest.mouseClick(tab.lines.viewport(), LEFT, pos=place)
    assert details.toPlainText() == "Fault\n  in line 3\n  of a file"
    finder(tab).setText("line 1")
    assert details.toPlainText() == ""


def select(tab: ActivityTab, log: LogTableModel, chosen: Sequence[int]) -> None:
    tab.lines.setFocus()
    tab.lines.setCurrentIndex(log.index(chosen[0], 0))
    for row in chosen[1:]:
        tab.lines.selectionModel().select(
            log.index(row, 0),
            tab.lines.selectionModel().SelectionFlag.Select | tab.lines.selectionModel().SelectionFlag.Rows,
        )


def test_ctrl_c_copies_the_selected_lines_in_order(
    qtbot: QtBot, tab: ActivityTab, log: LogTableModel
) -> None:
    says = QSignalSpy(tab.told)
    select(tab, log, [12, 10])
    QTest.keyClick(tab.lines, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert clipboard() == ("2026-11-20 12:00:10\tWarning\tline 10\n2026-11-20 12:00:12\tInfo\tline 12\n")
    assert told(says) == ["2 lines were copied."]


def test_one_line_is_copied(qtbot: QtBot, tab: ActivityTab, log: LogTableModel) -> None:
    says = QSignalSpy(tab.told)
    select(tab, log, [3])
    QTest.keyClick(tab.lines, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert clipboard() == "2026-11-20 12:00:03\tInfo\tline 3\n"
    assert told(says) == ["1 line was copied."]


def test_the_button_copies_all_that_are_shown_where_none_is_selected(
    qtbot: QtBot, tab: ActivityTab, log: LogTableModel
) -> None:
    says = QSignalSpy(tab.told)
    QTest.keyClicks(finder(tab), "line 19")
    QTest.mouseClick(button(tab, "copy_log"), LEFT)
    assert len(clipboard().splitlines()) == 11
    assert told(says) == ["11 lines were copied."]


def test_nothing_to_copy(qtbot: QtBot, tab: ActivityTab) -> None:
    tab.set_log(LogTableModel())
    says = QSignalSpy(tab.told)
    QTest.mouseClick(button(tab, "copy_log"), LEFT)
    assert told(says) == ["There is no line to copy."]


def test_the_context_menu_copies(qtbot: QtBot, tab: ActivityTab, log: LogTableModel) -> None:
    says = QSignalSpy(tab.told)
    select(tab, log, [5])
    tab.lines.customContextMenuRequested.emit(QPoint(10, 10))
    menu = tab.lines.findChild(QMenu, "log_menu")
    assert isinstance(menu, QMenu)
    assert [action.text() for action in menu.actions()] == ["&Copy as table", "Select &all"]
    QTest.keyClick(menu, Qt.Key.Key_C)
    assert told(says) == ["1 line was copied."]


def test_ctrl_a_selects_all_lines(qtbot: QtBot, tab: ActivityTab, log: LogTableModel) -> None:
    says = QSignalSpy(tab.told)
    tab.lines.setFocus()
    QTest.keyClick(tab.lines, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(tab.lines, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert told(says) == ["200 lines were copied."]


@pytest.mark.parametrize(("name", "signal"), [("open_log", "open_log_wanted"), ("clear_log", "clear_wanted")])
def test_buttons_say_what_is_wanted(
    qtbot: QtBot, tab: ActivityTab, log: LogTableModel, name: str, signal: str
) -> None:
    with qtbot.waitSignal(getattr(tab, signal)):
        QTest.mouseClick(button(tab, name), LEFT)
    assert log.rowCount() == 200


def test_after_clearing_the_count_says_so(tab: ActivityTab, log: LogTableModel) -> None:
    log.clear()
    assert text(tab, "line_count") == "Nothing has been logged since the program started."


# --- for everybody -------------------------------------------------------------------------------


def test_everything_can_be_reached_by_keys_and_has_a_name(
    qtbot: QtBot, tab: ActivityTab, log: LogTableModel
) -> None:
    widgets = [
        child
        for child in tab.findChildren(QWidget)
        if child.focusPolicy() & Qt.FocusPolicy.TabFocus and child.isVisible() and child.objectName()
    ]
    names = {child.objectName(): child.accessibleName() for child in widgets}
    reached = {"level_filter", "text_filter", "follow_newest", "log_lines", "log_details"}
    assert reached | {"copy_log", "open_log", "clear_log"} <= set(names)
    assert all(names[name] for name in names if not name.startswith("qt_")), names


def test_a_larger_font_makes_rows_and_columns_larger(tab: ActivityTab, log: LogTableModel) -> None:
    row, column = tab.lines.rowHeight(0), tab.lines.columnWidth(0)
    font = tab.font()
    font.setPointSizeF(font.pointSizeF() * 1.5)
    tab.setFont(font)
    assert tab.lines.rowHeight(0) > row * 1.2
    assert tab.lines.columnWidth(0) > column * 1.3


def test_warnings_have_a_sign_beside_the_word(tab: ActivityTab, log: LogTableModel) -> None:
    tab.lines.set_following(False)
    tab.lines.scrollToTop()
    pictures = [
        tab.lines.viewport().grab(tab.lines.visualRect(log.index(row, 1))).toImage() for row in (0, 1)
    ]
    coloured = [
        sum(
            image.pixelColor(x, y).hsvSaturation() > 150
            for x in range(image.width())
            for y in range(image.height())
        )
        for image in pictures
    ]
    assert coloured[0] > 20
    assert coloured[1] == 0
