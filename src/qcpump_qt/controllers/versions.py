"""Versions and licences of the program and of the libraries it uses, as they are installed."""

from __future__ import annotations

import platform
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import PySide6
from PySide6.QtCore import QObject, Signal, qVersion

from qcpump_qt.controllers.tasks import Tasks
from qcpump_qt.engine.errors import PumpError
from qcpump_qt.models.about import LibraryRow
from qcpump_qt.version import VERSION

if TYPE_CHECKING:
    from importlib import metadata

USED = (
    *("requests", "urllib3", "pypac", "truststore", "jinja2", "keyring", "platformdirs", "msgspec"),
    *(
        "sqlalchemy",
        "filelock",
        "PySide6-Essentials",
        "pyqtgraph",
        "pysocks",
        "firebirdsql",
        "fdb",
        "passlib",
        "pyodbc",
    ),
)
"""What pyproject.toml names for those who use the program; a frozen program has no such file."""


def versions() -> dict[str, str]:
    """Name and version of the program, of what it runs on and of the libraries. Reads the disk."""
    told = {
        "QCPump-Qt": VERSION,
        "Python": platform.python_version(),
        "Qt": qVersion(),
        "PySide6": PySide6.__version__,
        "System": platform.platform(),
    }
    return told | {row.name: row.version for row in libraries()}


def libraries() -> list[LibraryRow]:
    """The libraries that are installed and used, also those that libraries use, by name. Reads the disk."""
    from importlib import metadata  # noqa: PLC0415 - brings the library for e-mails along

    found: dict[str, LibraryRow] = {}
    wanted = list(USED)
    while wanted:
        name = wanted.pop()
        try:
            library = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            continue
        key = re.sub(r"[-_.]+", "-", name).lower()
        if key not in found:
            found[key] = LibraryRow(library.metadata["Name"], library.version, licence_of(library.metadata))
            wanted += _needed(library)
    return [found[key] for key in sorted(found)]


def _needed(library: metadata.Distribution) -> Iterator[str]:
    for line in library.requires or ():
        name = re.match(r"[A-Za-z0-9._-]+", line)
        if name and "extra ==" not in line:
            yield name.group()


def licence_of(told: metadata.PackageMetadata) -> str:
    """A library's licence in a few words, from whichever of the usual places names it."""
    expression = _first(told, "License-Expression")
    if expression:
        return expression
    classes = [
        line.rpartition(" :: ")[2]
        for line in told.get_all("Classifier") or ()
        if line.startswith("License ::")
    ]
    if classes:
        return ", ".join(classes)
    file = _first(told, "License-File")
    return _first(told, "License")[:80] or (f"see its file {file}" if file else "not named")


def _first(told: metadata.PackageMetadata, key: str) -> str:
    """The first line of a value; some libraries put their whole licence there."""
    lines = [line.strip() for value in told.get_all(key) or () for line in str(value).splitlines()]
    return next((line for line in lines if line), "")


class Versions(QObject):
    """Looks up the libraries off the UI thread.

    Args:
        tasks: where the work is done.
        parent: as for every Qt object.
    """

    found = Signal(list)
    """A `LibraryRow` for each library, by name."""

    def __init__(self, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks

    def look(self) -> None:
        """Look them up; `found` follows."""
        self._tasks.start(lambda _token: libraries(), self.found.emit, self._nothing)

    def _nothing(self, _error: PumpError) -> None:
        self.found.emit([])
