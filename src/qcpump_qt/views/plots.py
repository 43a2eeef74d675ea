"""The two plots of the tab *History*: records delivered per day, and values of a test over time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from qcpump_qt.models.dates import DateStyle
from qcpump_qt.models.plot_data import (
    NO_DAYS,
    day_place,
    day_words,
    days_summary,
    moment_place,
    value_words,
    values_summary,
)
from qcpump_qt.models.rows import DayCount, ValuePoint
from qcpump_qt.views.plot_library import PlotLibrary
from qcpump_qt.views.value_chooser import ValueChooser

if TYPE_CHECKING:
    from qcpump_qt.views.plot_canvas import TimeCanvas

HINT = "Point at the plot, or use the arrow keys in it, to read single values."
LOADING = "The plots are being loaded."
CHOOSE = "Choose a unit and a test to see its values over time."
NO_UNITS = "There are no values yet: nothing has been delivered for any unit."


@dataclass(frozen=True)
class _Drawing:
    """What is to be drawn, once it can be."""

    places: Sequence[float]
    heights: Sequence[float]
    words: Callable[[int], str]
    dates: DateStyle


class PlotPanel(QWidget):
    """One plot with what it says in words, or a sentence where there is nothing to draw.

    Args:
        kind: the name of a class in `views.plot_kinds`.
        name: what the plot shows, for those who do not see it.
        library: gives that class once it is loaded.
        parent: as for every widget.
    """

    def __init__(self, kind: str, name: str, library: PlotLibrary, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kind, self._name, self._library = kind, name, library
        self._drawing: _Drawing | None = None
        self.canvas: TimeCanvas | None = None
        self._build()
        library.ready.connect(self._draw)
        library.failed.connect(self._draw)

    def draw(
        self,
        places: Sequence[float],
        heights: Sequence[float],
        words: Callable[[int], str],
        dates: DateStyle,
        summary: str,
    ) -> None:
        """Draw these points, as `TimeCanvas.draw` does; `summary` stands below in any case."""
        self._drawing = _Drawing(places, heights, words, dates)
        self._summary.setText(summary)
        self._summary.show()
        self._draw()

    def say(self, text: str) -> None:
        """Show a sentence instead of a plot."""
        self._drawing = None
        self._summary.clear()
        self._show_text(text)

    def _build(self) -> None:
        self._text = _label("plot_text")
        self._text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._text)
        self._summary = _label("plot_summary")
        self._summary.setAccessibleDescription(f"{self._name}, in words")
        self._pointed = _label("plot_point")
        self._pointed.setAccessibleDescription("The point under the mouse or chosen by arrow keys")
        self._all = QPushButton("Show &all")
        self._all.setObjectName("plot_show_all")
        self._all.setAccessibleName(f"Show all: {self._name}")
        self._all.setToolTip(
            "Brings the whole time into sight again; the mouse wheel shows less or more of it"
        )
        self._all.clicked.connect(self._show_all)
        foot = QHBoxLayout()
        words = QVBoxLayout()
        words.addWidget(self._summary)
        words.addWidget(self._pointed)
        foot.addLayout(words, 1)
        foot.addWidget(self._all, 0, Qt.AlignmentFlag.AlignTop)
        layout = QVBoxLayout(self)
        layout.addWidget(self._stack, 1)
        layout.addLayout(foot)
        self._show_text("")

    def _draw(self) -> None:
        if self._drawing is None:
            return
        if self._library.kinds is None:
            self._show_text(self._library.fault or LOADING)
            return
        if self.canvas is None:
            canvas: TimeCanvas = getattr(self._library.kinds, self._kind)(self._name)
            canvas.setObjectName("plot_canvas")
            canvas.pointed.connect(self._show_point)
            self._stack.addWidget(canvas)
            self.canvas = canvas
        drawing = self._drawing
        self.canvas.draw(drawing.places, drawing.heights, drawing.words, drawing.dates)
        self._stack.setCurrentWidget(self.canvas)
        self._all.setEnabled(True)

    def _show_point(self, words: str) -> None:
        # Never empty beside a plot: a line that comes and goes would move it under the mouse.
        self._pointed.setText(words or HINT)

    def _show_text(self, text: str) -> None:
        self._text.setText(text)
        self._stack.setCurrentWidget(self._text)
        self._pointed.clear()
        self._all.setEnabled(False)

    def _show_all(self) -> None:
        if self.canvas is not None:
            self.canvas.show_all()


class DeliveredPlot(PlotPanel):
    """Records delivered on each day, as bars.

    Args:
        library: gives the bars once they are loaded.
        parent: as for every widget.
    """

    def __init__(self, library: PlotLibrary, parent: QWidget | None = None) -> None:
        super().__init__("BarCanvas", "Records delivered per day", library, parent)
        self.setObjectName("delivered_plot")
        self._dates = DateStyle()
        self._days: Sequence[DayCount] = ()
        self.say(NO_DAYS)

    def set_days(self, days: Sequence[DayCount]) -> None:
        """Draw these days, in order, with none left out."""
        self._days, dates = days, self._dates
        if not any(entry.delivered for entry in days):
            self.say(NO_DAYS)
            return
        self.draw(
            [day_place(entry.day) for entry in days],
            [entry.delivered for entry in days],
            lambda number: day_words(days[number], dates),
            dates,
            days_summary(days, dates),
        )

    def set_date_style(self, style: DateStyle) -> None:
        """Write dates in this style from now on."""
        self._dates = style
        self.set_days(self._days)


class ValuesPlot(QWidget):
    """The values of one test of a unit over time, and the choice of both.

    Args:
        library: gives the line once it is loaded.
        parent: as for every widget.
    """

    tests_wanted = Signal(str)
    """The tests of this unit are wanted; `set_tests` answers."""
    values_wanted = Signal(str, str)
    """The values of a unit's test are wanted; `set_values` answers."""

    def __init__(self, library: PlotLibrary, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("values_plot")
        self._dates = DateStyle()
        self._points: Sequence[ValuePoint] | None = None
        self.chooser = ValueChooser()
        self.chooser.unit_chosen.connect(self._unit_chosen)
        self.chooser.test_chosen.connect(self._test_chosen)
        self.panel = PlotPanel("LineCanvas", "Values over time", library)
        layout = QVBoxLayout(self)
        layout.addWidget(self.chooser)
        layout.addWidget(self.panel, 1)
        self.set_units([])

    def set_units(self, units: Sequence[str]) -> None:
        """Offer these units; the one that was chosen stays where it is among them."""
        self.chooser.set_units(units)
        if not self.chooser.unit:
            self._points = None
            self.panel.say(CHOOSE if units else NO_UNITS)

    def set_tests(self, unit: str, tests: Sequence[str]) -> None:
        """Offer these tests of a unit; without effect where another unit was chosen since."""
        if unit == self.chooser.unit:
            self.chooser.set_tests(tests)
            self.panel.say(CHOOSE if tests else f"There are no tests with numbers for {unit} yet.")

    def set_values(self, unit: str, test: str, points: Sequence[ValuePoint]) -> None:
        """Draw the values of a test, oldest first; without effect where something else was chosen since."""
        if (unit, test) != (self.chooser.unit, self.chooser.test):
            return
        self._points, dates = points, self._dates
        summary = values_summary(unit, test, points, dates)
        if not points:
            self.panel.say(summary)
            return
        self.panel.draw(
            [moment_place(point.when) for point in points],
            [point.value for point in points],
            lambda number: value_words(points[number], dates),
            dates,
            summary,
        )

    def set_problem(self, text: str) -> None:
        """Say what went wrong, where values or tests were asked for and did not come."""
        if self.chooser.unit and self._points is None:
            self.panel.say(text)

    def set_date_style(self, style: DateStyle) -> None:
        """Write dates in this style from now on."""
        self._dates = style
        if self._points is not None:
            self.set_values(self.chooser.unit, self.chooser.test, self._points)

    def _unit_chosen(self, unit: str) -> None:
        self._points = None
        self.panel.say(f"The tests of {unit} are being read.")
        self.tests_wanted.emit(unit)

    def _test_chosen(self, test: str) -> None:
        self._points = None
        self.panel.say(f"The values of {test} on {self.chooser.unit} are being read.")
        self.values_wanted.emit(self.chooser.unit, test)


def _label(name: str) -> QLabel:
    label = QLabel()
    label.setObjectName(name)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    return label
