"""The table of one record's values under Qt's own checker."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QFont
from PySide6.QtTest import QAbstractItemModelTester

from qcpump_qt.models.record_values import ValueColumn, ValuesModel
from qcpump_qt.models.rows import RecordDetail, RecordRow

ROW = RecordRow(number=1, title="t", key="k", state="delivered")
SENT = {
    "work_started": "2026-11-02 08:00:00",
    "tests": {
        "size": {"value": 0.31, "comment": "Threshold: 0.5,\nResult: Pass"},
        "gone": {"skipped": True},
    },
}
STORED = {
    "tests": {
        "size": {"value": 0.32, "pass_fail": ["ok", "OK"]},
        "gone": {"skipped": True, "pass_fail": ["not_done", "Not Done"]},
        "sum": {"value": 1.0},
    }
}


@pytest.fixture
def model() -> ValuesModel:
    model = ValuesModel()
    # Belongs to the model, so that it is there as long as that.
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal, model)
    return model


def cells(model: ValuesModel, role: int = Qt.ItemDataRole.DisplayRole) -> list[list[Any]]:
    return [
        [model.data(model.index(row, column), role) for column in range(model.columnCount())]
        for row in range(model.rowCount())
    ]


def test_headings(model: ValuesModel) -> None:
    across = Qt.Orientation.Horizontal
    titles = [model.headerData(place, across) for place in ValueColumn]
    assert titles == ["Test", "Value", "Server's value", "Judged", "Skipped", "Comment"]
    helps = [model.headerData(place, across, Qt.ItemDataRole.ToolTipRole) for place in ValueColumn]
    assert helps == [
        "The macro name of the test in QATrack+; above the tests stands what is sent with them.",
        "What was or would be sent.",
        "What the server stored, where its answer tells it.",
        "What the server found when it compared the value with its tolerances.",
        "Whether the test is sent as skipped, without a value.",
        "The comment that is sent with the value.",
    ]
    assert model.headerData(0, across, Qt.ItemDataRole.DecorationRole) is None
    assert model.headerData(0, Qt.Orientation.Vertical) is None
    assert model.headerData(6, across) is None


def test_ours_beside_the_server_s(model: ValuesModel) -> None:
    model.show(RecordDetail(row=ROW, payload=SENT, answer=STORED))
    assert cells(model) == [
        ["Work started", "2026-11-02 08:00:00", "", "", "", ""],
        ["size", "0.31", "0.32 (differs)", "OK", "", "Threshold: 0.5, Result: Pass"],
        ["gone", "", "skipped", "Not Done", "skipped", ""],
        ["sum", "", "1.0", "", "", ""],
    ]
    assert model.echoed


def test_without_an_answer_only_ours(model: ValuesModel) -> None:
    model.show(RecordDetail(row=ROW, payload=SENT))
    assert [row[0] for row in cells(model)] == ["Work started", "size", "gone"]
    assert not model.echoed


def test_what_differs_is_bold_and_what_goes_with_the_tests_is_slanted(model: ValuesModel) -> None:
    model.show(RecordDetail(row=ROW, payload=SENT, answer=STORED))
    fonts = cells(model, Qt.ItemDataRole.FontRole)
    told = {
        (row, column): (font.italic(), font.bold())
        for row, line in enumerate(fonts)
        for column, font in enumerate(line)
        if isinstance(font, QFont)
    }
    assert told == {(0, 0): (True, False), (1, 2): (False, True)}


def test_a_test_that_the_server_has_nothing_for_says_so(model: ValuesModel) -> None:
    answer = {"tests": {"gone": {"skipped": False, "value": None}}}
    model.show(RecordDetail(row=ROW, payload={"tests": {"gone": {"skipped": True}}}, answer=answer))
    assert cells(model)[0][ValueColumn.SERVER] == "nothing (differs)"


def test_long_texts_are_cut_in_the_cell_and_whole_in_the_tooltip(model: ValuesModel) -> None:
    long = "<p>" + "x" * 500
    model.show(RecordDetail(row=ROW, payload={"tests": {"a": {"value": long}}}))
    assert len(cells(model)[0][ValueColumn.VALUE]) == 300
    tip = cells(model, Qt.ItemDataRole.ToolTipRole)[0][ValueColumn.VALUE]
    assert "&lt;p&gt;" + "x" * 500 in tip


def test_all_of_it_as_text(model: ValuesModel) -> None:
    model.show(RecordDetail(row=ROW, payload=SENT, answer=STORED))
    texts = model.text_rows()
    assert texts[0] == ("Test", "Value", "Server's value", "Judged", "Skipped", "Comment")
    assert texts[2] == ("size", "0.31", "0.32 (differs)", "OK", "", "Threshold: 0.5,\nResult: Pass")
    assert len(texts) == 5


def test_nothing_to_show(model: ValuesModel) -> None:
    model.show(RecordDetail(row=ROW, payload=SENT))
    model.show(None)
    assert model.rowCount() == 0
    assert model.data(QModelIndex()) is None
    model.show(RecordDetail(row=ROW))
    assert model.rowCount() == 0


def test_there_is_nothing_below_a_row(model: ValuesModel) -> None:
    model.show(RecordDetail(row=ROW, payload=SENT))
    inside = model.index(0, 0)
    assert (model.rowCount(inside), model.columnCount(inside)) == (0, 0)
    assert model.data(inside, Qt.ItemDataRole.CheckStateRole) is None
