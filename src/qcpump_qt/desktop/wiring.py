"""Connects what people ask for to those who can do it, and what comes of it to what shows it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QProcess

from qcpump_qt.desktop.backstage import Backstage
from qcpump_qt.desktop.flows.previewing import Previewing
from qcpump_qt.desktop.opening import open_page, open_path
from qcpump_qt.desktop.pumps_together import PumpsTogether
from qcpump_qt.desktop.shown_pump import ShownPump
from qcpump_qt.desktop.stage import Stage
from qcpump_qt.engine.report import CycleOutcome, CycleReport
from qcpump_qt.models.rows import OverallState, PumpRow
from qcpump_qt.views.main_window import MainWindow

NOT_RUN = "not run"
"""The subject of messages that are no longer so once any pump runs."""
PUMPS, DELETION, EDITS, LEDGER, EXPORT = "pumps", "deletion", "edits", "ledger", "export"
"""The subjects of failures, each of which is no longer so once the same thing has worked."""


def wire_overview(backstage: Backstage, stage: Stage) -> Callable[[], None]:
    """The state of the pumps, in the tree, the status bar, the tray and the notifications.

    Returns:
        what shows all of it in the tray anew, as after a change of how moments are written.
    """
    overview, tray = backstage.overview, stage.tray
    said: dict[str, tuple[OverallState, str]] = {"now": (OverallState.NOT_CONFIGURED, "")}

    def show_in_tray() -> None:
        tray.set_rows(overview.rows(), *said["now"])

    def on_overall(state: OverallState, text: str) -> None:
        said["now"] = (state, text)
        stage.window.set_overall(state, text)
        show_in_tray()

    def on_changed(rows: list[PumpRow]) -> None:
        stage.tree.update_rows(rows)
        for row in rows:
            backstage.notifier.row_changed(row)
        show_in_tray()

    def on_rows(rows: list[PumpRow]) -> None:
        stage.tree.set_rows(rows)
        backstage.notifier.rows_reset(rows)
        show_in_tray()

    overview.rows_reset.connect(on_rows)
    overview.rows_changed.connect(on_changed)
    overview.overall_changed.connect(on_overall)
    backstage.notifier.notice.connect(lambda *notice: _notify(stage, *notice))
    return show_in_tray


def _notify(stage: Stage, title: str, text: str, level: str) -> None:
    """A notification; in the window where there is no tray to show it."""
    if stage.tray.available:
        stage.tray.tell(title, text, level)
    else:
        stage.window.tell(level, title, text)


def wire_running(backstage: Backstage, stage: Stage, shown: ShownPump) -> None:
    """Run and stop, from window and tray."""
    runner, window, tray = backstage.runner, stage.window, stage.tray
    window.run_all_wanted.connect(runner.start_all)
    window.stop_all_wanted.connect(runner.stop_all)
    window.run_wanted.connect(runner.run_now)
    window.start_wanted.connect(runner.start)
    window.stop_wanted.connect(runner.stop)
    tray.run_all_wanted.connect(runner.start_all)
    tray.stop_all_wanted.connect(runner.stop_all)
    tray.run_wanted.connect(runner.run_now)
    runner.refused.connect(lambda text: window.tell("warning", "Not run", text, subject=NOT_RUN))
    runner.progressed.connect(lambda *_progress: window.withdraw(NOT_RUN))
    runner.ended.connect(lambda *_end: window.withdraw(NOT_RUN))
    runner.changed.connect(shown.running_changed)
    runner.progressed.connect(shown.progressed)
    runner.ended.connect(shown.ended)
    runner.not_run.connect(shown.not_run)


def wire_editing(backstage: Backstage, stage: Stage, together: PumpsTogether, shown: ShownPump) -> None:
    """The form of the pump that is shown."""
    tab, editing, window = stage.configuration, backstage.editing, stage.window
    window.pump_selected.connect(shown.show)
    window.tabs.currentChanged.connect(lambda _place: shown.show_tab())
    editing.opened.connect(shown.opened)
    editing.not_opened.connect(shown.not_opened)
    editing.checked.connect(shown.checked)
    editing.saving.connect(shown.saving)
    editing.renamed.connect(lambda _id, _name: shown.refresh_form())
    together.loaded.connect(lambda: shown.show(window.selected_id))
    together.outdated.connect(lambda _id: shown.show(window.selected_id))
    for stopping in (window.stop_all_wanted, stage.tray.stop_all_wanted):
        stopping.connect(together.resume_none)
    together.appeared.connect(window.select)
    together.appeared.connect(lambda _id: window.show_tab(tab))
    together.replaced.connect(lambda _temporary, pump_id: window.select(pump_id))
    tab.save_wanted.connect(lambda: editing.save(shown.id or ""))
    tab.reset_wanted.connect(lambda: editing.reset(shown.id or ""))
    tab.revalidate_wanted.connect(lambda: editing.revalidate(shown.id or ""))
    tab.duplicate_wanted.connect(lambda: editing.duplicate(shown.id or ""))
    tab.rename_wanted.connect(lambda name: editing.rename(shown.id or "", name))
    tab.delete_wanted.connect(lambda: together.delete(shown.id or ""))
    tab.choices_wanted.connect(
        lambda section, row, field: editing.fetch_choices(shown.id or "", section, row, field)
    )
    tab.mapping_wanted.connect(lambda section: editing.open_mapping(shown.id or "", section))
    tab.help_wanted.connect(open_page)
    window.duplicate_wanted.connect(editing.duplicate)
    window.rename_wanted.connect(lambda _id: tab.ask_rename())
    window.delete_wanted.connect(lambda _id: tab.ask_delete())
    window.reordered.connect(together.reorder)


def wire_records(backstage: Backstage, stage: Stage) -> None:
    """The records of the pump that is shown."""
    tab, records, export = stage.records, backstage.records, backstage.export
    tab.filter_changed.connect(records.set_filter)
    tab.sort_wanted.connect(records.sort)
    tab.more_wanted.connect(records.more)
    tab.detail_wanted.connect(records.detail)
    tab.retry_wanted.connect(records.retry)
    tab.retry_all_wanted.connect(records.retry_all_rejected)
    tab.open_wanted.connect(open_page)
    tab.export_wanted.connect(lambda path: export.export(records.choice, path))
    tab.export_cancelled.connect(export.cancel)
    records.reading.connect(tab.set_reading)
    records.started.connect(tab.start)
    records.renewed.connect(tab.renew)
    records.continued.connect(tab.append)
    records.rejected.connect(tab.set_rejected)
    records.detailed.connect(tab.set_detail)
    records.changed.connect(lambda _id: backstage.overview.refresh())
    export.busy.connect(tab.set_exporting)


def wire_previews(stage: Stage, shown: ShownPump, previewing: Previewing) -> None:
    """Previews, from every place that offers one."""
    stage.window.preview_wanted.connect(previewing.show)
    stage.configuration.preview_wanted.connect(lambda: previewing.show(shown.id or ""))
    stage.records.preview_wanted.connect(lambda: previewing.show(shown.id or ""))


def wire_activity_and_history(backstage: Backstage, stage: Stage, shown: ShownPump) -> None:
    """The log and the history of the pump that is shown."""
    logs, history, tab = backstage.logs, backstage.history, stage.history
    stage.activity.open_log_wanted.connect(
        lambda: open_path(str(backstage.program.logs.file_of(shown.id or "")))
    )
    stage.activity.clear_wanted.connect(lambda: logs.clear(shown.id or ""))
    tab.tests_wanted.connect(history.ask_tests)
    tab.values_wanted.connect(history.ask_values)
    history.cycles.connect(stage.cycle_rows.set_rows)
    history.days.connect(tab.set_days)
    history.units.connect(tab.set_units)
    history.tests.connect(tab.set_tests)
    history.values.connect(tab.set_values)
    history.failed.connect(lambda _title, text: tab.set_problem(text))
    for told in (stage.activity.told, tab.told):
        told.connect(lambda text: stage.window.status.showMessage(text, 5000))


def wire_messages(backstage: Backstage, stage: Stage, together: PumpsTogether) -> None:
    """Everything that is told, in the message bar."""
    window = stage.window
    together.told.connect(
        lambda level, title, text, subject: window.tell(level, title, text, subject=subject)
    )
    together.withdrawn.connect(window.withdraw)
    for source in (backstage.records, backstage.export):
        source.told.connect(lambda title, text: window.tell("info", title, text))
    for failed, subject in (
        (backstage.pumps.not_loaded, PUMPS),
        (backstage.pumps.failed, DELETION),
        (backstage.editing.failed, EDITS),
        (backstage.overview.failed, LEDGER),
        (backstage.records.failed, LEDGER),
        (backstage.export.failed, EXPORT),
    ):
        failed.connect(partial(_tell_failure, window, subject))
    _withdraw_failures(backstage, window)
    backstage.crashes.trouble.connect(lambda title, text: window.tell("error", title, text))
    backstage.settings.set_aside.connect(lambda text: window.tell("warning", "Settings", text))
    if backstage.login is not None:
        backstage.login.put_right_done.connect(lambda text: window.tell("info", "Start at login", text))


def _tell_failure(window: MainWindow, subject: str, title: str, text: str) -> None:
    window.tell("error", title, text, subject=subject)


def _withdraw_failures(backstage: Backstage, window: MainWindow) -> None:
    """A failure is told until the same thing works again."""
    records, editing = backstage.records, backstage.editing
    for works, subject in (
        (backstage.pumps.loaded, PUMPS),
        (backstage.pumps.deleted, DELETION),
        (backstage.export.told, EXPORT),
        (records.started, LEDGER),
        (records.renewed, LEDGER),
        (backstage.history.cycles, LEDGER),
    ):
        works.connect(partial(_withdraw, window, subject))

    def on_ended(_pump_id: str, report: CycleReport) -> None:
        # Such a cycle wrote into the ledger what became of it.
        if report.outcome in (CycleOutcome.OK, CycleOutcome.ATTENTION):
            window.withdraw(LEDGER)

    def on_edits(*_edits: object) -> None:
        if not editing.unsaved():
            window.withdraw(EDITS)

    backstage.runner.ended.connect(on_ended)
    for kept in (editing.saved, editing.unsaved_changed):
        kept.connect(on_edits)


def _withdraw(window: MainWindow, subject: str, *_told: object) -> None:
    window.withdraw(subject)


def start_demonstration() -> None:
    """Show the demonstration in a program of its own, beside this one."""
    if getattr(sys, "frozen", False):
        QProcess.startDetached(sys.executable, ["--demonstration"])
    else:
        QProcess.startDetached(sys.executable, ["-m", "qcpump_qt", "--demonstration"])
