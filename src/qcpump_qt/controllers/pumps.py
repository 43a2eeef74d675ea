"""The configured pumps of the home: loaded, put in order, deleted, and the types that new ones can have."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import ExitStack
from functools import partial
from typing import TYPE_CHECKING, NamedTuple, Protocol

from PySide6.QtCore import QObject, Signal

from qcpump_qt.controllers.documents import Marks, marks_of
from qcpump_qt.controllers.tasks import Tasks
from qcpump_qt.controllers.type_words import about
from qcpump_qt.engine.cancel import CancelToken
from qcpump_qt.engine.errors import BusyError, PumpError, SecretError
from qcpump_qt.engine.pump_order import load_order, ordered, save_order

if TYPE_CHECKING:
    from qcpump_qt.controllers.program import HomeProgram
    from qcpump_qt.engine.store import BrokenPump, StoredPump

    class ProgramWithSettings(HomeProgram, Protocol):
        """The home, and what is the matter with its settings."""

        setting_messages: list[str]

        def with_settings_anew(self) -> HomeProgram:
            """Read the settings again, and with them the pump types."""


DELETING_THREADS = 2

TypeLine = tuple[str, str, str, str, str]
"""Key, name, address of a help page, the user's own file that it comes from, and what it is for; the last three may
be empty."""


class _Read(NamedTuple):
    """What was found on disk, and how the documents looked just before."""

    pumps: list[StoredPump]
    broken: list[BrokenPump]
    messages: list[str]
    marks: Marks | None
    other_settings: bool


class Pumps(QObject):
    """What is done to the pumps as a whole; everything happens off the UI thread.

    Args:
        program: the home.
        tasks: the threads to work on; deletions, which may wait for a keyring, have threads of their own.
        parent: as for every Qt object.
    """

    loaded = Signal(list, list, list)
    """The `StoredPump`s in the order that people gave them, the `BrokenPump`s, and messages as whole sentences."""
    settings_changed = Signal()
    """Somebody else wrote `settings.json`; what stands in it counts from now on. `loaded` follows."""
    deleted = Signal(str)
    """The id of a pump that is gone."""
    types_ready = Signal(list, list)
    """A `TypeLine` for each pump type, and the problems of those that could not be loaded."""
    not_loaded = Signal(str, str)
    """A title and a message in words: the pumps could not be read. Looking again reads them once that can be."""
    failed = Signal(str, str)
    """A title and a message in words: something else could not be done."""

    patience = 3.0
    """Seconds that a cycle gets to end before its pump is deleted."""

    def __init__(self, program: ProgramWithSettings, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._program = program
        self._tasks = tasks
        self._deleting = Tasks(DELETING_THREADS, self)
        self._newest = 0
        self._changes = 0
        self._marks: Marks | None = None
        self._look_again = self._looking = False

    def load(self) -> None:
        """Read all pumps; `loaded` follows. Where it is asked for again meanwhile, only the newest answer counts."""
        self._newest += 1
        self._read()

    def look(self) -> None:
        """See whether somebody else changed settings or pumps on disk since they were read; then read them again.

        What this program saved itself counts as a change too, once; reading it again is harmless.
        """
        if self._marks is not None and not (self._looking or self.deleting):
            self._looking = True
            places = self._program.places
            self._tasks.start(lambda _cancel: marks_of(places), self._on_looked, self._on_not_looked)

    def changed(self) -> None:
        """A pump was saved, added or deleted: a list that is just being read may lack it, so it is read again."""
        self._changes += 1

    def delete(self, pump_id: str) -> None:
        """Delete a pump with its configuration and secrets; `deleted` follows. What its records became stays."""
        self._deleting.start(partial(self._delete, pump_id), self._on_deleted, self._on_failed)

    @property
    def deleting(self) -> bool:
        """True while a pump is being deleted."""
        return self._deleting.busy

    def wait(self, seconds: float) -> bool:
        """When the program ends: tell nothing more and wait until deletions are done; True when they are."""
        self._deleting.cancel()
        return self._deleting.wait(seconds)

    def reorder(self, pump_ids: Sequence[str]) -> None:
        """Keep the order in which people put the pumps."""
        self._tasks.start(partial(self._reorder, list(pump_ids)), self._on_reordered, self._on_failed)

    def types(self) -> None:
        """Find out which pump types there are; `types_ready` follows."""
        self._tasks.start(self._types, self._on_types, self._on_failed)

    def _read(self) -> None:
        done = partial(self._on_loaded, self._newest, self._changes)
        self._tasks.start(partial(self._load, self._marks), done, self._on_not_loaded)

    def _load(self, known: Marks | None, _cancel: CancelToken) -> _Read:
        # Looked at before they are read, so that what is written meanwhile is found by the next look.
        marks = marks_of(self._program.places)
        other_settings = known is not None and marks is not None and known.settings != marks.settings
        if other_settings:
            self._program.with_settings_anew()
        pumps, broken = self._program.pumps()
        in_order = ordered(pumps, load_order(self._program.places))
        return _Read(in_order, broken, list(self._program.setting_messages), marks, other_settings)

    def _delete(self, pump_id: str, cancel: CancelToken) -> tuple[str, SecretError | None]:
        from qcpump_qt.engine.store import StoredPump  # noqa: PLC0415 - needed for a deletion only

        pumps, _broken = self._program.pumps()
        # One that cannot be read is deleted all the same: nobody knows its secrets, so none are forgotten.
        pump = next((each for each in pumps if each.id == pump_id), StoredPump(pump_id, "", pump_id, {}))
        with ExitStack() as stack:
            self._keep_from_running(pump, stack, cancel)
            try:
                self._program.store.delete(pump)
            except SecretError as error:
                return pump_id, error
        return pump_id, None

    def _keep_from_running(self, pump: StoredPump, stack: ExitStack, cancel: CancelToken) -> None:
        """Take the pump's lock; a cycle that was just asked to end gets the time for it."""
        from qcpump_qt.engine.lock import PumpLock  # noqa: PLC0415 - needed for a deletion only

        until = time.monotonic() + self.patience
        while True:
            try:
                stack.enter_context(PumpLock(self._program.places.locks, pump.id))
            except BusyError as busy:
                if time.monotonic() > until or cancel.wait(0.05):
                    raise BusyError(
                        f'"{pump.name}" is still running. Stop it, and delete it when its cycle has ended.',
                        title="Not deleted",
                    ) from busy
            else:
                return

    def _reorder(self, pump_ids: list[str], _cancel: CancelToken) -> None:
        save_order(self._program.places, pump_ids)

    def _types(self, _cancel: CancelToken) -> tuple[list[TypeLine], list[str]]:
        catalogue = self._program.catalogue
        lines = [
            (each.key, each.display_name, each.help_url, str(each.source or ""), about(each.cls))
            for each in catalogue.types.values()
        ]
        return sorted(lines, key=lambda line: line[1].casefold()), [str(each) for each in catalogue.problems]

    def _on_loaded(self, number: int, changes: int, found: _Read) -> None:
        if found.other_settings:
            self.settings_changed.emit()
        if number != self._newest:
            return
        self._marks = found.marks or self._marks or Marks()
        # A document that cannot be read may be mended by a disk that comes back, which changes no document.
        self._look_again = bool(found.broken)
        if changes != self._changes:
            self._read()
        else:
            self.loaded.emit(found.pumps, found.broken, found.messages)

    def _on_not_loaded(self, error: PumpError) -> None:
        self._marks, self._look_again = self._marks or Marks(), True
        self.not_loaded.emit(error.title, error.message)

    def _on_looked(self, marks: Marks | None) -> None:
        self._looking = False
        if marks is not None and (self._look_again or marks != self._marks):
            self.load()

    def _on_not_looked(self, _error: PumpError) -> None:
        self._looking = False

    def _on_deleted(self, result: tuple[str, SecretError | None]) -> None:
        pump_id, trouble = result
        self.changed()
        self.deleted.emit(pump_id)
        if trouble is not None:
            self._on_failed(trouble)

    def _on_reordered(self, _nothing: None) -> None:
        """The window shows the new order already; a list that is just being read may have the former one."""
        self.changed()

    def _on_types(self, found: tuple[list[TypeLine], list[str]]) -> None:
        self.types_ready.emit(*found)

    def _on_failed(self, error: PumpError) -> None:
        self.failed.emit(error.title, error.message)
