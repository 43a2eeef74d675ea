"""What is looked at before a file is moved or copied, and whose fault it was where that failed."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from qcpump_qt.engine.errors import ConfigurationError, ItemError, PumpError
from qcpump_qt.engine.files import check_writable
from qcpump_qt.sources.files.copying import Seen, changed
from qcpump_qt.sources.files.placing import same_folder
from qcpump_qt.sources.files.target_names import check_name
from qcpump_qt.sources.files.troubles import (
    AlreadyThere,
    of_source,
    of_target,
    quoted,
    telling_source,
    telling_target,
)
from qcpump_qt.sources.mpc.files import long_path
from qcpump_qt.sources.mpc.names import shown


def check(file: Path, target: Path, seen: Seen | None) -> None:
    """See that there is a file, as it was, that its name is possible, and make the folder it goes to.

    Raises:
        PumpError: as `transfer.move_file`.
    """
    check_name(target)
    with telling_source(file):
        now = os.lstat(long_path(file))
    if not stat.S_ISREG(now.st_mode):
        raise ItemError(
            f"{quoted(file)} is no file but a link, a folder or a device. It is left alone.",
            subject=shown(str(file)),
        )
    if seen is not None and seen != (now.st_size, now.st_mtime_ns):
        raise changed(file)
    with telling_target(target.parent):
        if not os.path.isdir(long_path(target.parent)):  # noqa: PTH112 - long form
            os.makedirs(long_path(target.parent), exist_ok=True)  # noqa: PTH103 - long form
        same = same_folder(file, target)
    if same:
        raise ItemError(
            f"{quoted(file)} would be moved or copied into the folder that it is in. Choose another destination.",
            subject=shown(str(file)),
        )


def check_free(file: Path, target: Path) -> None:
    """Before a long copy is made for nothing.

    Raises:
        AlreadyThere: there is a file of that name.
    """
    if os.path.lexists(long_path(target)):
        raise AlreadyThere(
            f"{quoted(file)} stays where it is: a file of that name is in {quoted(target.parent)} already.",
            subject=shown(str(file)),
        )


def check_removable(file: Path) -> None:
    """Before a long copy is made of a file that could not be taken away afterwards.

    Raises:
        SourceUnavailable: this account may not remove files from that folder.
    """
    if not may_change(file.parent):
        raise of_source(PermissionError(), file)


def may_change(folder: Path) -> bool:
    """Whether this account may take files away from a folder, as far as that can be told without trying."""
    return os.access(long_path(folder), os.W_OK, effective_ids=os.access in os.supports_effective_ids)


def either_side(error: OSError, file: Path, target: Path) -> PumpError:
    """Whose fault a failed change of name was: the source's where it is gone or locked, else the destination's.

    Args:
        error: what the system said.
        file, target: old and new path.
    """
    if getattr(error, "winerror", None) in (32, 33) or not os.path.lexists(long_path(file)):
        return of_source(error, file)
    if isinstance(error, PermissionError) and _takes_files(target.parent):
        return of_source(error, file)
    return of_target(error, target)


def _takes_files(folder: Path) -> bool:
    """Tried, as rights on a share can be told in no other way."""
    try:
        check_writable(folder)
    except ConfigurationError:
        return False
    return True
