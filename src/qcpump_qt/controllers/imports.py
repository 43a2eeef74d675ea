"""Brings pumps over from QCPump 0.3: finds its folders, and imports one off the UI thread."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, Signal

from qcpump_qt.controllers.tasks import Tasks
from qcpump_qt.engine.cancel import CancelToken
from qcpump_qt.engine.errors import ConfigurationError, PumpError

if TYPE_CHECKING:
    from qcpump_qt.compat.import_report import ImportReport
    from qcpump_qt.controllers.program import HomeProgram

    class RereadProgram(HomeProgram, Protocol):
        """The home, and the way to read its settings again once an import has changed them."""

        def with_settings_anew(self) -> HomeProgram:
            """Read the settings again, and with them the pump types."""


class Imports(QObject):
    """Imports configuration folders of QCPump 0.3, which are only ever read.

    Args:
        program: the home that they are brought to.
        tasks: the threads to work on.
        parent: as for every Qt object.
    """

    found = Signal(list)
    """The folders of QCPump 0.3 on this computer, as texts, the most likely one first."""
    done = Signal(list, dict)
    """The report in lines for people, and how many pumps were ``imported``, ``already there`` and ``not imported``."""
    failed = Signal(str, str)
    """A title and a message in words."""

    def __init__(self, program: RereadProgram, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._program = program
        self._tasks = tasks

    def suggested(self) -> None:
        """Look where QCPump 0.3 usually keeps its configuration; `found` follows."""
        self._tasks.start(_usual, self._on_found, self._on_failed)

    def import_from(self, folder: str) -> None:
        """Import a folder; `done` or `failed` follows. Doing it twice doubles nothing."""
        self._tasks.start(partial(self._import, folder), self._on_done, self._on_failed)

    def _import(self, folder: str, _cancel: CancelToken) -> ImportReport:
        from qcpump_qt.compat.importer import import_folder  # noqa: PLC0415 - only an import needs it

        if not folder.strip():
            raise ConfigurationError(
                "Choose the configuration folder of QCPump. Its menu File, About shows where it is.",
                title="No folder chosen",
            )
        return import_folder(
            Path(folder.strip()),
            self._program.store,
            self._program.places.settings_file,
            known_types=self._types_by_then,
            secret_fields=self._program.secret_fields,
        )

    def _types_by_then(self) -> Collection[str]:
        types: Collection[str] = self._program.with_settings_anew().catalogue.types
        return types

    def _on_found(self, folders: list[str]) -> None:
        self.found.emit(folders)

    def _on_done(self, report: ImportReport) -> None:
        counts: dict[str, int] = {}
        for pump in report.pumps:
            counts[pump.outcome.value] = counts.get(pump.outcome.value, 0) + 1
        self.done.emit(report.lines(), counts)

    def _on_failed(self, error: PumpError) -> None:
        self.failed.emit(error.title, error.message)


def _usual(_cancel: CancelToken) -> list[str]:
    from qcpump_qt.compat.old_config import locate, usual_folders  # noqa: PLC0415 - only an import needs it

    found = []
    for folder in usual_folders():
        try:
            found.append(str(locate(folder)))
        except ConfigurationError:
            continue
    return list(dict.fromkeys(found))
