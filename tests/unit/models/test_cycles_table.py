"""The table of cycles: words, look, and changes that keep what is selected."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

import pytest
from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester, QSignalSpy

from qcpump_qt.engine.report import CycleOutcome
from qcpump_qt.models.cycles_table import (
    OUTCOME_WORDS,
    RAN_ROLE,
    ROW_ROLE,
    CycleColumn,
    CyclesTableModel,
    duration_words,
)
from qcpump_qt.models.dates import DateStyle
from qcpump_qt.models.rows import CycleRow

START = datetime(2026, 11, 20, 7, 5, 9).astimezone()
ROLE = Qt.ItemDataRole
COUNTS = {"found": 12, "delivered": 5, "already_there": 3, "waiting": 2, "skipped": 1, "rejected": 1}


def cycle(
    number: int,
    outcome: str = "ok",
    *,
    trigger: str = "interval",
    seconds: float | None = 2.0,
    reason: str = "",
    counts: Mapping[str, int] | None = None,
) -> CycleRow:
    return CycleRow(
        number=number,
        trigger=trigger,
        started=START + timedelta(minutes=5 * number),
        seconds=seconds,
        outcome=outcome,
        reason=reason,
        counts=COUNTS if counts is None else counts,
    )


def watched(*rows: CycleRow) -> tuple[CyclesTableModel, QAbstractItemModelTester]:
    model = CyclesTableModel()
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.set_rows(rows)
    return model, tester


def shown(model: CyclesTableModel, row: int = 0) -> list[str]:
    return [model.index(row, column).data() for column in CycleColumn]


def numbers(model: CyclesTableModel) -> list[str]:
    return [model.index(row, CycleColumn.NUMBER).data() for row in range(model.rowCount())]


def test_a_cycle_in_words() -> None:
    model, _tester = watched(cycle(7, "attention", trigger="manual", reason="1 record\nwas rejected."))
    assert shown(model) == [
        "7",
        "By hand",
        "2026-11-20 07:40:09",
        "2.0 s",
        "Needs attention",
        "12",
        "5",
        "3",
        "2",
        "1",
        "1",
        "1 record was rejected.",
    ]


def test_a_cycle_that_did_not_run_has_no_counts_and_stands_in_italics() -> None:
    reason = "The cycle before it was still running."
    model, _tester = watched(cycle(8, "not run", seconds=0.0, reason=reason, counts={}), cycle(7))
    assert shown(model)[3:] == ["–", "Did not run", *["–"] * 6, reason]
    assert model.index(0, 0).data(RAN_ROLE) is False
    assert model.index(1, 0).data(RAN_ROLE) is True
    assert model.index(0, CycleColumn.TRIGGER).data(ROLE.FontRole).italic()
    assert not model.index(1, CycleColumn.TRIGGER).data(ROLE.FontRole).italic()


def test_cycles_that_did_not_run_for_a_while_say_until_when() -> None:
    weekend = cycle(8, "not run", seconds=60 * 3600.0, reason="Closed.", counts={})
    model, _tester = watched(weekend, cycle(7, "not run", seconds=0.4))
    start, duration = CycleColumn.START, CycleColumn.DURATION
    assert shown(model)[start : duration + 1] == ["2026-11-20 07:45:09", "until 2026-11-22 19:45:09"]
    assert shown(model, 1)[duration] == "–"
    changed = QSignalSpy(model.dataChanged)
    model.set_date_style(DateStyle("dd.MM.yyyy"))
    assert shown(model)[start : duration + 1] == ["20.11.2026 07:45:09", "until 22.11.2026 19:45:09"]
    assert (changed.at(0)[0].column(), changed.at(0)[1].column()) == (start, duration)
    help_text = model.headerData(duration, Qt.Orientation.Horizontal, ROLE.ToolTipRole)
    assert help_text == (
        "From start to end; for cycles that did not run for the same reason, when the last one was due"
    )


def test_a_line_whose_end_moves_on_stays_selected() -> None:
    model, _tester = watched(cycle(8, "not run", seconds=300.0), cycle(7))
    kept = QPersistentModelIndex(model.index(0, CycleColumn.DURATION))
    model.set_rows([cycle(8, "not run", seconds=600.0), cycle(7)])
    assert kept.isValid()
    assert kept.data() == "until 2026-11-20 07:55:09"


def test_a_cycle_that_still_runs_has_no_duration() -> None:
    model, _tester = watched(cycle(9, "running", seconds=None, counts={}))
    assert shown(model)[3:6] == ["", "Running", "0"]


@pytest.mark.parametrize("outcome", [*(each.value for each in CycleOutcome), "running", "cut off", "not run"])
def test_every_outcome_has_words(outcome: str) -> None:
    model, _tester = watched(cycle(1, outcome))
    assert model.index(0, CycleColumn.OUTCOME).data() == OUTCOME_WORDS[outcome]


@pytest.mark.parametrize(
    ("trigger", "words"),
    [
        ("interval", "Interval"),
        ("start", "Start"),
        ("manual", "By hand"),
        ("command line", "Command line"),
        ("something of later", "something of later"),
    ],
)
def test_every_trigger_has_words(trigger: str, words: str) -> None:
    model, _tester = watched(cycle(1, "new outcome", trigger=trigger))
    assert model.index(0, CycleColumn.TRIGGER).data() == words
    assert model.index(0, CycleColumn.OUTCOME).data() == "new outcome"


@pytest.mark.parametrize(
    ("outcome", "bold"),
    [("ok", False), ("attention", True), ("failed", True), ("invalid", True), ("stopped", False)],
)
def test_trouble_stands_in_bold(outcome: str, bold: bool) -> None:
    model, _tester = watched(cycle(1, outcome))
    assert model.index(0, CycleColumn.OUTCOME).data(ROLE.FontRole).bold() is bold
    assert not model.index(0, CycleColumn.REASON).data(ROLE.FontRole).bold()


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (None, ""),
        (0.0, "0.0 s"),
        (-3.0, "0.0 s"),
        (0.44, "0.4 s"),
        (59.94, "59.9 s"),
        (59.96, "1 min 00 s"),
        (65, "1 min 05 s"),
        (3599.4, "59 min 59 s"),
        (3599.6, "1 h 00 min"),
        (11_220, "3 h 07 min"),
        (100_000, "27 h 46 min"),
    ],
)
def test_durations_in_words(seconds: float | None, words: str) -> None:
    assert duration_words(seconds) == words


def test_titles_and_what_they_mean() -> None:
    model = CyclesTableModel()
    across = Qt.Orientation.Horizontal
    titles = [model.headerData(column, across) for column in CycleColumn]
    assert titles == [
        "Cycle",
        "Trigger",
        "Start",
        "Duration",
        "Outcome",
        "Found",
        "Delivered",
        "Already there",
        "Waiting",
        "Skipped",
        "Rejected",
        "Reason",
    ]
    tip = model.headerData(CycleColumn.WAITING, across, ROLE.ToolTipRole)
    assert tip == "Records that are tried again in the next cycle"
    assert model.headerData(0, across, ROLE.FontRole) is None
    assert model.headerData(0, Qt.Orientation.Vertical) is None
    assert model.headerData(99, across) is None


def test_the_reason_is_the_tooltip_and_never_markup() -> None:
    model, _tester = watched(cycle(1, "failed", reason="<img src=x>\nsecond"), cycle(0))
    assert model.index(0, 0).data(ROLE.ToolTipRole) == (
        '<p style="white-space: pre-wrap">&lt;img src=x&gt;\nsecond</p>'
    )
    assert model.index(1, 0).data(ROLE.ToolTipRole) == ""


def test_the_row_itself_and_cells_that_are_not_there() -> None:
    model, _tester = watched(cycle(3))
    assert model.index(0, 0).data(ROW_ROLE) == cycle(3) == model.row(0)
    assert model.data(QModelIndex()) is None
    assert model.data(model.createIndex(4, 0)) is None
    assert model.index(0, 0).data(ROLE.DecorationRole) is None
    assert model.rowCount(model.index(0, 0)) == model.columnCount(model.index(0, 0)) == 0


def test_counts_stand_in_the_middle_of_their_column() -> None:
    model, _tester = watched(cycle(3))
    assert model.index(0, CycleColumn.FOUND).data(ROLE.TextAlignmentRole) == Qt.AlignmentFlag.AlignCenter
    assert model.index(0, CycleColumn.REASON).data(ROLE.TextAlignmentRole) is None


def test_a_new_cycle_comes_on_top_without_a_reset() -> None:
    model, _tester = watched(cycle(2), cycle(1))
    resets = QSignalSpy(model.modelReset)
    selected = QPersistentModelIndex(model.index(1, 0))
    model.set_rows([cycle(4), cycle(3), cycle(2), cycle(1)])
    assert resets.count() == 0
    assert selected.row() == 3
    assert numbers(model) == ["4", "3", "2", "1"]


def test_a_cycle_that_ended_changes_in_its_place() -> None:
    model, _tester = watched(cycle(2, "running", seconds=None), cycle(1))
    changed, resets = QSignalSpy(model.dataChanged), QSignalSpy(model.modelReset)
    model.set_rows([cycle(2, "ok"), cycle(1)])
    assert (changed.count(), resets.count()) == (1, 0)
    assert changed.at(0)[0].row() == changed.at(0)[1].row() == 0
    assert shown(model)[4] == "Ended well"


def test_the_same_rows_again_change_nothing() -> None:
    model, _tester = watched(cycle(2), cycle(1))
    spies = [QSignalSpy(signal) for signal in (model.dataChanged, model.rowsInserted, model.rowsRemoved)]
    model.set_rows([cycle(2), cycle(1)])
    assert [spy.count() for spy in spies] == [0, 0, 0]


def test_the_oldest_go_at_the_end_where_only_so_many_are_read() -> None:
    model, _tester = watched(cycle(3), cycle(2), cycle(1))
    resets = QSignalSpy(model.modelReset)
    model.set_rows([cycle(4), cycle(3), cycle(2)])
    assert numbers(model) == ["4", "3", "2"]
    assert resets.count() == 0


def test_more_old_ones_come_at_the_end() -> None:
    model, _tester = watched(cycle(3))
    model.set_rows([cycle(3), cycle(2), cycle(1)])
    assert numbers(model) == ["3", "2", "1"]


@pytest.mark.parametrize(
    "others",
    [
        [],
        [cycle(1, trigger="start")],
        [cycle(9), cycle(8)],
        [cycle(2), cycle(1, trigger="manual")],
    ],
    ids=["none", "same number", "all newer", "only the newest is the same"],
)
def test_cycles_of_another_pump_take_the_place_of_all(others: list[CycleRow]) -> None:
    model, _tester = watched(cycle(2), cycle(1))
    resets = QSignalSpy(model.modelReset)
    model.set_rows(others)
    assert resets.count() == 1
    assert [model.row(number) for number in range(model.rowCount())] == others


def test_the_date_style() -> None:
    model, _tester = watched()
    model.set_date_style(DateStyle("MM/dd/yyyy"))
    model.set_rows([cycle(0)])
    assert model.index(0, CycleColumn.START).data() == "11/20/2026 07:05:09"
    changed = QSignalSpy(model.dataChanged)
    model.set_date_style(DateStyle("dd.MM.yyyy"))
    assert changed.count() == 1
    assert model.index(0, CycleColumn.START).data() == "20.11.2026 07:05:09"


def test_cycles_for_a_spreadsheet_stand_below_their_titles() -> None:
    model, _tester = watched(cycle(2), cycle(1, "not run", seconds=0.0, reason="Paused."))
    head = "Cycle\tTrigger\tStart\tDuration\tOutcome\tFound\tDelivered\tAlready there\t"
    head += "Waiting\tSkipped\tRejected\tReason"
    second = "1\tInterval\t2026-11-20 07:10:09\t–\tDid not run\t–\t–\t–\t–\t–\t–\tPaused."
    assert model.tsv([1]) == f"{head}\n{second}\n"
    assert len(model.tsv().splitlines()) == 3
