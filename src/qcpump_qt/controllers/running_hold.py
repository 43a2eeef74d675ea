"""The home's lock: while the desktop pumps, no command-line run pumps the same home, and the other way round."""

from __future__ import annotations

import logging
from collections.abc import Callable
from enum import Enum, auto
from typing import Protocol

from PySide6.QtCore import QObject, Signal

from qcpump_qt.controllers.tasks import Tasks
from qcpump_qt.engine.cancel import CancelToken
from qcpump_qt.engine.errors import PumpError


class HomeLock(Protocol):
    """What is held; `engine.pumping.DesktopPumping` is one. Both calls may take their time."""

    def acquire(self) -> None:
        """Take it.

        Raises:
            BusyError: somebody else pumps this home; the message says who.
        """

    def release(self) -> None:
        """Give it back."""


class _State(Enum):
    FREE = auto()
    ASKING = auto()
    HELD = auto()
    GIVING_BACK = auto()


class HomeHold(QObject):
    """Takes and gives back the home's lock off the UI thread, one call after the other.

    Args:
        make: makes the home's lock; called once, on the thread that takes it.
        parent: as for every Qt object.
    """

    taken = Signal()
    """The home is held from now on."""
    refused = Signal(str)
    """It cannot be had now; carries the reason in words."""
    given_back = Signal()
    """It is free for others."""

    def __init__(self, make: Callable[[], HomeLock], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._make = make
        self._lock: HomeLock | None = None
        self._tasks = Tasks(1, self)
        self._state = _State.FREE

    @property
    def held(self) -> bool:
        """True while the home is held."""
        return self._state is _State.HELD

    @property
    def free(self) -> bool:
        """True while it is neither held nor being asked for or given back."""
        return self._state is _State.FREE

    def ask(self) -> None:
        """Ask for the home; `taken` or `refused` follows. Nothing happens while that is under way already."""
        if self._state is _State.FREE:
            self._state = _State.ASKING
            self._tasks.start(self._acquire, self._on_taken, self._on_refused)

    def give_back(self) -> None:
        """Give the home back, where it is held; `given_back` follows."""
        if self._state is _State.HELD:
            self._state = _State.GIVING_BACK
            self._tasks.start(self._release, self._on_given_back, self._on_trouble)

    def _acquire(self, _cancel: CancelToken) -> None:
        self._lock = self._lock or self._make()
        self._lock.acquire()

    def _release(self, _cancel: CancelToken) -> None:
        if self._lock is not None:
            self._lock.release()

    def _on_taken(self, _nothing: None) -> None:
        self._state = _State.HELD
        self.taken.emit()

    def _on_refused(self, error: PumpError) -> None:
        self._state = _State.FREE
        self.refused.emit(error.message)

    def _on_given_back(self, _nothing: None) -> None:
        self._state = _State.FREE
        self.given_back.emit()

    def _on_trouble(self, error: PumpError) -> None:
        logging.getLogger("qcpump_qt.runner").warning("The home could not be given back: %s", error)
        self._state = _State.FREE
        self.given_back.emit()
