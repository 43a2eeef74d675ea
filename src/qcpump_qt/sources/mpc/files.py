"""The border to the file system: turns what the share does into words, and knows Windows' long paths."""

from __future__ import annotations

import ntpath
import os
import stat
from dataclasses import dataclass
from pathlib import Path

from qcpump_qt.engine.errors import ItemError, PumpError, SourceUnavailable
from qcpump_qt.sources.mpc.names import shown

RESULTS = "Results.csv"
CHECK = "Check.xml"
LARGEST = 16 * 1024 * 1024
"""Bytes; a `Results.csv` has about 15 kB, so anything above this is something else."""

_LONG = "\\\\?\\"
_SHARING_VIOLATION = (32, 33)
"""Windows: another program holds the file, or a part of it."""


@dataclass(frozen=True)
class Sight:
    """How `Results.csv` of one check folder looked at one moment.

    Args:
        exists: True when there is such a file.
        size: its bytes.
        mtime_ns: when it was last written, in nanoseconds since 1970.
        problem: why it cannot be used now, in words; empty when it can.
        unreachable: True when it is not known whether there is one, because the share did not say.
    """

    exists: bool
    size: int = 0
    mtime_ns: int = 0
    problem: str = ""
    unreachable: bool = False


def look(folder: Path | str) -> Sight:
    """Look at `Results.csv` of one check folder, with one system call where all is well.

    Args:
        folder: the check folder.
    """
    path = f"{folder}{os.sep}{RESULTS}"
    try:
        seen = os.stat(long_path(path))  # noqa: PTH116 - called for thousands of folders, text is faster
    except FileNotFoundError:
        return Sight(False, problem=_why_missing(folder))
    except NotADirectoryError:
        return Sight(False, problem=f"“{_name(folder)}” is a file, not a check folder.")
    except OSError as error:
        return Sight(False, problem=_words(error, path), unreachable=True)
    if not stat.S_ISREG(seen.st_mode):
        return Sight(False, problem=f"{RESULTS} in “{_name(folder)}” is not a file.")
    return Sight(True, seen.st_size, seen.st_mtime_ns)


def read_file(path: Path) -> bytes:
    """Read one small file of a check folder.

    Args:
        path: the file.

    Raises:
        SourceUnavailable: it is locked, not readable for this account, or the share is away; it waits.
        ItemError: it has vanished, is no file, or is far too big to be a result.
    """
    try:
        return _read(path)
    except OSError as error:
        raise _unreadable(error, path) from error


def read_optional(path: Path) -> bytes | None:
    """Read a file that may be absent, such as `Check.xml`; None when it is.

    Args:
        path: the file.

    Raises:
        SourceUnavailable, ItemError: as `read_file`.
    """
    try:
        return _read(path)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _unreadable(error, path) from error


def list_folder(folder: Path) -> list[str]:
    """The names in one folder, with one look at the share.

    Args:
        folder: the folder.

    Raises:
        OSError: as the system gives it; `unavailable` turns it into words.
    """
    return os.listdir(long_path(folder))  # noqa: PTH208 - names alone are wanted, Path costs 3 times as much


def unavailable(error: OSError, folder: Path, what: str) -> SourceUnavailable:
    """A folder that cannot be listed, in words.

    Args:
        error: what the system said.
        folder: the folder.
        what: what the folder is to its users, such as ``TDS directory``.
    """
    name = shown(str(folder))
    if isinstance(error, FileNotFoundError):
        why = "does not exist or its share is not connected. Check the path and the network share."
    elif isinstance(error, NotADirectoryError):
        why = "is a file, not a folder. Choose the folder that holds the machines' folders."
    elif isinstance(error, PermissionError):
        why = "may not be listed by this account. Give the account the right to read it."
    else:
        why = f"cannot be listed now ({error.strerror or error}). Check the network share."
    return SourceUnavailable(f"The {what} “{name}” {why} Results wait until then.", subject=name)


def long_path(path: Path | str, os_name: str = os.name) -> str:
    r"""A path as the system takes it however long it is.

    Windows stops at 260 characters unless a path begins with ``\\?\`` (``\\?\UNC\`` for a share).

    Args:
        path: the path.
        os_name: the system, as `os.name` calls it.
    """
    text = os.fspath(path)
    if os_name != "nt" or text.startswith(_LONG):
        return text
    drive, rest = ntpath.splitdrive(ntpath.normpath(text))
    if not drive or not rest.startswith("\\"):
        return text
    return f"{_LONG}UNC{drive[1:]}{rest}" if drive.startswith("\\\\") else f"{_LONG}{drive}{rest}"


def _why_missing(folder: Path | str) -> str:
    """A check folder without results is an aborted run; one that is gone itself is being copied."""
    if os.path.isdir(long_path(folder)):  # noqa: PTH112 - as in `look`
        return f"“{_name(folder)}” has no {RESULTS} (an aborted run, or one still being written)."
    return f"“{_name(folder)}” has vanished from the share."


def _read(path: Path) -> bytes:
    with open(long_path(path), "rb") as file:  # noqa: PTH123 - Path would undo the long form
        data = file.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise _item(path, f"is larger than {LARGEST // 2**20} MB, so it is no MPC result. Remove it.")
    return data


def _unreadable(error: OSError, path: Path) -> PumpError:
    if isinstance(error, (FileNotFoundError, NotADirectoryError)):
        return _item(path, "was there a moment ago and is gone now. It is read when it comes back.")
    if isinstance(error, IsADirectoryError):
        return _item(path, "is a folder, not a file, so nothing can be read from it.")
    return SourceUnavailable(_words(error, path), subject=shown(str(path)))


def _words(error: OSError, path: Path | str) -> str:
    name = shown(str(path))
    if getattr(error, "winerror", None) in _SHARING_VIOLATION:
        return f"“{name}” is locked by another program. It is read in a later cycle."
    if isinstance(error, PermissionError):
        return (
            f"“{name}” is locked or may not be read by this account. It is read in a later cycle; "
            "if this stays so, give the account the right to read it."
        )
    return f"“{name}” cannot be read now ({error.strerror or error}). It is read in a later cycle."


def _item(path: Path, what: str) -> ItemError:
    name = shown(str(path))
    return ItemError(f"“{name}” {what}", subject=name)


def _name(folder: Path | str) -> str:
    return shown(Path(folder).name)
