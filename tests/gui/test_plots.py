"""The plots with the real library: bars, a line, hovering, keys, colours, and what is said where there is none."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, datetime, timedelta
from typing import TypeVar

import pyqtgraph as pg
import pytest
from PySide6.QtCore import QCoreApplication, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QPalette, QWheelEvent
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QComboBox, QGraphicsView, QLabel, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from gui.heartbeat import Heartbeat
from qcpump_qt.models.dates import DateStyle
from qcpump_qt.models.rows import DayCount, ValuePoint
from qcpump_qt.views.plot_canvas import TimeCanvas
from qcpump_qt.views.plot_library import PlotLibrary
from qcpump_qt.views.plots import DeliveredPlot, ValuesPlot

Shown = TypeVar("Shown", bound=QWidget)
Watch = Callable[[], AbstractContextManager[Heartbeat]]
FRIDAY = date(2026, 11, 20)
MORNING = datetime(2026, 11, 20, 7, 5, 9).astimezone()
DAYS = [DayCount(FRIDAY + timedelta(days=step), count) for step, count in enumerate([3, 0, 9, 1])]
POINTS = [ValuePoint(MORNING + timedelta(days=step), 1 + step / 10) for step in range(5)]
HINT = "Point at the plot, or use the arrow keys in it, to read single values."


@pytest.fixture
def library(qtbot: QtBot) -> PlotLibrary:
    made = PlotLibrary()
    with qtbot.waitSignal(made.ready, timeout=30_000):
        made.load()
    return made


@pytest.fixture
def no_pyqtgraph(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("qcpump_qt.views.plot_kinds", "qcpump_qt.views.plot_canvas"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    monkeypatch.setitem(sys.modules, "pyqtgraph", None)
    package = sys.modules["qcpump_qt.views"]
    for name in ("plot_kinds", "plot_canvas"):
        monkeypatch.delattr(package, name, raising=False)


@pytest.fixture
def delivered(qtbot: QtBot, library: PlotLibrary) -> DeliveredPlot:
    return seen(qtbot, DeliveredPlot(library))


@pytest.fixture
def values(qtbot: QtBot, library: PlotLibrary) -> ValuesPlot:
    return seen(qtbot, ValuesPlot(library))


def seen(qtbot: QtBot, widget: Shown) -> Shown:
    qtbot.addWidget(widget)
    widget.resize(600, 400)
    with qtbot.waitExposed(widget):
        widget.show()
    widget.activateWindow()
    return widget


def text(widget: QWidget, name: str) -> str:
    label = widget.findChild(QLabel, name)
    assert isinstance(label, QLabel)
    return label.text()


def canvas(widget: QWidget) -> TimeCanvas:
    found = widget.findChild(QWidget, "plot_canvas")
    assert isinstance(found, TimeCanvas)
    return found


def box(widget: QWidget, name: str) -> QComboBox:
    found = widget.findChild(QComboBox, name)
    assert isinstance(found, QComboBox)
    return found


def viewport(plot: TimeCanvas) -> QWidget:
    view = plot.findChild(QGraphicsView)
    assert isinstance(view, QGraphicsView)
    return view.viewport()


def position_of(plot: TimeCanvas, number: int) -> QPoint:
    """Where a point is drawn, in pixels of the plot."""
    view = plot.findChild(QGraphicsView)
    assert isinstance(view, pg.PlotWidget)
    at = view.getPlotItem().vb.mapViewToScene(QPointF(*plot._point(number)))
    place: QPoint = view.mapTo(plot, view.mapFromScene(at))
    return place


def tick_labels(plot: TimeCanvas) -> list[str]:
    """What stands on the time axis."""
    return [label for _, label in plot._ticks]


def hover(widget: QWidget, number: int, up: int = 0) -> None:
    """Move the mouse over a point of the plot."""
    plot = canvas(widget)
    surface = viewport(plot)
    widget.grab()  # lays everything out
    goal = position_of(plot, number) + QPoint(0, -up)
    place = surface.mapFrom(plot, goal)
    # The plot looks at no two moves within a hundredth of a second.
    QTest.mouseMove(surface, place + QPoint(1, 1))
    QTest.qWait(20)
    QTest.mouseMove(surface, place)


def turn_wheel(plot: TimeCanvas, number: int) -> None:
    """Look closer at a point with the mouse wheel."""
    surface = viewport(plot)
    place = QPointF(surface.mapFrom(plot, position_of(plot, number)))
    for _ in range(6):
        event = QWheelEvent(
            place,
            QPointF(surface.mapToGlobal(place.toPoint())),
            QPoint(),
            QPoint(0, 240),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QCoreApplication.sendEvent(surface, event)


# --- deliveries per day --------------------------------------------------------------------------


def test_without_deliveries_it_says_so(delivered: DeliveredPlot) -> None:
    assert text(delivered, "plot_text") == "Nothing has been delivered yet."
    assert text(delivered, "plot_summary") == ""
    assert delivered.canvas is None
    delivered.set_days([DayCount(FRIDAY, 0)])
    assert text(delivered, "plot_text") == "Nothing has been delivered yet."
    assert not button(delivered).isEnabled()


def button(widget: QWidget) -> QPushButton:
    found = widget.findChild(QPushButton, "plot_show_all")
    assert isinstance(found, QPushButton)
    return found


def test_deliveries_are_drawn_and_told(delivered: DeliveredPlot) -> None:
    delivered.set_days(DAYS)
    assert canvas(delivered).isVisible()
    assert canvas(delivered).accessibleName() == "Records delivered per day"
    assert text(delivered, "plot_summary") == (
        "13 records delivered in 4 days, newest 2026-11-23, most on 2026-11-22 (9)."
    )
    assert text(delivered, "plot_point") == HINT
    assert tick_labels(canvas(delivered)) == ["2026-11-20", "2026-11-23"]


def test_a_bar_under_the_mouse_is_told(qtbot: QtBot, delivered: DeliveredPlot) -> None:
    delivered.set_days(DAYS)
    hover(delivered, 2, up=-30)
    qtbot.waitUntil(lambda: text(delivered, "plot_point") == "2026-11-22: 9 records delivered")
    hover(delivered, 1, up=60)
    qtbot.waitUntil(lambda: text(delivered, "plot_point") == "2026-11-21: 0 records delivered")


def test_arrow_keys_go_from_day_to_day(qtbot: QtBot, delivered: DeliveredPlot) -> None:
    delivered.set_days(DAYS)
    plot = canvas(delivered)
    plot.setFocus()
    told = []
    keys = [
        Qt.Key.Key_Left,
        Qt.Key.Key_Left,
        Qt.Key.Key_Home,
        Qt.Key.Key_Left,
        Qt.Key.Key_Right,
        Qt.Key.Key_End,
    ]
    for key in [*keys, Qt.Key.Key_Right]:
        QTest.keyClick(plot, key)
        told.append(plot.current)
    assert told == [3, 2, 0, 0, 1, 3, 3]
    assert text(delivered, "plot_point") == "2026-11-23: 1 record delivered"
    assert plot.accessibleDescription() == "2026-11-23: 1 record delivered"


def test_who_comes_by_tab_sees_the_newest_day_marked(qtbot: QtBot, delivered: DeliveredPlot) -> None:
    delivered.set_days(DAYS)
    plot = canvas(delivered)
    plot.setFocus(Qt.FocusReason.TabFocusReason)
    assert text(delivered, "plot_point") == "2026-11-23: 1 record delivered"
    button(delivered).setFocus(Qt.FocusReason.TabFocusReason)
    assert plot.current is None
    assert text(delivered, "plot_point") == HINT
    assert plot.accessibleDescription() == "Left and right arrow keys tell one point after the other."


def test_the_mark_stays_where_keys_put_it_when_the_mouse_leaves(delivered: DeliveredPlot) -> None:
    delivered.set_days(DAYS)
    plot = canvas(delivered)
    plot.setFocus()
    QTest.keyClick(plot, Qt.Key.Key_Home)
    QTest.mouseMove(delivered, QPoint(1, 1))
    assert plot.current == 0


def test_other_keys_are_for_others(delivered: DeliveredPlot) -> None:
    delivered.set_days(DAYS)
    plot = canvas(delivered)
    plot.setFocus()
    QTest.keyClick(plot, Qt.Key.Key_A)
    assert plot.current is None


def test_show_all_brings_everything_back(qtbot: QtBot, delivered: DeliveredPlot) -> None:
    delivered.set_days(DAYS)
    plot = canvas(delivered)
    before = tick_labels(plot)
    turn_wheel(plot, 2)
    assert tick_labels(plot) != before
    QTest.mouseClick(button(delivered), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: tick_labels(plot) == before)


def test_new_days_take_the_place_of_the_former(delivered: DeliveredPlot) -> None:
    delivered.set_days(DAYS)
    delivered.set_days(DAYS[:1])
    assert text(delivered, "plot_summary").startswith("3 records delivered in 1 day,")
    delivered.set_days([])
    assert text(delivered, "plot_text") == "Nothing has been delivered yet."
    assert text(delivered, "plot_summary") == ""
    assert text(delivered, "plot_point") == ""


def test_dates_in_another_style(delivered: DeliveredPlot) -> None:
    delivered.set_days(DAYS)
    delivered.set_date_style(DateStyle("dd.MM.yyyy"))
    assert text(delivered, "plot_summary").endswith("most on 22.11.2026 (9).")
    assert tick_labels(canvas(delivered))[0] == "20.11.2026"


@pytest.mark.parametrize(("base", "letters"), [("#101010", "#f0f0f0"), ("#fefefe", "#202020")])
def test_colours_are_those_of_the_palette(delivered: DeliveredPlot, base: str, letters: str) -> None:
    delivered.set_days(DAYS)
    palette = delivered.palette()
    palette.setColor(QPalette.ColorRole.Base, QColor(base))
    palette.setColor(QPalette.ColorRole.Text, QColor(letters))
    palette.setColor(QPalette.ColorRole.Highlight, QColor("#ff00ff"))
    delivered.setPalette(palette)
    image = canvas(delivered).grab().toImage()
    found = {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())}
    assert {base, letters, "#ff00ff"} <= found
    assert image.pixelColor(image.width() - 3, 3).name() == base


def test_a_year_of_days_is_drawn_without_a_stall(
    qtbot: QtBot, delivered: DeliveredPlot, heartbeat: Watch
) -> None:
    with heartbeat():
        delivered.set_days([DayCount(FRIDAY + timedelta(days=step), step % 30) for step in range(365)])
        qtbot.wait(50)


# --- values over time ----------------------------------------------------------------------------


def choose(values: ValuesPlot, unit: str = "TB1", test: str = "size") -> None:
    values.set_units(["TB1", "TB2"])
    units = box(values, "unit")
    units.setFocus()
    for _ in range(["TB1", "TB2"].index(unit) + 1):
        QTest.keyClick(units, Qt.Key.Key_Down)
    values.set_tests(unit, ["flatness", "size", "size x"])
    type_test(values, test)


def type_test(values: ValuesPlot, typed: str) -> None:
    """Type into the drop-down of tests and press Return, which the list of findings gets where one is open."""
    edit = box(values, "test").lineEdit()
    assert isinstance(edit, QLineEdit)
    edit.setFocus()
    edit.selectAll()
    QTest.keyClicks(edit, typed)
    completer = edit.completer()
    assert completer is not None
    found = completer.popup()
    assert found is not None
    QTest.keyClick(found if found.isVisible() else edit, Qt.Key.Key_Return)
    assert not found.isVisible()


def test_without_units_there_is_nothing_to_choose(values: ValuesPlot) -> None:
    assert text(values, "plot_text") == "There are no values yet: nothing has been delivered for any unit."
    assert not box(values, "unit").isEnabled()
    assert not box(values, "test").isEnabled()


def test_a_unit_is_chosen_then_a_test_then_the_values_come(values: ValuesPlot) -> None:
    tests, wanted = QSignalSpy(values.tests_wanted), QSignalSpy(values.values_wanted)
    values.set_units(["TB1", "TB2"])
    assert text(values, "plot_text") == "Choose a unit and a test to see its values over time."
    QTest.keyClick(box(values, "unit"), Qt.Key.Key_Down)
    assert tests.at(0) == ["TB1"]
    assert text(values, "plot_text") == "The tests of TB1 are being read."
    values.set_tests("TB1", ["flatness", "size"])
    assert text(values, "plot_text") == "Choose a unit and a test to see its values over time."
    QTest.keyClick(box(values, "test"), Qt.Key.Key_Down)
    assert wanted.at(0) == ["TB1", "flatness"]
    assert text(values, "plot_text") == "The values of flatness on TB1 are being read."
    values.set_values("TB1", "flatness", POINTS)
    assert canvas(values).isVisible()
    assert text(values, "plot_summary") == (
        "5 values of flatness on TB1, from 1 to 1.4, newest 1.4 on 2026-11-24 07:05:09."
    )


def test_typing_finds_a_test_by_a_part_of_its_name(values: ValuesPlot) -> None:
    wanted = QSignalSpy(values.values_wanted)
    choose(values, test="FLAT")
    assert wanted.at(0) == ["TB1", "flatness"]
    assert box(values, "test").currentText() == "flatness"


def test_a_whole_name_wins_over_those_that_contain_it(values: ValuesPlot) -> None:
    wanted = QSignalSpy(values.values_wanted)
    choose(values, test="size")
    assert [wanted.at(number) for number in range(wanted.count())][-1] == ["TB1", "size"]


def test_a_text_that_fits_several_tests_or_none_chooses_nothing(values: ValuesPlot) -> None:
    wanted = QSignalSpy(values.values_wanted)
    choose(values, test="flatness")
    count = wanted.count()
    for typed in ("i", "nothing like it"):
        type_test(values, typed)
        assert box(values, "test").currentText() == "flatness"
    assert wanted.count() == count


def test_a_point_under_the_mouse_is_told(qtbot: QtBot, values: ValuesPlot) -> None:
    choose(values)
    values.set_values("TB1", "size", POINTS)
    hover(values, 2)
    qtbot.waitUntil(lambda: text(values, "plot_point") == "2026-11-22 07:05:09: 1.2")


def test_the_mouse_far_from_all_points_tells_none(qtbot: QtBot, values: ValuesPlot) -> None:
    choose(values)
    values.set_values("TB1", "size", POINTS)
    hover(values, 2)
    qtbot.waitUntil(lambda: text(values, "plot_point") != HINT)
    canvas(values).clearFocus()
    hover(values, 0, up=120)
    qtbot.waitUntil(lambda: text(values, "plot_point") == HINT)


def test_a_test_without_values(values: ValuesPlot) -> None:
    choose(values)
    values.set_values("TB1", "size", [])
    assert text(values, "plot_text") == "There is no value of this test yet."


def test_a_unit_without_tests(values: ValuesPlot) -> None:
    values.set_units(["TB1"])
    QTest.keyClick(box(values, "unit"), Qt.Key.Key_Down)
    values.set_tests("TB1", [])
    assert text(values, "plot_text") == "There are no tests with numbers for TB1 yet."
    assert not box(values, "test").isEnabled()


def test_answers_to_former_questions_are_not_shown(values: ValuesPlot) -> None:
    choose(values, unit="TB2", test="flatness")
    values.set_tests("TB1", ["other"])
    values.set_values("TB1", "flatness", POINTS)
    values.set_values("TB2", "size", POINTS)
    assert text(values, "plot_text") == "The values of flatness on TB2 are being read."
    assert box(values, "test").count() == 3


def test_the_same_units_again_change_nothing(values: ValuesPlot) -> None:
    choose(values)
    values.set_values("TB1", "size", POINTS)
    values.set_units(["TB1", "TB2", "TB3"])
    assert canvas(values).isVisible()
    assert (box(values, "unit").currentText(), box(values, "test").currentText()) == ("TB1", "size")


def test_units_of_another_pump_forget_the_choice(values: ValuesPlot) -> None:
    choose(values)
    values.set_values("TB1", "size", POINTS)
    values.set_units(["Other"])
    assert text(values, "plot_text") == "Choose a unit and a test to see its values over time."
    assert (values.chooser.unit, values.chooser.test) == ("", "")
    assert box(values, "unit").currentIndex() == -1
    values.set_units([])
    assert text(values, "plot_text") == "There are no values yet: nothing has been delivered for any unit."


def test_what_went_wrong_is_said_where_values_were_waited_for(values: ValuesPlot) -> None:
    values.set_problem("The ledger is damaged.")
    assert text(values, "plot_text") == "There are no values yet: nothing has been delivered for any unit."
    choose(values)
    values.set_problem("The ledger is damaged.")
    assert text(values, "plot_text") == "The ledger is damaged."
    values.set_values("TB1", "size", POINTS)
    values.set_problem("The ledger is damaged.")
    assert canvas(values).isVisible()


def test_values_in_another_date_style(values: ValuesPlot) -> None:
    values.set_date_style(DateStyle("MM/dd/yyyy"))
    choose(values)
    values.set_values("TB1", "size", POINTS)
    values.set_date_style(DateStyle("dd/MM/yyyy"))
    assert text(values, "plot_summary").endswith("newest 1.4 on 24/11/2026 07:05:09.")


@pytest.mark.parametrize("value", [0.0, 1e300, -5.0])
def test_one_value_or_the_same_ones_are_drawn(values: ValuesPlot, value: float) -> None:
    choose(values)
    values.set_values("TB1", "size", [ValuePoint(MORNING, value)])
    values.set_values("TB1", "size", [ValuePoint(MORNING + timedelta(days=step), value) for step in range(3)])
    assert canvas(values).isVisible()
    values.grab()


def test_very_many_values_stall_nothing(qtbot: QtBot, values: ValuesPlot, heartbeat: Watch) -> None:
    choose(values)
    points = [ValuePoint(MORNING + timedelta(minutes=step), step % 97) for step in range(30_000)]
    with heartbeat():
        values.set_values("TB1", "size", points)
        qtbot.wait(50)
        hover(values, 15_000)
        qtbot.wait(50)
    assert text(values, "plot_point") != HINT


# --- the library ---------------------------------------------------------------------------------


def test_plots_that_are_loaded_late_show_what_came_before(qtbot: QtBot) -> None:
    library = PlotLibrary()
    plot = DeliveredPlot(library)
    seen(qtbot, plot)
    plot.set_days(DAYS)
    assert text(plot, "plot_text") == "The plots are being loaded."
    assert text(plot, "plot_summary").startswith("13 records delivered in 4 days")
    with qtbot.waitSignal(library.ready, timeout=30_000):
        library.load()
    assert canvas(plot).isVisible()


def test_it_is_loaded_once(qtbot: QtBot, library: PlotLibrary) -> None:
    ready = QSignalSpy(library.ready)
    library.load()
    qtbot.wait(50)
    assert ready.count() == 0


@pytest.mark.usefixtures("no_pyqtgraph")
def test_without_pyqtgraph_a_sentence_says_what_to_install(qtbot: QtBot) -> None:
    library = PlotLibrary()
    plot = DeliveredPlot(library)
    seen(qtbot, plot)
    plot.set_days(DAYS)
    with qtbot.waitSignal(library.failed, timeout=30_000):
        library.load()
    assert text(plot, "plot_text") == (
        "Plots need pyqtgraph, which is not installed. Install it with: pip install pyqtgraph. "
        "Then start the program again."
    )
    assert text(plot, "plot_summary").startswith("13 records delivered in 4 days")


@pytest.mark.usefixtures("no_pyqtgraph")
def test_a_library_that_is_out_of_order_takes_nothing_else_away(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("broken")
    (folder / "pyqtgraph.py").write_text("raise RuntimeError('no OpenGL')\n", encoding="utf-8")
    monkeypatch.delitem(sys.modules, "pyqtgraph")
    monkeypatch.syspath_prepend(folder)
    library = PlotLibrary()
    with qtbot.waitSignal(library.failed, timeout=30_000) as failed:
        library.load()
    assert failed.args == [
        "The plots could not be loaded (RuntimeError: no OpenGL). Install pyqtgraph again, "
        "then start the program again."
    ]


@pytest.mark.parametrize("count", [1, 2, 13])
def test_few_bars_are_as_broad_as_in_a_fortnight(delivered: DeliveredPlot, count: int) -> None:
    delivered.set_days([DayCount(FRIDAY + timedelta(days=step), 3) for step in range(count)])
    first, last = canvas(delivered)._plot.getPlotItem().vb.viewRange()[0]
    assert last - first == pytest.approx(14)
    assert (first + last) / 2 == pytest.approx(FRIDAY.toordinal() + count / 2)
    assert tick_labels(canvas(delivered))[0] == f"{FRIDAY:%Y-%m-%d}"
    canvas(delivered).show_all()
    assert canvas(delivered)._plot.getPlotItem().vb.viewRange()[0] == [first, last]


def test_many_bars_fill_the_plot(delivered: DeliveredPlot) -> None:
    delivered.set_days([DayCount(FRIDAY + timedelta(days=step), 3) for step in range(60)])
    first, last = canvas(delivered)._plot.getPlotItem().vb.viewRange()[0]
    assert 60 <= last - first < 80
