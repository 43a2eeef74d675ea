"""One record in full: reason, values, answer, source, and all of it on the clipboard."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QTabWidget
from pytestqt.qtbot import QtBot

from qcpump_qt.models.dates import DateStyle
from qcpump_qt.models.record_values import ValueColumn
from qcpump_qt.models.rows import RecordDetail, RecordRow
from qcpump_qt.views.record_detail import RecordDetailPane

NOON = datetime(2026, 11, 20, 12, 0, 0).astimezone()
PAYLOAD = {
    "work_started": "2026-11-02 08:00:00",
    "tests": {"size": {"value": 0.31, "comment": "fine"}, "gone": {"skipped": True}},
}
ANSWER = {"status": 400, "body": {"non_field_errors": ["Missing data for tests: b"]}}


def row(state: str = "rejected", **given: Any) -> RecordRow:
    values: dict[str, Any] = {
        "title": "SN2101 6x",
        "key": "mpc/2101/1",
        "reason": "QATrack+ wants a value for b.",
        "unit": "TrueBeam 1",
        "test_list": "MPC 6x",
        "first_seen": NOON - timedelta(days=1),
        "updated": NOON,
        "attempts": 2,
    }
    return RecordRow(number=1, state=state, **{**values, **given})


@pytest.fixture
def pane(qtbot: QtBot) -> RecordDetailPane:
    pane = RecordDetailPane()
    qtbot.addWidget(pane)
    pane.resize(700, 400)
    pane.show()
    qtbot.waitExposed(pane)
    return pane


def test_at_first_a_record_has_to_be_selected(pane: RecordDetailPane) -> None:
    assert pane.title.text() == "Select a record to see its values and what the server answered."
    assert not pane.copy.isEnabled()
    assert not pane.table.isVisible()
    assert not pane.reason.isVisible()
    assert not pane.facts.isVisible()


def test_everything_of_a_rejected_record(pane: RecordDetailPane) -> None:
    pane.show_detail(
        RecordDetail(row=row(), payload=PAYLOAD, answer=ANSWER, source=("/tds/a.csv", "/tds/b.csv"))
    )
    assert pane.title.text() == "SN2101 6x: Rejected"
    assert pane.reason.toPlainText() == "QATrack+ wants a value for b."
    assert pane.facts.text() == (
        "Unit: TrueBeam 1   Test list: MPC 6x   First seen: 2026-11-19 12:00:00   "
        "Updated: 2026-11-20 12:00:00   Attempts: 2"
    )
    assert pane.values.rowCount() == 3
    assert pane.table.isVisible()
    assert pane.answer.toPlainText() == (
        'HTTP status 400\n\n{\n  "non_field_errors": [\n    "Missing data for tests: b"\n  ]\n}'
    )
    assert pane.source.toPlainText() == "/tds/a.csv\n/tds/b.csv"
    assert pane.table.isColumnHidden(ValueColumn.SERVER)
    assert pane.table.isColumnHidden(ValueColumn.JUDGED)


def test_what_the_server_stored_stands_beside_our_values(pane: RecordDetailPane) -> None:
    answer = {"tests": {"size": {"value": 0.31, "pass_fail": ["ok", "OK"]}}}
    pane.show_detail(RecordDetail(row=row("delivered"), payload=PAYLOAD, answer=answer))
    assert not pane.table.isColumnHidden(ValueColumn.SERVER)
    assert not pane.table.isColumnHidden(ValueColumn.JUDGED)


def test_what_is_not_kept_is_said(pane: RecordDetailPane) -> None:
    pane.show_detail(RecordDetail(row=row("skipped", reason="", first_seen=None, updated=None, attempts=0)))
    assert pane.no_values.isVisible()
    assert pane.no_values.text() == "No values are kept for this record."
    assert not pane.table.isVisible()
    assert not pane.reason.isVisible()
    assert pane.facts.text() == "Unit: TrueBeam 1   Test list: MPC 6x"
    assert pane.answer.toPlainText() == "The record was not sent, so there is no answer."
    assert pane.source.toPlainText() == "The items at the source are not kept for this record."


def test_facts_that_are_not_known_take_no_place(pane: RecordDetailPane) -> None:
    pane.show_detail(
        RecordDetail(
            row=row("waiting", unit="", test_list="", first_seen=None, updated=None, attempts=0, trouble=True)
        )
    )
    assert not pane.facts.isVisible()
    assert pane.title.text() == "SN2101 6x: Waiting (needs attention)"


def test_another_record_takes_the_place_of_the_one_before(pane: RecordDetailPane) -> None:
    pane.show_detail(RecordDetail(row=row(), payload=PAYLOAD, answer=ANSWER))
    pane.show_detail(None)
    assert pane.values.rowCount() == 0
    assert not pane.copy.isEnabled()
    assert not pane.answer.isVisible()
    assert pane.detail is None


def test_marks_of_others_are_shown_as_they_are(pane: RecordDetailPane) -> None:
    pane.show_detail(RecordDetail(row=row(title="<img src=x>", unit="<b>1</b>")))
    assert pane.title.textFormat() == Qt.TextFormat.PlainText
    assert pane.facts.textFormat() == Qt.TextFormat.PlainText
    assert pane.title.text() == "<img src=x>: Rejected"


def test_a_long_reason_takes_three_lines_and_scrolls(pane: RecordDetailPane, qtbot: QtBot) -> None:
    pane.show_detail(RecordDetail(row=row(reason="short")))
    one = pane.reason.height()
    pane.show_detail(RecordDetail(row=row(reason="Missing data for tests: " + "isocenter_mm_6x, " * 90)))
    qtbot.waitUntil(lambda: pane.reason.height() > 2 * one)
    assert pane.reason.height() < 4 * one
    assert pane.reason.verticalScrollBar().maximum() > 0


def test_a_wider_window_needs_fewer_lines(pane: RecordDetailPane, qtbot: QtBot) -> None:
    pane.show_detail(RecordDetail(row=row(reason="word " * 40)))
    qtbot.waitUntil(lambda: pane.reason.height() > 1.5 * pane.reason.fontMetrics().lineSpacing())
    pane.resize(2400, 400)
    qtbot.waitUntil(lambda: pane.reason.height() < 1.5 * pane.reason.fontMetrics().lineSpacing())


def test_a_larger_font_needs_more_room(pane: RecordDetailPane, qtbot: QtBot) -> None:
    pane.show_detail(RecordDetail(row=row()))
    before = pane.reason.height()
    font = pane.font()
    font.setPointSizeF(font.pointSizeF() * 1.5)
    pane.setFont(font)
    qtbot.waitUntil(lambda: pane.reason.height() > before)


def test_everything_is_copied_as_text(pane: RecordDetailPane, qtbot: QtBot) -> None:
    pane.show_detail(RecordDetail(row=row(), payload=PAYLOAD, answer=ANSWER, source=("/tds/a.csv",)))
    QTest.mouseClick(pane.copy, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == (
        "SN2101 6x: Rejected\n"
        "QATrack+ wants a value for b.\n"
        "Unit: TrueBeam 1   Test list: MPC 6x   First seen: 2026-11-19 12:00:00   "
        "Updated: 2026-11-20 12:00:00   Attempts: 2\n"
        "Key: mpc/2101/1\n"
        "\n"
        "Test\tValue\tServer's value\tJudged\tSkipped\tComment\n"
        "Work started\t2026-11-02 08:00:00\t\t\t\t\n"
        "size\t0.31\t\t\t\tfine\n"
        "gone\t\t\t\tskipped\t\n"
        "\n"
        "Server's answer:\n"
        'HTTP status 400\n\n{\n  "non_field_errors": [\n    "Missing data for tests: b"\n  ]\n}\n'
        "\n"
        "Source:\n"
        "/tds/a.csv\n"
    )


def test_ctrl_c_in_the_values_copies_too(pane: RecordDetailPane, qtbot: QtBot) -> None:
    pane.show_detail(RecordDetail(row=row("skipped", reason="It has no results.")))
    QGuiApplication.clipboard().setText("before")
    pane.show_detail(RecordDetail(row=row("delivered", reason=""), payload=PAYLOAD))
    pane.table.setFocus()
    QTest.keyClick(pane.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text().startswith("SN2101 6x: Delivered\nUnit: TrueBeam 1")


def test_without_values_the_copy_says_so(pane: RecordDetailPane, qtbot: QtBot) -> None:
    pane.show_detail(RecordDetail(row=row("skipped")))
    QTest.mouseClick(pane.copy, Qt.MouseButton.LeftButton)
    assert "\n\nNo values are kept for this record.\n\n" in QGuiApplication.clipboard().text()


def test_the_source_is_one_key_away(pane: RecordDetailPane, qtbot: QtBot) -> None:
    pane.show_detail(RecordDetail(row=row(), payload=PAYLOAD, source=("/tds/a.csv",)))
    beside = pane.findChild(QTabWidget, "answer_and_source")
    assert isinstance(beside, QTabWidget)
    assert [beside.tabText(place) for place in range(2)] == ["Server's answer", "Source"]
    assert pane.answer.isVisible()
    beside.tabBar().setFocus()
    QTest.keyClick(beside.tabBar(), Qt.Key.Key_Right)
    assert pane.source.isVisible()


def test_dates_in_another_way(pane: RecordDetailPane) -> None:
    pane.set_date_style(DateStyle("dd/MM/yyyy"))
    pane.show_detail(RecordDetail(row=row()))
    assert "Updated: 20/11/2026 12:00:00" in pane.facts.text()
    pane.set_date_style(DateStyle("MM/dd/yyyy"))
    assert "Updated: 11/20/2026 12:00:00" in pane.facts.text()
