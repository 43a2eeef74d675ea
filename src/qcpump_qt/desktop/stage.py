"""Everything of the desktop that is seen: the window with its tabs, and the icon in the tray."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from qcpump_qt.models.cycles_table import CyclesTableModel
from qcpump_qt.models.dates import DateStyle
from qcpump_qt.models.pump_tree import PumpTreeModel
from qcpump_qt.models.records_table import RecordsTableModel
from qcpump_qt.views.activity_tab import ActivityTab
from qcpump_qt.views.form.configuration_tab import ConfigurationTab
from qcpump_qt.views.history_tab import HistoryTab
from qcpump_qt.views.icons import icon, state_icon
from qcpump_qt.views.main_window import MainWindow
from qcpump_qt.views.records_tab import RecordsTab
from qcpump_qt.views.tray import Tray


class Stage:
    """The widgets and the models that they draw; nothing here knows the engine.

    Args:
        dates: how moments are written.
        tray_there: whether there is a tray now.
    """

    def __init__(self, dates: DateStyle, tray_there: Callable[[], bool]) -> None:
        self.tree = PumpTreeModel()
        self.configuration = ConfigurationTab()
        self.activity = ActivityTab()
        self.record_rows = RecordsTableModel(dates, icon)
        self.records = RecordsTab(self.record_rows, dates)
        self.history = HistoryTab()
        self.cycle_rows = CyclesTableModel(dates)
        self.history.set_model(self.cycle_rows)
        self.window = MainWindow(
            self.tree,
            (
                ("Configuration", self.configuration),
                ("Activity", self.activity),
                ("Records", self.records),
                ("History", self.history),
            ),
        )
        self.tree.setParent(self.window)
        self.record_rows.setParent(self.window)
        self.cycle_rows.setParent(self.window)
        self.tray = Tray(state_icon, dates, self.window, available=tray_there)
        self.set_dates(dates)

    def set_dates(self, dates: DateStyle) -> None:
        """Write moments in another way everywhere."""
        self.tree.set_date_style(dates)
        self.activity.set_date_style(dates)
        self.records.set_date_style(dates)
        self.history.set_date_style(dates)
        self.tray.set_dates(dates)

    def in_front(self, tab: QWidget) -> bool:
        """True when this is the tab that is shown."""
        return self.window.tabs.currentWidget() is tab
