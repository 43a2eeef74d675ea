"""The diagnostics bundle, written off the UI thread."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from qcpump_qt.controllers.tasks import Tasks
from qcpump_qt.engine.cancel import CancelToken
from qcpump_qt.engine.errors import PumpError
from qcpump_qt.engine.logs.redaction import Redactor
from qcpump_qt.engine.paths import Places


class Diagnostics(QObject):
    """Writes a zip that tells those who help what is the matter, and no secrets.

    Args:
        places: the home that it is about.
        redactor: knows the secrets that must not get into it.
        versions: tells name and version of the program and what it uses; asked off the UI thread.
        tasks: where the work is done.
        parent: as for every Qt object.
    """

    written = Signal(str, list)
    """The file, and sentences about what could not be put into it."""
    failed = Signal(str, str)
    """Title and message of why there is no file."""

    def __init__(
        self,
        places: Places,
        redactor: Redactor,
        versions: Callable[[], Mapping[str, str]],
        tasks: Tasks,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._places = places
        self._redactor = redactor
        self._versions = versions
        self._tasks = tasks

    def write(self, target: str) -> None:
        """Write it; `written` or `failed` follows.

        Args:
            target: the zip file; one that is there is replaced.
        """

        def work(_token: CancelToken) -> list[str]:
            from qcpump_qt.engine.diagnostics import write_bundle  # noqa: PLC0415 - zipfile, seldom needed

            return write_bundle(self._places, Path(target), self._versions(), self._redactor)

        self._tasks.start(work, lambda notes: self.written.emit(target, notes), self._fail)

    def _fail(self, error: PumpError) -> None:
        self.failed.emit(error.title, error.message)
