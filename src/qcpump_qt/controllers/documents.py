"""Whether the settings and pumps on disk are still those that were read: times and sizes alone are looked at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from qcpump_qt.engine.store import CONFIG_FILE

if TYPE_CHECKING:
    from pathlib import Path

    from qcpump_qt.engine.paths import Places

Mark = tuple[int, int]
"""When a file was last written, in nanoseconds, and how many bytes it has."""


@dataclass(frozen=True)
class Marks:
    """How the documents of a home looked at one moment.

    Args:
        settings: of `settings.json`; None where there is none.
        pumps: of each pump's document, by the name of its folder.
    """

    settings: Mark | None = None
    pumps: Mapping[str, Mark] = field(default_factory=dict)


def marks_of(places: Places) -> Marks | None:
    """Look at the documents of a home; waits for the disk.

    Args:
        places: the home.

    Returns:
        None when they cannot be looked at now, as where a share is away: that is no change of them.
    """
    try:
        found = {folder.name: _mark(folder / CONFIG_FILE) for folder in places.pumps.iterdir()}
        settings = _mark(places.settings_file)
    except OSError:
        return None
    return Marks(settings, {name: mark for name, mark in found.items() if mark is not None})


def _mark(path: Path) -> Mark | None:
    try:
        told = path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    return told.st_mtime_ns, told.st_size
