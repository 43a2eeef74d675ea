"""The window that shows what would be sent, by real clicks and keys."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from gui.heartbeat import Heartbeat
from qcpump_qt.models.dates import DateStyle
from qcpump_qt.models.record_words import COLUMNS
from qcpump_qt.models.rows import RecordDetail, RecordRow
from qcpump_qt.views.preview_dialog import PreviewDialog

WORKING = "Looking at the source and asking the server. Nothing is sent."
PAYLOAD = {"tests": {"size": {"value": 0.31}}}


def detail(title: str, state: str = "would be sent", reason: str = "") -> RecordDetail:
    sent = state == "would be sent"
    row = RecordRow(
        number=0, title=title, key=title, state=state, reason=reason, unit="TrueBeam 1" if sent else ""
    )
    return RecordDetail(row=row, payload=PAYLOAD if sent else None)


MORNING = [
    *(detail(f"record {number}") for number in range(9)),
    detail("future", "waiting", "Its time lies in the future."),
    *(detail(f"empty {number}", "skipped", "It has no results.") for number in range(5)),
]


class Shown:
    def __init__(self, qtbot: QtBot) -> None:
        self.qtbot = qtbot
        self.dialog = PreviewDialog("Morning QA")
        qtbot.addWidget(self.dialog)
        self.asked: list[str] = []
        self.dialog.refresh_wanted.connect(lambda: self.asked.append("refresh"))
        self.dialog.cancel_wanted.connect(lambda: self.asked.append("cancel"))
        self.dialog.show()
        qtbot.waitExposed(self.dialog)

    def titles(self) -> list[str]:
        return [row.title for row in self.dialog.model.rows()]


@pytest.fixture
def shown(qtbot: QtBot) -> Shown:
    return Shown(qtbot)


def test_it_is_a_window_of_its_own_beside_the_others(shown: Shown) -> None:
    assert shown.dialog.windowTitle() == "Preview of Morning QA"
    assert not shown.dialog.isModal()
    assert shown.dialog.isWindow()


def test_while_it_is_being_made(shown: Shown) -> None:
    dialog = shown.dialog
    assert dialog.counts.text() == WORKING
    assert dialog.progress.isVisible()
    assert (dialog.progress.minimum(), dialog.progress.maximum()) == (0, 0)
    assert dialog.cancel.isVisible()
    assert not dialog.refresh.isEnabled()
    assert not dialog.messages.isVisible()
    assert not dialog.detail.isVisible()


def test_what_would_be_sent(shown: Shown) -> None:
    dialog = shown.dialog
    dialog.set_result(MORNING, [])
    assert dialog.counts.text() == "9 would be sent, 1 waits, 5 skipped."
    assert not dialog.progress.isVisible()
    assert not dialog.cancel.isVisible()
    assert dialog.refresh.isEnabled()
    assert dialog.detail.title.text() == "record 0: Would be sent"  # the first one at once
    assert dialog.detail.answer.toPlainText() == "Nothing has been sent yet, so there is no answer."
    titles = [column.title for place, column in enumerate(COLUMNS) if not dialog.table.isColumnHidden(place)]
    assert titles == ["Record", "State", "Reason", "Unit", "Test list"]


def test_each_record_by_keyboard(shown: Shown) -> None:
    shown.dialog.set_result(MORNING, [])
    shown.dialog.table.setFocus()
    for _step in range(9):
        QTest.keyClick(shown.dialog.table, Qt.Key.Key_Down)
    assert shown.dialog.detail.title.text() == "future: Waiting"
    assert shown.dialog.detail.reason.toPlainText() == "Its time lies in the future."
    QTest.keyClick(shown.dialog.table, Qt.Key.Key_Up)
    QTest.keyClick(shown.dialog.table, Qt.Key.Key_Return)
    shown.qtbot.waitUntil(shown.dialog.detail.table.hasFocus)


def test_nothing_new(shown: Shown) -> None:
    shown.dialog.set_result([], [])
    assert shown.dialog.counts.text() == "The next cycle would send nothing: no record at the source is new."
    assert shown.dialog.detail.detail is None


def test_warnings_are_told_in_words(shown: Shown) -> None:
    shown.dialog.set_result(
        MORNING,
        [
            ("warning", "Run 3 is not used."),
            ("error", "Server cannot be reached: it is off."),
            ("info", "Seen."),
            ("critical", "Odd."),
        ],
    )
    messages = shown.dialog.messages
    assert messages.isVisible()
    assert [messages.item(place).text() for place in range(messages.count())] == [
        "Warning: Run 3 is not used.",
        "Error: Server cannot be reached: it is off.",
        "Info: Seen.",
        "Error: Odd.",
    ]
    assert not messages.item(0).icon().isNull()


def test_a_preview_that_fails(shown: Shown) -> None:
    shown.dialog.set_failed("Source cannot be reached", "The share is away.")
    assert shown.dialog.counts.text() == "The preview could not be made."
    assert shown.dialog.messages.item(0).text() == "Error: Source cannot be reached: The share is away."
    assert shown.dialog.refresh.isEnabled()
    assert not shown.dialog.progress.isVisible()


def test_cancelling(shown: Shown) -> None:
    QTest.mouseClick(shown.dialog.cancel, Qt.MouseButton.LeftButton)
    assert shown.asked == ["cancel"]
    assert shown.dialog.counts.text() == "The preview was cancelled."
    assert shown.dialog.isVisible()
    assert shown.dialog.refresh.isEnabled()
    assert not shown.dialog.progress.isVisible()


def test_refreshing(shown: Shown) -> None:
    shown.dialog.set_result(MORNING, [("warning", "old")])
    QTest.mouseClick(shown.dialog.refresh, Qt.MouseButton.LeftButton)
    assert shown.asked == ["refresh"]
    assert shown.dialog.counts.text() == WORKING
    assert shown.titles() == []
    assert not shown.dialog.messages.isVisible()
    assert shown.dialog.detail.detail is None


def test_closing_ends_what_is_under_way(shown: Shown) -> None:
    QTest.mouseClick(shown.dialog.close_button, Qt.MouseButton.LeftButton)
    assert shown.asked == ["cancel"]
    assert not shown.dialog.isVisible()


def test_escape_closes_and_ends_nothing_that_has_ended(shown: Shown) -> None:
    shown.dialog.set_result(MORNING, [])
    QTest.keyClick(shown.dialog, Qt.Key.Key_Escape)
    assert not shown.dialog.isVisible()
    assert shown.asked == []


def test_escape_ends_what_is_under_way(shown: Shown) -> None:
    QTest.keyClick(shown.dialog, Qt.Key.Key_Escape)
    assert shown.asked == ["cancel"]


def test_return_in_the_window_presses_no_button(shown: Shown) -> None:
    shown.dialog.set_result(MORNING, [])
    QTest.keyClick(shown.dialog, Qt.Key.Key_Return)
    assert shown.asked == []
    assert shown.dialog.isVisible()


def test_rows_are_sorted_here(shown: Shown) -> None:
    dialog = shown.dialog
    dialog.set_result([detail("b"), detail("C"), detail("a", "skipped", "no")], [])
    header = dialog.table.horizontalHeader()
    for _click in range(2):
        x = header.sectionViewportPosition(0) + 20
        QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(x, header.height() // 2))
    assert shown.titles() == ["C", "b", "a"]
    assert dialog.detail.detail is None
    dialog.table.setCurrentIndex(dialog.model.index(2, 0))
    assert dialog.detail.title.text() == "a: Skipped"


def test_dates_in_another_way(shown: Shown) -> None:
    shown.dialog.set_date_style(DateStyle("dd.MM.yyyy"))
    shown.dialog.set_result(MORNING, [])
    assert shown.dialog.detail.title.text() == "record 0: Would be sent"


def test_a_preview_of_thousands_stalls_nothing(
    shown: Shown, heartbeat: Callable[[], AbstractContextManager[Heartbeat]]
) -> None:
    many = [detail(f"record {number}") for number in range(20_000)]
    with heartbeat():
        shown.dialog.set_result(many, [("warning", f"message {number}") for number in range(1000)])
        shown.qtbot.wait(60)
        shown.dialog.table.sort_by(0, Qt.SortOrder.DescendingOrder)
        shown.qtbot.wait(60)
    assert shown.dialog.counts.text() == "20,000 would be sent."
    assert shown.titles()[0] == "record 9999"
