"""Ends the program cleanly on Ctrl+C, and when the system asks the process to end."""

from __future__ import annotations

import signal
import socket
from collections.abc import Callable

from PySide6.QtCore import QObject, QSocketNotifier


class EndedBySignals(QObject):
    """Calls back on the UI thread when a signal asks the process to end.

    Python runs its own handlers between two of its instructions, and Qt's loop may have none for hours; so the
    signal also writes a byte into a socket, which wakes the loop.

    Args:
        end: called for each signal.
        parent: as for every Qt object.
    """

    def __init__(self, end: Callable[[], None], parent: QObject) -> None:
        super().__init__(parent)
        self._end = end
        self._hearing, self._telling = socket.socketpair()
        self._hearing.setblocking(False)
        self._telling.setblocking(False)
        self._notifier = QSocketNotifier(self._hearing.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._on_woken)
        self._former_wakeup = signal.set_wakeup_fd(self._telling.fileno(), warn_on_full_buffer=False)
        self._former = {
            number: signal.signal(number, lambda _number, _frame: None)
            for number in (signal.SIGINT, signal.SIGTERM)
        }

    def close(self) -> None:
        """Listen no longer."""
        for number, handler in self._former.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(self._former_wakeup)
        self._notifier.setEnabled(False)
        self._hearing.close()
        self._telling.close()

    def _on_woken(self) -> None:
        self._hearing.recv(64)
        self._end()
