"""A file gets its final name in a folder: at once, and never over another file unless that was chosen."""

from __future__ import annotations

import errno
import os
import re
import sys
from collections.abc import Callable, Iterator
from enum import Enum
from pathlib import Path

from qcpump_qt.sources.files.troubles import AlreadyThere, quoted
from qcpump_qt.sources.mpc.files import long_path
from qcpump_qt.sources.mpc.names import shown

Rename = Callable[[Path, Path], None]
Before = Callable[[Path], None]

_NO_LINKS = {errno.EPERM, errno.EOPNOTSUPP, errno.ENOTSUP, errno.ENOSYS, errno.EMLINK}
"""What file systems without hard links say, and Linux where the file is somebody else's."""


class Clash(str, Enum):
    """What is done when a file of that name is at the destination already."""

    NUMBER = "number"
    """The new one is called ``name (2)``."""
    SKIP = "skip"
    """The new one stays where it is."""
    REPLACE = "replace"
    """The new one takes the place of the old one."""


def place(file: Path, target: Path, clash: Clash, *, before: Before = lambda _final: None) -> Path:
    """Rename a file within one file system; gives its new path.

    Killed at any moment, it is under its old name, its new one, or both (two names of one file); the next call
    with the same file sees that and takes the old name away.

    Args:
        file: the file.
        target: its new path, in a folder that exists.
        clash: what to do when there is a file of that name.
        before: told each name just before it is tried.

    Raises:
        AlreadyThere: a file of that name is there, and `clash` says to leave it alone.
        OSError: as the system gives it; `EXDEV` when the folder is on another file system.
    """
    if (finished := _second_name(file, target)) is not None:
        os.unlink(long_path(file))  # noqa: PTH108 - Path would undo the long form
        return finished
    if clash is Clash.REPLACE:
        before(target)
        os.replace(long_path(file), long_path(target))  # noqa: PTH105 - as above
        return target
    rename = rename_for(sys.platform)
    for final in _names(target, clash):
        if os.path.lexists(long_path(final)):
            continue
        before(final)
        try:
            rename(file, final)
        except FileExistsError:
            continue
        return final
    raise AlreadyThere(
        f"{quoted(file)} stays where it is: a file of that name is in {quoted(target.parent)} already.",
        subject=shown(str(file)),
    )


def rename_for(platform: str) -> Rename:
    """How a file is renamed on a system so that nothing can be overwritten.

    Args:
        platform: as `sys.platform`.
    """
    return rename_on_windows if platform == "win32" else rename_by_link


def rename_on_windows(file: Path, final: Path) -> None:
    """Windows itself refuses to rename over another file; raises `FileExistsError` then."""
    os.rename(long_path(file), long_path(final))  # noqa: PTH104 - Path would undo the long form


def rename_by_link(file: Path, final: Path) -> None:
    """POSIX would overwrite in silence, so the file gets a second name first, which is refused where one is taken.

    A file system without hard links leaves nothing but to look and then rename.

    Raises:
        FileExistsError: there is a file of that name.
        OSError: anything else; the file is under its old name alone.
    """
    try:
        final.hardlink_to(file)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        if os.path.lexists(final):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(final)) from error
        file.rename(final)
        return
    try:
        file.unlink()
    except OSError:
        final.unlink()
        raise


def _names(target: Path, clash: Clash) -> Iterator[Path]:
    yield target
    number = 2
    while clash is Clash.NUMBER:
        yield target.with_name(f"{target.stem} ({number}){target.suffix}")
        number += 1


def _second_name(file: Path, target: Path) -> Path | None:
    """The name that the file got at the destination before an earlier attempt was cut off.

    Two names of one file are told by its number of names: a folder that is reached by two paths shows a
    file with one name twice, and that name must not be taken away.
    """
    seen = os.lstat(long_path(file))
    if seen.st_nlink < 2 or same_folder(file, target):
        return None
    ours = re.compile(re.escape(target.stem) + r"( \([0-9]+\))?" + re.escape(target.suffix))
    with os.scandir(long_path(target.parent)) as entries:
        for entry in entries:
            if ours.fullmatch(entry.name) and os.path.samestat(entry.stat(follow_symlinks=False), seen):
                return target.with_name(entry.name)
    return None


def same_folder(file: Path, target: Path) -> bool:
    """Whether two paths lie in one folder, by whatever ways they lead there; raises what the system says."""
    return os.path.samefile(long_path(file.parent), long_path(target.parent))  # noqa: PTH121 - long form
