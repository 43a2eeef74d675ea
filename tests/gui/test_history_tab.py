"""The tab *History* by real clicks and keys: the table of cycles above, the plots below."""

from __future__ import annotations

import subprocess
import sys
from datetime import date, datetime, timedelta

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QComboBox, QLabel, QMenu, QSplitter, QTabWidget, QWidget
from pytestqt.qtbot import QtBot

from qcpump_qt.models.cycles_table import CycleColumn, CyclesTableModel
from qcpump_qt.models.dates import DateStyle
from qcpump_qt.models.rows import CycleRow, DayCount, ValuePoint
from qcpump_qt.views.history_tab import HistoryTab

NOON = datetime(2026, 11, 20, 12, 0, 0).astimezone()
CONTROL = Qt.KeyboardModifier.ControlModifier


def cycles(count: int) -> list[CycleRow]:
    return [
        CycleRow(
            number=number,
            trigger="interval",
            started=NOON + timedelta(minutes=5 * number),
            seconds=2.0,
            outcome="not run" if number % 3 == 0 else "ok",
            reason="The computer was asleep." if number % 3 == 0 else "",
            counts={"found": number},
        )
        for number in range(count, 0, -1)
    ]


@pytest.fixture
def model() -> CyclesTableModel:
    return CyclesTableModel()


@pytest.fixture
def tab(qtbot: QtBot, model: CyclesTableModel) -> HistoryTab:
    made = HistoryTab()
    qtbot.addWidget(made)
    made.set_model(model)
    made.resize(620, 540)
    with qtbot.waitSignal(made.library.ready, timeout=30_000), qtbot.waitExposed(made):
        made.show()
    made.activateWindow()
    return made


def text(tab: QWidget, name: str) -> str:
    label = tab.findChild(QLabel, name)
    assert isinstance(label, QLabel)
    return label.text()


def plots(tab: HistoryTab) -> QTabWidget:
    found = tab.findChild(QTabWidget, "history_plots")
    assert isinstance(found, QTabWidget)
    return found


def told(spy: QSignalSpy) -> list[str]:
    return [spy.at(number)[0] for number in range(spy.count())]


def test_a_pump_that_has_not_run_is_told_how_to(tab: HistoryTab, model: CyclesTableModel) -> None:
    assert text(tab, "no_cycles") == "This pump has not run yet. Press Run now (F6) to let it run once."
    assert not tab.table.isVisible()
    model.set_rows(cycles(1))
    assert tab.table.isVisible()
    model.set_rows([])
    assert not tab.table.isVisible()


def test_plots_are_loaded_when_the_tab_is_first_shown(qtbot: QtBot) -> None:
    made = HistoryTab()
    qtbot.addWidget(made)
    shown, ready = QSignalSpy(made.shown), QSignalSpy(made.library.ready)
    qtbot.wait(50)
    assert (shown.count(), ready.count()) == (0, 0)
    with qtbot.waitSignal(made.library.ready, timeout=30_000):
        made.show()
    assert shown.count() == 1
    made.hide()
    made.show()
    assert shown.count() == 2


def test_ctrl_c_copies_the_selected_cycles(tab: HistoryTab, model: CyclesTableModel) -> None:
    model.set_rows(cycles(5))
    says = QSignalSpy(tab.told)
    tab.table.setFocus()
    tab.table.selectRow(2)
    QTest.keyClick(tab.table, Qt.Key.Key_C, CONTROL)
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines[0].startswith("Cycle\tTrigger\tStart\t")
    assert lines[1].startswith("3\tInterval\t2026-11-20 12:15:00\tuntil 2026-11-20 12:15:02\tDid not run\t–")
    assert lines[1].endswith("\tThe computer was asleep.")
    assert len(lines) == 2
    assert told(says) == ["1 cycle was copied."]


def test_the_context_menu_copies_all_where_none_is_selected(tab: HistoryTab, model: CyclesTableModel) -> None:
    model.set_rows(cycles(5))
    says = QSignalSpy(tab.told)
    tab.table.customContextMenuRequested.emit(QPoint(5, 5))
    menu = tab.table.findChild(QMenu, "cycles_menu")
    assert isinstance(menu, QMenu)
    assert [action.text() for action in menu.actions()] == ["&Copy as table"]
    QTest.keyClick(menu, Qt.Key.Key_C)
    assert told(says) == ["5 cycles were copied."]


def test_a_selection_stays_when_a_new_cycle_comes(tab: HistoryTab, model: CyclesTableModel) -> None:
    model.set_rows(cycles(5))
    tab.table.selectRow(2)
    model.set_rows(cycles(6))
    [index] = tab.table.selectionModel().selectedRows()
    assert model.row(index.row()).number == 3


def test_columns_have_room_for_their_words(tab: HistoryTab, model: CyclesTableModel) -> None:
    model.set_rows(cycles(3))
    metrics = tab.table.fontMetrics()
    for column in CycleColumn:
        words = [model.index(row, column).data() for row in range(3)]
        words.append(model.headerData(column, Qt.Orientation.Horizontal))
        if column != CycleColumn.REASON:
            assert tab.table.columnWidth(column) > max(metrics.horizontalAdvance(word) for word in words)


def test_a_larger_font_makes_rows_and_columns_larger(tab: HistoryTab, model: CyclesTableModel) -> None:
    model.set_rows(cycles(3))
    row, column = tab.table.rowHeight(0), tab.table.columnWidth(CycleColumn.START)
    font = tab.font()
    font.setPointSizeF(font.pointSizeF() * 1.5)
    tab.setFont(font)
    assert tab.table.rowHeight(0) > row * 1.2
    assert tab.table.columnWidth(CycleColumn.START) > column * 1.3


def test_days_and_values_reach_their_plots(tab: HistoryTab) -> None:
    tests, values = QSignalSpy(tab.tests_wanted), QSignalSpy(tab.values_wanted)
    tab.set_days([DayCount(date(2026, 11, 20), 7)])
    assert text(tab.delivered, "plot_summary") == (
        "7 records delivered in 1 day, newest 2026-11-20, most on 2026-11-20 (7)."
    )
    plots(tab).setCurrentIndex(1)
    tab.set_units(["TB1"])
    unit, test = (tab.findChild(QComboBox, name) for name in ("unit", "test"))
    assert isinstance(unit, QComboBox)
    assert isinstance(test, QComboBox)
    QTest.keyClick(unit, Qt.Key.Key_Down)
    assert tests.at(0) == ["TB1"]
    tab.set_tests("TB1", ["size"])
    QTest.keyClick(test, Qt.Key.Key_Down)
    assert values.at(0) == ["TB1", "size"]
    tab.set_problem("The ledger is damaged.")
    assert text(tab.values, "plot_text") == "The ledger is damaged."
    tab.set_values("TB1", "size", [ValuePoint(NOON, 1.5)])
    assert text(tab.values, "plot_summary") == (
        "1 value of size on TB1, from 1.5 to 1.5, newest 1.5 on 2026-11-20 12:00:00."
    )


def test_the_date_style_reaches_table_and_plots(tab: HistoryTab, model: CyclesTableModel) -> None:
    model.set_rows(cycles(1))
    tab.set_days([DayCount(date(2026, 11, 20), 7)])
    tab.set_date_style(DateStyle("dd.MM.yyyy"))
    assert model.index(0, CycleColumn.START).data() == "20.11.2026 12:05:00"
    assert "newest 20.11.2026" in text(tab.delivered, "plot_summary")


def test_the_plots_change_by_keys(tab: HistoryTab) -> None:
    assert [plots(tab).tabText(number) for number in range(2)] == ["&Delivered per day", "&Values over time"]
    bar = plots(tab).tabBar()
    bar.setFocus()
    QTest.keyClick(bar, Qt.Key.Key_Right)
    assert tab.values.isVisible()


def test_neither_half_can_be_lost(tab: HistoryTab) -> None:
    splitter = tab.findChild(QSplitter, "history_splitter")
    assert isinstance(splitter, QSplitter)
    splitter.setSizes([0, 1000])
    assert min(splitter.sizes()) > 0


def test_everything_has_a_name(tab: HistoryTab, model: CyclesTableModel) -> None:
    model.set_rows(cycles(2))
    tab.set_days([DayCount(date(2026, 11, 20), 7)])
    reached = {
        child.objectName(): child.accessibleName()
        for child in tab.findChildren(QWidget)
        if child.focusPolicy() & Qt.FocusPolicy.TabFocus and child.objectName()
    }
    assert {"cycles", "unit", "test", "plot_show_all", "plot_canvas"} <= set(reached)
    nameless = [name for name, spoken in reached.items() if not spoken and not name.startswith("qt_")]
    assert nameless == []


def test_without_pyqtgraph_the_table_works(
    qtbot: QtBot, model: CyclesTableModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = sys.modules["qcpump_qt.views"]
    for name in ("plot_kinds", "plot_canvas"):
        monkeypatch.delitem(sys.modules, f"qcpump_qt.views.{name}", raising=False)
        monkeypatch.delattr(package, name, raising=False)
    monkeypatch.setitem(sys.modules, "pyqtgraph", None)
    tab = HistoryTab()
    qtbot.addWidget(tab)
    tab.set_model(model)
    model.set_rows(cycles(4))
    tab.set_days([DayCount(date(2026, 11, 20), 7)])
    with qtbot.waitSignal(tab.library.failed, timeout=30_000):
        tab.show()
    assert tab.table.isVisible()
    assert text(tab.delivered, "plot_text") == (
        "Plots need pyqtgraph, which is not installed. Install it with: pip install pyqtgraph. "
        "Then start the program again."
    )
    assert text(tab.delivered, "plot_summary").startswith("7 records delivered")


def test_the_program_starts_without_the_plots() -> None:
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys, qcpump_qt.views.history_tab; print([n for n in ('pyqtgraph', 'numpy') if n in sys.modules])",
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout.strip(), done.stderr) == ("[]", "")
