"""The settings of the program, read and saved off the UI thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from qcpump_qt.controllers.tasks import Tasks
from qcpump_qt.engine.cancel import CancelToken
from qcpump_qt.engine.errors import PumpError
from qcpump_qt.engine.paths import Places

if TYPE_CHECKING:
    from pathlib import Path

    from qcpump_qt.engine.settings import Settings


class SettingsKeeper(QObject):
    """Reads and saves `settings.json`.

    Args:
        places: where it lies.
        tasks: where the work is done.
        parent: as for every Qt object.
    """

    loaded = Signal(object, list)
    """`Settings` as the file has them, and sentences about what in it cannot be used."""
    saved = Signal(object)
    """`Settings` that are on disk now."""
    set_aside = Signal(str)
    """A sentence: the former file was broken, and where it is kept."""
    failed = Signal(str, str)
    """Title and message of why they are not saved."""

    def __init__(self, places: Places, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._places = places
        self._tasks = tasks

    def load(self) -> None:
        """Read them; `loaded` follows."""

        def work(_token: CancelToken) -> tuple[Settings, list[str]]:
            from qcpump_qt.engine.settings import load_settings  # noqa: PLC0415 - off the UI thread

            return load_settings(self._places.settings_file)

        self._tasks.start(work, lambda found: self.loaded.emit(*found), self._fail)

    def save(self, settings: Settings) -> None:
        """Save them; `saved` or `failed` follows."""

        def work(_token: CancelToken) -> Path | None:
            from qcpump_qt.engine.settings import save_settings  # noqa: PLC0415 - off the UI thread

            return save_settings(self._places.settings_file, settings)

        def done(aside: Path | None) -> None:
            self.saved.emit(settings)
            if aside is not None:
                self.set_aside.emit(
                    f"The former settings.json was broken. It is kept as {aside}, and a sound one was written."
                )

        self._tasks.start(work, done, self._fail)

    def _fail(self, error: PumpError) -> None:
        self.failed.emit(error.title, error.message)
