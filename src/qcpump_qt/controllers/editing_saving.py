"""Writes edited pumps to disk, one change of a pump after the other; edits made meanwhile stay."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from qcpump_qt.controllers.editing_drafts import Drafts
from qcpump_qt.controllers.editing_session import Session, form_values
from qcpump_qt.controllers.program import HomeProgram
from qcpump_qt.controllers.tasks import Tasks
from qcpump_qt.engine.cancel import CancelToken
from qcpump_qt.engine.config.sections import COMMON
from qcpump_qt.engine.errors import PumpError
from qcpump_qt.models.form_model import Snapshot

if TYPE_CHECKING:
    from qcpump_qt.engine.store import StoredPump


class Saving(QObject):
    """Saves and renames.

    Args:
        program: the home.
        drafts: finds pumps on disk.
        tasks: the threads to work on; a keyring may keep them for a minute.
        parent: as for every Qt object.
    """

    busy = Signal(object, bool)
    """A `Session`, and whether it is being saved."""
    saved = Signal(object, str)
    """A `Session` that was saved, and the id that it had before."""
    renamed = Signal(object)
    """A `StoredPump` that has another name now."""
    failed = Signal(str, str)
    """A title and a message in words."""

    def __init__(
        self, program: HomeProgram, drafts: Drafts, tasks: Tasks, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._program = program
        self._drafts = drafts
        self._tasks = tasks
        self._unopened: dict[str, Session | None] = {}
        """Pumps that are being renamed and were not open then; the session of one that was opened meanwhile."""

    def save(self, session: Session) -> None:
        """Keep the values as they are when it is this save's turn."""
        session.take_turn(partial(self._save, session))

    def rename(self, session: Session, name: str) -> None:
        """Give the pump another name; its edits stay unsaved."""
        session.take_turn(partial(self._rename, session, name))

    def rename_unopened(self, pump_id: str, name: str) -> None:
        """Give a pump that nobody edits another name."""
        self._unopened[pump_id] = None
        self._tasks.start(
            partial(self._renamed_on_disk, pump_id, name),
            self._on_unopened_renamed,
            partial(self._on_unopened_not_renamed, pump_id),
        )

    def adopt(self, session: Session) -> None:
        """A pump was opened: a new name that it is just being given is this session's too, and comes first."""
        if session.id in self._unopened:
            self._unopened[session.id] = session
            session.take_turn(_until_renamed)

    def _save(self, session: Session) -> None:
        snapshot = session.model.snapshot()
        pump = session.pump.changed(values=snapshot.values)
        self.busy.emit(session, True)
        self._tasks.start(
            partial(self._written, pump, is_new=session.is_new),
            partial(self._on_saved, session, snapshot),
            partial(self._on_not_saved, session),
        )

    def _written(self, pump: StoredPump, _cancel: CancelToken, *, is_new: bool) -> StoredPump:
        fields = self._program.secret_fields(pump.type)
        if is_new:
            return self._program.store.add(pump.name, pump.type, pump.values, fields, origin=pump.origin)
        return self._program.store.save(pump, fields)

    def _on_saved(self, session: Session, snapshot: Snapshot, stored: StoredPump) -> None:
        former, was_new = session.id, session.is_new
        self.busy.emit(session, False)  # under the id that it began with
        session.pump = stored
        session.model.set_saved(form_values(stored, session.type), snapshot)
        session.is_new = False
        # A new pump that was given up while it was being written is on disk now, and has to be seen.
        if was_new or not session.closed:
            self.saved.emit(session, former)
        session.end_turn()

    def _on_not_saved(self, session: Session, error: PumpError) -> None:
        self.busy.emit(session, False)
        self._tell(session, error)

    def _rename(self, session: Session, name: str) -> None:
        if session.is_new:
            self._tasks.start(
                lambda _cancel: self._drafts.new(session.id, session.pump.type, name)[0].name,
                partial(self._on_new_name, session),
                partial(self._tell, session),
            )
            return
        self._tasks.start(
            partial(self._renamed_on_disk, session.id, name),
            partial(self._on_renamed, session),
            partial(self._tell, session),
        )

    def _renamed_on_disk(self, pump_id: str, name: str, _cancel: CancelToken) -> StoredPump:
        return self._program.store.rename(self._drafts.stored(pump_id), name)

    def _on_new_name(self, session: Session, name: str) -> None:
        self._on_renamed(session, session.pump.changed(name=name))

    def _on_renamed(self, session: Session, pump: StoredPump) -> None:
        session.pump = pump
        session.model.set_shown(COMMON, "name", pump.name)
        if not session.closed:
            self.renamed.emit(pump)
        session.end_turn()

    def _on_unopened_renamed(self, pump: StoredPump) -> None:
        session = self._unopened.pop(pump.id, None)
        if session is not None:
            self._on_renamed(session, pump)
        else:
            self.renamed.emit(pump)

    def _on_unopened_not_renamed(self, pump_id: str, error: PumpError) -> None:
        self._tell(self._unopened.pop(pump_id, None), error)

    def _tell(self, session: Session | None, error: PumpError) -> None:
        if session is None or not session.closed:
            self.failed.emit(error.title, error.message)
        if session is not None:
            session.end_turn()


def _until_renamed() -> None:
    """The turn ends with the renaming that is under way already."""
