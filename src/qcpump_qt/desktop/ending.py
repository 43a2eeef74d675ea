"""Closing the window and ending the program: nothing lost, nobody surprised, and never a long wait."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QSettings, Signal
from PySide6.QtGui import QSessionManager

from qcpump_qt.desktop.backstage import Backstage
from qcpump_qt.desktop.stage import Stage
from qcpump_qt.views.dialogs.confirm import ConfirmDialog
from qcpump_qt.views.main_window import Closing

TOLD_OF_TRAY = "window/told of tray"
IN_THE_TRAY = (
    "QCPump-Qt goes on in the tray: click its icon to see the window again, or quit it from its menu."
)
UNSAVED = "There are changes that were not saved."
LOST = "They are lost if you go on: {names}."
STOPS = (
    "Results are not delivered while QCPump-Qt is closed. What waits now is delivered once the pumps run again; "
    "nothing is lost."
)


class Ending(QObject):
    """Decides what closing the window means, and ends the program step by step.

    Args:
        backstage: the controllers.
        stage: the widgets.
        memory: where it is kept that people know of the tray.
    """

    began = Signal()
    """The program is about to end: nobody should be sent to its window any more."""
    ended = Signal(bool)
    """The event loop may end: True when all cycles have ended, False when one did not in its time."""

    def __init__(self, backstage: Backstage, stage: Stage, memory: QSettings) -> None:
        super().__init__(stage.window)
        self._backstage = backstage
        self._stage = stage
        self._memory = memory
        self._is_ending = False
        self._question: ConfirmDialog | None = None
        backstage.runner.ended_all.connect(self.ended)

    def on_close(self) -> Closing:
        """What is to become of the window when somebody closes it."""
        if self._is_ending:
            return Closing.CLOSE
        if self._stage.tray.available and self._backstage.program.settings.CLOSE_TO_TRAY:
            self._tell_of_tray()
            return Closing.HIDE
        self.quit()
        return Closing.STAY

    def quit(self) -> None:
        """End the program, after a question where something would be lost or stop."""
        if self._is_ending:
            return
        if self._question is not None:
            self._stage.window.come_forward()
            return
        names = self._unsaved_names()
        if names:
            stops = f" {STOPS}" if self._is_pumping() else ""
            self._ask(UNSAVED, LOST.format(names=", ".join(names)) + stops, self._end)
        elif self._is_pumping():
            self._ask("Quit QCPump-Qt and stop its pumps?", STOPS, self._end)
        else:
            self._end()

    def end_at_once(self) -> None:
        """End without a question, as when the user logs out or the process is asked to end."""
        if not self._is_ending:
            self._end()

    def on_logout(self, manager: QSessionManager) -> None:
        """The user logs out: ask where edits would be lost; another program may still call the logout off."""
        names = self._unsaved_names()
        if names and manager.allowsInteraction():
            box = ConfirmDialog(
                "Log out", UNSAVED, LOST.format(names=", ".join(names)), "Log out", self._stage.window
            )
            agreed: list[bool] = []
            box.confirmed.connect(lambda: agreed.append(True))
            # The system waits for the answer; the box is gone when it has been given.
            box.exec()
            if not agreed:
                manager.cancel()
            manager.release()

    def _unsaved_names(self) -> list[str]:
        unsaved = self._backstage.editing.unsaved()
        return sorted(row.name for row in self._backstage.overview.rows() if row.id in unsaved)

    def _is_pumping(self) -> bool:
        runner = self._backstage.runner
        return runner.busy or any(runner.is_scheduled(each) for each in self._backstage.pumps_on_disk)

    def _ask(self, question: str, consequence: str, then: Callable[[], None]) -> None:
        dialog = ConfirmDialog("Quit QCPump-Qt", question, consequence, "Quit", self._stage.window)
        dialog.confirmed.connect(then)
        dialog.finished.connect(self._forget_question)
        self._question = dialog
        self._stage.window.come_forward()
        dialog.open()

    def _forget_question(self) -> None:
        self._question = None

    def _end(self) -> None:
        self._is_ending = True
        self.began.emit()
        self._backstage.notifier.stop()
        self._backstage.wind_down()
        self._backstage.runner.shut_down()

    def _tell_of_tray(self) -> None:
        if self._memory.value(TOLD_OF_TRAY) is None:
            self._memory.setValue(TOLD_OF_TRAY, 1)
            self._stage.tray.tell("QCPump-Qt", IN_THE_TRAY, "info")
