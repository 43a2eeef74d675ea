"""What the window remembers, in a real settings file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect, QSettings, QSize, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from gui.pump_rows import pump
from qcpump_qt.models.pump_columns import PumpColumn
from qcpump_qt.models.pump_tree import PumpTreeModel
from qcpump_qt.views.main_window import MainWindow
from qcpump_qt.views.window_memory import PLACE, WindowMemory, on_a_screen

ROWS = [pump("a"), pump("b"), pump("c", "File mover")]
Open = Callable[[], MainWindow]


@pytest.fixture
def new_window(qtbot: QtBot) -> Open:
    def made() -> MainWindow:
        window = MainWindow(PumpTreeModel(), [(title, QWidget()) for title in ("Configuration", "Records")])
        qtbot.addWidget(window)
        return window

    return made


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "window.ini"


def settings(file: Path) -> QSettings:
    return QSettings(str(file), QSettings.Format.IniFormat)


def remembered(file: Path, window: MainWindow) -> None:
    kept = settings(file)
    WindowMemory(window, kept).save()
    kept.sync()


def test_everything_comes_back(file: Path, new_window: Open) -> None:
    first = new_window()
    first.tree.set_rows(ROWS)
    first.show()
    first.setGeometry(QRect(0, 0, 900, 640))
    first.splitter.setSizes([500, 400])
    first.pumps.view.setColumnWidth(PumpColumn.STATE, 177)
    first.pumps.view.sortByColumn(PumpColumn.PUMP, Qt.SortOrder.DescendingOrder)
    first.pumps.view.collapse(first.pumps.shown.index_of("c").parent())
    first.select("b")
    first.tabs.setCurrentIndex(1)
    remembered(file, first)

    second = new_window()
    WindowMemory(second, settings(file)).restore()
    second.tree.set_rows(ROWS)
    second.show()
    header = second.pumps.view.header()
    assert second.size() == first.size()
    assert second.splitter.sizes() == first.splitter.sizes()
    assert header.sectionSize(PumpColumn.STATE) == 177
    assert (header.sortIndicatorSection(), header.sortIndicatorOrder()) == (0, Qt.SortOrder.DescendingOrder)
    assert second.pumps.shown.index_of("b").row() == 0
    assert not second.pumps.view.dragEnabled()
    assert second.pumps.view.collapsed_types == ["File mover"]
    assert not second.pumps.view.isExpanded(second.pumps.shown.index_of("c").parent())
    assert second.selected_id == "b"
    assert second.tabs.currentIndex() == 1


def test_a_pump_that_is_gone_is_not_waited_for(file: Path, new_window: Open) -> None:
    first = new_window()
    first.tree.set_rows(ROWS)
    first.select("b")
    remembered(file, first)
    second = new_window()
    WindowMemory(second, settings(file)).restore()
    second.tree.set_rows([ROWS[0]])
    assert second.selected_id == "a"


def test_the_first_start_remembers_nothing(file: Path, new_window: Open) -> None:
    window = new_window()
    usual = window.size()
    WindowMemory(window, settings(file)).restore()
    window.tree.set_rows(ROWS)
    assert window.size() == usual
    assert window.selected_id == "a"
    assert window.pumps.view.collapsed_types == []
    assert window.pumps.shown.in_dragged_order


def test_a_file_that_makes_no_sense_is_passed_over(file: Path, new_window: Open) -> None:
    file.write_text(
        "[window]\ngeometry=nonsense\nplace=@Rect(0 0 900 600)\nsplitter=@ByteArray(xyz)\ntab=Nowhere\n"
        "[pumps]\ncolumns=@ByteArray(\\0\\0)\ncollapsed=17, 18\nselected=\n"
    )
    window = new_window()
    usual = window.size()
    WindowMemory(window, settings(file)).restore()
    window.tree.set_rows(ROWS)
    assert (window.size(), window.selected_id, window.tabs.currentIndex()) == (usual, "a", 0)


def test_a_place_off_every_screen_is_not_restored(file: Path, new_window: Open) -> None:
    first = new_window()
    first.show()
    first.setGeometry(100, 100, 950, 650)
    remembered(file, first)
    kept = settings(file)
    kept.setValue(PLACE, QRect(20_000, 100, 950, 650))
    second = new_window()
    usual = second.geometry()
    WindowMemory(second, kept).restore()
    assert second.geometry() == usual


@pytest.mark.parametrize(
    ("left", "top", "seen"),
    [
        (0, 0, True),
        (-800, 0, True),
        (-850, 0, False),
        (0, -560, False),
        (50_000, 0, False),
        (0, 50_000, False),
    ],
)
def test_what_counts_as_on_a_screen(qtbot: QtBot, left: int, top: int, seen: bool) -> None:
    corner = QGuiApplication.primaryScreen().availableGeometry().topLeft()
    assert on_a_screen(QRect(corner + QPoint(left, top), QSize(900, 600))) is seen
