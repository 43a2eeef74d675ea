"""One window for each home: the second start shows the first's window and ends."""

from __future__ import annotations

import getpass
import hashlib
import logging
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from qcpump_qt.controllers.foreground import hand_on_foreground
from qcpump_qt.controllers.instance_caller import Caller
from qcpump_qt.controllers.instance_talk import ASK, LONGEST, complaint_of
from qcpump_qt.engine.lock import InstanceLock

if TYPE_CHECKING:
    from PySide6.QtNetwork import QLocalServer, QLocalSocket

MOST_CALLERS = 16
"""So many may be silent at a time."""
PATIENCE_MS = 3000
"""How long a caller may stay silent."""
_LOG = logging.getLogger("qcpump_qt.instance")


class Instance(QObject):
    """This process as the one that has the window, or as one that asks the other to show its own.

    Args:
        locks: the folder of lock files.
        home: the folder that there is one window for.
        parent: as for every Qt object.
        patience: milliseconds after which a silent caller is left.
    """

    show_wanted = Signal()
    """Somebody started the program again: the window is to come to the front."""

    def __init__(
        self, locks: Path, home: Path, parent: QObject | None = None, *, patience: int = PATIENCE_MS
    ) -> None:
        super().__init__(parent)
        self.name = socket_name(home)
        self._home = home
        self._lock = InstanceLock(locks)
        self._patience = patience
        self._server: QLocalServer | None = None
        self._callers: list[Caller] = []

    def claim(self) -> bool:
        """Become the one window of this home; False when there is one already.

        Raises:
            LedgerError: the lock file cannot be made.
        """
        if not self._lock.acquire():
            return False
        self._listen()
        return True

    def release(self) -> None:
        """Let another window be opened; for the end of the program."""
        self.stop_listening()
        self._lock.release()

    def stop_listening(self) -> None:
        """Answer nobody any more, as a window that is about to end; the home stays taken until `release`."""
        if self._server is not None:
            self._server.close()
            self._server = None
        for caller in list(self._callers):
            caller.leave()

    def ask_other(self, timeout: float = 3.0) -> str:
        """Ask the other window to show itself, and wait for its answer; for the second start only.

        Args:
            timeout: seconds.

        Returns:
            nothing when it did, else why not and what to do, in words.
        """
        from PySide6.QtNetwork import QLocalSocket  # noqa: PLC0415 - only the second start asks

        until = time.monotonic() + timeout
        socket = QLocalSocket()
        # Tried again, because a window that is just being started has the lock before it listens.
        while not self._connected(socket, until):
            if time.monotonic() >= until:
                return (
                    f"QCPump-Qt is open already for {self._home}, and its window does not answer. Another user of "
                    "this computer may have it open: ask them to quit it, or look whether it hangs and end it."
                )
            time.sleep(0.02)
        hand_on_foreground()
        socket.write(ASK)
        socket.flush()
        heard = b""
        while b"\n" not in heard and len(heard) <= LONGEST and socket.waitForReadyRead(_left(until)):
            heard += bytes(socket.readAll().data())
        socket.abort()
        return complaint_of(heard)

    def _connected(self, socket: QLocalSocket, until: float) -> bool:
        socket.connectToServer(self.name)
        return socket.waitForConnected(_left(until))

    def _listen(self) -> None:
        from PySide6.QtNetwork import QLocalServer  # noqa: PLC0415 - kept out of the import of this file

        server = QLocalServer(self)
        server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        server.newConnection.connect(self._welcome)
        # We hold the lock, so what is left of that name belongs to a process that died.
        QLocalServer.removeServer(self.name)
        if not server.listen(self.name):
            _LOG.warning(
                "A second start cannot show this window: %s. The window itself works.", server.errorString()
            )
        self._server = server

    def _welcome(self) -> None:
        while self._server is not None and (socket := self._server.nextPendingConnection()) is not None:
            caller = Caller(socket, self._patience, self)
            caller.asked.connect(self._follow)
            caller.gone.connect(self._forget)
            self._callers.append(caller)
            caller.begin()
            self._leave_oldest()

    def _leave_oldest(self) -> None:
        """Of too many who say nothing, the one that has had the longest time goes: a real start speaks at once."""
        silent = [caller for caller in self._callers if not caller.answered]
        if len(silent) > MOST_CALLERS:
            silent[0].leave()

    def _follow(self, _command: str) -> None:
        self.show_wanted.emit()

    def _forget(self, caller: Caller) -> None:
        if caller in self._callers:
            self._callers.remove(caller)
            caller.deleteLater()


def _left(until: float) -> int:
    """Milliseconds until a moment of the steady clock; at least one."""
    return max(1, round((until - time.monotonic()) * 1000))


def socket_name(home: Path) -> str:
    """The name under which the window of a home can be asked: one for each home and user."""
    text = f"{_user()}\n{os.path.normcase(os.path.realpath(home))}"
    return f"qcpump-qt-{hashlib.sha256(text.encode('utf-8', errors='surrogateescape')).hexdigest()[:20]}"


def _user() -> str:
    number = getattr(os, "getuid", None)  # Windows has none
    return str(number()) if number is not None else getpass.getuser()
