"""The tab *History*: the selected pump's cycles as a table, and its past as plots."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QLabel, QSplitter, QStackedWidget, QTabWidget, QVBoxLayout, QWidget

from qcpump_qt.models.cycles_table import CyclesTableModel
from qcpump_qt.models.dates import DateStyle
from qcpump_qt.models.rows import DayCount, ValuePoint
from qcpump_qt.views.cycles_view import CyclesView
from qcpump_qt.views.plot_library import PlotLibrary
from qcpump_qt.views.plots import DeliveredPlot, ValuesPlot

NO_CYCLES = "This pump has not run yet. Press Run now (F6) to let it run once."


class HistoryTab(QWidget):
    """Cycles above, plots below. The plots are loaded when the tab is first shown.

    Args:
        parent: as for every widget.
    """

    tests_wanted = Signal(str)
    """The tests of this unit are wanted."""
    values_wanted = Signal(str, str)
    """The values of a unit's test are wanted."""
    shown = Signal()
    """The tab has come into sight."""
    told = Signal(str)
    """A short message for the status bar, such as what was copied."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("history_tab")
        self._model: CyclesTableModel | None = None
        self.library = PlotLibrary(self)
        self.table = CyclesView()
        self.table.copied.connect(self.told)
        self._empty = QLabel(NO_CYCLES)
        self._empty.setObjectName("no_cycles")
        self._empty.setWordWrap(True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._top = QStackedWidget()
        self._top.addWidget(self._empty)
        self._top.addWidget(self.table)
        splitter = QSplitter(Qt.Orientation.Vertical)
        splitter.setObjectName("history_splitter")
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(self._top)
        splitter.addWidget(self._plots())
        splitter.setSizes([400, 600])
        layout = QVBoxLayout(self)
        layout.addWidget(splitter)

    def set_model(self, model: CyclesTableModel) -> None:
        """Show these cycles; done once, the model is filled anew for each pump."""
        self._model = model
        self.table.setModel(model)
        self.table.fit_columns()
        for signal in (model.rowsInserted, model.rowsRemoved, model.modelReset):
            signal.connect(self._choose_page)
        self._choose_page()

    def set_days(self, days: Sequence[DayCount]) -> None:
        """Draw how many records were delivered on these days."""
        self.delivered.set_days(days)

    def set_units(self, units: Sequence[str]) -> None:
        """Offer these units for the plot of values."""
        self.values.set_units(units)

    def set_tests(self, unit: str, tests: Sequence[str]) -> None:
        """Offer these tests of a unit."""
        self.values.set_tests(unit, tests)

    def set_values(self, unit: str, test: str, points: Sequence[ValuePoint]) -> None:
        """Draw the values of a unit's test, oldest first."""
        self.values.set_values(unit, test, points)

    def set_problem(self, text: str) -> None:
        """Say what could not be read, where it was waited for."""
        self.values.set_problem(text)

    def set_date_style(self, style: DateStyle) -> None:
        """Write dates in this style from now on."""
        if self._model is not None:
            self._model.set_date_style(style)
        self.delivered.set_date_style(style)
        self.values.set_date_style(style)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - as Qt has it
        """The plots are loaded when they are first wanted."""
        super().showEvent(event)
        self.library.load()
        self.shown.emit()

    def _plots(self) -> QTabWidget:
        self.delivered = DeliveredPlot(self.library)
        self.values = ValuesPlot(self.library)
        self.values.tests_wanted.connect(self.tests_wanted)
        self.values.values_wanted.connect(self.values_wanted)
        tabs = QTabWidget()
        tabs.setObjectName("history_plots")
        tabs.setAccessibleName("Plots")
        tabs.setDocumentMode(True)
        tabs.addTab(self.delivered, "&Delivered per day")
        tabs.addTab(self.values, "&Values over time")
        return tabs

    def _choose_page(self) -> None:
        any_cycles = self._model is not None and self._model.rowCount() > 0
        self._top.setCurrentWidget(self.table if any_cycles else self._empty)
