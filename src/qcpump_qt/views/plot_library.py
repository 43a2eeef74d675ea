"""Loads the plots, which take their time to import, while the window goes on."""

from __future__ import annotations

import threading
from types import ModuleType

from PySide6.QtCore import QObject, Qt, Signal

ABSENT = (
    "Plots need pyqtgraph, which is not installed. Install it with: pip install pyqtgraph. "
    "Then start the program again."
)
BROKEN = "The plots could not be loaded ({fault}). Install pyqtgraph again, then start the program again."
NEEDED = {"pyqtgraph", "numpy"}


class _Import(QObject):
    """An import on another thread; it outlives whoever asked for it."""

    ended = Signal(object, str)
    """The module or None, and why there is none."""

    def start(self) -> None:
        """Import now; `ended` follows."""
        # A daemon: a program that ends does not wait for its plots.
        threading.Thread(target=self._run, name="plots", daemon=True).start()

    def _run(self) -> None:
        try:
            # Imported here, since it takes a quarter of a second and much memory.
            from qcpump_qt.views import plot_kinds  # noqa: PLC0415
        except Exception as error:  # noqa: BLE001 - a library that is out of order must not take the table away
            self.ended.emit(None, _words(error))
        else:
            self.ended.emit(plot_kinds, "")


def _words(error: Exception) -> str:
    if isinstance(error, ModuleNotFoundError) and error.name in NEEDED:
        return ABSENT
    return BROKEN.format(fault=f"{type(error).__name__}: {error}")


class PlotLibrary(QObject):
    """The kinds of plot, once they are there.

    Args:
        parent: as for every Qt object.
    """

    ready = Signal()
    """`kinds` is there."""
    failed = Signal(str)
    """It never will be; why, in a sentence, and what to do."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.kinds: ModuleType | None = None
        self.fault = ""
        self._import: _Import | None = None

    def load(self) -> None:
        """Begin to load, unless that was done before; returns at once."""
        if self._import is None:
            self._import = _Import()
            self._import.ended.connect(self._got, Qt.ConnectionType.QueuedConnection)
            self._import.start()

    def _got(self, kinds: ModuleType | None, fault: str) -> None:
        self.kinds, self.fault = kinds, fault
        if kinds is None:
            self.failed.emit(fault)
        else:
            self.ready.emit()
