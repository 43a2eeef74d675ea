"""Puts together how each pump stands: rows for the tree and the tray, and one state for all of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from qcpump_qt.controllers import overview_words as words
from qcpump_qt.controllers.overview_facts import PumpFactsFound
from qcpump_qt.controllers.runner import Runner
from qcpump_qt.controllers.tasks import Tasks
from qcpump_qt.engine.cancel import CancelToken
from qcpump_qt.engine.errors import PumpError
from qcpump_qt.engine.pump_state import OverallState, PumpFacts, PumpState, overall_of, state_of
from qcpump_qt.engine.report import CycleReport
from qcpump_qt.models.rows import PumpRow

if TYPE_CHECKING:
    from qcpump_qt.controllers.program import HomeProgram
    from qcpump_qt.engine.ledger.shown import PumpSummary
    from qcpump_qt.engine.store import BrokenPump, StoredPump

ROWS_MS = 50
"""Changes that come together are shown together."""
SUMMARY_MS = 1000
"""The ledger is asked at most this often."""
SAME_MOMENT = timedelta(seconds=1)
LOOK_AGAIN_MS = 60_000
"""How often the ledger is asked although nothing ran here, as the command line may pump this home too; and how
often it is looked whether a server is away for too long now."""


class Overview(QObject):
    """Makes and keeps the rows of all pumps.

    Args:
        program: the home.
        runner: runs the pumps.
        tasks: the threads on which the ledger is asked.
        parent: as for every Qt object.
    """

    rows_reset = Signal(list)
    """The `PumpRow`s of all pumps, in order: there are others than before, or in another order."""
    rows_changed = Signal(list)
    """The new `PumpRow`s of those pumps that have changed since the last time."""
    overall_changed = Signal(object, str)
    """The `OverallState` of all pumps together, and what is to be said of it."""
    failed = Signal(str, str)
    """A title and a message: the ledger or the pump types could not be read."""

    def __init__(
        self, program: HomeProgram, runner: Runner, tasks: Tasks, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._program = program
        self._runner = runner
        self._tasks = tasks
        self._pumps: dict[str, StoredPump] = {}
        self._broken: dict[str, BrokenPump] = {}
        self._new: dict[str, PumpRow] = {}
        self._facts: dict[str, PumpFactsFound] = {}
        self._type_names: dict[str, str] = {}
        self._rows: dict[str, PumpRow] = {}
        self._overall: tuple[OverallState, str] | None = None
        self._changed: set[str] = set()
        self._asking = self._ask_again = False
        self._failure = ""
        self._rows_timer = self._timer(ROWS_MS, self._show_changed)
        self._summary_timer = self._timer(SUMMARY_MS, self._summary_due)
        self._look_again = QTimer(self)
        self._look_again.setInterval(LOOK_AGAIN_MS)
        self._look_again.timeout.connect(self._show_away)
        self._look_again.timeout.connect(self.refresh)
        self._look_again.start()
        runner.changed.connect(self._mark)
        runner.ended.connect(self._on_ended)
        runner.not_run.connect(self.refresh)

    def _timer(self, milliseconds: int, call: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(milliseconds)
        timer.timeout.connect(call)
        return timer

    # --- what is told ----------------------------------------------------------------------------

    def set_pumps(self, pumps: Sequence[StoredPump], broken: Sequence[BrokenPump] = ()) -> None:
        """Take over the pumps in their order, and those whose document cannot be used."""
        self._pumps = {pump.id: pump for pump in pumps}
        self._broken = {pump.id: pump for pump in broken}
        known = self._pumps.keys() | self._broken.keys() | self._new.keys()
        self._facts = {pump_id: facts for pump_id, facts in self._facts.items() if pump_id in known}
        self._reset()
        self.refresh()
        if {pump.type for pump in pumps} - self._type_names.keys():
            self._tasks.start(self._read_types, self._on_types, self._on_failed)

    def add_new(self, pump_id: str, name: str, type_key: str) -> None:
        """Show a pump that was never saved, after the others."""
        self._new[pump_id] = PumpRow(
            id=pump_id,
            name=name,
            type_key=type_key,
            type_name=type_key,
            state=PumpState.NOT_CONFIGURED,
            reason=words.NOT_SAVED,
            unsaved=True,
        )
        self._reset()

    def remove_new(self, pump_id: str) -> None:
        """Show it no longer; `set_pumps` brings the one that it was saved as."""
        if self._new.pop(pump_id, None) is not None:
            self._reset()

    def set_validity(self, pump_id: str, valid: bool | None, summary: str) -> None:
        """Take over what a validation said of a pump's saved configuration, and what it found, in words."""
        self._of(pump_id).note_validity(valid, summary, in_cycle=self._runner.is_running(pump_id))
        self._mark(pump_id)

    def set_unsaved(self, pump_id: str, unsaved: bool) -> None:
        """Mark a pump that has edits which were not saved."""
        self._of(pump_id).unsaved = unsaved
        self._mark(pump_id)

    def refresh(self) -> None:
        """Ask the ledger how the pumps stand; many wishes within a second become one question."""
        if self._asking or self._summary_timer.isActive():
            self._ask_again = True
        else:
            self._ask()

    def rows(self) -> list[PumpRow]:
        """The rows of all pumps as they were last told."""
        return list(self._rows.values())

    # --- rows ------------------------------------------------------------------------------------

    def _mark(self, pump_id: str) -> None:
        self._changed.add(pump_id)
        if not self._rows_timer.isActive():
            self._rows_timer.start()

    def _show_changed(self) -> None:
        marked, self._changed = self._changed, set()
        rows = [self._row(pump_id) for pump_id in self._rows if pump_id in marked]
        changed = [row for row in rows if row != self._rows[row.id]]
        if changed:
            self._rows.update({row.id: row for row in changed})
            self.rows_changed.emit(changed)
        self._show_overall()

    def _reset(self) -> None:
        self._changed.clear()
        ids = [*self._pumps, *self._broken, *self._new]
        self._rows = {pump_id: self._row(pump_id) for pump_id in ids}
        self.rows_reset.emit(self.rows())
        self._show_overall()

    def _show_overall(self) -> None:
        states = [row.state for row in self._rows.values()]
        overall = overall_of(states)
        told = (overall, words.overall_text(overall, states))
        if told != self._overall:
            self._overall = told
            self.overall_changed.emit(*told)

    def _show_away(self) -> None:
        for pump_id, facts in self._facts.items():
            if facts.away:
                self._mark(pump_id)

    def _row(self, pump_id: str) -> PumpRow:
        if pump_id in self._pumps:
            return self._saved_row(self._pumps[pump_id])
        if pump_id in self._broken:
            return _broken_row(self._broken[pump_id])
        new = self._new[pump_id]
        return replace(new, type_name=self._type_names.get(new.type_key, new.type_key))

    def _saved_row(self, pump: StoredPump) -> PumpRow:
        facts = self._of(pump.id)
        attention = facts.attention()
        state = state_of(
            PumpFacts(
                active=self._program.is_active(pump),
                valid=facts.valid,
                scheduled=self._runner.is_scheduled(pump.id),
                running=self._runner.is_running(pump.id),
                stopping=self._runner.is_stopping(pump.id),
                attention=bool(attention),
            )
        )
        return PumpRow(
            id=pump.id,
            name=pump.name,
            type_key=pump.type,
            type_name=self._type_names.get(pump.type, pump.type),
            state=state,
            reason=self._reason(pump.id, state, facts, attention),
            last_success=facts.last_success,
            next_run=self._next_run(pump.id),
            waiting=facts.waiting,
            rejected=facts.rejected,
            unsaved=facts.unsaved,
            stopped=state is PumpState.ATTENTION and not self._runner.is_scheduled(pump.id),
        )

    def _next_run(self, pump_id: str) -> datetime | None:
        """The moment that is shown stays where it only differs by the time it took to work it out."""
        moment = self._runner.next_run(pump_id)
        shown = self._rows[pump_id].next_run if pump_id in self._rows else None
        return shown if moment and shown and abs(moment - shown) < SAME_MOMENT else moment

    def _reason(self, pump_id: str, state: PumpState, facts: PumpFactsFound, attention: str) -> str:
        of_state = {
            PumpState.INACTIVE: words.SWITCHED_OFF,
            PumpState.INVALID: facts.problems or words.NOT_IN_ORDER,
            PumpState.ATTENTION: attention,
            PumpState.RUNNING: "",
            PumpState.STOPPING: "",
        }
        if state in of_state:
            return of_state[state]
        return self._runner.reason(pump_id) or facts.hint()

    def _of(self, pump_id: str) -> PumpFactsFound:
        return self._facts.setdefault(pump_id, PumpFactsFound())

    # --- ledger and types ------------------------------------------------------------------------

    def _on_ended(self, pump_id: str, report: CycleReport) -> None:
        if pump_id in self._pumps:
            self._of(pump_id).note_report(report)
            self._mark(pump_id)
        self.refresh()

    def _ask(self) -> None:
        self._asking, self._ask_again = True, False
        self._tasks.start(self._read_summary, self._on_summary, self._on_summary_failed)

    def _read_summary(self, _cancel: CancelToken) -> Mapping[str, PumpSummary]:
        return self._program.standing()

    def _on_summary(self, found: Mapping[str, PumpSummary]) -> None:
        self._failure = ""
        for pump_id in self._pumps:
            if pump_id in found:
                self._of(pump_id).note_summary(found[pump_id])
                self._mark(pump_id)
        self._rest()

    def _on_summary_failed(self, error: PumpError) -> None:
        if error.message != self._failure:
            self._failure = error.message
            self._on_failed(error)
        self._rest()

    def _rest(self) -> None:
        self._asking = False
        self._summary_timer.start()

    def _summary_due(self) -> None:
        if self._ask_again:
            self._ask()

    def _read_types(self, _cancel: CancelToken) -> dict[str, str]:
        return {key: each.display_name for key, each in self._program.catalogue.types.items()}

    def _on_types(self, names: dict[str, str]) -> None:
        if names != self._type_names:
            self._type_names = names
            self._reset()

    def _on_failed(self, error: PumpError) -> None:
        self.failed.emit(error.title, error.message)


def _broken_row(pump: BrokenPump) -> PumpRow:
    """Nothing but its folder is known of a pump whose document cannot be used."""
    return PumpRow(
        id=pump.id,
        name=pump.id,
        type_key="",
        type_name=words.NO_TYPE,
        state=PumpState.INVALID,
        reason=pump.reason,
    )
