"""Previews: a window for each pump that somebody wants to look at before it sends anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from qcpump_qt.desktop.backstage import Backstage
from qcpump_qt.models.dates import DateStyle
from qcpump_qt.models.rows import RecordDetail
from qcpump_qt.views.main_window import MainWindow

if TYPE_CHECKING:
    from qcpump_qt.views.preview_dialog import PreviewDialog

NOT_SAVED = (
    "Save the pump first: a preview shows what its next cycle would send with the saved configuration."
)


class Previewing(QObject):
    """Opens preview windows and hands them what was found.

    Args:
        backstage: the controllers.
        window: what the preview windows belong to.
    """

    def __init__(self, backstage: Backstage, window: MainWindow) -> None:
        super().__init__(window)
        self._backstage = backstage
        self._window = window
        self._open: dict[str, PreviewDialog] = {}
        self._dates = DateStyle()
        backstage.previews.ready.connect(self._ready)
        backstage.previews.failed.connect(self._failed)

    def set_date_style(self, dates: DateStyle) -> None:
        """Write moments in another way."""
        self._dates = dates
        for dialog in self._open.values():
            dialog.set_date_style(dates)

    def show(self, pump_id: str) -> None:
        """Show what the next cycle of this pump would send."""
        pump = self._backstage.pump(pump_id)
        if pump is None:
            self._window.tell("info", "Preview", NOT_SAVED, subject=NOT_SAVED)
            return
        self._window.withdraw(NOT_SAVED)
        if pump_id not in self._open:
            self._open[pump_id] = self._made(pump_id, pump.name)
        self._begin(pump_id)

    def _made(self, pump_id: str, name: str) -> PreviewDialog:
        from qcpump_qt.views.preview_dialog import PreviewDialog  # noqa: PLC0415 - when somebody wants one

        dialog = PreviewDialog(name, self._dates, self._window)
        dialog.refresh_wanted.connect(lambda: self._begin(pump_id))
        dialog.cancel_wanted.connect(lambda: self._backstage.previews.cancel(pump_id))
        dialog.finished.connect(lambda _code: self._close(pump_id))
        return dialog

    def _begin(self, pump_id: str) -> None:
        pump, dialog = self._backstage.pump(pump_id), self._open[pump_id]
        if pump is None:
            dialog.set_failed("Pump deleted", "This pump is no longer there.")
            return
        dialog.set_working()
        dialog.show()
        dialog.raise_()
        self._backstage.previews.preview(pump)

    def _ready(self, pump_id: str, details: list[RecordDetail], messages: list[tuple[str, str]]) -> None:
        if pump_id in self._open:
            self._open[pump_id].set_result(details, messages)

    def _failed(self, pump_id: str, title: str, text: str) -> None:
        if pump_id in self._open:
            self._open[pump_id].set_failed(title, text)

    def _close(self, pump_id: str) -> None:
        self._backstage.previews.cancel(pump_id)
        dialog = self._open.pop(pump_id, None)
        if dialog is not None:
            dialog.deleteLater()
