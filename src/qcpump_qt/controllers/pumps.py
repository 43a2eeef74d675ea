"""The configured pumps of the home: loaded, put in order, deleted, and the types that new ones can have."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import ExitStack
from functools import partial
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, Signal

from qcpump_qt.controllers.tasks import Tasks
from qcpump_qt.engine.cancel import CancelToken
from qcpump_qt.engine.errors import BusyError, PumpError, SecretError
from qcpump_qt.engine.pump_order import load_order, ordered, save_order

if TYPE_CHECKING:
    from qcpump_qt.controllers.program import HomeProgram
    from qcpump_qt.engine.store import BrokenPump, StoredPump

    class ProgramWithSettings(HomeProgram, Protocol):
        """The home, and what is the matter with its settings."""

        setting_messages: list[str]

    Loaded = tuple[list[StoredPump], list[BrokenPump], list[str]]

DELETING_THREADS = 2

TypeLine = tuple[str, str, str, str]
"""Key, name, address of a help page, and the user's own file that it comes from; the last two may be empty."""


class Pumps(QObject):
    """What is done to the pumps as a whole; everything happens off the UI thread.

    Args:
        program: the home.
        tasks: the threads to work on; deletions, which may wait for a keyring, have threads of their own.
        parent: as for every Qt object.
    """

    loaded = Signal(list, list, list)
    """The `StoredPump`s in the order that people gave them, the `BrokenPump`s, and messages as whole sentences."""
    deleted = Signal(str)
    """The id of a pump that is gone."""
    types_ready = Signal(list, list)
    """(key, name, help address, own file) of each pump type, and the problems of those that could not be loaded."""
    failed = Signal(str, str)
    """A title and a message in words."""

    patience = 3.0
    """Seconds that a cycle gets to end before its pump is deleted."""

    def __init__(self, program: ProgramWithSettings, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._program = program
        self._tasks = tasks
        self._deleting = Tasks(DELETING_THREADS, self)
        self._newest = 0
        self._changes = 0

    def load(self) -> None:
        """Read all pumps; `loaded` follows. Where it is asked for again meanwhile, only the newest answer counts."""
        self._newest += 1
        self._read()

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
        self._tasks.start(self._load, done, self._on_failed)

    def _load(self, _cancel: CancelToken) -> Loaded:
        pumps, broken = self._program.pumps()
        in_order = ordered(pumps, load_order(self._program.places))
        return in_order, broken, list(self._program.setting_messages)

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
            (each.key, each.display_name, each.help_url, str(each.source or ""))
            for each in catalogue.types.values()
        ]
        return sorted(lines, key=lambda line: line[1].casefold()), [str(each) for each in catalogue.problems]

    def _on_loaded(self, number: int, changes: int, found: Loaded) -> None:
        if number != self._newest:
            return
        if changes != self._changes:
            self._read()
        else:
            self.loaded.emit(*found)

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
