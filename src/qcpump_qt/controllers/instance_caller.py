"""One start of the program that asks the window which is open already."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from qcpump_qt.controllers.instance_talk import LONGEST, answer_to

if TYPE_CHECKING:
    from PySide6.QtNetwork import QLocalSocket


class Caller(QObject):
    """Hears one line, answers it and lets go; also of those who stay silent.

    All its connections are to methods of its own, which hold nothing alive: what is freed while a socket is
    being deleted must not bring down the server that the socket belongs to.

    Args:
        socket: that of the caller; owned by this object from now on.
        patience: milliseconds after which a silent caller is left.
        parent: as for every Qt object.
    """

    asked = Signal(str)
    """The command that was understood."""
    gone = Signal(object)
    """This object; there is nothing more to be heard."""

    def __init__(self, socket: QLocalSocket, patience: int, parent: QObject) -> None:
        super().__init__(parent)
        socket.setParent(self)
        self._socket = socket
        self._heard = b""
        self._answered = False
        self._silence = QTimer(self, singleShot=True, interval=patience)
        self._silence.timeout.connect(self.leave)
        socket.readyRead.connect(self._hear)
        socket.disconnected.connect(self._end)

    @property
    def answered(self) -> bool:
        """True once it has said its line."""
        return self._answered

    def begin(self) -> None:
        """Hear what was said already, and wait for the rest."""
        self._silence.start()
        self._hear()

    def leave(self) -> None:
        """Let go without an answer."""
        self._socket.abort()

    def _hear(self) -> None:
        if self._answered:
            return
        self._heard += bytes(self._socket.read(LONGEST + 1).data())
        line, ended, _rest = self._heard.partition(b"\n")
        if not ended and len(self._heard) <= LONGEST:
            return
        self._answered = True
        answer, command = answer_to(line if ended else self._heard)
        self._socket.write(answer)
        self._socket.disconnectFromServer()
        if command:
            self.asked.emit(command)

    def _end(self) -> None:
        self._silence.stop()
        self.gone.emit(self)
