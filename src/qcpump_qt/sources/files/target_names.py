"""Names that a destination on Windows cannot take, which Windows itself does not always say."""

from __future__ import annotations

import os
from pathlib import Path

from qcpump_qt.engine.errors import ItemError
from qcpump_qt.sources.files.troubles import quoted

_DEVICES = frozenset(
    {"CON", "PRN", "AUX", "NUL", *(f"{port}{number}" for port in ("COM", "LPT") for number in "123456789¹²³")}
)
_FORBIDDEN = frozenset('<>:"|?*')


def check_name(target: Path, os_name: str = os.name) -> None:
    """See that a file can have this name.

    Windows takes ``NUL.txt`` for a device and swallows what is written to it, and a long path with a dot
    or space at its end makes a file that nobody can open or delete.

    Args:
        target: the path that the file is to get.
        os_name: the system, as `os.name` calls it.

    Raises:
        ItemError: it cannot.
    """
    if os_name != "nt":
        return
    name = target.name
    device = name.partition(".")[0].rstrip(" ").upper() in _DEVICES
    if device or name.endswith((".", " ")) or not _FORBIDDEN.isdisjoint(name):
        raise ItemError(
            f"{quoted(target)} could not be written: Windows cannot have a file of that name. Rename the file.",
            subject=name,
        )
