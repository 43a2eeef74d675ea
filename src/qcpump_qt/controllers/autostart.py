"""Start at login, looked up and switched off the UI thread."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from qcpump_qt.controllers.tasks import Tasks
from qcpump_qt.engine.autostart.entry import Autostart, AutostartKind, AutostartState
from qcpump_qt.engine.cancel import CancelToken
from qcpump_qt.engine.errors import PumpError


class StartAtLogin(QObject):
    """Tells and changes whether the window starts when its user logs in.

    Args:
        autostart: the way of this system.
        command: what starts this program's window; entered when it is switched on.
        tasks: where the work is done.
        parent: as for every Qt object.
    """

    shown = Signal(object)
    """An `AutostartState`: what the system really has entered now."""
    failed = Signal(str, str)
    """Title and message of why it could not be switched."""
    put_right_done = Signal(str)
    """A sentence: the program had moved, and its entry follows it now."""

    def __init__(
        self, autostart: Autostart, command: Sequence[str], tasks: Tasks, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._autostart = autostart
        self._command = tuple(command)
        self._tasks = tasks

    def look(self) -> None:
        """Ask the system; `shown` follows."""
        self._tasks.start(lambda _token: self._autostart.state(), self.shown.emit, self._fail)

    def switch(self, on: bool) -> None:
        """Switch it; `shown` follows with what then is so, after `failed` where the system refused."""

        def work(_token: CancelToken) -> AutostartState:
            if on:
                self._autostart.switch_on(self._command)
            else:
                self._autostart.switch_off()
            return self._autostart.state()

        self._tasks.start(work, self.shown.emit, self._fail_and_look)

    def put_right(self) -> None:
        """At start: an entry for this home whose program is no longer there is ours from before a move, and follows."""

        def work(_token: CancelToken) -> bool:
            state = self._autostart.state()
            elsewhere = state.kind is AutostartKind.ELSEWHERE and _home(state.entered) == _home(self._command)
            moved = elsewhere and not Path(state.entered[0]).exists()
            if moved:
                self._autostart.switch_on(self._command)
            return moved

        self._tasks.start(work, self._tell_put_right, self._fail)

    def _tell_put_right(self, moved: bool) -> None:
        if moved:
            self.put_right_done.emit("QCPump-Qt had moved; it starts at login from its new place now.")
            self.look()

    def _fail(self, error: PumpError) -> None:
        self.failed.emit(error.title, error.message)

    def _fail_and_look(self, error: PumpError) -> None:
        self._fail(error)
        self.look()


def _home(command: Sequence[str]) -> str | None:
    """The folder that a command names as the home; None for the usual one."""
    return next((folder for word, folder in pairwise(command) if word == "--home"), None)
