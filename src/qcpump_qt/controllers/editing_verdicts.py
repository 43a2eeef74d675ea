"""Whether the saved pumps are in order: looked at lightly while nobody is there, and fully as soon as somebody is.

A full validation needs the secrets, the servers and the libraries for both. A program that only sits in the tray
after a login does without: its cycles tell what is wrong.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from qcpump_qt.controllers.editing_checks import validity_of, verdict_of
from qcpump_qt.controllers.program import HomeProgram
from qcpump_qt.controllers.tasks import Tasks
from qcpump_qt.engine.cancel import CancelToken

if TYPE_CHECKING:
    from qcpump_qt.engine.config.report import Report
    from qcpump_qt.engine.errors import PumpError
    from qcpump_qt.engine.store import StoredPump

THREADS = 4
"""There may be hundreds of saved pumps."""


class Verdicts(QObject):
    """Validates saved pumps; the newest question about a pump wins.

    Args:
        program: the home.
        parent: as for every Qt object.
    """

    told = Signal(str, object, str)
    """A saved pump's id, whether what is saved is valid (None: cannot be said now), and a summary in words."""

    def __init__(self, program: HomeProgram, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._program = program
        self._tasks = Tasks(THREADS, self)
        self._attended = False
        self._asked: dict[str, CancelToken] = {}
        self._looked_at: dict[str, StoredPump] = {}
        """Pumps that nobody but a light look has seen, by their ids."""

    @property
    def attended(self) -> bool:
        """True when somebody is there."""
        return self._attended

    def attend(self) -> None:
        """Somebody is there: what was only looked at lightly is validated fully, and everything from now on."""
        self._attended = True
        waiting, self._looked_at = self._looked_at, {}
        for pump in waiting.values():
            self.validate(pump)

    def validate(self, pump: StoredPump) -> None:
        """Validate a pump as it is saved; `told` follows."""
        if self._attended:
            self._start(pump, self._program.validate, verdict_of)
        else:
            self._looked_at[pump.id] = pump
            self._start(pump, self._program.validate_values, light_verdict_of)

    def tell(self, pump_id: str, valid: bool | None, summary: str) -> None:
        """Somebody else validated the pump; what is under way for it is out of date."""
        self.forget(pump_id)
        self.told.emit(pump_id, valid, summary)

    def forget(self, pump_id: str) -> None:
        """Nothing is to be told of this pump any more."""
        self._looked_at.pop(pump_id, None)
        self._drop(pump_id)

    def cancel(self) -> None:
        """Ask everything that is under way to end; returns at once."""
        self._tasks.cancel()

    def wait(self, seconds: float) -> bool:
        """After `cancel`: wait until the threads are done; True when they are."""
        return self._tasks.wait(seconds)

    def _start(
        self,
        pump: StoredPump,
        ask: Callable[[StoredPump, CancelToken], Report],
        verdict: Callable[[Report], tuple[bool | None, str]],
    ) -> None:
        self._drop(pump.id)
        self._asked[pump.id] = self._tasks.start(
            partial(ask, pump),
            lambda report: self._tell(pump.id, *verdict(report)),
            lambda error: self._tell_error(pump.id, error),
        )

    def _tell_error(self, pump_id: str, error: PumpError) -> None:
        self._tell(pump_id, validity_of(error), error.message)

    def _tell(self, pump_id: str, valid: bool | None, summary: str) -> None:
        self._drop(pump_id)
        self.told.emit(pump_id, valid, summary)

    def _drop(self, pump_id: str) -> None:
        token = self._asked.pop(pump_id, None)
        if token is not None:
            token.cancel()


def light_verdict_of(report: Report) -> tuple[bool | None, str]:
    """As `verdict_of`; but a light look never says that all is right."""
    valid, summary = verdict_of(report)
    return (None, "") if valid else (valid, summary)
