"""What a cycle of a pump would send, found out off the UI thread; nothing is sent or written down."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from qcpump_qt.controllers.record_rows import previewed
from qcpump_qt.controllers.tasks import Tasks
from qcpump_qt.engine.cancel import CancelToken
from qcpump_qt.engine.errors import PumpError
from qcpump_qt.models.rows import RecordDetail

if TYPE_CHECKING:
    from qcpump_qt.controllers.program import HomeProgram
    from qcpump_qt.engine.store import StoredPump

_Found = tuple[list[RecordDetail], list[tuple[str, str]]]


class Previews(QObject):
    """Makes previews, one at a time for each pump.

    Args:
        program: the home.
        tasks: where the work is done.
        parent: as for every Qt object.
    """

    ready = Signal(str, object, object)
    """The pump's id, a list of `RecordDetail`, and a list of (level, text) that is to be told."""
    failed = Signal(str, str, str)
    """The pump's id, a title and a text: why there is no preview."""

    def __init__(self, program: HomeProgram, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._program = program
        self._tasks = tasks
        self._under_way: dict[str, CancelToken] = {}

    def preview(self, pump: StoredPump) -> None:
        """Begin a preview with the pump's saved values; one that is under way for it ends."""
        self.cancel(pump.id)
        self._under_way[pump.id] = self._tasks.start(
            lambda token: self._found(pump, token),
            lambda found: self._show(pump.id, found),
            lambda error: self._tell(pump.id, error),
        )

    def cancel(self, pump_id: str) -> None:
        """End the preview of a pump; returns at once, and nothing more is told of it."""
        token = self._under_way.pop(pump_id, None)
        if token is not None:
            token.cancel()

    def _found(self, pump: StoredPump, token: CancelToken) -> _Found:
        preview = self._program.preview(pump, token)
        return previewed(preview), [(message.level, message.text) for message in preview.tally.messages]

    def _show(self, pump_id: str, found: _Found) -> None:
        self._under_way.pop(pump_id, None)
        self.ready.emit(pump_id, *found)

    def _tell(self, pump_id: str, error: PumpError) -> None:
        self._under_way.pop(pump_id, None)
        self.failed.emit(pump_id, error.title, error.message)
