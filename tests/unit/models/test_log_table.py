"""The table of log lines: bounded, filtered, changed by whole batches."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester, QSignalSpy

from qcpump_qt.models.dates import DateStyle
from qcpump_qt.models.log_table import (
    ALL,
    CAPACITY,
    ERROR,
    INFO,
    LEVEL_ROLE,
    MESSAGE_ROLE,
    WARNING,
    LogColumn,
    LogRow,
    LogTableModel,
    level_word,
)

START = datetime(2026, 11, 20, 7, 5, 9).astimezone()
ROLE = Qt.ItemDataRole


def line(message: str, level: int = logging.INFO, seconds: float = 0) -> LogRow:
    return LogRow(START + timedelta(seconds=seconds), level, message)


def lines(count: int, first: int = 0) -> list[LogRow]:
    return [line(f"line {number}", seconds=number) for number in range(first, first + count)]


def watched(capacity: int = CAPACITY) -> tuple[LogTableModel, QAbstractItemModelTester]:
    model = LogTableModel(capacity)
    mode = QAbstractItemModelTester.FailureReportingMode.Fatal
    return model, QAbstractItemModelTester(model, mode)


def messages(model: LogTableModel) -> list[str]:
    return [model.index(row, 0).data(MESSAGE_ROLE) for row in range(model.rowCount())]


def test_a_line_shows_time_level_and_message() -> None:
    model, _tester = watched()
    model.append([line("3 sessions found", logging.WARNING)])
    shown = [model.index(0, column).data() for column in LogColumn]
    assert shown == ["2026-11-20 07:05:09", "Warning", "3 sessions found"]
    assert model.index(0, LogColumn.TIME).data(LEVEL_ROLE) == logging.WARNING


def test_the_titles_of_the_columns() -> None:
    model = LogTableModel()
    horizontal, vertical = Qt.Orientation.Horizontal, Qt.Orientation.Vertical
    assert [model.headerData(section, horizontal) for section in LogColumn] == ["Time", "Level", "Message"]
    assert model.headerData(0, vertical) is None
    assert model.headerData(7, horizontal) is None
    assert model.headerData(0, horizontal, ROLE.ToolTipRole) is None


@pytest.mark.parametrize(
    ("level", "word"),
    [
        (5, "Debug"),
        (logging.DEBUG, "Debug"),
        (logging.INFO, "Info"),
        (25, "Info"),
        (logging.WARNING, "Warning"),
        (logging.ERROR, "Error"),
        (logging.CRITICAL, "Critical"),
        (99, "Critical"),
    ],
)
def test_levels_in_words(level: int, word: str) -> None:
    assert level_word(level) == word


@pytest.mark.parametrize(
    ("message", "first"),
    [
        ("one line", "one line"),
        ("first\nsecond\nthird", "first …"),
        ("first\n", "first"),
        ("first\n  \n", "first"),
        ("\n\nlate", "late"),
        ("", ""),
    ],
)
def test_a_message_of_several_lines_shows_the_first(message: str, first: str) -> None:
    model, _tester = watched()
    model.append([line(message)])
    assert model.index(0, LogColumn.MESSAGE).data() == first
    assert model.index(0, LogColumn.MESSAGE).data(MESSAGE_ROLE) == message


def test_the_tooltip_has_the_whole_message_and_takes_none_of_it_for_markup() -> None:
    model = LogTableModel()
    model.append([line("<b>first</b>\nsecond & third")])
    assert model.index(0, LogColumn.TIME).data(ROLE.ToolTipRole) == (
        '<p style="white-space: pre-wrap">&lt;b&gt;first&lt;/b&gt;\nsecond &amp; third</p>'
    )


def test_a_cell_that_is_not_there_has_nothing() -> None:
    model = LogTableModel()
    model.append([line("x")])
    assert model.data(QModelIndex()) is None
    assert model.data(model.createIndex(5, 0)) is None
    assert model.index(0, 0).data(ROLE.DecorationRole) is None
    assert model.rowCount(model.index(0, 0)) == 0
    assert model.columnCount(model.index(0, 0)) == 0


def test_a_batch_is_one_insert_and_one_remove() -> None:
    model, _tester = watched(capacity=10)
    model.append(lines(8))
    inserted, removed = QSignalSpy(model.rowsInserted), QSignalSpy(model.rowsRemoved)
    model.append(lines(6, first=8))
    assert [call[1:] for call in map(inserted.at, range(inserted.count()))] == [[4, 9]]
    assert [call[1:] for call in map(removed.at, range(removed.count()))] == [[0, 3]]
    assert messages(model) == [f"line {number}" for number in range(4, 14)]


def test_a_batch_above_the_capacity_leaves_the_newest() -> None:
    model, _tester = watched(capacity=10)
    model.append(lines(3))
    model.append(lines(25, first=3))
    assert messages(model) == [f"line {number}" for number in range(18, 28)]
    assert (model.kept, model.capacity) == (10, 10)


def test_an_empty_batch_changes_nothing() -> None:
    model, _tester = watched()
    model.append(lines(2))
    inserted = QSignalSpy(model.rowsInserted)
    model.append([])
    assert inserted.count() == 0
    assert model.rowCount() == 2


def test_ten_thousand_lines_are_kept_and_one_more_takes_the_oldest() -> None:
    model = LogTableModel()
    model.append(lines(CAPACITY))
    model.append(lines(1, first=CAPACITY))
    assert model.rowCount() == CAPACITY == 10_000
    assert model.index(0, 0).data(MESSAGE_ROLE) == "line 1"
    assert model.index(CAPACITY - 1, 0).data(MESSAGE_ROLE) == "line 10000"


MIXED = [
    line("asked the server", logging.DEBUG),
    line("Linac 4 delivered"),
    line("no match for LINAC 5", logging.WARNING),
    line("server down", logging.ERROR),
    line("ledger damaged", logging.CRITICAL),
]


@pytest.mark.parametrize(("level", "count"), [(ALL, 5), (INFO, 4), (WARNING, 3), (ERROR, 2)])
def test_the_filter_by_level_shows_it_and_what_is_worse(level: int, count: int) -> None:
    model, _tester = watched()
    model.append(MIXED)
    model.set_filter(level, "")
    assert messages(model) == [each.message for each in MIXED[-count:]]
    assert model.kept == 5


def test_the_filter_by_text_looks_at_the_whole_message_in_any_case() -> None:
    model, _tester = watched()
    model.append([*MIXED, line("Traceback\n  in linac.py")])
    model.set_filter(ALL, " linac ")
    assert messages(model) == ["Linac 4 delivered", "no match for LINAC 5", "Traceback\n  in linac.py"]
    model.set_filter(WARNING, "linac")
    assert messages(model) == ["no match for LINAC 5"]
    model.set_filter(ALL, "")
    assert model.rowCount() == 6


def test_new_lines_are_filtered_too() -> None:
    model, _tester = watched()
    model.set_filter(WARNING, "")
    model.append(MIXED)
    model.append([line("fine"), line("not fine", logging.ERROR)])
    assert messages(model)[-2:] == ["ledger damaged", "not fine"]
    inserted = QSignalSpy(model.rowsInserted)
    model.append([line("nobody sees this")])
    assert inserted.count() == 0
    assert model.kept == 8


def test_the_same_filter_again_resets_nothing() -> None:
    model = LogTableModel()
    model.set_filter(WARNING, "Linac")
    resets = QSignalSpy(model.modelReset)
    model.set_filter(WARNING, "linac ")
    assert resets.count() == 0


def test_old_lines_go_also_where_the_filter_hides_some_of_them() -> None:
    model, _tester = watched(capacity=4)
    model.append([line("a"), line("b", logging.ERROR), line("c"), line("d", logging.ERROR)])
    model.set_filter(ERROR, "")
    removed = QSignalSpy(model.rowsRemoved)
    model.append([line("e"), line("f", logging.ERROR)])
    assert messages(model) == ["d", "f"]
    assert [removed.at(0)[1], removed.at(0)[2], removed.count()] == [0, 0, 1]
    model.append([line("g")])
    assert removed.count() == 1
    model.set_filter(ALL, "")
    assert messages(model) == ["d", "e", "f", "g"]


def test_clear_forgets_all_lines() -> None:
    model, _tester = watched()
    model.append(MIXED)
    model.clear()
    assert (model.rowCount(), model.kept) == (0, 0)
    model.append([line("new")])
    assert messages(model) == ["new"]


def test_the_date_style_changes_what_is_shown_and_tells_views() -> None:
    model, _tester = watched()
    model.set_date_style(DateStyle("dd/MM/yyyy"))
    model.append([line("x")])
    assert model.index(0, 0).data() == "20/11/2026 07:05:09"
    changed = QSignalSpy(model.dataChanged)
    model.set_date_style(DateStyle("dd.MM.yyyy"))
    assert changed.count() == 1
    assert model.index(0, 0).data() == "20.11.2026 07:05:09"


def test_times_are_shown_in_local_time() -> None:
    model = LogTableModel()
    model.append([LogRow(START.astimezone(timezone.utc), logging.INFO, "x")])
    assert model.index(0, 0).data() == "2026-11-20 07:05:09"


def test_lines_for_a_spreadsheet_keep_tabs_and_line_ends_in_one_cell() -> None:
    model = LogTableModel()
    model.append([line("plain"), line('a\tb\n"c"', logging.ERROR), line("last")])
    assert model.tsv([0, 1]) == (
        '2026-11-20 07:05:09\tInfo\tplain\n2026-11-20 07:05:09\tError\t"a\tb\n""c"""\n'
    )
    assert model.tsv().count("2026-11-20") == 3
    assert model.tsv([]) == ""


def test_lines_for_a_spreadsheet_are_those_that_are_shown() -> None:
    model = LogTableModel()
    model.append(MIXED)
    model.set_filter(ERROR, "")
    assert (
        model.tsv()
        == "2026-11-20 07:05:09\tError\tserver down\n2026-11-20 07:05:09\tCritical\tledger damaged\n"
    )


LEVELS = st.sampled_from([logging.DEBUG, logging.INFO, logging.WARNING, logging.ERROR])
BATCHES = st.lists(st.lists(st.tuples(LEVELS, st.sampled_from(["a", "B", "ab"])), max_size=9), max_size=8)


@given(BATCHES, LEVELS, st.sampled_from(["", "a", "b"]), st.integers(1, 12))
def test_whatever_comes_it_shows_the_newest_that_fit(
    batches: Sequence[Sequence[tuple[int, str]]], level: int, text: str, capacity: int
) -> None:
    model, _tester = watched(capacity)
    model.set_filter(level, text)
    everything: list[tuple[int, str]] = []
    for batch in batches:
        model.append([line(message, each) for each, message in batch])
        everything += batch
        kept = everything[-capacity:]
        assert messages(model) == [word for each, word in kept if each >= level and text in word.casefold()]
        assert model.kept == len(kept)
