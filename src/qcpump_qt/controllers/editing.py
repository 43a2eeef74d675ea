"""Editing pumps: opened, validated, saved, renamed and copied; nothing of it stops the UI thread."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import count
from time import monotonic
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from qcpump_qt.controllers.editing_checks import Checks
from qcpump_qt.controllers.editing_choices import LiveChoices
from qcpump_qt.controllers.editing_drafts import NEW, Copied, Drafts
from qcpump_qt.controllers.editing_open import OpenSessions
from qcpump_qt.controllers.editing_saving import Saving
from qcpump_qt.controllers.editing_session import PumpInfo, Session
from qcpump_qt.controllers.editing_verdicts import Verdicts
from qcpump_qt.controllers.program import HomeProgram
from qcpump_qt.controllers.tasks import Tasks
from qcpump_qt.engine.cancel import CancelToken
from qcpump_qt.engine.errors import PumpError
from qcpump_qt.models.form_model import FormModel, Status
from qcpump_qt.models.mapping import Pair, apply_mapping

if TYPE_CHECKING:
    from qcpump_qt.compat.catalogue import PumpType
    from qcpump_qt.engine.config.report import Report
    from qcpump_qt.engine.store import StoredPump

LIVE_THREADS = 16
"""For validations of edits and for choices: enough that some may hang and the next begins at once."""
WRITING_THREADS = 4
"""For what needs the keyring, which may hang for a minute: saves, renames and copies."""


class Editing(QObject):
    """The edits of all pumps that were opened, by the pumps' ids; they stay until saved, reset or forgotten.

    A form without edits is closed when many others were looked at since; opening it again reads it anew.

    Args:
        program: the home.
        tasks: the threads that open forms; whatever may wait long has threads of its own.
        parent: as for every Qt object.
    """

    opened = Signal(str, object)
    """A pump's id and its `FormModel`; also when it was open already."""
    not_opened = Signal(str, str, str)
    """A saved pump's id, a title, and why it cannot be edited, in words that stand in place of its form."""
    checked = Signal(str, object, str)
    """A pump's id, the `Status` of its values as they are now, and a summary in words."""
    verdict = Signal(str, object, str)
    """A saved pump's id, whether what is saved is valid (None: cannot be said now), and a summary in words."""
    saving = Signal(str, bool)
    """A pump's id, and whether it is being saved."""
    saved = Signal(object)
    """The `StoredPump` as it stands on disk now; runs from the next cycle on."""
    added = Signal(str, object)
    """The temporary id of a new pump, and the `StoredPump` that it became; `saved` follows."""
    renamed = Signal(str, str)
    """A pump's id and its new name; for a saved pump, `saved` comes before."""
    unsaved_changed = Signal(str, bool)
    """A pump's id, and whether it has edits that are not saved."""
    mapping_ready = Signal(str, str, object)
    """A pump's id, a section's name, and a `MappingModel` of its machines and units."""
    failed = Signal(str, str)
    """A title and a message in words; the edits stay."""

    def __init__(self, program: HomeProgram, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._program = program
        self._tasks = tasks
        self._live = Tasks(LIVE_THREADS, self)
        self._verdicts = Verdicts(program, self)
        self._writing = Tasks(WRITING_THREADS, self)
        self._drafts = Drafts(program)
        self._sessions = OpenSessions()
        self._opening: dict[str, CancelToken] = {}
        self._new_names: dict[str, str] = {}
        """Names that pumps were given while they were being opened."""
        self._numbers = count(1)
        self._checks = Checks(self._drafts, self._live, self)
        self._choices = LiveChoices(self._drafts, self._live, self)
        self._saving = Saving(program, self._drafts, self._writing, self)
        self._connect()

    def _connect(self) -> None:
        self._checks.checked.connect(self._on_checked)
        self._checks.reported.connect(self._on_reported)
        self._choices.mapping_ready.connect(self._on_mapping)
        self._choices.failed.connect(self.failed)
        self._verdicts.told.connect(self.verdict)
        self._saving.busy.connect(self._on_busy)
        self._saving.saved.connect(self._on_saved)
        self._saving.renamed.connect(self._on_renamed)
        self._saving.failed.connect(self.failed)

    # --- opening -------------------------------------------------------------------------------------

    def open(self, pump: StoredPump) -> None:
        """Begin or go on to edit a saved pump; `opened` or `not_opened` follows."""
        session = self._sessions.look_at(pump.id)
        if session is not None:
            self.opened.emit(pump.id, session.model)
        elif pump.id not in self._opening:
            self._opening[pump.id] = self._tasks.start(
                lambda _cancel: self._drafts.type_of(pump.type),
                lambda pump_type: self._begin(pump, pump_type, is_new=False),
                partial(self._on_not_opened, pump.id),
            )

    def open_new(self, type_key: str, name: str) -> str:
        """Begin a pump with the defaults of its type; `opened` follows. Returns its temporary id."""
        temporary = f"{NEW}{next(self._numbers)}"
        self._opening[temporary] = self._tasks.start(
            lambda _cancel: self._drafts.new(temporary, type_key, name),
            lambda found: self._begin(*found, is_new=True),
            partial(self._on_not_begun, temporary),
        )
        return temporary

    def duplicate(self, pump_id: str) -> str:
        """Begin a copy of a pump, edits and secrets included; `opened` follows. Returns its temporary id."""
        session = self._sessions.get(pump_id)
        source = session.draft() if session else None
        temporary = f"{NEW}{next(self._numbers)}"
        names = [each.pump.name for each in self._sessions]
        self._opening[temporary] = self._writing.start(
            lambda _cancel: self._drafts.copy(source or self._drafts.stored(pump_id), temporary, names),
            self._begin_copy,
            partial(self._on_not_begun, temporary),
        )
        return temporary

    # --- asking --------------------------------------------------------------------------------------

    def model(self, pump_id: str) -> FormModel | None:
        """The form of an opened pump, for somebody who shows it."""
        session = self._sessions.look_at(pump_id)
        return session.model if session else None

    def info(self, pump_id: str) -> PumpInfo | None:
        """Name, type, help page of an opened pump, and whether it was ever saved."""
        session = self._sessions.get(pump_id)
        return session.info if session else None

    def state(self, pump_id: str) -> tuple[Status, str]:
        """What `checked` last told of a pump."""
        session = self._sessions.get(pump_id)
        return (session.status, session.summary) if session else (Status.UNCHECKED, "")

    def unsaved(self) -> set[str]:
        """The ids of all pumps with edits that are not saved."""
        return {session.id for session in self._sessions if session.is_unsaved}

    # --- doing ---------------------------------------------------------------------------------------

    def save(self, pump_id: str) -> None:
        """Keep the edits; `saved` or `failed` follows."""
        session = self._sessions.get(pump_id)
        if session is not None:
            self._saving.save(session)

    def reset(self, pump_id: str) -> None:
        """Back to what is saved; can be undone."""
        session = self._sessions.get(pump_id)
        if session is not None:
            session.model.reset()

    def revalidate(self, pump_id: str) -> None:
        """Validate now, and fetch those choices again that could not be fetched."""
        session = self._sessions.get(pump_id)
        if session is not None:
            self._choices.forget_failures(session)
            self._checks.check(session)

    def rename(self, pump_id: str, name: str) -> None:
        """Give a pump another name, on disk at once unless it was never saved; `renamed` or `failed` follows."""
        session = self._sessions.get(pump_id)
        if session is not None:
            self._saving.rename(session, name)
        else:
            self._saving.rename_unopened(pump_id, name)

    def fetch_choices(self, pump_id: str, section: str, row: int, field: str) -> None:
        """Fetch the choices of a field anew; its value stays whatever they are."""
        session = self._sessions.get(pump_id)
        if session is not None and session.model.field_index(section, row, field).isValid():
            self._choices.fetch(session, section, field)

    def open_mapping(self, pump_id: str, section: str) -> None:
        """Fetch the machines and units of a section; `mapping_ready` or `failed` follows."""
        session = self._sessions.get(pump_id)
        if session is not None:
            self._choices.open_mapping(session, section)

    def apply_mapping(self, pump_id: str, section: str, pairs: Sequence[Pair]) -> None:
        """Put confirmed pairs into the form, as one step that can be undone."""
        session = self._sessions.get(pump_id)
        if session is not None:
            apply_mapping(session.model, section, pairs)

    def validate_saved(self, pump: StoredPump) -> None:
        """Validate a pump as it is saved, as when the program starts; `verdict` follows."""
        self._verdicts.validate(pump)

    def attend(self) -> None:
        """Somebody is there to see what validations find: from now on servers and secrets are asked, too."""
        self._verdicts.attend()
        for session in self._sessions:
            if session.status is Status.UNCHECKED:
                self._checks.check(session)

    def forget(self, pump_id: str) -> None:
        """Drop a pump that was deleted, or a new one that is not wanted, with its edits."""
        token = self._opening.pop(pump_id, None)
        if token is not None:
            token.cancel()
        self._verdicts.forget(pump_id)
        self._new_names.pop(pump_id, None)
        session = self._sessions.take(pump_id)
        if session is not None:
            # It stays a child of this: a pool's thread may still hold it, and must not be the one to destroy it.
            session.close()
            if session.is_unsaved:
                self.unsaved_changed.emit(pump_id, False)

    def close(self) -> None:
        """Ask everything that is under way to end, as when the program ends; returns at once. Saves go on."""
        for session in self._sessions:
            session.close()
        self._live.cancel()
        self._verdicts.cancel()

    def wait(self, seconds: float) -> bool:
        """After `close`: wait until the threads are done, saves included; True when they are."""
        self._writing.cancel()
        until = monotonic() + seconds
        pools = (self._writing, self._live, self._verdicts)
        ended = [pool.wait(max(0.0, until - monotonic())) for pool in pools]
        return all(ended)

    # --- what comes back -----------------------------------------------------------------------------

    def _begin(self, pump: StoredPump, pump_type: PumpType, *, is_new: bool) -> None:
        self._opening.pop(pump.id, None)
        pump = pump.changed(name=self._new_names.pop(pump.id, pump.name))
        session = Session(pump, pump_type, is_new=is_new, parent=self)
        self._sessions.put(session)
        self._saving.adopt(session)
        session.unsaved_changed.connect(self._on_unsaved_changed)
        self.opened.emit(pump.id, session.model)
        if is_new:
            self.unsaved_changed.emit(pump.id, True)
        self._checks.watch(session, at_once=self._verdicts.attended)
        self._sessions.close_unused()

    def _begin_copy(self, copied: Copied) -> None:
        self._begin(copied.pump, copied.type, is_new=True)
        if copied.trouble:
            self.failed.emit(
                "Secrets not copied",
                "The tokens and passwords could not be copied; type them into the copy. " + copied.trouble,
            )

    def _on_not_opened(self, pump_id: str, error: PumpError) -> None:
        self._opening.pop(pump_id, None)
        self._new_names.pop(pump_id, None)
        self.not_opened.emit(pump_id, error.title, error.message)

    def _on_not_begun(self, temporary: str, error: PumpError) -> None:
        self._opening.pop(temporary, None)
        self.failed.emit(error.title, error.message)

    def _on_checked(self, session: Session) -> None:
        self.checked.emit(session.id, session.status, session.summary)
        if session.is_settled and not session.is_unsaved:
            self._verdicts.tell(session.id, session.valid, session.summary)

    def _on_reported(self, session: Session, report: Report) -> None:
        self._choices.fetch_ready(session, report)

    def _on_mapping(self, session: Session, section: str, model: object) -> None:
        self.mapping_ready.emit(session.id, section, model)

    def _on_busy(self, session: Session, busy: bool) -> None:
        self.saving.emit(session.id, busy)

    def _on_saved(self, session: Session, former: str) -> None:
        if former != session.id:
            self._sessions.take(former)
            self.unsaved_changed.emit(former, False)
            if not session.closed:
                self._sessions.put(session)
            self.added.emit(former, session.pump)
            if session.is_unsaved and not session.closed:
                self.unsaved_changed.emit(session.id, True)
        self.saved.emit(session.pump)
        if session.is_unsaved or session.closed:
            self.validate_saved(session.pump)
        elif session.is_settled:
            self._verdicts.tell(session.id, session.valid, session.summary)

    def _on_renamed(self, pump: StoredPump) -> None:
        if pump.id in self._opening:
            self._new_names[pump.id] = pump.name
        if not pump.id.startswith(NEW):
            self.saved.emit(pump)
        self.renamed.emit(pump.id, pump.name)

    def _on_unsaved_changed(self, session: Session) -> None:
        if not session.is_new:
            self.unsaved_changed.emit(session.id, session.model.is_changed())
