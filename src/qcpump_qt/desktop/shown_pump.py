"""The pump that is selected: its form, its activity, its records and its history in the tabs."""

from __future__ import annotations

from PySide6.QtCore import QObject

from qcpump_qt.controllers.editing_drafts import NEW
from qcpump_qt.desktop.backstage import Backstage
from qcpump_qt.desktop.last_cycles import LastCycles
from qcpump_qt.desktop.stage import Stage
from qcpump_qt.engine.report import CycleOutcome, CycleReport
from qcpump_qt.models.form_model import FormModel, Status
from qcpump_qt.models.rows import PumpRow


class ShownPump(QObject):
    """Keeps the tabs on the selected pump.

    What is not in sight is not read: records and history are read when their tab is shown, and again after a
    cycle.

    Args:
        backstage: the controllers.
        stage: the widgets.
    """

    def __init__(self, backstage: Backstage, stage: Stage) -> None:
        super().__init__(stage.window)
        self._backstage = backstage
        self._stage = stage
        self._cycles = LastCycles()
        self._stale = {"records", "history"}
        self.id: str | None = None

    # --- which pump -------------------------------------------------------------------------------

    def show(self, pump_id: str | None) -> None:
        """Show another pump, or none."""
        self.id = pump_id
        self._stale = {"records", "history"}
        self._show_form()
        self._show_activity()
        self.show_tab()

    def show_tab(self) -> None:
        """Read what the tab in front shows, where that was not done yet."""
        on_disk = self.id if self.id is not None and not self.id.startswith(NEW) else None
        if self._stage.in_front(self._stage.records) and "records" in self._stale:
            self._stale.discard("records")
            self._backstage.records.show(on_disk)
        if self._stage.in_front(self._stage.history) and "history" in self._stale:
            self._stale.discard("history")
            self._backstage.history.show(on_disk)

    # --- configuration ----------------------------------------------------------------------------

    def opened(self, pump_id: str, model: FormModel) -> None:
        """A form is ready; shown if it is still the one that is wanted."""
        info = self._backstage.editing.info(pump_id)
        if pump_id != self.id or info is None:
            return
        tab = self._stage.configuration
        tab.set_taken_names([row.name for row in self._backstage.overview.rows()])
        tab.set_form(model, info.name, info.type_name, info.help_url, saved=not info.is_new)
        tab.show_summary(*self._backstage.editing.state(pump_id))

    def not_opened(self, pump_id: str, _title: str, text: str) -> None:
        """There is no form, as where the pump's type is unknown; said in its place."""
        row = self._row()
        if pump_id == self.id and row is not None:
            self._stage.configuration.set_problem(row.name, text)

    def checked(self, pump_id: str, status: Status, summary: str) -> None:
        """A validation has told something."""
        if pump_id == self.id:
            self._stage.configuration.show_summary(status, summary)

    def saving(self, pump_id: str, busy: bool) -> None:
        """A save began or ended."""
        if pump_id == self.id:
            self._stage.configuration.set_busy("Saving…" if busy else "")

    def refresh_form(self) -> None:
        """Name, type or saved state of the pump may be another one now."""
        if self.id is not None and (model := self._backstage.editing.model(self.id)) is not None:
            self.opened(self.id, model)

    def _show_form(self) -> None:
        if self.id is not None and (model := self._backstage.editing.model(self.id)) is not None:
            self.opened(self.id, model)
            return
        row = self._row()
        self._stage.configuration.set_form(None, row.name if row else "", "", "", saved=True)
        pump = self._backstage.pump(self.id)
        if pump is not None:
            self._backstage.editing.open(pump)
        elif row is not None and not row.id.startswith(NEW):
            self._stage.configuration.set_problem(row.name, row.reason)

    def _row(self) -> PumpRow | None:
        """The pump's row, also where its document cannot be read."""
        return next((row for row in self._backstage.overview.rows() if row.id == self.id), None)

    # --- activity ---------------------------------------------------------------------------------

    def progressed(self, pump_id: str, percent: float, step: str) -> None:
        """A cycle has come further."""
        self._cycles.progressed(pump_id, percent, step)
        if pump_id == self.id:
            self._stage.activity.set_progress(percent, step)

    def running_changed(self, pump_id: str) -> None:
        """A pump began, stops, or has ended."""
        if pump_id == self.id:
            self._show_running()

    def ended(self, pump_id: str, report: CycleReport) -> None:
        """A cycle has ended: its result is told, and what it changed is read again."""
        self._cycles.ended(pump_id, report)
        if pump_id == self.id:
            self._stage.activity.set_result(self._cycles.of(pump_id).result)
            self.refresh_records()
            self._refresh_history()
            self._check_again(pump_id, report)

    def _check_again(self, pump_id: str, report: CycleReport) -> None:
        """A cycle that came through shows that what a form was checked against is reached again."""
        status, _summary = self._backstage.editing.state(pump_id)
        came_through = report.outcome in (CycleOutcome.OK, CycleOutcome.ATTENTION)
        if came_through and status in (Status.AWAY, Status.WRONG):
            self._backstage.editing.revalidate(pump_id)

    def not_run(self, pump_id: str, _reason: str) -> None:
        """A start became no cycle; the history shows it."""
        if pump_id == self.id:
            self._refresh_history()

    def refresh_records(self) -> None:
        """The pump's records may stand otherwise now."""
        if "records" not in self._stale and self._stage.in_front(self._stage.records):
            self._backstage.records.refresh()
        else:
            self._stale.add("records")

    def _refresh_history(self) -> None:
        if "history" not in self._stale and self._stage.in_front(self._stage.history):
            self._backstage.history.refresh()
        else:
            self._stale.add("history")

    def _show_activity(self) -> None:
        tab, runner = self._stage.activity, self._backstage.runner
        known = self.id is not None and not self.id.startswith(NEW)
        tab.set_log(self._backstage.logs.model(self.id) if self.id is not None and known else None)
        cycle = self._cycles.of(self.id)
        tab.set_result(cycle.result)
        self._show_running()
        if self.id is not None and runner.is_running(self.id):
            tab.set_progress(cycle.percent, cycle.step)

    def _show_running(self) -> None:
        runner, pump_id = self._backstage.runner, self.id
        since = runner.running_since(pump_id) if pump_id is not None else None
        stopping = pump_id is not None and runner.is_stopping(pump_id)
        self._stage.activity.set_running(since, stopping=stopping)
